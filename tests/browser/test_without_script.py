"""The whole diary without a line of JavaScript."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open
from tests.browser.visits import READ_MS

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_it_works(open_visit: Open, astronaut_jpeg: bytes) -> None:
    visit = open_visit(PHONE, java_script_enabled=False)
    page = visit.page
    page.goto("/accounts/signup/")
    visit.sign_up(f"{uuid.uuid4().hex[:12]}@example.com", consent=True)

    file = {"name": "selfie.jpg", "mimeType": "image/jpeg", "buffer": astronaut_jpeg}
    page.locator("#photo").set_input_files(file)
    page.get_by_role("button", name="이 사진으로 남기기").click()
    expect(page.locator("#card .say").first).to_be_visible()
    # Nobody presses anything: the page asks for itself again until it is final.
    expect(visit.strokes).to_have_count(6, timeout=READ_MS)
    assert abs(sum(visit.percents()) - 100) <= 3
    assert visit.tickets.count() >= 3
    assert page.locator(".ticket-piece audio").get_attribute("controls") is not None

    page.get_by_text("그게 아닌데, 고칠래요").click()
    visit.say_by_hand("당황")
    expect(page.locator("#card .say")).to_have_text("내 말로는, 당황.")
    expect(page.locator(".machine-said")).to_be_visible()

    page.locator("#note").fill("적은 말")
    page.get_by_role("button", name="적어 두기").click()
    expect(page.locator(".slip")).to_have_text("적어 두었어요.")
    expect(page.locator("#note")).to_have_value("적은 말")

    page.get_by_role("link", name="한 달", exact=True).click()
    expect(page.get_by_text("적은 말")).to_be_visible()
    page.get_by_role("link", name="흐름", exact=True).click()
    numbers = page.get_by_role("region", name="숫자로")
    expect(numbers.locator("tbody tr").last.locator("td").first).to_have_text("1")


def test_face_is_marked_by_numbers(open_visit: Open, drawn_landscape_jpeg: bytes) -> None:
    visit = open_visit(java_script_enabled=False)
    page = visit.page
    page.goto("/accounts/signup/")
    visit.sign_up(f"{uuid.uuid4().hex[:12]}@example.com", consent=True)
    file = {"name": "hills.jpg", "mimeType": "image/jpeg", "buffer": drawn_landscape_jpeg}
    page.locator("#photo").set_input_files(file)
    page.get_by_role("button", name="이 사진으로 남기기").click()
    expect(page.get_by_text("얼굴을 찾지 못했어요.")).to_be_visible(timeout=READ_MS)
    page.get_by_label("왼쪽").fill("300")
    page.get_by_label("위", exact=True).fill("100")
    page.get_by_role("button", name="여기를 읽어 줘요").click()
    expect(visit.strokes).to_have_count(6, timeout=READ_MS)
    assert visit.entry()["reading"]["box"]["x"] == 300
