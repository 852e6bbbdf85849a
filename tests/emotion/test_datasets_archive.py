"""Folders and zips read the same way, in every encoding of names that occurs."""

from __future__ import annotations

import os
import unicodedata
import zipfile

import pytest

from emotion.training.datasets import DatasetError
from emotion.training.layouts.archive import Archive, csv_rows
from tests.emotion.archives import KoreanWindowsName, MacName, write_folder, write_zip

NAME = "EMOIMG_기쁨_TRAIN_01/3f2a_여_30_기쁨.jpg"


@pytest.mark.parametrize("kind", [zipfile.ZipInfo, KoreanWindowsName, MacName])
def test_korean_name_in_a_zip_is_read_in_every_encoding(tmp_path, kind):
    archive = Archive(write_zip(tmp_path / "a.zip", {NAME: b"x", "plain.txt": b"y"}, kind))
    assert [member.name for member in archive.members] == [NAME, "plain.txt"]
    assert archive.member(NAME).read() == b"x"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_korean_name_in_a_folder_is_read_in_both_forms(tmp_path, form):
    archive = Archive(write_folder(tmp_path, {unicodedata.normalize(form, NAME): b"x"}))
    assert [member.name for member in archive.members] == [NAME]
    assert archive.member(unicodedata.normalize("NFD", NAME)).read() == b"x"


def test_name_that_was_unpacked_as_bytes_of_cp949_is_read(tmp_path):
    with open(os.fsencode(tmp_path) + b"/" + "기쁨.jpg".encode("cp949"), "wb") as file:
        file.write(b"x")
    (member,) = Archive(tmp_path).members
    assert (member.name, member.read()) == ("기쁨.jpg", b"x")


def test_zips_in_a_folder_are_looked_into(tmp_path):
    write_zip(tmp_path / "Training" / "기쁨.zip", {"a.jpg": b"x"}, KoreanWindowsName)
    (member,) = Archive(tmp_path).members
    assert (member.name, member.read()) == ("Training/기쁨.zip/a.jpg", b"x")


def test_what_macos_adds_is_left_out(tmp_path):
    files = {"__MACOSX/a.jpg": b"", "._a.jpg": b"", ".DS_Store": b"", "d/": b"", "a.jpg": b"x"}
    assert [m.name for m in Archive(write_zip(tmp_path / "a.zip", files)).members] == ["a.jpg"]


def test_highest_folder_counts_when_a_name_occurs_twice(tmp_path):
    folder = write_folder(tmp_path, {"a/b/labels.csv": b"", "b/labels.csv": b""})
    assert Archive(folder).folder_of("labels.csv") == "b/"


@pytest.mark.parametrize("content", [b"text", b"PK\x03\x04" + bytes(40)])
def test_file_that_is_no_zip_is_named(tmp_path, content):
    path = tmp_path / "faces.zip"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"faces\.zip is neither"):
        _ = Archive(path).members


def test_damaged_member_is_named(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a.txt": b"some text"})
    path.write_bytes(path.read_bytes().replace(b"some text", b"same text"))
    with pytest.raises(DatasetError, match=r"a\.txt"):
        Archive(path).member("a.txt").read()


def test_csv_has_its_lines_when_it_has_a_mark_and_blanks_in_its_head():
    data = "emotion, pixels\n0,1 2\n3,4\n".encode("utf-8-sig")
    rows = list(csv_rows(data, ("emotion", "pixels"), called="x.csv"))
    assert rows == [
        (2, {"emotion": "0", "pixels": "1 2"}),
        (3, {"emotion": "3", "pixels": "4"}),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a,b\n1\n", "x.csv line 2 is cut off"),
        (b"a\n1\n", "x.csv has no column b"),
        (b"", "x.csv has no column a, b"),
        ("a,b\n기쁨,1".encode("cp949"), "x.csv is not a csv in UTF-8"),
        (b'a,b\n"' + b"1" * (1 << 21), "x.csv is not a csv"),
    ],
)
def test_what_is_wrong_with_a_csv_is_said(data, words):
    with pytest.raises(DatasetError, match=words):
        list(csv_rows(data, ("a", "b"), called="x.csv"))
