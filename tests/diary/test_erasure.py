"""Leaving, by page and by API."""

from __future__ import annotations

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def test_page_works(client_of, user: User) -> None:
    client = client_of(user)
    assert client.get("/accounts/erase/").status_code == 200
    answer = client.post("/accounts/erase/", {"password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/")
    assert not User.objects.filter(pk=user.pk).exists()
    assert client.get("/today/").status_code == 302


def test_page_with_a_wrong_password_keeps_everything(client_of, user: User) -> None:
    answer = client_of(user).post("/accounts/erase/", {"password": "wrong"})
    assert answer.status_code == 400
    assert "비밀번호" in answer.content.decode()
    assert User.objects.filter(pk=user.pk).exists()


def test_page_sends_a_stranger_to_the_door(user: User) -> None:
    assert Client().post("/accounts/erase/", {"password": PASSWORD}).status_code == 302
    assert User.objects.filter(pk=user.pk).exists()


def test_api_works(api_of, user: User, other: User) -> None:
    api = api_of(user)
    answer = api.delete("/api/v1/accounts/me/", {"password": PASSWORD}, format="json")
    assert answer.status_code == 204
    assert api.get("/api/v1/accounts/me/").status_code == 401
    assert list(User.objects.all()) == [other]


def test_api_with_a_wrong_password_keeps_everything(api_of, user: User) -> None:
    answer = api_of(user).delete("/api/v1/accounts/me/", {"password": "wrong"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "password")
    assert User.objects.filter(pk=user.pk).exists()


def test_api_refuses_a_stranger(user: User) -> None:
    answer = APIClient().delete("/api/v1/accounts/me/", {"password": PASSWORD}, format="json")
    assert answer.status_code == 401
