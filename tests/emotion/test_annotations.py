"""AI Hub's label files, with every trap that their users report."""

from __future__ import annotations

import json
import math
import unicodedata

import pytest

from emotion.annotations import MAX_BYTES, AnnotationError, read_annotation
from emotion.boxes import FaceBox

BOX = {"minX": 150.0, "minY": 40.0, "maxX": 290.0, "maxY": 210.0}
FACE = FaceBox(150, 40, 140, 170, "annotation")
NAME = "3f2a_여_30_기쁨_실내_20210115.jpg"


def record(filename: str = NAME, *boxes: object) -> dict[str, object]:
    given = boxes or (BOX, BOX, BOX)
    return {
        "filename": filename,
        "gender": "여",
        "age": 30,
        "isProf": "비전문",
        "faceExp_uploader": "기쁨",
        "bg_uploader": "실내",
        **{
            f"annot_{annotator}": {"boxes": box, "faceExp": "알수없음", "bg": "실내"}
            for annotator, box in zip("ABC", given, strict=True)
        },
    }


def encoded(content: object, encoding: str = "utf-8") -> bytes:
    return json.dumps(content, ensure_ascii=False).encode(encoding)


def moved(dx: float, dy: float) -> dict[str, float]:
    return {key: value + (dx if key.endswith("X") else dy) for key, value in BOX.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_box_is_read_in_every_encoding_that_occurs(encoding):
    assert read_annotation(encoded([record()], encoding), filename=NAME) == FACE


def test_one_record_without_an_array_is_read():
    assert read_annotation(encoded(record()), filename=NAME) == FACE


def test_single_record_is_taken_when_its_name_differs():
    assert read_annotation(encoded([record("other.jpg")]), filename="IMG_0001.HEIC") == FACE


@pytest.mark.parametrize(
    "filename",
    [
        NAME,
        unicodedata.normalize("NFD", NAME),
        NAME.upper(),
        NAME.replace(".jpg", ".jpeg"),
        NAME.replace(".jpg", ".JPEG"),
        "C:\\fakepath\\" + NAME,
        "EMOIMG_기쁨_TRAIN_01/" + NAME,
    ],
)
def test_record_is_found_among_many_by_its_name(filename):
    others = [record(f"{n}.jpg", moved(n, n), moved(n, n), moved(n, n)) for n in (300, 600)]
    content = encoded([others[0], record(), others[1]])
    assert read_annotation(content, filename=filename) == FACE


def test_record_is_found_when_the_label_itself_is_decomposed():
    content = encoded(
        [record("a.jpg", *[moved(9, 9)] * 3), record(unicodedata.normalize("NFD", NAME))]
    )
    assert read_annotation(content, filename=NAME) == FACE


def test_sides_are_the_annotators_median():
    content = encoded(record(NAME, BOX, moved(4, -4), moved(100, 2)))
    assert read_annotation(content, filename=NAME) == FaceBox(154, 40, 140, 170, "annotation")


@pytest.mark.parametrize(
    "degenerate",
    [
        None,
        {},
        [],
        {**BOX, "maxX": BOX["minX"]},
        {**BOX, "maxY": 0.0},
        {**BOX, "minX": math.nan},
        {**BOX, "maxX": math.inf},
        {**BOX, "maxX": 1e9},
        {**BOX, "minX": "left"},
        {**BOX, "minX": None},
        {**BOX, "minX": True},
        {"minX": 0, "minY": 0, "maxX": 1, "maxY": 1},
    ],
)
def test_degenerate_box_of_one_annotator_is_left_out(degenerate):
    content = encoded(record(NAME, degenerate, BOX, moved(2, 2)))
    assert read_annotation(content, filename=NAME) == FaceBox(151, 41, 140, 170, "annotation")


def test_numbers_written_as_strings_are_read():
    box = {key: str(value) for key, value in BOX.items()}
    assert read_annotation(encoded(record(NAME, box, box, box)), filename=NAME) == FACE


def test_missing_annotator_is_left_out():
    content = record()
    del content["annot_B"]
    content["annot_C"] = "none"
    assert read_annotation(encoded(content), filename=NAME) == FACE


def test_first_of_two_boxes_is_taken_when_they_lie_on_different_faces():
    content = encoded(record(NAME, BOX, moved(900, 0), None))
    assert read_annotation(content, filename=NAME) == FACE


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "annotation_unreadable"),
        (b"{not json", "annotation_unreadable"),
        (b"\xff\xff\xff", "annotation_unreadable"),
        (b"[" * 100_000, "annotation_unreadable"),
        (b"[" + b"9" * 5000 + b"]", "annotation_unreadable"),
        (b"3", "annotation_unreadable"),
        (b"null", "annotation_unreadable"),
        (b'["text", 4]', "annotation_unreadable"),
        (b"[]", "annotation_no_record"),
        (encoded([record("a.jpg"), record("b.jpg")]), "annotation_no_record"),
        (encoded([{"filename": 3}, {}]), "annotation_no_record"),
        (encoded({}), "annotation_no_box"),
        (encoded(record(NAME, None, None, None)), "annotation_no_box"),
        (b" " * (MAX_BYTES + 1), "annotation_too_large"),
    ],
)
def test_code_is_stable_when_there_is_no_box(content, code):
    with pytest.raises(AnnotationError) as caught:
        read_annotation(content, filename=NAME)
    assert caught.value.code == code
    assert str(caught.value)
