"""How a song of the catalogue can be heard: in Spotify's embed, or by a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from music.models import Track

PlayerKind = Literal["audio", "spotify", "search"]

# Name and address up to the words that are searched for, which are quoted and appended.
_SEARCHES = (
    ("Spotify", "https://open.spotify.com/search/"),
    ("YouTube Music", "https://music.youtube.com/search?q="),
    ("Melon", "https://www.melon.com/search/total/index.htm?q="),
    ("Apple Music", "https://music.apple.com/kr/search?term="),
)


@dataclass(frozen=True)
class Player:
    """What plays a song: its kind, its address, and where else to look, as (name, address)."""

    kind: PlayerKind
    src: str
    links: tuple[tuple[str, str], ...]


def player_for(track: Track) -> Player:
    """Return the player of a track: Spotify's embed where its id is known, else a search."""
    # Nothing is left unquoted: a slash or an ampersand in a name would end the search early.
    words = quote(f"{track.artist} {track.title}", safe="")
    links = tuple((name, address + words) for name, address in _SEARCHES)
    if track.spotify_id:
        return Player("spotify", f"https://open.spotify.com/embed/track/{track.spotify_id}", links)
    return Player("search", f"https://www.youtube.com/results?search_query={words}", links)
