"""Making and erasing accounts, below the pages."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import ApiToken, User
from accounts.services import (
    EmailTakenError,
    account_create,
    account_erase,
    sessions_end,
    token_issue,
)
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

FIELDS = {
    "password": PASSWORD,
    "time_zone": "Asia/Seoul",
    "language": "ko",
    "consent_face": False,
}


def test_erasing_works(alice, charlie, django_capture_on_commit_callbacks):
    for user in (alice, alice, charlie):
        Client().force_login(user)
    token_issue(owner=alice)
    token_issue(owner=charlie)
    with django_capture_on_commit_callbacks(execute=True):
        account_erase(user=alice)
    assert list(User.objects.all()) == [charlie]
    assert [a.user for a in EmailAddress.objects.all()] == [charlie]
    assert [t.owner for t in ApiToken.objects.all()] == [charlie]
    assert [s.get_decoded()["_auth_user_id"] for s in Session.objects.all()] == [str(charlie.pk)]


def test_session_is_dead_before_its_row_is_gone(alice, client_of):
    client = client_of(alice)
    account_erase(user=alice)
    assert client.get("/accounts/settings/").status_code == 302


def test_unreadable_session_does_not_stop_the_others_from_ending(alice):
    Session.objects.create(
        session_key="x" * 32, session_data="broken", expire_date="2100-01-01T00:00Z"
    )
    Client().force_login(alice)
    assert sessions_end(user_id=alice.pk) == 1
    assert Session.objects.count() == 1


def test_sessions_are_found_with_two_queries(alice, charlie, django_assert_num_queries):
    for user in [alice, charlie] * 5:
        Client().force_login(user)
    with django_assert_num_queries(2):
        assert sessions_end(user_id=alice.pk) == 5


def test_address_is_kept_in_small_letters(db):
    user = account_create(email=" Bob@Example.com ", **FIELDS)
    assert user.email == EmailAddress.objects.get().email == "bob@example.com"


def test_second_account_with_the_same_address_is_refused(alice):
    with pytest.raises(EmailTakenError):
        account_create(email="ALICE@example.com", **FIELDS)


def test_two_at_once_are_held_apart_by_the_database(alice, monkeypatch):
    monkeypatch.setattr("accounts.services.filter_users_by_email", lambda _email: [])
    with pytest.raises(EmailTakenError):
        account_create(email="alice@example.com", **FIELDS)
    assert User.objects.count() == EmailAddress.objects.count() == 1


def test_database_refuses_the_same_address_in_capitals(alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ALICE@example.com")


def test_names_of_rows_tell_no_address(alice):
    token, secret = token_issue(owner=alice)
    for text in (str(alice), str(token)):
        assert "alice" not in text
        assert secret not in text
