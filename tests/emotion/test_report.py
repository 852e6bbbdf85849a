"""What the report draws: charts from known figures, and the faces that it picks."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from emotion.training.charts import confusion_chart, reliability_chart
from emotion.training.facesets import FaceSet
from emotion.training.gallery import least_certain, worst
from emotion.training.metrics import Bin


def test_confusion_chart_inks_each_cell_by_its_share_of_the_row():
    spans = (((1.0, 5.0), (0.0, 3.0)), ((0.0, 0.0), (0.0, 0.0)))
    chart = confusion_chart([[3, 1], [0, 0]], spans, ["a", "<b>"], people="P", model="M")
    assert re.findall(r"fill-opacity:([\d.]+)", chart) == ["0.750", "0.250", "0.000", "0.000"]
    assert "<title>a → a: 3 (1…5)</title>" in chart
    assert "&lt;b&gt;" in chart
    assert "<b>" not in chart


def test_reliability_chart_places_dots_by_confidence_and_agreement():
    bins = (Bin(400, 0.25, 0.25), Bin(100, 0.75, 0.5))
    chart = reliability_chart(bins, confidence="sure", agreement="agree")
    dots = [
        tuple(map(float, dot))
        for dot in re.findall(r'cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', chart)
    ]
    (x1, y1, r1), (x2, y2, r2) = dots
    assert x2 - x1 == pytest.approx(0.5 * 320)
    assert y1 - y2 == pytest.approx(0.25 * 320)
    # A quarter of the faces, so a quarter of the area.
    assert r1 == pytest.approx(2 * r2)


@pytest.fixture
def faces() -> FaceSet:
    greys = np.array([10, 90, 170, 250], np.uint8)
    images = np.broadcast_to(greys[:, None, None, None], (4, 48, 48, 1))
    targets = np.array([[1, 0], [1, 0], [0.5, 0.5], [0, 1]], np.float32)
    return FaceSet(images, targets, ("one", "two", "three", "four"), classes=("happy", "sad"))


def test_worst_faces_are_furthest_above_the_votes_own_entropy(faces):
    said = np.array([[0.9, 0.1], [0.4, 0.6], [0.5, 0.5], [0.7, 0.3]])
    cards = worst(faces, said, 4)
    # "three" costs log 2, as much as any prediction must where people are of two minds.
    assert [card.name for card in cards] == ["four", "two", "one", "three"]
    assert cards[0].excess == pytest.approx(-np.log(0.3))
    assert cards[-1].excess == pytest.approx(0, abs=1e-9)
    assert cards[1].people == (("happy", 1),)
    assert cards[1].model == (("sad", 0.6), ("happy", 0.4))


def test_least_certain_faces_come_first_whether_right_or_wrong(faces):
    said = np.array([[0.9, 0.1], [0.4, 0.6], [0.5, 0.5], [0.98, 0.02]])
    cards = least_certain(faces, said, 3)
    assert [card.name for card in cards] == ["three", "two", "one"]
    assert least_certain(faces, said, 4)[3].model == (("happy", 0.98),)


def test_picture_is_the_crop_that_the_networks_see(faces):
    card = worst(faces, np.full((4, 2), 0.5), 1)[0]
    head, data = card.picture.split(",")
    assert head == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert picture.size == (205, 275)
        assert np.asarray(picture).mean() == pytest.approx(10, abs=1)
