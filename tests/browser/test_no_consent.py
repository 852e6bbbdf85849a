"""Somebody who does not want a machine to read faces has a whole diary, and can agree later."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@SIZES
def test_it_works(open_visit: Open, size: tuple[int, int], astronaut_jpeg: bytes) -> None:
    visit = open_visit(size)
    page = visit.page
    page.goto("/accounts/signup/")
    visit.sign_up(f"{uuid.uuid4().hex[:12]}@example.com", consent=False)

    explained = page.locator("#card .aside")
    expect(explained).to_contain_text("사진을 올려도 읽지 않고 간직하기만 해요.")
    visit.say_by_hand("기쁨")
    expect(page.locator("#card .say")).to_have_text("내 말로는, 기쁨.")
    assert visit.tickets.count() >= 3
    expect(visit.strokes).to_have_count(0)

    page.get_by_text("사진도 남기기").click()
    visit.choose_photo(astronaut_jpeg)
    visit.keep.click()
    expect(page.locator("#card .polaroid image")).to_be_attached()
    assert (visit.entry()["state"], visit.entry()["reading"]) == ("ready", None)

    page.get_by_text("다른 사진으로 바꾸기").click()
    page.locator("#card .aside a").click()
    page.get_by_role("button", name="동의하기").click()
    expect(page.get_by_role("button", name="동의 거두기")).to_be_visible()
    page.get_by_role("link", name="오늘", exact=True).click()

    page.get_by_text("다른 사진으로 바꾸기").click()
    opener, shutter = page.locator("[data-open]"), page.locator("[data-shoot]")
    opener.click()
    expect(shutter).to_be_focused()
    shutter.click()
    visit.keep.click()
    visit.until_read()
    expect(page.locator("#card .say")).to_have_text("내 말로는, 기쁨.")
    expect(page.locator(".machine-said")).to_be_visible()
