"""GET and PATCH /api/v1/accounts/me/"""

import pytest
from rest_framework.test import APIClient
from rest_framework.throttling import ScopedRateThrottle

from accounts.services import CONSENT_VERSION, consent_give

URL = "/api/v1/accounts/me/"

pytestmark = pytest.mark.django_db


def test_it_works(alice, api_of):
    r = api_of(alice).get(URL)
    assert r.status_code == 200
    assert r.json() == {
        "email": "alice@example.com",
        "timezone": "Asia/Seoul",
        "language": "ko",
        "week_start": "language",
        "delete_photos": False,
        "reminder_hour": None,
        "consent_face": False,
    }


def test_change_works(alice, api_of):
    r = api_of(alice).patch(URL, {"timezone": "Europe/Berlin", "language": "en"}, format="json")
    assert r.status_code == 200
    alice.refresh_from_db()
    assert (alice.time_zone, alice.language) == ("Europe/Berlin", "en")
    assert r.json()["timezone"] == "Europe/Berlin"


def test_change_of_one_thing_leaves_the_others(alice, api_of):
    api = api_of(alice)
    api.patch(URL, {"week_start": "saturday", "delete_photos": True}, format="json")
    body = api.patch(URL, {"language": "en"}, format="json").json()
    assert (body["week_start"], body["delete_photos"], body["language"]) == ("saturday", True, "en")


def test_consent_is_given_and_withdrawn(alice, api_of):
    api = api_of(alice)
    assert api.patch(URL, {"consent_face": True}, format="json").json()["consent_face"] is True
    alice.refresh_from_db()
    assert alice.face_consent_version == CONSENT_VERSION
    assert api.patch(URL, {"consent_face": False}, format="json").json()["consent_face"] is False
    alice.refresh_from_db()
    assert alice.face_consent_at is None
    assert alice.face_consent_version == ""


def test_consent_stays_when_it_is_not_sent(alice, api_of):
    consent_give(user=alice)
    assert api_of(alice).patch(URL, {"language": "en"}, format="json").json()["consent_face"]


def test_address_cannot_be_changed_here(alice, api_of):
    assert api_of(alice).patch(URL, {"email": "x@example.com"}, format="json").status_code == 200
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Mars/Olympus"),
        ("language", "fr"),
        ("week_start", "friday"),
        ("reminder_hour", 24),
    ],
)
def test_bad_field_is_named(alice, api_of, field, value):
    r = api_of(alice).patch(URL, {field: value}, format="json")
    assert r.status_code == 400
    assert list(r.json()["fields"]) == [field]


@pytest.mark.parametrize("method", ["get", "patch"])
def test_stranger_is_sent_away(db, method):
    r = getattr(APIClient(), method)(URL)
    assert r.status_code == 401
    assert r.json()["code"] == "not_authenticated"
    assert r["WWW-Authenticate"] == "Bearer"


def test_charlie_sees_and_changes_only_himself(alice, charlie, api_of):
    api = api_of(charlie)
    assert api.get(URL).json()["email"] == "charlie@example.com"
    api.patch(URL, {"language": "en"}, format="json")
    alice.refresh_from_db()
    assert alice.language == "ko"


def test_session_of_the_web_page_works_too(alice, client_of):
    assert client_of(alice).get(URL).status_code == 200


def test_change_by_session_needs_the_csrf_token(alice):
    api = APIClient(enforce_csrf_checks=True)
    api.force_login(alice)
    assert api.patch(URL, {"language": "en"}, format="json").status_code == 403


def test_reading_is_throttled(alice, api_of, monkeypatch):
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "read", "2/min")
    api = api_of(alice)
    assert [api.get(URL).status_code for _ in range(3)] == [200, 200, 429]
