"""The sentences that say why: for a song of the catalogue and for the day's own piece.

Korean particles follow a percent sign in every one of them. It is read 퍼센트, which ends in a
vowel, so one form is always right: 퍼센트가, 퍼센트와, 퍼센트로. The nouns 노래 and 곡 are written
out with theirs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from emotion.labels import INDEX, KEYS
from music.plane import target

# A mood with this share fills the sentence alone; one with less than the second share is not
# worth a word; where even the first is below the third, no mood can be called the day's.
ALONE = 0.62
WORTH_A_WORD = 0.15
NO_LEADER = 0.3
# A song further than this from the target is said to be so: the sentence has to stay honest.
FAR = 0.3

_PLAIN = {
    "happy": gettext_noop("기쁨 %(percent)d %%"),
    "anger": gettext_noop("분노 %(percent)d %%"),
    "sad": gettext_noop("슬픔 %(percent)d %%"),
    "anxiety": gettext_noop("불안 %(percent)d %%"),
    "neutral": gettext_noop("중립 %(percent)d %%"),
    "panic": gettext_noop("당황 %(percent)d %%"),
}
_STRONG = {
    "happy": gettext_noop("가득 찬 기쁨 %(percent)d %%"),
    "anger": gettext_noop("치밀어 오르는 분노 %(percent)d %%"),
    "sad": gettext_noop("깊은 슬픔 %(percent)d %%"),
    "anxiety": gettext_noop("가시지 않는 불안 %(percent)d %%"),
    "neutral": gettext_noop("흔들림 없는 중립 %(percent)d %%"),
    "panic": gettext_noop("숨 가쁜 당황 %(percent)d %%"),
}
# By valence (low, middle, high) and, inside it, by energy (low, middle, high).
_TONES = (
    (
        gettext_noop("느리고 쓸쓸한"),
        gettext_noop("어둡게 일렁이는"),
        gettext_noop("거칠게 쏟아내는"),
    ),
    (
        gettext_noop("나직하고 잔잔한"),
        gettext_noop("담담하게 걷는"),
        gettext_noop("심장이 빨리 뛰는"),
    ),
    (
        gettext_noop("느긋하고 따뜻한"),
        gettext_noop("환하게 흔들리는"),
        gettext_noop("신나게 달리는"),
    ),
)


def reason(*, probabilities: Sequence[float], valence: float, energy: float) -> str:
    """Return one sentence, in the active language, that says why a song at (valence, energy).

    Raises ValueError where the probabilities are not six, like `plane.target`.
    """
    aim = target(probabilities)
    far = math.hypot(valence - aim.valence, energy - aim.energy) > FAR
    tone = _(_tone(valence, energy))
    leaders = _leaders(probabilities)
    if not leaders:
        sentence = (
            _("여섯 마음이 고루 섞인 날이라, 조금 멀리서 고른 %(tone)s 노래예요.")
            if far
            else _("여섯 마음이 고루 섞인 날이라, %(tone)s 노래예요.")
        )
        return sentence % {"tone": tone}
    if len(leaders) == 1:
        sentence = (
            _("%(mood)s, 조금 다른 결의 %(tone)s 노래예요.")
            if far
            else _("%(mood)s, 그래서 %(tone)s 노래예요.")
        )
        return sentence % {"mood": leaders[0], "tone": tone}
    sentence = (
        _("%(first)s에 %(second)s가 섞여서, 조금 다른 결의 %(tone)s 노래예요.")
        if far
        else _("%(first)s에 %(second)s가 섞여서, %(tone)s 노래예요.")
    )
    return sentence % {"first": leaders[0], "second": leaders[1], "tone": tone}


def piece_reason(probabilities: Sequence[float]) -> str:
    """Return one sentence, in the active language, that says what the day's piece is made of."""
    aim = target(probabilities)
    tone = _(_tone(aim.valence, aim.energy))
    leaders = _leaders(probabilities)
    if not leaders:
        return _("고루 섞인 여섯 마음으로 지은, 세상에 하나뿐인 %(tone)s 곡이에요.") % {
            "tone": tone
        }
    if len(leaders) == 1:
        sentence = _("%(mood)s로 지은, 세상에 하나뿐인 %(tone)s 곡이에요.")
        return sentence % {"mood": leaders[0], "tone": tone}
    sentence = _("%(first)s와 %(second)s로 지은, 세상에 하나뿐인 %(tone)s 곡이에요.")
    return sentence % {"first": leaders[0], "second": leaders[1], "tone": tone}


def _leaders(probabilities: Sequence[float]) -> list[str]:
    """Return the one or two moods that the sentence names, with their shares, or none."""
    total = sum(probabilities)
    shares = {key: probabilities[INDEX[key]] / total for key in KEYS}
    first, second = sorted(KEYS, key=lambda key: -shares[key])[:2]
    if shares[first] < NO_LEADER:
        return []
    if shares[first] >= ALONE or shares[second] < WORTH_A_WORD:
        words = _STRONG if shares[first] >= ALONE else _PLAIN
        return [_(words[first]) % {"percent": round(shares[first] * 100)}]
    return [_(_PLAIN[key]) % {"percent": round(shares[key] * 100)} for key in (first, second)]


def _tone(valence: float, energy: float) -> str:
    column = 0 if energy < 0.42 else 1 if energy < 0.7 else 2
    row = 0 if valence < 0.36 else 1 if valence < 0.64 else 2
    return _TONES[row][column]
