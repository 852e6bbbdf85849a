"""What every test may ask for: people, photographs, a place for files, servers."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from celery.app.task import Task
from django.core.cache import cache
from django.test import Client
from PIL import Image, ImageDraw
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import account_create, token_issue
from config.translations import catalogues_compile
from tests import services

PASSWORD = "lamp-and-paper-7"
MISSING = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING] = set()
    # A fresh clone has the English words, but not yet in the form that Django reads.
    catalogues_compile([Path(__file__).parents[1] / "locale"])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say loudly what did not run: a green line alone would hide it."""
    if not config.stash[MISSING]:
        return
    terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
    terminalreporter.line("These programs are missing, and the tests that need them were skipped:")
    for line in sorted(config.stash[MISSING]):
        terminalreporter.line(f"  {line}")


def _require(config: pytest.Config, error: services.Missing) -> NoReturn:
    """Skip the test for want of a program, or fail it where all have to be there."""
    if os.environ.get("GIBUN_REQUIRE_SERVICES") == "1":
        pytest.fail(f"not on this machine: {error}", pytrace=False)
    config.stash[MISSING].add(str(error))
    pytest.skip(f"not on this machine: {error}")


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a PostgreSQL that this run started."""
    with contextlib.ExitStack() as stack:
        # Not pytest's own folder: only its owner may enter that, and PostgreSQL has another user.
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="gibun-postgres-"))
        try:
            url = stack.enter_context(services.postgres(Path(folder)))
        except services.Missing as error:
            _require(request.config, error)
        yield url


@pytest.fixture(scope="session")
def redis(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[services.Redis]:
    """A Redis that this run started; a test may stop it, and starts it again."""
    try:
        server = services.Redis(tmp_path_factory.mktemp("redis"))
    except services.Missing as error:
        _require(request.config, error)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_url(redis: services.Redis) -> str:
    return redis.url


@pytest.fixture(scope="session")
def chromium_path(request: pytest.FixtureRequest) -> str:
    """The browser that pages are tried in."""
    try:
        return services.chromium()
    except services.Missing as error:
        _require(request.config, error)


@pytest.fixture(scope="session")
def gettext_tools(request: pytest.FixtureRequest) -> None:
    """What `make messages` needs."""
    try:
        services.gettext_tools()
    except services.Missing as error:
        _require(request.config, error)


@pytest.fixture(autouse=True)
def sent_tasks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    """Every task that the test sent, as (name, arguments); none of them reaches a broker."""
    sent: list[tuple[str, tuple[Any, ...]]] = []

    def record(task: Task, args: Any = None, kwargs: Any = None, **_options: Any) -> None:
        sent.append((task.name, tuple(args or ())))

    monkeypatch.setattr(Task, "apply_async", record)
    return sent


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """The folder in which this test's photographs and pieces lie."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def _limits_forgotten() -> None:
    """Rate limits count in the cache, which outlives a test."""
    cache.clear()


def person(email: str) -> User:
    return account_create(
        email=email,
        password=PASSWORD,
        time_zone="Asia/Seoul",
        language="ko",
        consent_face=True,
    )


@pytest.fixture
def user(db: None) -> User:
    """Alice, who agreed to face analysis."""
    return person("alice@example.com")


@pytest.fixture
def other(db: None) -> User:
    """Charlie, who has no business with Alice's diary."""
    return person("charlie@example.com")


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
def catalogue(db: None) -> None:
    """Our own songs, in the database."""
    from music.catalogue import CATALOGUE, songs_load, songs_read

    songs_load(songs=songs_read(CATALOGUE))


def jpeg(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=92)
    return written.getvalue()


@pytest.fixture(scope="session")
def astronaut() -> Image.Image:
    """A free photograph of one person, with the face at about x 165, y 60, 110 x 140."""
    from skimage import data

    return Image.fromarray(data.astronaut())


@pytest.fixture(scope="session")
def astronaut_jpeg(astronaut: Image.Image) -> bytes:
    return jpeg(astronaut)


@pytest.fixture(scope="session")
def two_astronauts_jpeg(astronaut: Image.Image) -> bytes:
    """Two faces of one size: nobody can say whose diary this is."""
    pair = Image.new("RGB", (astronaut.width * 2, astronaut.height))
    pair.paste(astronaut, (0, 0))
    pair.paste(astronaut, (astronaut.width, 0))
    return jpeg(pair)


@pytest.fixture(scope="session")
def drawn_landscape_jpeg() -> bytes:
    """A picture with no face in it."""
    picture = Image.new("RGB", (900, 600), "#87b5d9")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 600), (300, 250), (520, 600)], fill="#4b6b43")
    draw.polygon([(350, 600), (640, 300), (900, 600)], fill="#3c5836")
    draw.ellipse([700, 60, 790, 150], fill="#ffd86b")
    return jpeg(picture)
