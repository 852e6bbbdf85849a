"""A mail that asks about the day."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import reminder_set
from diary import services
from diary.reminders import reminder_send, reminders_due, stop_token
from diary.tasks import remind
from tests.diary.pages import html_of

pytestmark = pytest.mark.django_db

# 21:10 in Seoul, 13:10 in Berlin, 17:55 in Kathmandu.
NOW = dt.datetime(2026, 11, 20, 12, 10, tzinfo=dt.UTC)
At = Callable[..., None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    def set_clock(**later: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: NOW + dt.timedelta(**later))

    set_clock()
    return set_clock


@pytest.fixture
def alice(user: User, at: At) -> User:
    """Alice has confirmed her address and wants to be asked at 21 o'clock in Seoul."""
    return wishes(user, hour=21)


def wishes(user: User, **fields: object) -> User:
    EmailAddress.objects.filter(user=user).update(verified=True)
    User.objects.filter(pk=user.pk).update(reminder_hour=fields.pop("hour"), **fields)
    user.refresh_from_db()
    return user


def due() -> list[User]:
    return list(reminders_due())


def test_it_works(alice: User, sent_tasks: list) -> None:
    remind()
    assert sent_tasks == [("diary.tasks.remind_one", (alice.pk,))]
    assert reminder_send(user_id=alice.pk)
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([alice.email], "오늘은 어떤 하루였나요?")
    assert "http://127.0.0.1:8000/today/" in message.body
    (stop,) = re.findall(r"http://127.0.0.1:8000(/reminder/stop/\S+/)", message.body)
    assert message.extra_headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000{stop}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    Client().post(stop)
    alice.refresh_from_db()
    assert alice.reminder_hour is None


def test_it_is_sent_once_a_day(alice: User, at: At) -> None:
    assert reminder_send(user_id=alice.pk)
    assert not reminder_send(user_id=alice.pk)
    assert due() == []
    at(days=1)
    assert reminder_send(user_id=alice.pk)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("zone", "hour", "is_due"),
    [
        ("Asia/Seoul", 21, True),
        ("Asia/Seoul", 22, False),
        ("Asia/Seoul", 20, True),
        ("Asia/Seoul", 18, False),
        ("Europe/Berlin", 13, True),
        ("Europe/Berlin", 21, False),
        ("Asia/Kathmandu", 17, True),
        ("Asia/Kathmandu", 18, False),
        ("Pacific/Kiritimati", 2, True),
    ],
)
def test_the_hour_is_of_the_persons_own_clock(
    user: User, at: At, zone: str, hour: int, is_due: bool
) -> None:
    wishes(user, hour=hour, time_zone=zone)
    assert due() == ([user] if is_due else [])


def test_a_written_day_is_not_asked_about(alice: User) -> None:
    yesterday = alice.today() - dt.timedelta(days=1)
    services.entry_write(owner=alice, date=yesterday, note="어제")
    services.entry_write(owner=alice, date=alice.today(), note="")
    assert due() == [alice]
    services.entry_write(owner=alice, date=alice.today(), tags=["산책"])
    assert due() == []
    assert not reminder_send(user_id=alice.pk)
    assert mail.outbox == []


@pytest.mark.parametrize("without", ["hour", "address", "account"])
def test_who_did_not_ask_for_it_gets_none(alice: User, without: str) -> None:
    if without == "hour":
        reminder_set(user=alice, hour=None)
    elif without == "address":
        EmailAddress.objects.update(verified=False)
    else:
        User.objects.update(is_active=False)
    assert due() == []


def test_one_query_finds_everybody(alice: User, other: User, django_assert_num_queries) -> None:
    wishes(other, hour=13, time_zone="Europe/Berlin")
    with django_assert_num_queries(1):
        assert set(due()) == {alice, other}


def test_mail_that_could_not_be_sent_is_not_sent_twice(
    alice: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_args: object) -> None:
        raise smtplib.SMTPRecipientsRefused({alice.email: (550, b"no")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert not reminder_send(user_id=alice.pk)
    assert due() == []
    assert "SMTPRecipientsRefused" in caplog.text
    assert alice.email not in caplog.text


def test_person_who_is_gone_is_left_quietly(at: At) -> None:
    assert not reminder_send(user_id=123456)


def test_an_hour_that_is_over_begins_tomorrow(user: User, at: At) -> None:
    wishes(user, hour=None)
    reminder_set(user=user, hour=20)
    assert due() == []
    at(hours=24)
    assert due() == [user]
    reminder_set(user=user, hour=23)
    assert due() == []
    at(hours=26)
    assert due() == [user]


def test_database_refuses_an_hour_that_is_none(user: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(reminder_hour=24)


def test_settings_page_and_api_set_the_hour(client_of, api_of, user: User) -> None:
    chosen = {"language": "ko", "time_zone": "Asia/Seoul", "week_start": "language"}
    client, page = client_of(user), "/accounts/settings/"
    client.post(page, {**chosen, "reminder_hour": "21"})
    user.refresh_from_db()
    assert user.reminder_hour == 21
    assert '<option value="21" selected>21시</option>' in html_of(client.get(page))
    api, me = api_of(user), "/api/v1/accounts/me/"
    assert api.patch(me, {"language": "ko"}, format="json").json()["reminder_hour"] == 21
    assert api.patch(me, {"reminder_hour": None}, format="json").json()["reminder_hour"] is None
    api.patch(me, {"reminder_hour": 7}, format="json")
    client.post(page, {**chosen, "reminder_hour": ""})
    user.refresh_from_db()
    assert user.reminder_hour is None


def test_the_mail_programs_own_button_stops_it(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    path = f"/reminder/stop/{stop_token(alice)}/"
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "보내지 않아요." in html_of(answer)
    alice.refresh_from_db()
    assert alice.reminder_hour is None
    assert client.post(path).status_code == 200


def test_looking_stops_nothing_and_a_person_need_not_press(alice: User, at: At) -> None:
    path = f"/reminder/stop/{stop_token(alice)}/"
    fresh = html_of(Client().get(path))
    assert "press.js" not in fresh
    assert re.search(r"<form method=\"post\" data-press>", fresh)
    alice.refresh_from_db()
    assert alice.reminder_hour == 21


def test_later_the_page_presses_by_itself(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/reminder/stop/{stop_token(alice)}/"
    monkeypatch.setattr("diary.views_reminder.SCANNED", dt.timedelta(seconds=-1))
    assert "press.js" in html_of(Client().get(path))


def test_token_of_nobody_stops_nothing(client_of, alice: User, other: User) -> None:
    wishes(other, hour=21)
    path = f"/reminder/stop/{stop_token(other)}x/"
    for method in ("get", "post"):
        assert getattr(Client(), method)(path).status_code == 404
        assert getattr(client_of(alice), method)(path).status_code == 404
    assert set(due()) == {alice, other}
    # Whoever is signed in: the token says whose reminders stop.
    client_of(alice).post(f"/reminder/stop/{stop_token(other)}/")
    assert due() == [alice]
