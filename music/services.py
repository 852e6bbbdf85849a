"""Six probabilities in, songs out, each with one sentence that says why."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from music.models import Track
from music.plane import target
from music.words import piece_reason, reason

__all__ = ["SongChoice", "choose", "piece_reason", "reason"]

# A song in another language is worth a detour of this much, and no more.
LANGUAGE_DETOUR = 0.2
KOREAN = "ko"


@dataclass(frozen=True)
class SongChoice:
    """A chosen track and its distance from the target, on the plane of valence and energy."""

    track_id: int
    distance: float


@dataclass(frozen=True)
class _Candidate:
    track_id: int
    artist: str
    is_korean: bool
    distance: float
    fresh: bool


def choose(
    *,
    probabilities: Sequence[float],
    seed: str,
    avoid: Collection[int] = (),
    count: int = 3,
) -> list[SongChoice]:
    """Choose up to `count` tracks for a vector of six; the first suits best.

    The same vector, seed, catalogue and `avoid` give the same tracks. No artist comes twice, one
    song is Korean, and among three or more there is one that is not, where one is near enough.
    Tracks in `avoid` come only when nothing else is left. Raises ValueError like `plane.target`.
    """
    aim = target(probabilities)
    rows = list(
        Track.objects.order_by("pk").values_list("pk", "artist", "language", "valence", "energy")
    )
    if not rows or count < 1:
        return []
    places = np.array([(row[3], row[4]) for row in rows])
    distances = np.hypot(places[:, 0] - aim.valence, places[:, 1] - aim.energy)
    # A song is drawn by its distance and by luck, and luck weighs more where the reading is
    # unsure. Without it, every day of one mood would bring the same three songs.
    luck = _generator(seed).random(len(rows)) * aim.spread
    fresh = np.array([row[0] not in avoid for row in rows])
    order = np.lexsort((distances + luck, ~fresh))
    candidates = [
        _Candidate(
            track_id=rows[i][0],
            artist=rows[i][1].casefold(),
            is_korean=rows[i][2] == KOREAN,
            distance=float(distances[i]),
            fresh=bool(fresh[i]),
        )
        for i in order
    ]
    picked = _pick(candidates, count)
    picked = _mix(picked, [song for song in candidates if song.is_korean])
    if len(picked) >= 3:
        reach = max(song.distance for song in picked) + LANGUAGE_DETOUR
        others = [song for song in candidates if not song.is_korean and song.distance <= reach]
        picked = _mix(picked, others)
    return [SongChoice(song.track_id, song.distance) for song in picked]


def _generator(seed: str) -> np.random.Generator:
    digest = hashlib.sha256(seed.encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _pick(candidates: Iterable[_Candidate], count: int) -> list[_Candidate]:
    """Return the first `count` candidates of different artists."""
    picked: list[_Candidate] = []
    artists: set[str] = set()
    for song in candidates:
        if len(picked) == count:
            break
        if song.artist not in artists:
            artists.add(song.artist)
            picked.append(song)
    return picked


def _mix(picked: list[_Candidate], wanted: Sequence[_Candidate]) -> list[_Candidate]:
    """Return `picked` with one of `wanted` in its last place, unless it has one already."""
    if any(song in wanted for song in picked):
        return picked
    kept = picked[:-1]
    artists = {song.artist for song in kept}
    # A song to be avoided never takes the place of one that is not.
    allowed = [song for song in wanted if song.fresh or not picked[-1].fresh]
    for song in allowed:
        if song.artist not in artists:
            return [*kept, song]
    return picked
