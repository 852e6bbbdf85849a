"""Signing in and out, passwords, addresses: allauth's pages in our words."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.services import token_issue
from tests.accounts.conftest import PASSWORD

NEW = "another-page-now-8"

pytestmark = pytest.mark.django_db


def login(client, password=PASSWORD, email="alice@example.com"):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_it_works(alice):
    client = Client()
    assert login(client).status_code == 302
    assert client.get("/accounts/settings/").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "password/reset/", "password/reset/done/", "password/reset/key/done/",
     "confirm-email/", "inactive/", "confirm-email/nonsense/", "password/reset/key/1-nonsense/"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["ko", "en"])
def test_page_for_strangers_is_drawn_in_our_layout(path, language):
    client = Client(headers={"Accept-Language": language})
    r = client.get(f"/accounts/{path}", follow=True)
    assert r.status_code == 200
    assert '<section class="page page-single">' in r.content.decode()


@pytest.mark.parametrize("path", ["logout/", "password/change/", "email/", "reauthenticate/"])
def test_page_for_people_is_drawn_in_our_layout(alice, client_of, path):
    r = client_of(alice).get(f"/accounts/{path}")
    assert r.status_code == 200
    assert '<section class="page page-single">' in r.content.decode()


@pytest.mark.parametrize("path", ["password/change/", "email/", "settings/", "erase/"])
def test_stranger_is_sent_to_login(path):
    r = Client().get(f"/accounts/{path}")
    assert r.status_code == 302
    assert r.url.startswith("/accounts/login/")


def test_wrong_password_and_unknown_address_are_answered_alike(alice):
    wrong = login(Client(), password="not-this-one-1").content.decode()
    unknown = login(Client(), email="nobody@example.com").content.decode()
    assert "이메일이나 비밀번호가 맞지 않아요" in wrong
    assert "이메일이나 비밀번호가 맞지 않아요" in unknown


def test_guessing_is_stopped(alice):
    for _ in range(5):
        login(Client(), password="not-this-one-1")
    assert "여러 번 틀렸어요" in login(Client()).content.decode()


def test_logging_out_needs_a_post(alice, client_of):
    client = client_of(alice)
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_password_is_reset_by_mail(alice):
    client = Client()
    _token, secret = token_issue(owner=alice)
    r = client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    assert r.url == "/accounts/password/reset/done/"
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)
    form = client.get(link[1], follow=True)
    url = form.redirect_chain[-1][0]
    assert client.post(url, {"password1": NEW, "password2": NEW}).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    r = client.get("/api/v1/accounts/me/", headers={"Authorization": f"Bearer {secret}"})
    assert r.status_code == 401
    assert "비밀번호가 바뀌었어요" in mail.outbox[1].subject


def test_reset_answers_alike_for_an_unknown_address(alice):
    known = Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert "가입하지 않은" in mail.outbox[1].subject


def test_mail_speaks_its_readers_language_not_the_browsers(alice):
    client = Client(headers={"Accept-Language": "en"})
    client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    assert mail.outbox[0].subject == "비밀번호 다시 정하기"
    assert "{{" not in mail.outbox[0].body


def test_new_password_ends_other_sessions_and_tokens(alice):
    here, there = Client(), Client()
    login(here)
    login(there)
    token_issue(owner=alice)
    body = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/accounts/password/change/", body).status_code == 302
    assert here.get("/accounts/settings/").status_code == 200
    assert there.get("/accounts/settings/").status_code == 302
    assert not alice.api_tokens.exists()


def test_wrong_old_password_changes_nothing(alice, client_of):
    body = {"oldpassword": "not-this-one-1", "password1": NEW, "password2": NEW}
    r = client_of(alice).post("/accounts/password/change/", body)
    assert 'id="id_oldpassword_error"' in r.content.decode()
    assert User.objects.get().check_password(PASSWORD)


def test_address_changes_once_the_new_one_is_confirmed(alice, confirmed):
    confirmed(alice)
    client = Client()
    login(client)
    client.post("/accounts/email/", {"email": "new@example.com", "action_add": "1"})
    assert User.objects.get().email == "alice@example.com"
    assert "new@example.com" in client.get("/accounts/email/").content.decode()
    message = next(m for m in mail.outbox if m.to == ["new@example.com"])
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", message.body)[1]
    assert "new@example.com" in client.get(link).content.decode()
    client.post(link)
    assert User.objects.get().email == "new@example.com"
    assert EmailAddress.objects.get().email == "new@example.com"


@pytest.mark.parametrize(
    "name",
    ["email_changed", "email_confirm", "email_deleted", "password_changed", "password_reset",
     "password_set", "account_already_exists", "unknown_account"],
)  # fmt: skip
def test_every_mail_is_whole(alice, rf, name):
    from allauth.core import context

    from accounts.adapter import AccountAdapter

    words = {"from_email": "a@x", "to_email": "b@x", "deleted_email": "c@x", "ip": "::1"}
    with context.request_context(rf.get("/")):
        adapter = AccountAdapter(context.request)
        adapter.send_mail(f"account/email/{name}", alice.email, words)
    message = mail.outbox[0]
    assert message.subject
    assert message.body.startswith("안녕하세요")
    assert message.body.endswith("testserver")
