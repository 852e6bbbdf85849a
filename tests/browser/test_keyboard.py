"""The book without a mouse, and by lamplight."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SIZES, Open
from tests.journey.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


# Whether a person sees that the keyboard is here.
FRAMED = """element => {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const isDrawn = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  return isDrawn && element.matches(":focus-visible");
}"""


def is_framed(locator: Locator) -> bool:
    return bool(locator.evaluate(FRAMED))


def tab_to(page: Page, locator: Locator, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"not reached in {most} steps: {locator}")


def test_skip_link_leads_to_the_page(open_visit: Open, alice_state: Path) -> None:
    page = open_visit(storage_state=alice_state).page
    page.goto("/today/")
    skip = page.get_by_role("link", name="본문으로 건너뛰기")
    assert skip.bounding_box()["y"] < 0
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    page.wait_for_timeout(300)
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@SIZES
def test_bookmarks_are_reached_and_followed(
    open_visit: Open, alice_state: Path, size: tuple[int, int]
) -> None:
    page = open_visit(size, storage_state=alice_state).page
    page.goto("/today/")
    for name, address in (("흐름", "/trends/"), ("설정", "/accounts/settings/")):
        mark = page.get_by_role("navigation").get_by_role("link", name=name)
        tab_to(page, mark)
        assert is_framed(mark)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")
        expect(mark).to_have_attribute("aria-current", "page")


def test_shutter_is_seen_when_the_camera_opens(open_visit: Open, person: Person) -> None:
    visit = open_visit()
    visit.sign_in(person)
    visit.say_by_hand("기쁨")
    page, shutter = visit.page, visit.page.locator("[data-shoot]")
    # Where the camera is folded away it waits to be asked for.
    for step in (page.get_by_text("사진도 남기기"), page.get_by_role("button", name="카메라 켜기")):
        expect(step).to_be_visible()
        tab_to(page, step)
        assert is_framed(step)
        page.keyboard.press("Enter")
    expect(shutter).to_be_focused()
    assert is_framed(shutter)
    page.keyboard.press("Enter")
    expect(visit.keep).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="다시", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(shutter).to_be_focused()


def test_mood_is_said_by_keys(open_visit: Open, person: Person) -> None:
    visit = open_visit()
    visit.sign_in(person)
    page = visit.page
    tab_to(page, page.get_by_role("radio", name="기쁨"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="슬픔")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("#card .say")).to_have_text("내 말로는, 슬픔.")


def test_lamp_stays_lit_from_page_to_page(open_visit: Open, alice_state: Path) -> None:
    visit = open_visit(storage_state=alice_state, color_scheme="light")
    page, root = visit.page, visit.page.locator("html")
    page.goto("/today/")
    daylight = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="등불 켜기").click()
    expect(root).to_have_attribute("data-theme", "lamp")
    lamplight = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert lamplight != daylight
    # In the HTML as it is served: a script that lit the lamp would let the page flash first.
    visit.allow(404, "/nowhere/")
    for address in ("/trends/", "/accounts/settings/", "/nowhere/"):
        served = page.goto(address)
        assert 'data-theme="lamp"' in served.text().partition("<head>")[0], address
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == lamplight
    page.goto("/today/")
    page.get_by_role("button", name="햇빛으로").click()
    page.reload()
    expect(root).to_have_attribute("data-theme", "paper")
    expect(page.get_by_role("button", name="등불 켜기")).to_be_visible()
