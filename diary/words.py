"""What the book says about a day, in words: the mood as a sentence, dates as titles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from emotion.labels import BY_KEY, MOODS, Mood

# From these shares on a mood is all or almost all of the day, stands out, is said with weight or at
# all beside the first; two closer than EVEN are halves.
WHOLE, ALMOST, CLEAR, MUCH, LITTLE, EVEN = 0.80, 0.65, 0.34, 0.35, 0.12, 0.12


def mood_name(key: str) -> str:
    """Return the mood's name in the active language."""
    mood = BY_KEY[key]
    return mood.korean if _is_korean() else mood.english


def moods_called(word: str) -> list[str]:
    """Return the keys of the moods that have a name which is the word, or begins with it.

    In either language and as the sentences call them; one letter must be the whole name.
    """
    asked = word.casefold()

    def is_meant(name: str) -> bool:
        return name == asked or (len(asked) > 1 and name.startswith(asked))

    return [
        mood.key
        for mood in MOODS
        if any(is_meant(name) for name in (mood.korean, mood.english, _noun(mood).casefold()))
    ]


def mood_sentence(probabilities: Sequence[float]) -> str:
    """Say six probabilities in one short sentence: the second mood is heard, not only the first."""
    order = sorted(range(len(MOODS)), key=lambda i: (-probabilities[i], i))
    first, second = MOODS[order[0]], MOODS[order[1]]
    much, less = probabilities[order[0]], probabilities[order[1]]
    if much >= WHOLE:
        said = _("온통 %(first)s.") % {"first": _noun(first)}
    elif much < CLEAR:
        said = _("%(first)s %(second)s, 여러 마음이 뒤섞인 날.") % {
            "first": _noun(first, "와"),
            "second": _noun(second),
        }
    elif much >= ALMOST and less < LITTLE:
        said = _("거의 %(first)s.") % {"first": _noun(first)}
    elif less < LITTLE:
        said = _("대체로 %(first)s, 다른 마음도 조금씩.") % {"first": _noun(first)}
    elif much - less < EVEN:
        said = _("%(first)s %(second)s 반반.") % {
            "first": _noun(first, "와"),
            "second": _noun(second, "가"),
        }
    else:
        said = _with_second(first, second, less >= MUCH)
    return capfirst(said)


def own_sentence(key: str, strength: int | None = None) -> str:
    """Say the mood that the person chose, with its strength (1 to 3) where they told it."""
    mood = BY_KEY[key]
    if not strength:
        return capfirst(_("내 말로는, %(mood)s.") % {"mood": _noun(mood)})
    said = {
        1: _("내 말로는, %(mood)s 조금."),
        2: _("내 말로는, %(mood)s 꽤."),
        3: _("내 말로는, %(mood)s 많이."),
    }[strength]
    return capfirst(said % {"mood": _noun(mood, "가")})


def day_title(date: dt.date) -> str:
    """Return the date as a page's title, without the year."""
    return date_format(date, pgettext("날짜 모양", "n월 j일 l"))


def month_title(date: dt.date) -> str:
    return date_format(date, pgettext("날짜 모양", "Y년 n월"))


def month_name(date: dt.date) -> str:
    return date_format(date, pgettext("날짜 모양", "n월"))


def weekday_name(date: dt.date) -> str:
    """Return the shortest name of the date's weekday."""
    # Django's Korean abbreviations are the full names.
    return date_format(date, "l")[0] if _is_korean() else date_format(date, "D")


def particle(word: str, kind: str) -> str:
    """Return `word` with the Korean particle `가` or `와` in the shape that its last sound needs.

    A word that does not end in Hangul gets the shape after a vowel.
    """
    last = ord(word[-1]) - 0xAC00
    closed = 0 <= last < 11172 and last % 28 != 0
    after_consonant = {"가": "이", "와": "과"}[kind]
    return word + (after_consonant if closed else kind)


def _with_second(first: Mood, second: Mood, much: bool) -> str:
    words = {"first": _noun(first), "second": _noun(second, "가")}
    if first.valence > 0 > second.valence:
        if much:
            return _("%(second)s 꽤 있지만, 그래도 대체로 %(first)s.") % words
        return _("%(second)s 조금, 그래도 대체로 %(first)s.") % words
    if first.valence < 0 < second.valence:
        return _("%(second)s 조금 있지만, 대체로 %(first)s.") % words
    return _("%(second)s 조금 섞인 %(first)s.") % words


def _noun(mood: Mood, kind: str = "") -> str:
    """Return the noun that a sentence says for a mood, in Korean with its particle."""
    noun = {
        "happy": pgettext("기분", "기쁨"),
        "anger": pgettext("기분", "화"),
        "sad": pgettext("기분", "슬픔"),
        "anxiety": pgettext("기분", "불안"),
        "neutral": pgettext("기분", "평온"),
        "panic": pgettext("기분", "당황"),
    }[mood.key]
    return particle(noun, kind) if kind and _is_korean() else noun


def _is_korean() -> bool:
    return (get_language() or "ko").startswith("ko")
