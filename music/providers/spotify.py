"""Looks up Spotify's id of a song. The only file that imports spotipy."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

logger = logging.getLogger(__name__)

API_URL = "https://api.spotify.com/v1/"
TOKEN_URL = "https://accounts.spotify.com/api/token"  # noqa: S105 (an address, not a secret)
TIMEOUT_S = 3
RESULTS = 10
# Additions that name the same recording. "Remix", "Live" or "Acoustic" do not, and stay.
_ADDITIONS = re.compile(
    r"[(\[]\s*(?:feat|ft|with)\b[^)\]]*[)\]]"
    r"|\s-\s(?:\d{4}\s+)?(?:digital\s+)?remaster(?:ed)?(?:\s+version)?(?:\s+\d{4})?\s*$"
    r"|[(\[](?:\d{4}\s+)?remaster(?:ed)?(?:\s+\d{4})?[)\]]",
    re.IGNORECASE,
)


class SpotifyUnavailableError(Exception):
    """Spotify could not be asked: no connection, refused credentials, or too many requests."""


def track_id_find(
    *, artist: str, title: str, market: str, client_id: str, client_secret: str
) -> str | None:
    """Return the id of the song on Spotify, or None where it has none or cannot be asked.

    An id is believed only when artist and title are the same after `normalise`: a wrong id would
    play a wrong song, a missing one only shows a search link.
    """
    try:
        return track_id_search(
            artist=artist,
            title=title,
            market=market,
            client_id=client_id,
            client_secret=client_secret,
        )
    except SpotifyUnavailableError as error:
        logger.warning("Spotify could not be asked: %s", error)
        return None


def track_id_search(
    *, artist: str, title: str, market: str, client_id: str, client_secret: str
) -> str | None:
    """Do what `track_id_find` does, but raise SpotifyUnavailableError where it cannot be asked."""
    from requests import RequestException
    from spotipy import SpotifyBaseException

    client = _client(client_id, client_secret, market)
    try:
        answer = client.search(
            q=f"{artist} {title}"[:200], type="track", market=market, limit=RESULTS
        )
    except SpotifyBaseException as error:
        # The messages of spotipy may quote the request; the kind and the status say enough.
        status = getattr(error, "http_status", None)
        raise SpotifyUnavailableError(f"{type(error).__name__}, status {status}") from error
    except (RequestException, AttributeError, KeyError, TypeError, ValueError) as error:
        # All but the first come from an answer that is not the documented JSON.
        raise SpotifyUnavailableError(type(error).__name__) from error
    for track_id, found_title, found_artists in _tracks(answer):
        same_title = normalise(found_title) == normalise(title)
        if same_title and normalise(artist) in {normalise(name) for name in found_artists}:
            return track_id
    return None


def normalise(text: str) -> str:
    """Return the text for comparison: no case, width, punctuation, guests or remaster notes."""
    plain = unicodedata.normalize("NFKC", _ADDITIONS.sub("", text)).casefold()
    kept = "".join(letter for letter in plain if letter.isalnum())
    # A title of punctuation alone would equal every other such title.
    return kept or plain.strip()


@lru_cache(maxsize=4)
def _client(client_id: str, client_secret: str, market: str) -> Any:
    import spotipy
    from spotipy.cache_handler import MemoryCacheHandler

    # At DEBUG, spotipy logs the header that carries the secret.
    logging.getLogger("spotipy").setLevel(logging.INFO)
    auth = spotipy.SpotifyClientCredentials(
        client_id=client_id,
        client_secret=client_secret,
        requests_timeout=TIMEOUT_S,
        # The default handler writes the token to a file in the current folder.
        cache_handler=MemoryCacheHandler(),
    )
    auth.OAUTH_TOKEN_URL = TOKEN_URL
    # Without retries: spotipy would sleep as long as a 429 asks for, which can be hours.
    client = spotipy.Spotify(
        auth_manager=auth,
        requests_timeout=TIMEOUT_S,
        retries=0,
        status_retries=0,
        language="ko" if market == "KR" else None,
    )
    client.prefix = API_URL
    return client


def _tracks(answer: Any) -> Iterator[tuple[str, str, list[str]]]:
    """Yield id, title and artists of each track; whatever has another shape is passed over."""
    try:
        items = list(answer["tracks"]["items"])
    except (KeyError, TypeError):
        return
    for item in items:
        try:
            track_id, title = item["id"], item["name"]
            artists = [artist["name"] for artist in item["artists"]]
        except (KeyError, TypeError):
            continue
        if all(isinstance(text, str) for text in (track_id, title, *artists)):
            yield track_id, title, artists
