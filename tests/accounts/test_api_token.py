"""POST /api/v1/token/"""

import datetime as dt
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework.throttling import ScopedRateThrottle

from accounts.models import ApiToken
from accounts.services import token_digest
from tests.accounts.conftest import PASSWORD

URL = "/api/v1/token/"

pytestmark = pytest.mark.django_db


def post(email="alice@example.com", password=PASSWORD, **more):
    return APIClient().post(URL, {"email": email, "password": password, **more}, format="json")


def test_it_works(alice, settings):
    r = post(label="my script")
    assert r.status_code == 200
    secret = r.json()["token"]
    assert secret.startswith("gibun_")
    token = ApiToken.objects.get(owner=alice)
    assert token.label == "my script"
    expected = timezone.now() + dt.timedelta(days=settings.TOKEN_DAYS)
    assert abs(token.expires_at - expected) < dt.timedelta(minutes=1)
    assert dt.datetime.fromisoformat(r.json()["expires_at"]) == token.expires_at
    r = APIClient(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/accounts/me/")
    assert r.json()["email"] == "alice@example.com"


def test_address_may_be_written_in_capitals(alice):
    assert post(email="ALICE@example.com").status_code == 200


def test_secret_is_nowhere_in_the_database(alice):
    secret = post().json()["token"]
    row = ApiToken.objects.values().get()
    assert row["digest"] == token_digest(secret)
    assert not any(secret[6:] in str(value) for value in row.values())


def test_stranger_with_a_wrong_password_gets_nothing(alice):
    r = post(password="not-this-one-1")
    assert r.status_code == 400
    assert r.json()["code"] == "credentials"
    assert not ApiToken.objects.exists()


def test_unknown_address_is_answered_like_a_wrong_password(alice):
    wrong, unknown = post(password="not-this-one-1"), post(email="nobody@example.com")
    assert wrong.status_code == unknown.status_code
    assert wrong.json() == unknown.json()


def test_hasher_runs_once_for_known_and_for_unknown_addresses(alice):
    for email in ("alice@example.com", "nobody@example.com"):
        with patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        ) as encode:
            post(email=email, password="not-this-one-1")
        assert encode.call_count == 1, email


def test_inactive_person_gets_nothing(alice):
    alice.is_active = False
    alice.save()
    r = post()
    assert r.json()["code"] == "credentials"
    assert not ApiToken.objects.exists()


def test_address_must_be_confirmed_where_that_is_asked(alice, settings, confirmed):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    assert post().json()["code"] == "email_unverified"
    confirmed(alice)
    assert post().status_code == 200


@pytest.mark.parametrize("body", [{}, {"email": "alice@example.com"}, {"email": 3}])
def test_missing_fields_are_named(alice, body):
    r = APIClient().post(URL, body, format="json")
    assert r.status_code == 400
    assert "password" in r.json()["fields"]


def test_guessing_is_stopped_whatever_the_address_it_comes_from(alice):
    for i in range(5):
        r = APIClient(REMOTE_ADDR=f"10.0.0.{i}").post(
            URL, {"email": "alice@example.com", "password": f"guess-number-{i}"}, format="json"
        )
        assert r.json()["code"] == "credentials"
    r = APIClient(REMOTE_ADDR="10.0.0.9").post(
        URL, {"email": "alice@example.com", "password": PASSWORD}, format="json"
    )
    assert r.status_code == 429
    assert r.json()["code"] == "throttled"


def test_asking_is_throttled(alice, monkeypatch):
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "token", "2/min")
    assert [post().status_code for _ in range(3)] == [200, 200, 429]


def test_dead_tokens_are_swept_when_a_new_one_is_made(alice):
    post()
    ApiToken.objects.update(expires_at=timezone.now())
    post()
    assert ApiToken.objects.count() == 1
