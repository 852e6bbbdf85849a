"""The note saves itself, and nothing typed is lost on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.visits import Visit
from tests.journey.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAVED = "저장했어요."


def drafts(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).length")


@pytest.fixture
def visit(open_visit: Open, person: Person) -> Visit:
    visit = open_visit()
    visit.sign_in(person)
    return visit


def test_note_and_tags_save_themselves(visit: Visit, person: Person) -> None:
    visit.allow(422, "/write/")
    page = visit.page
    page.locator("#note").press_sequentially("비가 왔다")
    assert drafts(page) == 1
    page.locator("#tags").press_sequentially("산책, 비")
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert drafts(page) == 0
    assert (person.entry()["note"], person.entry()["tags"]) == ("비가 왔다", ["비", "산책"])
    page.locator("#tags").fill("가" * 41)
    expect(page.locator("#saved")).to_have_text("태그가 40자보다 길어요. 조금 줄여 주세요.")


def test_what_the_connection_lost_is_sent_when_it_is_back(visit: Visit, person: Person) -> None:
    page = visit.page
    page.context.set_offline(True)
    page.locator("#note").fill("기차 안에서")
    expect(page.locator("#saved")).to_contain_text("저장하지 못했어요.")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert person.entry()["note"] == "기차 안에서"


def test_a_session_that_ended_keeps_the_words(visit: Visit, person: Person) -> None:
    page = visit.page
    page.context.clear_cookies(name="sessionid")
    page.locator("#note").fill("밤에 쓴 글")
    expect(page.locator("#saved")).to_contain_text("저장하지 못했어요. 로그인이 끝났지만")
    # Meanwhile the same day was written in another place.
    person.call("PATCH", f"entries/{person.today}/", json={"note": "낮에 쓴 글"})
    page.get_by_role("link", name="다시 들어가기").click()
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(person.password)
    page.locator("main form button").click()
    page.wait_for_url("**/today/")
    expect(page.locator("#note")).to_have_value("낮에 쓴 글\n\n밤에 쓴 글")
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert person.entry()["note"] == "낮에 쓴 글\n\n밤에 쓴 글"
    assert drafts(page) == 0


def test_a_day_that_was_torn_out_stays_out(visit: Visit, person: Person) -> None:
    person.call("PATCH", f"entries/{person.today}/", json={"note": "지울 글"})
    page = visit.page
    page.reload()
    page.locator("#note").fill("지울 글, 그리고 더")
    page.get_by_text("이 하루 지우기").click()
    page.get_by_role("button", name="네, 지울래요").click()
    expect(page.locator(".slip")).to_have_text("그 하루를 지웠어요.")
    assert person.call("GET", f"entries/{person.today}/").status_code == 404
