"""Every song can be heard somewhere, whatever characters its name has."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

from music.models import Track
from music.players import player_for


def track(**fields) -> Track:
    return Track(**{"artist": "AC/DC", "title": "R&B #1? 밤 & 낮", **fields})


def test_player_for_embeds_spotify_when_the_id_is_known():
    player = player_for(track(spotify_id="08mG3Y1vljYA6bvDt4Wqkj"))
    assert player.kind == "spotify"
    assert player.src == "https://open.spotify.com/embed/track/08mG3Y1vljYA6bvDt4Wqkj"


def test_player_for_searches_when_it_is_not():
    player = player_for(track())
    assert player.kind == "search"
    address = urlsplit(player.src)
    assert address.hostname == "www.youtube.com"
    assert parse_qs(address.query) == {"search_query": ["AC/DC R&B #1? 밤 & 낮"]}


def test_player_for_links_to_four_searches_with_the_whole_name():
    links = dict(player_for(track()).links)
    assert list(links) == ["Spotify", "YouTube Music", "Melon", "Apple Music"]
    words = "AC/DC R&B #1? 밤 & 낮"
    assert unquote(urlsplit(links["Spotify"]).path) == f"/search/{words}"
    assert parse_qs(urlsplit(links["YouTube Music"]).query) == {"q": [words]}
    assert parse_qs(urlsplit(links["Melon"]).query) == {"q": [words]}
    assert parse_qs(urlsplit(links["Apple Music"]).query) == {"term": [words]}
    for address in links.values():
        assert address.startswith("https://")
        assert not urlsplit(address).fragment
