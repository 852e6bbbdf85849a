"""A new person, from the landing page to the trends, as they would do it."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Open
from tests.browser.visits import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Until the composer has made a piece of music.
MADE_MS = 120_000
NOTE = "아침에 뛰었다.\n점심은 칼국수."


@SIZES
def test_it_works(open_visit: Open, size: tuple[int, int]) -> None:
    visit = open_visit(size, timezone_id="Asia/Tokyo")
    join(visit)
    shoot_with_keys(visit)
    keep_and_wait(visit)
    songs_have_reasons(visit)
    play_and_pause(visit)
    said = correct(visit)
    write(visit.page)
    find_on_calendar(visit, said)
    see_trends(visit.page)


def join(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("어떤 기분이었을까")
    page.get_by_role("link", name="내 일기장 펼치기").click()
    expect(page.locator("[name=time_zone]")).to_have_value("Asia/Tokyo")
    visit.sign_up(f"{uuid.uuid4().hex[:12]}@example.com", consent=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text("오늘,")
    page.get_by_role("link", name="설정").click()
    expect(page.locator("[name=time_zone]")).to_have_value("Asia/Tokyo")
    page.get_by_role("link", name="오늘", exact=True).click()


def shoot_with_keys(visit: Visit) -> None:
    page = visit.page
    shutter = page.get_by_role("button", name="찍기", exact=True)
    # This browser allows the camera beforehand, so nobody has to turn it on.
    expect(shutter).to_be_visible()
    expect(page.locator(".camera-says")).to_contain_text("카메라가 켜졌어요")
    mirrored = page.locator(".viewfinder video").evaluate("v => getComputedStyle(v).transform")
    assert mirrored == "matrix(-1, 0, 0, 1, 0, 0)"
    shutter.press("Space")
    expect(visit.keep).to_be_focused()
    expect(page.locator(".viewfinder .preview")).to_be_visible()
    expect(page.locator(".viewfinder video")).to_be_hidden()


def keep_and_wait(visit: Visit) -> None:
    """The card turns from "reading" into a mood; the page stays the same one."""
    page = visit.page
    page.evaluate("window.isTheSamePage = true")
    visit.keep.press("Enter")
    expect(page.locator("#card .say")).to_have_text("얼굴을 읽고 있어요…")
    visit.until_read()
    assert page.evaluate("window.isTheSamePage") is True
    assert abs(sum(visit.percents()) - 100) <= 3
    sentence = page.locator("#card .say").inner_text()
    expect(page.locator("#status")).to_have_text(sentence)
    entry = visit.entry()
    assert entry["state"] == "ready"
    assert entry["reading"]["box"]["source"] == "opencv"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(1600)
    assert not [url for url in asked if "/card/" in url], "the page still asks for a final card"


def songs_have_reasons(visit: Visit) -> None:
    assert visit.tickets.count() >= 3
    for ticket in visit.tickets.all():
        for part in (ticket.get_by_role("heading"), ticket.locator(".by"), ticket.locator(".why")):
            expect(part).to_have_text(re.compile(r"\S"))
        assert ticket.get_by_role("button").or_(ticket.get_by_role("link")).count() >= 1


def play_and_pause(visit: Visit) -> None:
    page, ticket = visit.page, visit.page.locator(".ticket-piece")
    play = ticket.get_by_role("button", name=re.compile("듣기$"))
    pause = ticket.get_by_role("button", name=re.compile("멈추기$"))
    made = ticket.get_by_text("다 지었어요. 들어 보세요.")
    play.click()
    expect(pause.or_(made).first).to_be_visible(timeout=MADE_MS)
    if made.is_visible():
        # The piece took longer than a press counts, so the page asks for another one.
        play.click()
    page.wait_for_function("document.querySelector('.ticket-piece audio').currentTime > 0.3")
    expect(ticket.get_by_role("slider")).to_have_attribute(
        "aria-valuetext", re.compile(r"^0:0\d /")
    )
    pause.click()
    expect(play).to_be_visible()
    assert page.locator(".ticket-piece audio").evaluate("audio => audio.paused") is True


def correct(visit: Visit) -> str:
    """Say another mood than the machine's; both stay. Return the mood that was said."""
    page = visit.page
    read = page.locator("#card .say").inner_text()
    mood = "불안" if "불안" not in read else "슬픔"
    page.get_by_text("그게 아닌데, 고칠래요").click()
    visit.say_by_hand(mood)
    for again in (False, True):
        expect(page.locator("#card .say")).to_have_text(f"내 말로는, {mood}.")
        expect(page.locator(".machine-said .hand")).to_have_text(read)
        expect(visit.strokes).to_have_count(6)
        assert visit.tickets.count() >= 3
        if not again:
            page.reload()
    return mood


def write(page: Page) -> None:
    page.get_by_label("적어 두기").and_(page.locator("textarea")).fill(NOTE)
    page.get_by_role("button", name="적어 두기").click()
    expect(page.locator("#saved")).to_have_text("저장했어요.")
    page.reload()
    expect(page.locator("#note")).to_have_value(NOTE)


def find_on_calendar(visit: Visit, mood: str) -> None:
    page, today = visit.page, visit.shown_date()
    page.get_by_role("link", name="한 달", exact=True).click()
    here = page.get_by_role("heading", level=1)
    expect(here).to_have_text(f"{today.year}년 {today.month}월")
    square = page.get_by_role("link", name=re.compile(rf"^{today.month}월 {today.day}일 .*{mood}"))
    expect(square).to_have_attribute("aria-current", "date")
    expect(page.get_by_text("아침에 뛰었다.")).to_be_visible()
    before = today.replace(day=1).month - 1 or 12
    page.get_by_role("link", name=f"{before}월").click()
    expect(here).to_contain_text(f"{before}월")
    expect(page.get_by_text("아직 빈 달이에요.")).to_be_visible()
    page.get_by_role("link", name=f"{today.month}월").click()
    expect(here).to_have_text(f"{today.year}년 {today.month}월")
    square.click()
    expect(page.locator("#note")).to_have_value(NOTE)


def see_trends(page: Page) -> None:
    page.get_by_role("link", name="흐름", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("흐름")
    row = page.get_by_role("region", name="숫자로").locator("tbody tr").last
    expect(row.locator("td").first).to_have_text("1")
    expect(page.get_by_role("img", name=re.compile("밝음을 이은 선"))).to_be_visible()
