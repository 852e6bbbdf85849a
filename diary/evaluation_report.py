"""An evaluation as one HTML page, with the faces it is about: for the developer's eyes only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from diary.words import mood_name
from emotion.training.charts import confusion_chart, reliability_chart
from emotion.training.curves import draw_curves, read_curves
from emotion.training.evaluate import Evaluation
from emotion.training.facesets import FaceSet
from emotion.training.gallery import FaceCard, least_certain, worst
from emotion.training.metrics import Floats, reliability

PAGE = "report.html"
SHOWN = 20  # faces of each kind


def report_write(
    *, folder: Path, evaluation: Evaluation, faces: FaceSet, probabilities: Floats, runs: Path
) -> Path:
    """Write report.html under `folder` in Django's language, and return its path.

    `runs` is looked through for what training wrote. A .gitignore keeps the faces out of git.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    page = folder / PAGE
    context = {
        "tokens": _tokens(),
        "evaluation": evaluation,
        "moods": [
            (name, scores, evaluation.scores.intervals.per_class[name])
            for name, scores in evaluation.scores.per_class.items()
        ],
        "charts": _charts(evaluation, faces, probabilities),
        "curves": _curves(runs),
        "galleries": _galleries(faces, probabilities),
    }
    page.write_text(render_to_string("evaluation/report.html", context), encoding="utf-8")
    return page


def _tokens() -> str:
    """Return the book's colours and fonts, so that the page needs no other file."""
    found = finders.find("css/tokens.css")
    return mark_safe(Path(str(found)).read_text(encoding="utf-8"))  # noqa: S308


def _charts(evaluation: Evaluation, faces: FaceSet, probabilities: Floats) -> dict[str, str]:
    scores = evaluation.scores
    names = [mood_name(key) for key in faces.classes]
    confusion = confusion_chart(
        scores.confusion, scores.intervals.confusion, names, people=_("사람"), model=_("모델")
    )
    reliable = reliability_chart(
        reliability(probabilities, faces.targets),
        confidence=_("모델이 확신하는 정도"),
        agreement=_("그렇게 말한 사람의 비율"),
    )
    return {"confusion": _drawn(confusion), "reliability": _drawn(reliable)}


def _curves(runs: Path) -> list[tuple[str, str]]:
    folders = sorted({path.parent for path in runs.rglob("stage*.csv")})
    epochs = [(folder.name, read_curves(folder)) for folder in folders]
    return [(name, _drawn(draw_curves(each))) for name, each in epochs if each]


def _drawn(chart: str) -> str:
    # Every word in a chart is escaped where it is drawn.
    return mark_safe(chart)  # noqa: S308


def _galleries(faces: FaceSet, probabilities: Floats) -> list[tuple[str, list[dict[str, Any]]]]:
    return [
        (_("사람들의 표에서 가장 먼 얼굴"), _told(worst(faces, probabilities, SHOWN))),
        (_("모델이 가장 망설인 얼굴"), _told(least_certain(faces, probabilities, SHOWN))),
    ]


def _told(cards: list[FaceCard]) -> list[dict[str, Any]]:
    return [
        {"card": card, "people": _words(card.people), "model": _words(card.model)} for card in cards
    ]


def _words(shares: tuple[tuple[str, float], ...]) -> str:
    return " · ".join(f"{mood_name(key)} {share:.0%}" for key, share in shares)
