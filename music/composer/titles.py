"""What the day's own piece is called."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from emotion.labels import dominant

TITLES: dict[str, tuple[str, ...]] = {
    "happy": (
        gettext_noop("비가 그친 뒤의 산책"),
        gettext_noop("창문을 활짝 연 아침"),
        gettext_noop("햇빛이 든 자리"),
        gettext_noop("두 계단씩 오르는 길"),
        gettext_noop("오늘은 내가 꽃을 살게"),
        gettext_noop("웃음이 먼저 도착한 날"),
    ),
    "anger": (
        gettext_noop("삼키지 않은 말"),
        gettext_noop("불씨를 쥔 손"),
        gettext_noop("문을 세게 닫고 나서"),
        gettext_noop("끓는 물의 노래"),
        gettext_noop("붉은 신호등 아래"),
        gettext_noop("파도가 바위를 칠 때"),
    ),
    "sad": (
        gettext_noop("불 꺼진 방의 온기"),
        gettext_noop("젖은 우산을 접으며"),
        gettext_noop("보내지 못한 편지"),
        gettext_noop("마지막 버스가 지나간 뒤"),
        gettext_noop("눈 내리는 소리"),
        gettext_noop("빈 의자에 앉은 저녁"),
    ),
    "anxiety": (
        gettext_noop("잠들지 못한 시계"),
        gettext_noop("몇 번이고 돌아본 골목"),
        gettext_noop("흔들리는 다리 위에서"),
        gettext_noop("대답이 오지 않는 밤"),
        gettext_noop("심장 옆의 작은 새"),
        gettext_noop("바람이 바뀌기 전에"),
    ),
    "neutral": (
        gettext_noop("식어 가는 찻잔"),
        gettext_noop("아무 일 없는 오후"),
        gettext_noop("책장을 넘기는 속도로"),
        gettext_noop("구름이 지나는 동안"),
        gettext_noop("골목 끝의 고양이"),
        gettext_noop("물가에 앉아서"),
    ),
    "panic": (
        gettext_noop("쏟아진 단추들"),
        gettext_noop("갑자기 켜진 불빛"),
        gettext_noop("거꾸로 든 지도"),
        gettext_noop("비눗방울이 터지는 순간"),
        gettext_noop("한 박자 늦은 대답"),
        gettext_noop("바람에 날아간 모자"),
    ),
}


def piece_title(probabilities: Sequence[float], *, seed: str) -> str:
    """Return the title, in the active language; the same day always has the same one."""
    titles = TITLES[dominant(probabilities).key]
    return _(titles[hashlib.sha256(f"title {seed}".encode()).digest()[0] % len(titles)])
