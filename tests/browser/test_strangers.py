"""Charlie is signed in too, and has no business with Alice's diary."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.journey.person import Person
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_stranger_sees_nothing_of_the_day(
    open_visit: Open, alice: Person, alice_state: Path, person: Person, site: Site
) -> None:
    mine = open_visit(storage_state=alice_state)
    mine.page.goto("/today/")
    photo = mine.page.locator(".polaroid image").get_attribute("href")
    piece = mine.page.locator("song-player").get_attribute("data-src")
    assert mine.page.goto(str(photo)).status == 200

    theirs = open_visit()
    theirs.sign_in(person)
    theirs.allow(404, str(photo))
    theirs.allow(404, str(piece))
    assert theirs.page.goto(str(photo)).status == 404
    assert theirs.page.goto(str(piece)).status == 404
    theirs.go_to_day(alice.today)
    expect(theirs.page.locator("#card")).to_have_attribute("data-kind", "empty")
    theirs.page.goto(f"/month/{alice.today:%Y/%m}/")
    expect(theirs.page.get_by_text("아직 빈 달이에요.")).to_be_visible()

    nobody = open_visit()
    nobody.page.goto("/today/")
    expect(nobody.page).to_have_url(f"{site.url}/accounts/login/?next=/today/")
    nobody.allow(401, str(photo))
    assert nobody.page.goto(str(photo)).status == 401


def test_who_leaves_the_book_is_out(open_visit: Open, person: Person, site: Site) -> None:
    visit = open_visit()
    visit.sign_in(person)
    visit.page.get_by_role("button", name="책 덮기").click()
    visit.page.wait_for_url(f"{site.url}/")
    visit.page.goto("/trends/")
    expect(visit.page).to_have_url(f"{site.url}/accounts/login/?next=/trends/")
