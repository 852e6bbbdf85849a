"""The selfie journey as after `make run`: real processes, SQLite, the filesystem broker."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import requests

from tests.journey import steps
from tests.journey.conftest import files_under, songs_and_readings
from tests.journey.person import Person
from tests.services import wait_for
from tests.site import Site

pytestmark = pytest.mark.slow


@pytest.fixture
def site(embedded_site: Site) -> Site:
    return embedded_site


def messages(site: Site) -> list[Path]:
    return sorted((site.var_dir / "broker" / "messages").glob("*.readings.msg"))


def test_it_works(site: Site, astronaut_jpeg: bytes) -> None:
    steps.selfie_becomes_a_mood_and_songs(site, astronaut_jpeg)


def test_box_of_a_label_file_is_used(site: Site, astronaut_jpeg: bytes) -> None:
    person = Person(site)
    box = {"minX": 150.0, "minY": 40.0, "maxX": 290.0, "maxY": 210.0}
    votes = {f"annot_{who}": {"boxes": box, "faceExp": "기쁨"} for who in "ABC"}
    label = [{"filename": "selfie.jpg", "faceExp_uploader": "기쁨", **votes}]
    assert person.upload(astronaut_jpeg, label=label).status_code == 201
    read = person.settled()["reading"]["box"]
    assert (read["source"], round(read["x"]), round(read["y"])) == ("annotation", 150, 40)


def test_no_face_is_said_and_can_be_marked(site: Site, drawn_landscape_jpeg: bytes) -> None:
    person = Person(site)
    person.upload(drawn_landscape_jpeg)
    entry = person.settled()
    assert (entry["state"], entry["reading"], entry["songs"]) == ("no_face", None, [])
    box = {"x": 300, "y": 100, "width": 200, "height": 260}
    assert person.call("PATCH", f"entries/{person.today}/", json={"face_box": box}).ok
    entry = person.settled()
    assert (entry["state"], entry["reading"]["box"]["source"]) == ("ready", "person")


def test_several_faces_are_said(site: Site, two_astronauts_jpeg: bytes) -> None:
    person = Person(site)
    person.upload(two_astronauts_jpeg)
    entry = person.settled()
    assert (entry["state"], entry["reading"]) == ("several_faces", None)
    assert len(entry["found_faces"]) == 2


def test_stranger_sees_nothing(site: Site, astronaut_jpeg: bytes) -> None:
    alice, charlie = Person(site), Person(site)
    alice.upload(astronaut_jpeg)
    entry = alice.settled()
    piece = alice.piece(entry)
    assert charlie.call("GET", entry["photo_url"]).status_code == 404
    assert charlie.call("GET", piece.url).status_code == 404
    assert charlie.call("GET", f"entries/{charlie.today}/").status_code == 404
    assert requests.get(entry["photo_url"], timeout=60).status_code in (401, 403, 404)


def test_leaving_takes_everything_along(site: Site, astronaut_jpeg: bytes) -> None:
    before, rows = files_under(site.var_dir / "media"), songs_and_readings(site)
    person = Person(site)
    person.upload(astronaut_jpeg)
    entry = person.settled()
    person.piece(entry)
    assert files_under(site.var_dir / "media") != before
    gone = person.call("DELETE", "accounts/me/", json={"password": person.password})
    assert gone.status_code == 204
    assert person.call("GET", entry["photo_url"]).status_code in (401, 403, 404)
    assert files_under(site.var_dir / "media") == before
    assert songs_and_readings(site) == rows


def test_worker_killed_in_the_middle_is_survived(site: Site, astronaut_jpeg: bytes) -> None:
    steps.worker_killed_in_the_middle_is_survived(site, astronaut_jpeg)


def test_lost_message_is_sent_again(site: Site, astronaut_jpeg: bytes) -> None:
    person = Person(site)
    site.kill("worker")
    person.upload(astronaut_jpeg)
    for message in messages(site):
        message.unlink()
    site.start("worker")
    steps.assert_read_once(person.settled())


def test_message_delivered_twice_is_read_once(site: Site, astronaut_jpeg: bytes) -> None:
    person, rows = Person(site), songs_and_readings(site)
    site.kill("worker")
    person.upload(astronaut_jpeg)
    message = messages(site)[-1]
    shutil.copy(message, message.with_name(f"{message.name.split('.')[0]}b.readings.msg"))
    site.start("worker")
    entry = person.settled()
    steps.assert_read_once(entry)
    wait_for(lambda: "nothing to do" in site.said("worker"), seconds=60)
    assert person.settled() == entry, "the second delivery changed the day"
    now = songs_and_readings(site)
    assert now["readings"] - rows["readings"] == 1
    assert now["songs"] - rows["songs"] == 4


def test_web_killed_and_started_again_answers(site: Site) -> None:
    person = Person(site)
    site.restart("web")
    assert person.call("GET", f"calendar/{person.today:%Y/%m}/").json() == {"days": []}
