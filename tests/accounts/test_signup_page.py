"""/accounts/signup/"""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD

URL = "/accounts/signup/"
BODY = {
    "email": "alice@example.com",
    "password1": PASSWORD,
    "language": "ko",
    "time_zone": "Asia/Tokyo",
}

pytestmark = pytest.mark.django_db


def post(client=None, **changes):
    return (client or Client()).post(URL, {**BODY, **changes})


def test_it_works():
    client = Client()
    r = post(client, consent_face="on")
    assert r.status_code == 302
    user = User.objects.get()
    assert (user.email, user.time_zone, user.language) == ("alice@example.com", "Asia/Tokyo", "ko")
    assert user.consents_to_faces
    assert EmailAddress.objects.get().user == user
    assert client.session["_auth_user_id"] == str(user.pk)
    assert mail.outbox[0].to == ["alice@example.com"]
    assert "/accounts/confirm-email/" in mail.outbox[0].body


def test_page_explains_the_consent_and_does_not_tick_it():
    html = Client().get(URL).content.decode()
    assert "동의하지 않아도" in html
    box = html[html.index('name="consent_face"') - 60 :][:200]
    assert "checked" not in box
    assert 'type="hidden" name="time_zone"' in html
    assert "js/timezone.js" in html


def test_consent_is_not_given_when_it_is_not_ticked():
    post()
    assert not User.objects.get().consents_to_faces


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "x" * 500, "../etc/passwd"])
def test_unknown_time_zone_is_no_error(zone):
    assert post(time_zone=zone).status_code == 302
    assert User.objects.get().time_zone == "Asia/Seoul"


def test_old_name_that_a_browser_may_send_is_kept():
    post(time_zone="Asia/Calcutta")
    assert User.objects.get().time_zone == "Asia/Calcutta"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_language_is_chosen_as_the_browser_speaks(language):
    html = Client(headers={"Accept-Language": language}).get(URL).content.decode()
    assert f'<option value="{language}" selected>' in html


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nothing"), ("password1", "short"), ("language", "fr"), ("password1", "")],
)
def test_bad_field_is_explained_beside_it(field, value):
    r = post(**{field: value})
    assert r.status_code == 200
    html = r.content.decode()
    assert f'id="id_{field}_error"' in html
    assert 'role="alert"' in html
    assert PASSWORD not in html
    assert not User.objects.exists()


def test_taken_address_is_said(alice):
    assert "이미 가입한 이메일" in post().content.decode()
    assert User.objects.count() == 1


def test_taken_address_is_not_told_where_addresses_must_be_confirmed(alice, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    taken, fresh = post(), post(email="new@example.com")
    assert taken.status_code == fresh.status_code == 302
    assert taken.url == fresh.url == "/accounts/confirm-email/"
    assert "이미" in mail.outbox[0].subject
    assert Client().get(taken.url).status_code == 200


def test_second_of_two_requests_at_once_goes_to_login(alice, monkeypatch):
    """Both looked the address up before either was saved."""
    monkeypatch.setattr(
        "allauth.account.internal.flows.manage_email.assess_unique_email", lambda *a, **k: True
    )
    r = post()
    assert (r.status_code, r.url) == (302, "/accounts/login/")
    assert User.objects.count() == 1


def test_signing_up_is_rate_limited(settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    codes = [post(email=f"u{i}@example.com").status_code for i in range(3)]
    assert codes == [302, 302, 429]
