from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import account_create, token_issue

PASSWORD = "lamp-and-paper-7"


@pytest.fixture(autouse=True)
def _limits_forgotten() -> Iterator[None]:
    """Rate limits count in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def person_create(db: None) -> Callable[..., User]:
    def create(email: str, **fields: object) -> User:
        defaults = {
            "password": PASSWORD,
            "time_zone": "Asia/Seoul",
            "language": "ko",
            "consent_face": False,
        }
        return account_create(email=email, **{**defaults, **fields})  # type: ignore[arg-type]

    return create


@pytest.fixture
def alice(person_create: Callable[..., User]) -> User:
    return person_create("alice@example.com")


@pytest.fixture
def charlie(person_create: Callable[..., User]) -> User:
    return person_create("charlie@example.com")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def api_of() -> Callable[[User], APIClient]:
    """A program with a token of this person."""

    def with_token(user: User) -> APIClient:
        _token, secret = token_issue(owner=user)
        return APIClient(headers={"Authorization": f"Bearer {secret}"})

    return with_token


@pytest.fixture
def confirmed() -> Callable[[User], None]:
    def confirm(user: User) -> None:
        EmailAddress.objects.filter(user=user).update(verified=True)

    return confirm
