"""The names that data sets give to moods."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from emotion.labels import MOODS

# Beside each mood's key, Korean and English name: FER2013's and FER+'s words, and their forms.
_WORDS = {
    "happy": ("happiness",),
    "anger": ("angry", "disgust", "disgusted"),
    "sad": ("sadness",),
    "anxiety": ("anxious", "fear", "fearful", "afraid"),
    "neutral": (),
    "panic": ("surprise", "surprised"),
}
MOODS_CALLED: Mapping[str, str] = {
    word: mood.key
    for mood in MOODS
    for word in (mood.key, mood.korean, mood.english, *_WORDS[mood.key])
}
# What is no mood of ours: AI Hub's seventh class overlaps the others.
_DROPPED = ("contempt", "unknown", "not_a_face", "상처", "hurt", "알수없음")


class UnknownName(KeyError):
    """A name that no data set is known to give."""


def mood_called(name: str) -> str | None:
    """Return the key of the mood called `name`, or None for what is dropped on purpose.

    Case, blanks around it and NFD do not matter. Raises UnknownName.
    """
    word = unicodedata.normalize("NFC", name).strip().casefold()
    if word in _DROPPED:
        return None
    try:
        return MOODS_CALLED[word]
    except KeyError as error:
        raise UnknownName(name) from error
