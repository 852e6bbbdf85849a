"""What has to hold on every kind of site."""

from __future__ import annotations

import signal
import time

from tests.journey.person import Person
from tests.site import Site

MOODS = ["happy", "anger", "sad", "anxiety", "neutral", "panic"]


def selfie_becomes_a_mood_and_songs(site: Site, photo: bytes) -> None:
    person = Person(site)
    answer = person.upload(photo)
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "queued"
    entry = person.settled()
    assert_read_once(entry)
    assert entry["reading"]["box"]["source"] == "opencv"
    whole = person.piece(entry)
    assert (whole.status_code, whole.headers["Content-Type"]) == (200, "audio/mpeg")
    assert len(whole.content) > 100_000
    part = person.piece(entry, Range="bytes=100-199")
    assert (part.status_code, part.content) == (206, whole.content[100:200])


def worker_killed_in_the_middle_is_survived(site: Site, photo: bytes) -> None:
    person = Person(site)
    freeze_while_reading(site, person, photo)
    site.kill("worker")
    assert person.entry()["state"] == "running"
    site.start("worker")
    assert_read_once(person.settled())


def freeze_while_reading(site: Site, person: Person, photo: bytes) -> None:
    """Upload until the worker has been stopped with the photograph in its hands."""
    for _ in range(20):
        assert person.upload(photo).status_code == 201
        while person.entry()["state"] == "queued":
            time.sleep(0.01)
        # A stopped process does nothing more, so what is running now stays so.
        site.kill("worker", signal.SIGSTOP)
        time.sleep(0.2)
        if person.entry()["state"] == "running":
            return
        site.kill("worker", signal.SIGCONT)
    raise AssertionError("the worker was too fast twenty times")


def assert_read_once(entry: dict) -> None:
    """Ready, six numbers that sum to 1, one piece, and at least three songs that differ."""
    assert entry["state"] == "ready", entry
    numbers = entry["reading"]["probabilities"]
    assert list(numbers) == MOODS
    assert abs(sum(numbers.values()) - 1) < 1e-6
    assert entry["reading"]["dominant"] == max(numbers, key=numbers.get)
    kinds = [song["player"]["kind"] for song in entry["songs"]]
    assert kinds.count("audio") == 1
    titles = [(song["title"], song["artist"]) for song in entry["songs"]]
    assert len(titles) == len(set(titles)) == 4
    assert all(song["reason"] for song in entry["songs"])
