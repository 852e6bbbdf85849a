"""POST /api/v1/accounts/"""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from rest_framework.test import APIClient
from rest_framework.throttling import ScopedRateThrottle

from accounts.models import User
from accounts.services import CONSENT_VERSION
from tests.accounts.conftest import PASSWORD

URL = "/api/v1/accounts/"
BODY = {
    "email": "alice@example.com",
    "password": PASSWORD,
    "timezone": "Asia/Tokyo",
    "language": "en",
    "consent_face": True,
}

pytestmark = pytest.mark.django_db


def post(**changes):
    return APIClient().post(URL, {**BODY, **changes}, format="json")


def test_it_works():
    r = post()
    assert r.status_code == 201
    assert r.json() == {
        "email": "alice@example.com",
        "timezone": "Asia/Tokyo",
        "language": "en",
        "week_start": "language",
        "delete_photos": False,
        "reminder_hour": None,
        "consent_face": True,
    }
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert user.face_consent_version == CONSENT_VERSION
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.primary, address.verified) == (user.email, True, False)
    assert [m.to for m in mail.outbox] == [["alice@example.com"]]


def test_consent_is_not_given_when_it_is_not_sent():
    body = {key: BODY[key] for key in ("email", "password")}
    r = APIClient().post(URL, body, format="json")
    assert r.status_code == 201
    assert r.json()["consent_face"] is False
    assert r.json()["timezone"] == "Asia/Seoul"
    assert r.json()["language"] == "ko"
    assert User.objects.get().face_consent_at is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", ""),
        ("password", "short"),
        ("password", "password123"),
        ("password", "alice@example.com"),
        ("password", "x" * 300),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("language", "fr"),
        ("consent_face", "perhaps"),
    ],
)
def test_bad_field_is_named(field, value):
    r = post(**{field: value})
    assert r.status_code == 400
    body = r.json()
    assert set(body) == {"code", "detail", "fields"}
    assert list(body["fields"]) == [field]
    assert body["detail"]
    assert not User.objects.exists()


def test_broken_json_is_refused():
    r = APIClient().post(URL, b"{no", content_type="application/json")
    assert r.status_code == 400
    assert r.json()["code"] == "parse_error"


@pytest.mark.parametrize("email", ["alice@example.com", "Alice@Example.COM"])
def test_taken_address_is_refused(alice, email):
    r = post(email=email)
    assert r.status_code == 400
    assert r.json()["code"] == "email_taken"
    assert User.objects.count() == 1
    assert not mail.outbox


def test_address_waiting_to_replace_anothers_is_refused_once_confirmed(alice):
    EmailAddress.objects.create(user=alice, email="new@example.com", verified=True)
    assert post(email="new@example.com").json()["code"] == "email_taken"


def test_old_name_of_a_time_zone_is_taken():
    assert post(timezone="Asia/Calcutta").status_code == 201


def test_password_is_not_echoed_nor_kept():
    r = post()
    assert PASSWORD not in r.content.decode()
    assert PASSWORD not in User.objects.get().password


def test_signing_up_is_throttled(monkeypatch):
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "signup", "2/min")
    codes = [post(email=f"u{i}@example.com").status_code for i in range(3)]
    assert codes == [201, 201, 429]


def test_the_mail_speaks_the_persons_language():
    APIClient().post(URL, BODY, format="json", headers={"Accept-Language": "ko"})
    assert "Content-Language" not in mail.outbox[0].extra_headers
    assert "/accounts/confirm-email/" in mail.outbox[0].body


def test_account_stands_when_the_mail_server_is_away(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert post().status_code == 201
    assert User.objects.exists()
    assert "ConnectionRefusedError" in caplog.text
    assert "alice" not in caplog.text
