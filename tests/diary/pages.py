"""What the tests of the pages share: days that look a certain way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import User
from diary.models import Entry, Reading
from emotion.boxes import FaceBox
from emotion.labels import KEYS
from emotion.predictor import FaceReading

PROBABILITIES = (0.12, 0.02, 0.31, 0.08, 0.44, 0.03)
# What the astronaut's photograph would be read as, without a model.
READ = FaceReading(PROBABILITIES, FaceBox(165, 60, 110, 140, "opencv"), "test", {})


def day_keep(
    owner: User,
    date: dt.date,
    *,
    photo: bytes = b"",
    size: tuple[int, int] = (512, 512),
    read: bool = False,
    **fields: Any,
) -> Entry:
    """Keep a day as it would look after a reading, without one."""
    entry = Entry(owner=owner, date=date, **fields)
    if photo:
        entry.photo.save("photo.jpg", ContentFile(photo), save=False)
        entry.photo_width, entry.photo_height = size
    entry.save()
    if read:
        Reading.objects.create(
            entry=entry,
            dominant="neutral",
            model_version="test",
            box_x=165, box_y=60, box_width=110, box_height=140, box_source="opencv",
            **dict(zip(KEYS, PROBABILITIES, strict=True)),
        )  # fmt: skip
    return entry


def html_of(response: Any) -> str:
    return str(response.content.decode())
