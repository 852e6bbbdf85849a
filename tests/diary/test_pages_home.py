"""The first leaf, and what every page shares."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from accounts.models import User
from tests.diary.pages import html_of

pytestmark = pytest.mark.django_db


def test_home_works_for_a_stranger() -> None:
    html = html_of(Client(headers={"accept-language": "ko"}).get("/"))
    assert '<html lang="ko"' in html
    assert "슬픔이 조금, 그래도 대체로 평온." in html
    assert "/accounts/signup/" in html


def test_home_speaks_english_where_the_browser_does() -> None:
    html = html_of(Client(headers={"accept-language": "en-GB,en"}).get("/"))
    assert '<html lang="en"' in html
    assert "happy" in html
    assert "기쁨" not in html


def test_home_sends_a_signed_in_person_to_today(client_of, user: User) -> None:
    response = client_of(user).get("/")
    assert (response.status_code, response["Location"]) == (302, "/today/")


def test_a_stranger_may_choose_a_language() -> None:
    client = Client(headers={"accept-language": "ko"})
    assert client.post("/language/", {"language": "en", "next": "/"}).status_code == 302
    assert '<html lang="en"' in html_of(client.get("/"))


@pytest.mark.parametrize(("cookie", "drawn"), [("lamp", True), ("paper", True), ('"><b>', False)])
def test_the_light_is_in_the_first_byte_of_the_page(cookie: str, drawn: bool) -> None:
    client = Client()
    client.cookies["theme"] = cookie
    html = html_of(client.get("/"))
    assert (f'data-theme="{cookie}"' in html) is drawn
    assert "<b>" not in html


def test_no_page_asks_another_host_or_needs_inline_code(client_of, user: User) -> None:
    for html in (html_of(Client().get("/")), html_of(client_of(user).get("/today/"))):
        loaded = re.findall(r"<(?:script|link|img|image|iframe|video|audio)\b[^>]*", html)
        assert not [tag for tag in loaded if re.search(r'(?:src|href)="(?:https?:)?//', tag)]
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=\"|\son\w+=\"", html)


def test_every_linked_file_is_there(client_of, user: User) -> None:
    pages = ("/today/", "/trends/", f"/month/{user.today():%Y/%m}/")
    html = "".join(html_of(client_of(user).get(page)) for page in pages)
    named = set(re.findall(r'/static/((?:css|js|img)/[^"]+)', html))
    assert {"css/tokens.css", "css/trends.css", "js/camera.js", "img/icon.svg"} <= named
    assert not [name for name in named if finders.find(name) is None]


@pytest.mark.parametrize("path", ["/nowhere/", "/day/2026-02-30/", "/month/2026/13/"])
def test_what_is_not_there_is_said_in_the_book(path: str) -> None:
    response = Client(headers={"accept-language": "ko"}).get(path)
    assert response.status_code == 404
    assert "그런 장이 없어요." in html_of(response)


def test_a_broken_page_leans_on_nothing() -> None:
    html = html_of(server_error(RequestFactory().get("/")))
    assert "책에 문제가 생겼어요." in html


def test_a_form_without_its_token_is_refused_in_the_book(user: User) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "ko"})
    client.force_login(user)
    response = client.post(f"/day/{user.today()}/write/", {"note": "x"})
    assert response.status_code == 403
    assert "잠깐, 다시 한 번만요." in html_of(response)
