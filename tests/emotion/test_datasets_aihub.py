"""AI Hub's photographs and labels in their exact format, with every trap that users report."""

from __future__ import annotations

import json
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from emotion.annotations import MAX_BYTES
from emotion.boxes import FaceBox
from emotion.labels import INDEX
from emotion.training.datasets import DatasetError, FaceSet, load
from emotion.training.layouts.photographs import square_crop
from tests.emotion.archives import KoreanWindowsName, MacName, write_folder, write_zip
from tests.emotion.conftest import ASTRONAUT_FACE
from tests.emotion.test_datasets_photographs import STORED_AS, off, turned_jpeg

LEFT, TOP, WIDTH, HEIGHT = ASTRONAUT_FACE
BOX = {
    "maxX": float(LEFT + WIDTH),
    "maxY": float(TOP + HEIGHT),
    "minX": float(LEFT),
    "minY": float(TOP),
}
DEGENERATE = {**BOX, "maxX": BOX["minX"]}
ANNA, BORI = "0cc8c9b7e7f8", "f2a1d0e39b44"


def name(person: str, number: int, mood: str = "기쁨", suffix: str = ".jpg") -> str:
    return f"{person}_여_20_{mood}_도심 환경_20201206105732-001-{number:03}{suffix}"


def record(
    filename: str, votes: str = "기쁨 기쁨 기쁨", boxes=(BOX, BOX, BOX)
) -> dict[str, object]:
    """Return a record as AI Hub's arrays have it; `votes` are the three annotators' words."""
    return {
        "filename": filename,
        "gender": "여",
        "age": 20,
        "isProf": "비전문인",
        "faceExp_uploader": "기쁨",
        "bg_uploader": "도심 환경",
        **{
            f"annot_{letter}": {"boxes": box, "faceExp": vote, "bg": "도심 환경"}
            for letter, vote, box in zip("ABC", votes.split(), boxes, strict=True)
        },
    }


def label_file(mood: str, split: str = "training") -> str:
    return f"img_emotion_{split}_data({mood}).json"


def written(records: object, encoding: str = "utf-8") -> bytes:
    return json.dumps(records, ensure_ascii=False).encode(encoding)


@pytest.fixture(scope="module")
def upright(astronaut) -> Image.Image:
    """Not a square, so that width and height cannot be mistaken for each other."""
    return Image.fromarray(astronaut[:400])


@pytest.fixture(scope="module")
def photo(upright) -> bytes:
    return turned_jpeg(upright, 1)


def read(path: Path, said: list[str] | None = None, **asked) -> FaceSet:
    say = said.append if said is not None else lambda _: None
    return load(path, "aihub", side=48, say=say, **asked)


def target(**votes: float) -> list[float]:
    row = [0.0] * 6
    for mood, share in votes.items():
        row[INDEX[mood]] = share
    return row


def test_votes_of_three_annotators_are_the_target_and_not_the_folder(tmp_path, photo):
    first, second = name(ANNA, 1), name(BORI, 2)
    files = {
        f"라벨링데이터/{label_file('기쁨')}": written(
            [record(first, "기쁨 불안 불안"), record(second, "중립 분노 당황")]
        ),
        f"원천데이터/EMOIMG_기쁨_TRAIN_01/{first}": photo,
        f"원천데이터/EMOIMG_기쁨_TRAIN_02/{second}": photo,
    }
    faces = read(write_folder(tmp_path, files))
    assert faces.names == (
        f"원천데이터/EMOIMG_기쁨_TRAIN_01/{first}",
        f"원천데이터/EMOIMG_기쁨_TRAIN_02/{second}",
    )
    third = 1 / 3
    np.testing.assert_allclose(
        faces.targets,
        [target(happy=third, anxiety=2 * third), target(neutral=third, anger=third, panic=third)],
        rtol=1e-6,
    )
    assert faces.people == (ANNA, BORI)
    assert faces.votes
    assert faces.images.shape == (2, 48, 48, 3)


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ("슬픔 슬픔 상처", {"sad": 1}),
        ("슬픔 불안 상처", {"sad": 0.5, "anxiety": 0.5}),
        ("슬픔 알수없음 당황", {"sad": 0.5, "panic": 0.5}),
        ("슬픔 상처 상처", None),
        ("슬픔 상처 알수없음", None),
        ("알수없음 알수없음 알수없음", None),
    ],
)
def test_hurt_and_unknown_are_dropped(tmp_path, photo, votes, expected):
    kept, asked = name(ANNA, 1), name(BORI, 2)
    files = {
        label_file("상처"): written([record(kept), record(asked, votes)]),
        kept: photo,
        asked: photo,
    }
    said: list[str] = []
    faces = read(write_folder(tmp_path, files), said)
    assert faces.names == ((kept, asked) if expected else (kept,))
    if expected:
        assert faces.targets[1].tolist() == target(**expected)
    else:
        assert "1 for which fewer than half of the annotators" in said[0]


def test_word_that_is_unknown_is_no_vote_and_said(tmp_path, photo):
    files = {label_file("기쁨"): written([record(name(ANNA, 1), "기쁨 행복 기쁨")])}
    said: list[str] = []
    faces = read(write_folder(tmp_path, {**files, name(ANNA, 1): photo}), said)
    assert faces.targets[0].tolist() == target(happy=1)
    assert "1 votes with an unknown word (행복)" in said[0]


def test_annotator_who_is_missing_is_left_out(tmp_path, photo):
    half = record(name(ANNA, 1), "슬픔 상처 슬픔")
    half["annot_A"] = None
    del half["annot_C"]["faceExp"]  # type: ignore[attr-defined]
    whole = record(name(ANNA, 2), "슬픔 기쁨 중립")
    del whole["annot_C"]
    files = {label_file("슬픔"): written([half, whole])}
    files |= {name(ANNA, 1): photo, name(ANNA, 2): photo}
    faces = read(write_folder(tmp_path, files))
    assert faces.targets.tolist() == [target(sad=0.5, happy=0.5)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_labels_are_read_in_every_encoding_that_occurs(tmp_path, photo, encoding, form):
    # CP949 has no decomposed Korean; the file names may be either.
    given = name(ANNA, 1) if encoding == "cp949" else unicodedata.normalize(form, name(ANNA, 1))
    files = {
        unicodedata.normalize(form, label_file("기쁨")): written([record(given)], encoding),
        unicodedata.normalize(form, f"EMOIMG_기쁨_TRAIN_01/{name(ANNA, 1)}"): photo,
    }
    assert read(write_folder(tmp_path, files)).people == (ANNA,)


@pytest.mark.parametrize(
    ("said", "stored"), [(".jpg", ".jpeg"), (".jpeg", ".jpg"), (".JPG", ".jpg"), (".jpg", ".JPEG")]
)
def test_suffixes_of_a_jpeg_stand_for_each_other(tmp_path, photo, said, stored):
    files = {
        label_file("기쁨"): written([record(name(ANNA, 1, suffix=said))]),
        name(ANNA, 1, suffix=stored): photo,
    }
    assert len(read(write_folder(tmp_path, files))) == 1


@pytest.mark.parametrize("kind", [KoreanWindowsName, MacName, zipfile.ZipInfo])
def test_download_is_read_with_its_zips(tmp_path, photo, kind):
    parts = (("Training", "TRAIN"), ("Validation", "VALID"))
    for number, (split, prefix) in enumerate(parts):
        for person, mood in ((ANNA, "기쁨"), (BORI, "슬픔")):
            filename = name(person, number, mood)
            table = label_file(mood, split.casefold())
            records = written([record(filename, f"{mood} {mood} {mood}")], "cp949")
            folder = tmp_path / split
            write_zip(folder / f"[라벨]EMOIMG_{mood}_{prefix}.zip", {table: records}, kind)
            write_zip(folder / f"[원천]EMOIMG_{mood}_{prefix}_01.zip", {filename: photo}, kind)
    faces = read(tmp_path)
    assert sorted(faces.people) == [ANNA, ANNA, BORI, BORI]
    for index, mood in ((0, "happy"), (1, "sad")):
        assert faces.targets[index].tolist() == target(**{mood: 1})
    for split in ("training", "Validation"):
        part = read(tmp_path, split=split)
        assert len(part) == 2
        assert all(each.startswith(split.capitalize()) for each in part.names)
    with pytest.raises(DatasetError, match="called training or validation, not test"):
        read(tmp_path, split="test")


def test_one_zip_of_everything_is_read(tmp_path, photo):
    files = {
        f"영상/라벨/{label_file('기쁨')}": written([record(name(ANNA, 1))]),
        f"영상/원천/{name(ANNA, 1)}": photo,
    }
    assert len(read(write_zip(tmp_path / "a.zip", files, KoreanWindowsName))) == 1


@pytest.mark.parametrize("orientation", STORED_AS)
def test_box_is_in_the_frame_after_orientation(tmp_path, upright, orientation):
    files = {
        label_file("기쁨"): written([record(name(ANNA, 1))]),
        name(ANNA, 1): turned_jpeg(upright, orientation),
    }
    (image,) = read(write_folder(tmp_path, files)).images
    face = FaceBox(*ASTRONAUT_FACE, "annotation")
    assert off(image, square_crop(np.asarray(upright), face, 48)) < 3


def test_box_is_the_three_annotators_together(tmp_path, upright, photo):
    slip, nearly = {**BOX, "minX": 0.0, "minY": 0.0}, {**BOX, "maxX": "276", "minX": "166"}
    boxes = {1: (slip, BOX, nearly), 2: (DEGENERATE, None, BOX), 3: (DEGENERATE, None, {})}
    files = {
        label_file("기쁨"): written([record(name(ANNA, n), boxes=b) for n, b in boxes.items()])
    }
    said: list[str] = []
    faces = read(write_folder(tmp_path, files | {name(ANNA, n): photo for n in boxes}), said)
    expected = square_crop(np.asarray(upright), FaceBox(*ASTRONAUT_FACE, "annotation"), 48)
    assert len(faces) == 2
    for image in faces.images:
        assert off(image, expected) < 6
    assert "1 without a usable box" in said[0]


def test_person_stays_on_one_side_of_a_split(tmp_path, photo):
    names = [name(person, n) for n in range(4) for person in (ANNA, BORI, "9d" * 6)]
    files = {label_file("기쁨"): written(list(map(record, names))), **dict.fromkeys(names, photo)}
    learn, validate = read(write_folder(tmp_path, files)).split(0.6, seed=3)
    assert len(set(learn.people)) + len(set(validate.people)) == 3
    assert not set(learn.people) & set(validate.people)


def test_record_without_its_photograph_is_counted_and_one_twice_counts_once(tmp_path, photo):
    table = written([record(name(ANNA, 1)), record(name(ANNA, 2)), record(name(ANNA, 3))])
    files = {
        label_file("기쁨"): table,
        f"again/{label_file('기쁨')}": table,
        name(ANNA, 1): photo,
        name(ANNA, 2): photo[: len(photo) // 2],
    }
    said: list[str] = []
    faces = read(write_folder(tmp_path, files), said)
    assert faces.names == (name(ANNA, 1),)
    assert faces.skipped == 1
    assert said == [
        "2 label files; 3 records, 2 to cut out, 1 whose photograph is not here",
        "1 faces; left out: 1 cannot be decoded",
        f"cannot be decoded: {name(ANNA, 2)}",
    ]


def test_label_file_larger_than_an_upload_may_be_is_read(tmp_path, photo):
    padded = written([record(name(ANNA, 1))]) + b" " * MAX_BYTES
    files = {label_file("기쁨"): padded, name(ANNA, 1): photo}
    assert len(read(write_folder(tmp_path, files))) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{not json", r"data\(기쁨\)\.json: the label file is not JSON"),
        (b"\xff\xff\xff", r"data\(기쁨\)\.json: .* neither UTF-8 nor CP949"),
        (written([record(name(ANNA, 1)), {"age": 20}]), "record 2 has no filename"),
        (written([]), "no record that counts"),
        (written([record(name(BORI, 9))]), "1 whose photograph is not here"),
    ],
)
def test_what_is_wrong_with_labels_is_named(tmp_path, photo, content, words):
    files = {label_file("기쁨"): content, name(ANNA, 1): photo}
    with pytest.raises(DatasetError, match=words):
        read(write_folder(tmp_path, files))


def test_archive_without_labels_is_refused(tmp_path, photo):
    folder = write_folder(tmp_path, {name(ANNA, 1): photo})
    with pytest.raises(DatasetError, match="has no label file"):
        read(folder)
    write_folder(folder, {label_file("기쁨"): written([record(name(ANNA, 1))])})
    with pytest.raises(DatasetError, match=r"no label file called \*validation\*\.json"):
        read(folder, split="validation")
