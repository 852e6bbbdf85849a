"""manage.py read_face, prepare_model and evaluate."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from PIL import Image

from emotion.labels import KEYS
from emotion.training.datasets import FERPLUS_DROPPED, FERPLUS_MOODS
from tests.emotion.conftest import ASTRONAUT_FACE, landscape, overlap


@pytest.fixture(autouse=True)
def served(settings, options):
    settings.EMOTION_MODEL_DIR = options.model_dir
    settings.EMOTION_CACHE_DIR = options.cache_dir
    settings.EMOTION_THREADS = options.threads
    settings.EMOTION_YUNET_PATH = None


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def photo(tmp_path, selfie):
    path = tmp_path / "selfie.jpg"
    path.write_bytes(selfie)
    return path


def test_read_face_prints_the_reading(photo):
    reading = json.loads(run("read_face", photo))
    assert list(reading) == [
        "dominant",
        "probabilities",
        "valence",
        "arousal",
        "model_version",
        "box",
        "milliseconds",
    ]
    assert list(reading["probabilities"]) == list(KEYS)
    assert sum(reading["probabilities"].values()) == pytest.approx(1)
    assert reading["dominant"] == max(KEYS, key=reading["probabilities"].__getitem__)
    box = reading["box"]
    assert box.pop("source") == "opencv"
    assert overlap(tuple(box.values()), ASTRONAUT_FACE) > 0.5


def test_read_face_turns_the_photo_upright(tmp_path, astronaut):
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = Image.fromarray(astronaut).rotate(90, expand=True)
    turned.save(path, "JPEG", quality=92, exif=exif)
    box = json.loads(run("read_face", path))["box"]
    box.pop("source")
    assert overlap(tuple(box.values()), ASTRONAUT_FACE) > 0.5


def test_read_face_uses_the_annotation(photo, tmp_path):
    box = {"minX": 150, "minY": 40, "maxX": 290, "maxY": 210}
    label = tmp_path / "label.json"
    record = {"filename": "selfie.jpg", **{f"annot_{k}": {"boxes": box} for k in "ABC"}}
    label.write_bytes(json.dumps([record]).encode("cp949"))
    reading = json.loads(run("read_face", photo, "--annotation", label))
    assert reading["box"] == {
        "x": 150,
        "y": 40,
        "width": 140,
        "height": 170,
        "source": "annotation",
    }


def test_read_face_fails_in_one_line(photo, tmp_path, settings):
    broken = tmp_path / "broken.json"
    broken.write_text("{not json")
    empty = tmp_path / "empty.jpg"
    landscape().save(empty)
    text = tmp_path / "text.jpg"
    text.write_text("hello")
    for arguments in (
        [tmp_path / "nowhere.jpg"],
        [text],
        [empty],
        [photo, "--annotation", broken],
        [photo, "--annotation", tmp_path / "nowhere.json"],
    ):
        with pytest.raises(CommandError) as caught:
            run("read_face", *arguments)
        assert str(caught.value)
        assert "\n" not in str(caught.value)
    settings.EMOTION_MODEL_DIR = tmp_path
    with pytest.raises(CommandError, match=r"manifest\.json"):
        run("read_face", photo)


def test_prepare_model_shows_progress_and_can_run_twice(settings, tmp_path):
    settings.EMOTION_CACHE_DIR = tmp_path
    assert "2/3 xception" in run("prepare_model")
    assert "2/3 xception" not in run("prepare_model")


def test_prepare_model_fails_in_one_line(settings, tmp_path):
    settings.EMOTION_MODEL_DIR = tmp_path
    with pytest.raises(CommandError, match=r"manifest\.json"):
        run("prepare_model")


@pytest.fixture
def archive(tmp_path):
    """A FER+ archive of 21 faces, three for each of the seven emotions that become moods."""
    (tmp_path / "images").mkdir()
    columns = (*FERPLUS_MOODS, *FERPLUS_DROPPED)
    rows = [",".join(("image", *columns))]
    for number in range(21):
        face = np.random.default_rng(number).integers(0, 256, (48, 48)).astype(np.uint8)
        Image.fromarray(face).save(tmp_path / "images" / f"{number}.png")
        votes = [10 if place == number % 7 else 0 for place in range(len(columns))]
        rows.append(",".join(map(str, (f"{number}.png", *votes))))
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    return tmp_path


def test_evaluate_scores_the_served_model(archive):
    scores = json.loads(run("evaluate", archive, "--layout", "ferplus", "--json"))
    assert (scores["n"], scores["skipped"], scores["layout"]) == (21, 0, "ferplus")
    assert scores["model_version"] == "test-1"
    low, high = scores["intervals"]["accuracy"]
    assert 0 <= low <= scores["accuracy"] <= high <= 1
    assert sum(map(sum, scores["confusion"])) == 21
    counts = [scores["per_class"][key]["n"] for key in KEYS]
    assert counts == [3, 6, 3, 3, 3, 3]
    assert scores["nll"] > scores["nll_floor"] == 0
    assert 0 <= scores["ece"] <= 1
    members = ["vgg16", "xception", "resnet50"]
    assert list(scores["comparison"]) == [*members, "plain_mean", "ensemble", "cross_fitted"]
    assert scores["comparison"]["ensemble"]["nll"] == scores["nll"]
    assert scores["robustness"] == {}


def test_evaluate_scores_one_member_on_some_faces(archive):
    arguments = ("evaluate", archive, "--layout", "ferplus", "--member", "vgg16", "--limit", 7)
    scores = json.loads(run(*arguments, "--json"))
    assert (scores["n"], scores["member"]) == (7, "vgg16")
    assert scores["nll"] == scores["comparison"]["vgg16"]["nll"]
    printed = run(*arguments)
    assert printed.splitlines()[0].endswith("\t7")
    assert f"{scores['nll']:.4f} (" in printed


def test_evaluate_measures_what_changed_photos_lose(archive):
    arguments = ("evaluate", archive, "--layout", "ferplus", "--limit", 2, "--robustness")
    drops = json.loads(run(*arguments, "--json"))["robustness"]
    assert list(drops)[:3] == ["mirror", "gamma_0.5", "gamma_2"]
    assert list(drops)[-8:] == [f"exif_{way}" for way in range(1, 9)]
    assert all(drop["n"] == 2 for drop in drops.values())
    # The door turns every photograph upright: what is left is the camera's and our own JPEG.
    for way in range(1, 9):
        assert drops[f"exif_{way}"]["rise_nll"] == pytest.approx(0, abs=0.01), way
    assert "exif_8\t" in run(*arguments)


def test_evaluate_writes_predictions_that_another_program_can_read(archive, tmp_path):
    path = tmp_path / "out" / "predictions.npz"
    printed = run("evaluate", archive, "--layout", "ferplus", "--json", "--predictions", path)
    with np.load(path) as stored:
        assert stored["ensemble"].shape == stored["targets"].shape == (21, 6)
        assert stored["members"].shape == (21, 3, 6)
        assert stored["classes"].tolist() == list(KEYS)
        assert stored["names"][0] == "0.png"
        right = stored["ensemble"].argmax(axis=1) == stored["targets"].argmax(axis=1)
    assert right.mean() == pytest.approx(json.loads(printed)["accuracy"])


@pytest.mark.parametrize(("language", "words"), [("ko", ">기쁨<"), ("en", ">happy<")])
def test_evaluate_writes_a_report_that_stays_out_of_git(archive, tmp_path, language, words):
    runs = tmp_path / "runs" / "resnet50"
    runs.mkdir(parents=True)
    columns = "epoch,categorical_accuracy,loss,val_categorical_accuracy,val_loss"
    (runs / "stage0.csv").write_text(f"{columns}\n0,0.3,1.7,0.35,1.6\n1,0.4,1.5,0.45,1.4\n")
    folder = tmp_path / "report"
    arguments = ("evaluate", archive, "--layout", "ferplus", "--report", folder)
    with translation.override(language):
        run(*arguments, "--runs", runs.parent)
    assert (folder / ".gitignore").read_text() == "*\n"
    page = (folder / "report.html").read_text()
    assert f'<html lang="{language}">' in page
    assert words in page
    assert page.count('src="data:image/jpeg;base64,') == 2 * 20
    assert page.count('class="chart"') == 2
    assert "<h3>resnet50</h3><svg" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_evaluate_fails_in_one_line(archive, tmp_path):
    for arguments in (
        [tmp_path / "nowhere", "--layout", "ferplus"],
        [archive, "--layout", "ferplus", "--member", "alexnet"],
    ):
        with pytest.raises(CommandError) as caught:
            run("evaluate", *arguments)
        assert "\n" not in str(caught.value)
