"""Authorization: Bearer ..."""

import datetime as dt

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiToken
from accounts.services import token_issue, token_revoke

URL = "/api/v1/accounts/me/"

pytestmark = pytest.mark.django_db


def get(header):
    return APIClient(headers={"Authorization": header}).get(URL)


@pytest.fixture
def issued(alice):
    return token_issue(owner=alice, label="script")


def test_it_works(issued):
    assert get(f"Bearer {issued[1]}").status_code == 200


def test_scheme_may_be_written_small(issued):
    assert get(f"bearer {issued[1]}").status_code == 200


@pytest.mark.parametrize("secret", ["", "gibun_nothing", "비밀".encode().decode("latin-1"), "a b"])
def test_unknown_token_is_refused(issued, secret):
    r = get(f"Bearer {secret}")
    assert r.status_code == 401
    assert r.json()["code"] == "token_invalid"
    assert r["WWW-Authenticate"] == "Bearer"


def test_digest_is_no_token(issued):
    assert get(f"Bearer {issued[0].digest}").status_code == 401


def test_other_scheme_is_a_stranger(issued):
    assert get(f"Basic {issued[1]}").json()["code"] == "not_authenticated"


def test_expired_token_is_refused(issued):
    ApiToken.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    r = get(f"Bearer {issued[1]}")
    assert r.status_code == 401
    assert r.json()["code"] == "token_expired"


def test_revoked_token_is_refused(issued):
    token, secret = issued
    token_revoke(token=token)
    r = get(f"Bearer {secret}")
    assert r.status_code == 401
    assert r.json()["code"] == "token_invalid"


def test_inactive_owner_is_refused(issued, alice):
    alice.is_active = False
    alice.save()
    assert get(f"Bearer {issued[1]}").status_code == 401


def test_first_use_costs_two_queries_and_the_next_ones_one(issued, django_assert_num_queries):
    with django_assert_num_queries(2):
        get(f"Bearer {issued[1]}")
    used = ApiToken.objects.get().last_used_at
    assert used is not None
    with django_assert_num_queries(1):
        get(f"Bearer {issued[1]}")
    assert ApiToken.objects.get().last_used_at == used


def test_use_is_noted_again_after_a_minute(issued):
    old = timezone.now() - dt.timedelta(minutes=1, seconds=1)
    ApiToken.objects.update(last_used_at=old)
    get(f"Bearer {issued[1]}")
    assert ApiToken.objects.get().last_used_at > old


def test_errors_speak_the_owners_language(person_create, api_of):
    english = person_create("e@example.com", language="en", time_zone="Europe/London")
    r = api_of(english).patch(
        URL, {"consent_face": "perhaps"}, format="json", headers={"Accept-Language": "ko"}
    )
    assert r.json()["fields"]["consent_face"] == ["Must be a valid boolean."]
    assert r["Content-Language"] == "en"


def test_clock_is_the_owners_while_the_request_lasts(person_create, rf):
    from accounts.authentication import TokenAuthentication

    user = person_create("l@example.com", time_zone="Europe/London")
    _token, secret = token_issue(owner=user)
    request = rf.get("/", headers={"Authorization": f"Bearer {secret}"})
    TokenAuthentication().authenticate(request)
    assert timezone.get_current_timezone_name() == "Europe/London"
    timezone.deactivate()
