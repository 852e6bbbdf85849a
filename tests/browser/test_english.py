"""Every page in English: no Korean is left but names."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.visits import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
# The name of the diary, and the language that a person can change to.
NAMES = ("기분", "한국어")
# All that is read or read aloud; a song's and a musician's own names are collected beside it.
WORDS = """() => {
  const words = [document.title], names = [];
  const heard = ["aria-label", "aria-roledescription", "alt", "title", "placeholder", "content"];
  const said = ["making", "made", "lost", "play", "pause", "seek", "title", "denied", "missing",
                "ready", "taken", "tooLarge", "broken", "toLamp", "toPaper"];
  for (const element of document.querySelectorAll("*")) {
    if (element.matches("script, style")) continue;
    for (const name of heard) words.push(element.getAttribute(name) ?? "");
    for (const name of said) words.push(element.dataset?.[name] ?? "");
    for (const node of element.childNodes) if (node.nodeType === 3) words.push(node.data);
    if (element.matches(".ticket-track :is(h2, h3, .by)")) names.push(element.innerText);
  }
  return [words, names];
}"""


def korean_words(page: Page) -> list[str]:
    words, names = page.evaluate(WORDS)
    left = []
    for word in words:
        rest = word
        for name in sorted([*names, *NAMES], key=len, reverse=True):
            rest = rest.replace(name, "")
        if HANGUL.search(rest):
            left.append(word.strip())
    return left


def assert_english(visit: Visit) -> None:
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    assert not korean_words(visit.page), visit.page.url


def test_every_page_is_english(open_visit: Open, astronaut_jpeg: bytes) -> None:
    visit = open_visit(locale="en-US", timezone_id="Europe/London")
    visit.allow(404, "/nowhere/")
    visit.allow(422, "/photo/")
    page = visit.page
    for address in ("/", "/accounts/login/", "/accounts/password/reset/", "/nowhere/"):
        page.goto(address)
        assert_english(visit)
    page.goto("/accounts/signup/")
    assert_english(visit)
    visit.sign_up(f"{uuid.uuid4().hex[:12]}@example.com", consent=True)
    assert_english(visit)
    visit.choose_photo(b"hello " * 100)
    visit.keep.click()
    expect(page.get_by_role("alert").filter(visible=True)).to_be_visible()
    assert_english(visit)
    visit.choose_photo(astronaut_jpeg)
    visit.keep.click()
    expect(page.locator("#card .waiting")).to_be_visible()
    assert_english(visit)
    visit.until_read()
    assert_english(visit)
    page.locator(".fix summary").click()
    visit.say_by_hand("panic")
    expect(page.locator(".machine-said")).to_be_visible()
    assert_english(visit)
    today = visit.shown_date()
    visit.go_to_day(today - dt.timedelta(days=1))
    visit.say_by_hand("happy")
    expect(visit.tickets.first).to_be_visible()
    assert_english(visit)
    for address in (
        f"/month/{today:%Y/%m}/",
        "/trends/",
        "/accounts/settings/",
        "/accounts/erase/",
    ):
        page.goto(address)
        assert_english(visit)


def test_language_is_changed_in_the_settings(open_visit: Open) -> None:
    visit = open_visit()
    page = visit.page
    page.goto("/")
    page.get_by_role("button", name="English").click()
    assert_english(visit)
    page.goto("/accounts/signup/")
    visit.sign_up(f"{uuid.uuid4().hex[:12]}@example.com", consent=False)
    assert_english(visit)
    page.goto("/accounts/settings/")
    page.locator("select[name=language]").select_option("ko")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.get_by_role("heading", level=1)).to_have_text("설정")
