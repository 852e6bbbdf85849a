"""A camera that may not be used, or that is not there, costs nobody the day."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Open
from tests.journey.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_camera_that_is_refused_is_explained_and_a_file_works(
    open_visit: Open, refusing_browser: Browser, person: Person, astronaut_jpeg: bytes
) -> None:
    visit = open_visit(of=refusing_browser)
    visit.sign_in(person)
    page = visit.page
    page.get_by_role("button", name="카메라 켜기").click()
    says = page.get_by_role("status").filter(has_text="카메라를 쓸 수 없어요.")
    expect(says).to_contain_text("아래에서 사진을 골라 주세요.")
    visit.choose_photo(astronaut_jpeg)
    visit.keep.click()
    visit.until_read()


def test_machine_without_a_camera_says_so(
    open_visit: Open, bare_browser: Browser, person: Person
) -> None:
    visit = open_visit(of=bare_browser, permissions=["camera"])
    visit.sign_in(person)
    says = visit.page.get_by_role("status").filter(has_text="카메라를 찾지 못했어요.")
    expect(says).to_contain_text("아래에서 사진을 골라 주세요.")
