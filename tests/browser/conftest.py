"""Chromium before the real site; every page that a test opens is watched until it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.pictures import film_write
from tests.browser.visits import Visit
from tests.journey.person import Person
from tests.site import Site, start_site

PHONE, WIDE = (390, 844), (1440, 900)
SIZES = pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
# A machine with two cores reads a face while the browser paints.
expect.set_options(timeout=20_000)

Open = Callable[..., Visit]


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all journeys in the browser: people do not see each other."""
    with start_site(tmp_path_factory.mktemp("browser"), {"SWEEP_SECONDS": "2"}) as site:
        yield site


@pytest.fixture(scope="package")
def driver() -> Iterator[Playwright]:
    # Not longer than this package: while it runs, Django refuses to touch a database here.
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(
    driver: Playwright,
    chromium_path: str,
    astronaut: Image.Image,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Browser]:
    """A browser whose camera shows a person, and who is asked nothing about it."""
    film = film_write(tmp_path_factory.mktemp("camera") / "person.y4m", astronaut)
    browser = _launch(
        driver,
        chromium_path,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def refusing_browser(driver: Playwright, chromium_path: str) -> Iterator[Browser]:
    """A browser with a camera that nobody allows it to use."""
    browser = _launch(driver, chromium_path, "--use-fake-device-for-media-stream")
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def bare_browser(driver: Playwright, chromium_path: str) -> Iterator[Browser]:
    """A browser on a machine without a camera."""
    browser = _launch(driver, chromium_path)
    yield browser
    browser.close()


def _launch(driver: Playwright, path: str, *switches: str) -> Browser:
    quiet = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
    return driver.chromium.launch(executable_path=path, args=[*quiet, *switches])


@pytest.fixture
def open_visit(browser: Browser, site: Site) -> Iterator[Open]:
    """Opens a page like a person's who lives in Korea; at the end, looks at what it did."""
    visits: list[Visit] = []

    def open_one(size: tuple[int, int] = WIDE, *, of: Browser = browser, **options: Any) -> Visit:
        visit = Visit(of, site, size, options)
        visits.append(visit)
        return visit

    yield open_one
    for visit in visits:
        visit.close()
    for visit in visits:
        visit.assert_clean()


@pytest.fixture
def person(site: Site) -> Person:
    """Somebody who has agreed to face analysis and written nothing yet."""
    return Person(site)


@pytest.fixture(scope="package")
def alice(site: Site, astronaut_jpeg: bytes) -> Person:
    """Somebody with a read selfie today and two days said by hand; tests only look at her."""
    person = Person(site)
    assert person.upload(astronaut_jpeg).status_code == 201
    for back, mood in ((1, "happy"), (40, "sad")):
        day = person.today - dt.timedelta(days=back)
        answer = person.call("PATCH", f"entries/{day}/", json={"own_mood": mood})
        assert answer.status_code == 200, answer.text
    entry = person.settled()
    assert entry["state"] == "ready", entry
    return person


@pytest.fixture(scope="package")
def alice_state(
    alice: Person, browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The cookies of a browser in which Alice has signed in."""
    visit = Visit(browser, site, WIDE, {})
    visit.sign_in(alice)
    path = tmp_path_factory.mktemp("alice") / "state.json"
    visit.page.context.storage_state(path=path)
    visit.close()
    visit.assert_clean()
    return path
