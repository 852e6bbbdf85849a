"""Spotify's id of a song, asked of a server on this machine that speaks Spotify's JSON."""

from __future__ import annotations

import http.server
import json
import logging
import threading
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from music.models import Track
from music.providers import spotify

ID = "3HVWdVOQ0ZA45FuZGSfvns"
SECRET = "a-very-secret-word"


class Spotify(http.server.BaseHTTPRequestHandler):
    """Answers as told by the attributes of its server: status, tracks, token_status."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.tokens += 1
        if self.server.token_status != 200:
            self.answer(self.server.token_status, {"error": "invalid_client"})
        else:
            self.answer(200, {"access_token": "t", "token_type": "Bearer", "expires_in": 3600})

    def do_GET(self):
        address = urlsplit(self.path)
        self.server.asked.append((address.path, parse_qs(address.query), dict(self.headers)))
        if self.server.status != 200:
            error = {"error": {"status": self.server.status, "message": "no"}}
            self.answer(self.server.status, error, {"Retry-After": "86400"})
        else:
            self.answer(200, self.server.body)

    def answer(self, status, body, headers=None):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Spotify)
    server.status, server.token_status, server.tokens, server.asked = 200, 200, 0, []
    server.body = {"tracks": {"items": []}}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(spotify, "API_URL", f"{base}/v1/")
    monkeypatch.setattr(spotify, "TOKEN_URL", f"{base}/api/token")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    spotify._client.cache_clear()
    yield server
    server.shutdown()
    server.server_close()
    spotify._client.cache_clear()


def found(*tracks):
    return {
        "tracks": {
            "items": [
                {"id": track_id, "name": title, "artists": [{"name": artist}]}
                for track_id, artist, title in tracks
            ]
        }
    }


def ask(artist="IU", title="밤편지"):
    return spotify.track_id_find(
        artist=artist, title=title, market="KR", client_id="me", client_secret=SECRET
    )


def test_it_works(server):
    server.body = found(("x" * 22, "IU", "좋은 날"), (ID, "IU", "밤편지"))
    assert ask() == ID
    path, query, headers = server.asked[0]
    assert path == "/v1/search"
    assert query["q"] == ["IU 밤편지"]
    assert (query["type"], query["market"]) == (["track"], ["KR"])
    assert headers["Authorization"] == "Bearer t"
    assert headers["Accept-Language"] == "ko"


def test_the_token_is_asked_for_once(server):
    ask(), ask()
    assert (server.tokens, len(server.asked)) == (1, 2)


@pytest.mark.parametrize(
    ("artist", "title"),
    [
        ("iu", "밤편지"),
        ("IU", "밤 편지"),
        ("IU", "밤편지 (feat. 누구)"),
        ("IU", "밤편지 - 2017 Remaster"),
    ],
)
def test_the_same_song_written_otherwise_is_believed(server, artist, title):
    server.body = found((ID, artist, title))
    assert ask() == ID


@pytest.mark.parametrize(
    ("artist", "title"),
    [("다른 사람", "밤편지"), ("IU", "밤편지 (Piano Cover)"), ("IU", "밤편지 - Live"), ("IU", "")],
)
def test_another_song_is_not_believed(server, artist, title):
    server.body = found((ID, artist, title))
    assert ask() is None


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_a_refusal_is_none_and_a_warning_without_the_secret(server, caplog, status):
    server.status = status
    with caplog.at_level(logging.DEBUG):
        assert ask() is None
    assert "could not be asked" in caplog.text
    assert SECRET not in caplog.text
    assert "bWU6" not in caplog.text  # the beginning of "me:..." in the header


def test_wrong_credentials_are_none(server, caplog):
    server.token_status = 400
    assert ask() is None
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"", [], {}, {"tracks": None}, {"tracks": {"items": [None, {"id": 1}, {}]}}],
)
def test_an_answer_of_another_shape_is_none(server, body):
    server.body = body
    assert ask() is None


def test_no_connection_is_none(server):
    server.shutdown()
    server.server_close()
    assert ask() is None


def test_resolve_tracks_says_what_to_set_when_there_are_no_credentials(db, settings):
    settings.SPOTIPY_CLIENT_ID = settings.SPOTIPY_CLIENT_SECRET = ""
    with pytest.raises(CommandError, match="SPOTIPY_CLIENT_ID and SPOTIPY_CLIENT_SECRET"):
        call_command("resolve_tracks", stdout=StringIO())


@pytest.fixture
def credentials(settings):
    settings.SPOTIPY_CLIENT_ID, settings.SPOTIPY_CLIENT_SECRET = "me", SECRET


def test_resolve_tracks_fills_only_what_is_missing(server, make_track, credentials):
    known = make_track(artist="IU", title="밤편지", spotify_id="B" * 22)
    missing = make_track(artist="IU", title="좋은 날")
    unknown = make_track(artist="아무도", title="모르는 노래")
    server.body = found((ID, "IU", "좋은 날"))
    out = StringIO()
    call_command("resolve_tracks", stdout=out)
    ids = dict(Track.objects.values_list("pk", "spotify_id"))
    assert ids == {known.pk: "B" * 22, missing.pk: ID, unknown.pk: ""}
    assert "Done: 1 ids found, 1 still missing." in out.getvalue()


def test_resolve_tracks_stops_asking_when_there_were_too_many_requests(
    server, make_track, credentials
):
    make_track(), make_track()
    server.status = 429
    with pytest.raises(CommandError, match="could not be asked"):
        call_command("resolve_tracks", stdout=StringIO())
    assert len(server.asked) == 1
