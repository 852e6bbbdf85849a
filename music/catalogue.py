"""The catalogue: our own choice of songs, each with a place on the plane of valence and energy.

`catalogue.csv` has one song a row: artist, title, year (empty where it is not certain), language
(ISO 639; `zxx` for music without words), genre, valence, energy, tags (separated by spaces),
explicit (true or false) and spotify_id (empty where it is not known).

Valence and energy are given by ear, from 0 to 1, by these anchors:

    valence 0.1  utter grief or pure rage        energy 0.1  a lullaby on a solo piano
            0.3  troubled, longing                      0.3  a ballad for voice and guitar
            0.5  neither, or both                       0.5  a mid-tempo band, a walking pace
            0.7  at ease, fond                          0.7  one dances to it
            0.9  exultant                               0.9  full-force rock, a festival at its peak

A mood of `emotion.labels` lies on the same plane at ((valence + 1) / 2, (arousal + 1) / 2).
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import transaction

from music.models import SPOTIFY_ID_PATTERN, Track

CATALOGUE = Path(__file__).with_name("catalogue.csv")
COLUMNS = (
    "artist",
    "title",
    "year",
    "language",
    "genre",
    "valence",
    "energy",
    "tags",
    "explicit",
    "spotify_id",
)
GENRES = frozenset(
    {
        "ballad",
        "classical",
        "electronic",
        "film",
        "folk",
        "hip-hop",
        "idol",
        "indie",
        "jazz",
        "metal",
        "ost",
        "pop",
        "r&b",
        "rock",
        "trot",
    }
)
_UPDATED = [name for name in COLUMNS if name not in ("artist", "title")]


class CatalogueError(ValueError):
    """A catalogue file that cannot be used; the message names the line and the reason."""


@dataclass(frozen=True)
class Song:
    """One valid row of a catalogue file."""

    artist: str
    title: str
    year: int | None
    language: str
    genre: str
    valence: float
    energy: float
    tags: str
    explicit: bool
    spotify_id: str


@dataclass(frozen=True)
class LoadCount:
    """What a load did to the table."""

    created: int
    updated: int
    unchanged: int


def songs_read(path: Path) -> list[Song]:
    """Return the songs of a catalogue file.

    Raises CatalogueError at the first line that is not valid, so that a half-read file never
    reaches the table, and OSError where the file cannot be opened.
    """
    songs: list[Song] = []
    seen: dict[tuple[str, str], int] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in _rows(file, path.name):
                song = _song(row, f"{path.name}, line {line}")
                first = seen.setdefault((song.artist, song.title), line)
                if first != line:
                    raise CatalogueError(
                        f"{path.name}, line {line}: {song.artist} - {song.title} stands on"
                        f" line {first} already."
                    )
                songs.append(song)
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path.name} is not UTF-8 text.") from error
    except csv.Error as error:
        raise CatalogueError(f"{path.name} is not a CSV file: {error}.") from error
    if not songs:
        raise CatalogueError(f"{path.name} has no songs.")
    return songs


def songs_load(*, songs: Sequence[Song]) -> LoadCount:
    """Write the songs to the table: new ones are added, changed ones updated in place.

    Reads the table once and writes only what differs, so that running it at every start costs
    one query. A song keeps its row, and a Spotify id found since is kept where the file has none.
    """
    known = {(track.artist, track.title): track for track in Track.objects.all()}
    created: list[Track] = []
    updated: list[Track] = []
    for song in songs:
        values = asdict(song)
        track = known.get((song.artist, song.title))
        if track is None:
            created.append(Track(**values))
            continue
        values["spotify_id"] = song.spotify_id or track.spotify_id
        if any(getattr(track, name) != value for name, value in values.items()):
            updated.append(Track(**values))
    if created or updated:
        # Two starting processes may load at once: the second meets the rows of the first.
        with transaction.atomic():
            Track.objects.bulk_create(
                created + updated,
                update_conflicts=True,
                unique_fields=["artist", "title"],
                update_fields=_UPDATED,
            )
    unchanged = len(songs) - len(created) - len(updated)
    return LoadCount(len(created), len(updated), unchanged)


def _rows(file: Iterator[str], name: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(file)
    header = next(reader, [])
    if tuple(header) != COLUMNS:
        raise CatalogueError(f"{name}, line 1: the columns must be {','.join(COLUMNS)}.")
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(COLUMNS):
            raise CatalogueError(
                f"{name}, line {reader.line_num}: {len(cells)} columns, not {len(COLUMNS)}."
            )
        values = [cell.strip() for cell in cells]
        yield reader.line_num, dict(zip(COLUMNS, values, strict=True))


def _song(row: dict[str, str], where: str) -> Song:
    for name, longest in (("artist", 120), ("title", 200)):
        if not 0 < len(row[name]) <= longest:
            raise CatalogueError(f"{where}: {name} must have 1 to {longest} characters.")
    if not re.fullmatch(r"[a-z]{2,3}", row["language"]):
        raise CatalogueError(f"{where}: language {row['language']!r} is not a code like ko or en.")
    if row["genre"] not in GENRES:
        raise CatalogueError(
            f"{where}: genre {row['genre']!r} is none of {', '.join(sorted(GENRES))}."
        )
    if row["explicit"] not in ("true", "false"):
        raise CatalogueError(f"{where}: explicit must be true or false, not {row['explicit']!r}.")
    if row["spotify_id"] and not re.match(SPOTIFY_ID_PATTERN, row["spotify_id"]):
        raise CatalogueError(f"{where}: {row['spotify_id']!r} is not a Spotify track id.")
    return Song(
        artist=row["artist"],
        title=row["title"],
        year=_year(row["year"], where),
        language=row["language"],
        genre=row["genre"],
        valence=_share(row["valence"], "valence", where),
        energy=_share(row["energy"], "energy", where),
        tags=" ".join(row["tags"].split()),
        explicit=row["explicit"] == "true",
        spotify_id=row["spotify_id"],
    )


def _year(text: str, where: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[12][0-9]{3}", text):
        raise CatalogueError(f"{where}: year {text!r} is not a year.")
    return int(text)


def _share(text: str, name: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    # Not-a-number compares false with everything, so it is refused here too.
    if not 0 <= value <= 1:
        raise CatalogueError(f"{where}: {name} must be a number from 0 to 1, not {text!r}.")
    return value
