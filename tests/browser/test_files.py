"""Photographs that are chosen instead of taken, and what a person can do when none is read."""

from __future__ import annotations

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, Open
from tests.browser.pictures import phone_photo
from tests.journey.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_phone_photo_is_made_smaller_before_it_is_sent(
    open_visit: Open, person: Person, astronaut: Image.Image
) -> None:
    visit = open_visit()
    visit.sign_in(person)
    photo = phone_photo(astronaut)
    assert len(photo) > 3_000_000
    visit.choose_photo(photo, "IMG_0001.JPG")
    with visit.page.expect_request_finished(lambda request: request.method == "POST") as sent:
        visit.keep.click()
    assert 50_000 < int(sent.value.all_headers()["content-length"]) < 1_500_000
    visit.until_read()
    picture = visit.page.locator(".polaroid image")
    assert (picture.get_attribute("width"), picture.get_attribute("height")) == ("2048", "1536")


def test_refused_file_is_explained_and_costs_nothing(open_visit: Open, person: Person) -> None:
    visit = open_visit()
    visit.allow(422, "/photo/")
    visit.sign_in(person)
    page = visit.page
    page.locator("#note").fill("아직 보내지 않은 글")
    visit.choose_photo(b"hello " * 100)
    visit.keep.click()
    refused = page.get_by_role("alert").filter(visible=True)
    expect(refused).to_have_text(re.compile("^JPEG, PNG, .*다른 사진을 골라 주세요.$"))
    expect(page.locator("#note")).to_have_value("아직 보내지 않은 글")
    page.get_by_role("button", name="적어 두기").click()
    expect(page.locator("#saved")).to_have_text("저장했어요.")
    assert (visit.entry()["photo_url"], visit.entry()["note"]) == (None, "아직 보내지 않은 글")


@SIZES
def test_of_two_faces_ones_own_is_tapped(
    open_visit: Open, person: Person, two_astronauts_jpeg: bytes, size: tuple[int, int]
) -> None:
    visit = open_visit(size)
    visit.sign_in(person)
    visit.choose_photo(two_astronauts_jpeg)
    visit.keep.click()
    page = visit.page
    expect(page.get_by_text("얼굴이 여럿이네요. 어느 쪽이 나인가요?")).to_be_visible(timeout=60_000)
    taps = page.locator(".tap").filter(visible=True)
    expect(taps).to_have_count(2)
    # Where the buttons lie on the photograph counts, not which number they have.
    right = max(taps.all(), key=lambda tap: tap.bounding_box()["x"])
    right.click()
    visit.until_read()
    box = visit.entry()["reading"]["box"]
    assert box["source"] == "person"
    assert 512 + 100 < box["x"] < 512 + 240


def test_face_that_was_not_found_is_framed_by_keys(
    open_visit: Open, person: Person, drawn_landscape_jpeg: bytes
) -> None:
    visit = open_visit()
    visit.sign_in(person)
    visit.choose_photo(drawn_landscape_jpeg)
    visit.keep.click()
    page = visit.page
    frame = page.get_by_role("group", name="얼굴 네모.")
    expect(frame).to_be_visible(timeout=60_000)
    start = [number(visit.page.locator(f"[name={name}]")) for name in ("x", "y", "width", "height")]
    frame.focus()
    for keys in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowDown", "Shift+ArrowLeft"):
        frame.press(keys)
    # A press moves by a hundredth of the photograph's long side, which is 900.
    framed = [start[0] + 18, start[1] - 9, start[2] - 9, start[3] + 9]
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="여기를 읽어 줘요")).to_be_focused()
    page.keyboard.press("Enter")
    visit.until_read()
    box = visit.entry()["reading"]["box"]
    assert box["source"] == "person"
    assert [box["x"], box["y"], box["width"], box["height"]] == framed


def number(field: object) -> float:
    return float(field.input_value())  # type: ignore[attr-defined]
