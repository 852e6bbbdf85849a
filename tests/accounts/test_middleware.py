"""Whose language and whose clock."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.middleware import PreferencesMiddleware
from accounts.models import User

URL = "/accounts/login/"
SETTINGS = "/accounts/settings/"

pytestmark = pytest.mark.django_db


def test_it_works(person_create, client_of):
    user = person_create("e@example.com", language="en")
    r = client_of(user).get(SETTINGS, headers={"Accept-Language": "ko"})
    assert r["Content-Language"] == "en"
    assert '<html lang="en"' in r.content.decode()


@pytest.mark.parametrize(
    ("browser", "language"),
    [("en-GB,en;q=0.9", "en"), ("ko", "ko"), ("fr,de;q=0.5", "ko"), ("", "ko"), ("fr,en", "en")],
)
def test_stranger_reads_the_browsers_language_or_korean(browser, language):
    r = Client(headers={"Accept-Language": browser}).get(URL)
    assert r["Content-Language"] == language


def test_cookie_beats_the_browser(settings):
    client = Client(headers={"Accept-Language": "ko"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get(URL)["Content-Language"] == "en"


def test_person_beats_the_cookie(alice, client_of, settings):
    client = client_of(alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get(SETTINGS)["Content-Language"] == "ko"


def test_caches_are_told_what_an_answer_depends_on():
    vary = {name.strip() for name in Client().get(URL)["Vary"].split(",")}
    assert {"Cookie", "Accept-Language"} <= vary


def seen_zone(rf, user):
    seen = []

    def view(request):
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = rf.get("/")
    request.user = user
    PreferencesMiddleware(view)(request)
    return seen[0]


def test_clock_is_the_persons(person_create, rf):
    assert seen_zone(rf, person_create("b@example.com", time_zone="Asia/Tokyo")) == "Asia/Tokyo"


def test_next_stranger_does_not_inherit_the_clock(person_create, rf):
    from django.contrib.auth.models import AnonymousUser

    seen_zone(rf, person_create("b@example.com", time_zone="Asia/Tokyo"))
    assert seen_zone(rf, AnonymousUser()) == "Asia/Seoul"


def test_zone_that_this_machine_does_not_know_falls_back(alice, rf):
    User.objects.update(time_zone="Moon/Tranquility")
    alice.refresh_from_db()
    assert seen_zone(rf, alice) == "Asia/Seoul"
    assert alice.today()
