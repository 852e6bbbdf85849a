"""Tags on days."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from diary import services
from diary.errors import DiaryError
from diary.models import Entry, Tag
from diary.selectors import tag_suggestions
from diary.tags import tag_names
from tests.diary.pages import html_of

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}


def write(owner: User, *tags: str, back: int = 0) -> list[str]:
    date = owner.today() - dt.timedelta(days=back)
    entry = services.entry_write(owner=owner, date=date, tags=tags)
    return [tag.name for tag in entry.tags.all()]


def test_it_works(user: User) -> None:
    assert write(user, "산책", "친구") == ["산책", "친구"]
    assert write(user, "친구", back=1) == ["친구"]
    assert Tag.objects.count() == 2
    assert tag_suggestions(owner=user) == ["친구", "산책"]


def test_none_leaves_and_an_empty_list_clears(user: User) -> None:
    write(user, "산책")
    entry = services.entry_write(owner=user, date=user.today(), note="글")
    assert [tag.name for tag in entry.tags.all()] == ["산책"]
    assert write(user) == []


def test_a_tag_that_nobody_uses_any_more_is_removed(user: User, other: User) -> None:
    write(user, "산책", "비")
    write(user, "산책", back=1)
    write(other, "비")
    write(user)
    assert [tag.name for tag in Tag.objects.filter(owner=user)] == ["산책"]
    services.entry_delete(entry=Entry.objects.get(owner=user, tags__name="산책"))
    assert [tag.owner for tag in Tag.objects.all()] == [other]


def test_one_name_in_two_spellings_is_one_tag(user: User) -> None:
    assert write(user, "Café") == ["Café"]
    assert write(user, unicodedata.normalize("NFD", "CAFÉ"), back=1) == ["Café"]
    assert write(user, unicodedata.normalize("NFD", "산책"), "산책", back=2) == ["산책"]
    assert Tag.objects.count() == 2


def test_two_people_have_their_own_tags(user: User, other: User) -> None:
    write(user, "산책")
    write(other, "산책")
    assert Tag.objects.count() == 2
    assert tag_suggestions(owner=other) == ["산책"]
    write(other)
    assert tag_suggestions(owner=user) == ["산책"]
    assert tag_suggestions(owner=other) == []


def test_database_refuses_a_second_tag_of_one_name(user: User) -> None:
    Tag.objects.create(owner=user, name="산책", key="산책")
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(owner=user, name="산책", key="산책")


def test_names_are_tidied() -> None:
    names = ["  긴   산책 ", "#비", "", " ", "#", "b\x00", "B"]
    assert tag_names(names) == ["긴 산책", "비", "b"]
    assert tag_names(["가" * 40]) == ["가" * 40]
    assert len(tag_names(unicodedata.normalize("NFD", "각") * 40 for _ in range(3))) == 1


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        (["가" * 41], "tag_too_long"),
        ([f"tag {number}" for number in range(21)], "too_many_tags"),
        (["산책, 비"], "tag_comma"),
    ],
)
def test_what_is_no_tag_is_refused_and_leaves_nothing(
    user: User, tags: list[str], code: str
) -> None:
    with pytest.raises(DiaryError) as error:
        write(user, *tags)
    assert error.value.code == code
    assert not Entry.objects.exists()


def test_page_takes_tags_with_the_note_and_suggests_them(client_of, user: User) -> None:
    client, path = client_of(user), f"/day/{user.today()}/"
    saved = client.post(f"{path}write/", {"note": "글", "tags": "산책, 친구，비"}, headers=HTMX)
    assert 'class="saved"' in html_of(saved)
    html = html_of(client.get(path))
    assert 'value="비, 산책, 친구" list="known-tags"' in html
    assert html.count("<option value=") == 3
    client.post(f"{path}write/", {"own_mood": "sad"})
    assert Entry.objects.get().tags.count() == 3
    refused = client.post(f"{path}write/", {"note": "글", "tags": "가" * 41}, headers=HTMX)
    assert refused.status_code == 422
    assert "40자보다 길어요" in html_of(refused)
    client.post(f"{path}write/", {"tags": ""})
    assert not Tag.objects.exists()


def test_a_stranger_is_suggested_nothing(client_of, user: User, other: User) -> None:
    write(user, "비밀")
    assert "비밀" not in html_of(client_of(other).get("/today/"))


def test_api_takes_and_shows_tags(api_of, user: User, other: User) -> None:
    day = f"/api/v1/entries/{user.today()}/"
    body = api_of(user).patch(day, {"tags": ["산책", "비"]}, format="json").json()
    assert body["tags"] == ["비", "산책"]
    assert api_of(user).patch(day, {"note": "글"}, format="json").json()["tags"] == ["비", "산책"]
    assert api_of(other).get(day).status_code == 404
    for tags in (["가" * 41], ["x"] * 21, "산책"):
        refused = api_of(user).patch(day, {"tags": tags}, format="json")
        assert (refused.status_code, list(refused.json()["fields"])) == (400, ["tags"])
    assert api_of(user).patch(day, {"tags": []}, format="json").json()["tags"] == []


def test_more_tags_ask_no_more_queries(client_of, user: User) -> None:
    client = client_of(user)
    counts = []
    for tags in (["하나"], [f"tag {number}" for number in range(20)]):
        write(user, *tags)
        client.get("/today/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/today/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
