"""What holds for every page: it asks nobody else, fails nowhere and fits the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, Open
from tests.journey.person import Person
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STRANGERS = ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nowhere/")
OWN = (
    "/today/",
    "/trends/",
    "/search/?q=x",
    "/accounts/settings/",
    "/accounts/erase/",
    "/accounts/email/",
)
SPOTIFY = "https://open.spotify.com"


@SIZES
def test_pages_ask_no_other_host_and_fit(
    open_visit: Open, alice: Person, alice_state: Path, size: tuple[int, int]
) -> None:
    month = f"/month/{alice.today:%Y/%m}/"
    year = f"/year/{alice.today.year}/"
    own = (*OWN, f"/day/{alice.today}/", month, f"{month}?photos=1", year)
    for addresses, state in ((STRANGERS, None), (own, alice_state)):
        visit = open_visit(size, storage_state=state)
        visit.allow(404, "/nowhere/")
        for address in addresses:
            visit.page.goto(address)
            assert visit.overflow() <= 0, f"{address} is wider than the window"
            expect(visit.page.get_by_role("heading", level=1)).to_have_count(1)
        visit.page.wait_for_load_state("networkidle")
        visit.assert_clean()


def test_spotify_is_asked_only_after_a_press(
    open_visit: Open, site: Site, person: Person, astronaut_jpeg: bytes
) -> None:
    person.upload(astronaut_jpeg)
    person.settled()
    # The catalogue names no song of Spotify's; an owner of a key may add them.
    script = (
        "from diary.models import EntrySong; from music.models import Track;"
        f"songs = EntrySong.objects.filter(entry__owner__email='{person.email}');"
        "Track.objects.filter(pk__in=songs.values('track')).update(spotify_id='a' * 22)"
    )
    site.manage("shell", "--no-imports", "-v", "0", "-c", script)
    visit = open_visit()
    page = visit.page
    page.route(
        f"{SPOTIFY}/**", lambda route: route.fulfill(content_type="text/html", body="<p>playing")
    )
    visit.sign_in(person)
    listen = page.locator("spotify-later a")
    expect(listen).to_have_count(3)
    page.wait_for_load_state("networkidle")
    visit.assert_clean()
    expect(page.locator("iframe")).to_have_count(0)
    visit.allow_host(SPOTIFY)
    listen.first.click()
    expect(page.locator("iframe")).to_have_attribute("src", f"{SPOTIFY}/embed/track/{'a' * 22}")
    expect(page.frame_locator("iframe").get_by_text("playing")).to_be_visible()
    expect(listen).to_have_count(2)
