"""A mood said by hand, and how much of it there was."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from diary import services
from diary.errors import DiaryError
from diary.models import Entry
from diary.moods import own_probabilities
from diary.selectors import entry_get
from diary.trends import trends_get
from diary.words import own_sentence
from emotion.labels import KEYS, one_hot
from tests.diary.pages import PROBABILITIES, day_keep, html_of

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}


@pytest.mark.parametrize(
    ("mood", "strength", "numbers"),
    [
        ("sad", 1, {"sad": 0.5, "neutral": 0.5}),
        ("sad", 2, {"sad": 0.75, "neutral": 0.25}),
        ("sad", 3, {"sad": 1.0}),
        ("sad", None, {"sad": 1.0}),
        ("neutral", 1, {"neutral": 1.0}),
        ("neutral", 2, {"neutral": 1.0}),
    ],
)
def test_strength_mixes_the_mood_with_calm(
    mood: str, strength: int | None, numbers: dict[str, float]
) -> None:
    assert dict(zip(KEYS, own_probabilities(mood, strength), strict=True)) == {
        **dict.fromkeys(KEYS, 0.0),
        **numbers,
    }


def test_words_songs_and_trends_count_with_the_strength(user: User, catalogue: None) -> None:
    services.entry_write(owner=user, date=user.today(), own_mood="happy", own_strength=1)
    entry = entry_get(owner=user, date=user.today())
    assert entry is not None
    mixed = (0.5, 0.0, 0.0, 0.0, 0.5, 0.0)
    assert (entry.mood, entry.probabilities) == ("happy", mixed)
    assert [tuple(song.probabilities) for song in entry.songs.all()] == [mixed] * 4
    (month,) = trends_get(owner=user, first=user.today(), last=user.today()).months
    assert month.probabilities == mixed


def test_another_strength_brings_other_songs_and_the_same_one_does_not(
    user: User, catalogue: None
) -> None:
    def say(**words: object) -> tuple[Entry, list[int]]:
        entry = services.entry_write(owner=user, date=user.today(), **words)
        return entry, [song.pk for song in entry.songs.all()]

    _entry, first = say(own_mood="sad", own_strength=3)
    assert say(own_mood="sad", note="비")[1] == first
    assert say(own_strength=3)[1] == first
    entry, second = say(own_strength=2)
    assert entry.own_strength == 2
    assert not set(second) & set(first)


def test_another_mood_forgets_the_strength_and_no_mood_has_none(user: User) -> None:
    def say(**words: object) -> tuple[str, int | None]:
        entry = services.entry_write(owner=user, date=user.today(), **words)
        return entry.own_mood, entry.own_strength

    assert say(own_mood="sad", own_strength=2) == ("sad", 2)
    assert say(own_mood="anger") == ("anger", None)
    assert say(own_mood="happy", own_strength=1) == ("happy", 1)
    assert say(own_strength=0) == ("happy", None)
    assert say(own_strength=1) == ("happy", 1)
    assert say(own_mood="") == ("", None)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"own_strength": 2}, "strength_without_mood"),
        ({"own_mood": "sad", "own_strength": 4}, "strength_unknown"),
        ({"own_mood": "sad", "own_strength": -1}, "strength_unknown"),
    ],
)
def test_a_strength_of_nothing_is_refused(user: User, words: dict[str, object], code: str) -> None:
    with pytest.raises(DiaryError) as error:
        services.entry_write(owner=user, date=user.today(), **words)
    assert error.value.code == code
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("mood", "strength"), [("", 1), ("sad", 0), ("sad", 4)])
def test_database_refuses_it_too(user: User, mood: str, strength: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(owner=user, date=user.today(), own_mood=mood, own_strength=strength)


def test_the_machines_reading_stays_as_it_was(user: User, catalogue: None) -> None:
    day_keep(user, user.today(), read=True)
    services.entry_write(owner=user, date=user.today(), own_mood="anger", own_strength=2)
    entry = entry_get(owner=user, date=user.today())
    assert entry is not None
    assert entry.reading.probabilities == PROBABILITIES
    assert entry.probabilities == (0, 0.75, 0, 0, 0.25, 0)
    services.entry_write(owner=user, date=user.today(), own_mood="")
    entry = entry_get(owner=user, date=user.today())
    assert entry is not None
    assert entry.probabilities == PROBABILITIES


def test_strength_is_said_with_the_right_particle() -> None:
    assert own_sentence("sad") == "내 말로는, 슬픔."
    assert own_sentence("sad", 1) == "내 말로는, 슬픔이 조금."
    assert own_sentence("anger", 2) == "내 말로는, 화가 꽤."
    assert own_sentence("happy", 3) == "내 말로는, 기쁨이 많이."


def test_page_takes_and_shows_the_strength(client_of, user: User, catalogue: None) -> None:
    client, path = client_of(user), f"/day/{user.today()}/write/"
    html = html_of(client.post(path, {"own_mood": "sad", "own_strength": "2"}, headers=HTMX))
    assert "내 말로는, 슬픔이 꽤." in html
    assert 'name="own_strength" value="2" checked' in html
    assert html.count(" checked") == 2
    client.post(path, {"note": "글"})
    assert Entry.objects.get(owner=user).own_strength == 2
    assert client.post(path, {"own_strength": "7"}, headers=HTMX).status_code == 422


def test_api_takes_and_shows_the_strength(api_of, user: User, catalogue: None) -> None:
    api, day = api_of(user), f"/api/v1/entries/{user.today()}/"
    body = api.patch(day, {"own_mood": "sad", "own_strength": 1}, format="json").json()
    assert (body["own_mood"], body["own_strength"]) == ("sad", 1)
    assert api.patch(day, {"own_strength": None}, format="json").json()["own_strength"] is None
    refused = api.patch(day, {"own_strength": 4}, format="json")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["own_strength"])
    refused = api.patch(day, {"own_mood": "", "own_strength": 1}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "strength_without_mood")
    assert Entry.objects.get().probabilities == one_hot("sad")
