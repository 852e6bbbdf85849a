"""/accounts/settings/ and what is sent from it."""

import pytest
from django.test import Client

from accounts.services import consent_give, token_issue
from tests.accounts.conftest import PASSWORD

URL = "/accounts/settings/"
TOKENS = "/accounts/tokens/"
CONSENT = "/accounts/consent/"

pytestmark = pytest.mark.django_db


def test_it_works(alice, client_of):
    client = client_of(alice)
    chosen = {"language": "en", "time_zone": "Europe/Berlin", "week_start": "monday"}
    r = client.post(URL, {**chosen, "delete_photos": "on"})
    assert r.status_code == 302
    alice.refresh_from_db()
    assert {name: getattr(alice, name) for name in chosen} == chosen
    assert alice.delete_photos
    client.post(URL, chosen)
    alice.refresh_from_db()
    assert not alice.delete_photos
    assert r.cookies["django_language"].value == "en"
    assert client.get(URL)["Content-Language"] == "en"


def test_page_is_kept_by_no_cache(alice, client_of):
    assert "no-store" in client_of(alice).get(URL)["Cache-Control"]


def test_unknown_values_are_refused(alice, client_of):
    chosen = {"language": "fr", "time_zone": "Mars/Olympus", "week_start": "friday"}
    html = client_of(alice).post(URL, chosen).content.decode()
    assert 'id="id_week_start_error"' in html
    assert 'id="id_language_error"' in html
    assert 'id="id_time_zone_error"' in html
    alice.refresh_from_db()
    assert (alice.language, alice.time_zone) == ("ko", "Asia/Seoul")


def test_rare_zone_of_the_person_is_offered_and_chosen(person_create, client_of):
    user = person_create("i@example.com", time_zone="US/Pacific")
    html = client_of(user).get(URL).content.decode()
    assert '<option value="US/Pacific" selected>' in html
    assert html.count('value="Asia/Seoul"') == 1


def test_queries_stay_the_same_however_many_tokens(alice, client_of, django_assert_num_queries):
    client = client_of(alice)
    token_issue(owner=alice)
    with django_assert_num_queries(3):
        client.get(URL)
    for _ in range(20):
        token_issue(owner=alice)
    with django_assert_num_queries(3):
        client.get(URL)


@pytest.mark.parametrize("url", [URL, TOKENS, CONSENT, f"{TOKENS}1/revoke/"])
def test_stranger_is_sent_to_login(url):
    r = Client().post(url)
    assert r.status_code == 302
    assert r.url.startswith("/accounts/login/")


@pytest.mark.parametrize("url", [TOKENS, CONSENT, f"{TOKENS}1/revoke/"])
def test_nothing_changes_by_a_link(alice, client_of, url):
    assert client_of(alice).get(url).status_code == 405


@pytest.mark.parametrize("url", [URL, TOKENS, CONSENT])
def test_forms_need_the_csrf_token(alice, url):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(url).status_code == 403


def test_consent_is_given_and_withdrawn(alice, client_of):
    client = client_of(alice)
    client.post(CONSENT, {"consent_face": "yes"})
    alice.refresh_from_db()
    assert alice.consents_to_faces
    assert "에 동의했어요" in client.get(URL).content.decode()
    client.post(CONSENT, {"consent_face": "no"})
    alice.refresh_from_db()
    assert not alice.consents_to_faces


def test_consent_form_without_an_answer_gives_none(alice, client_of):
    client_of(alice).post(CONSENT)
    alice.refresh_from_db()
    assert not alice.consents_to_faces


def test_standing_consent_keeps_its_date(alice):
    consent_give(user=alice)
    first = alice.face_consent_at
    consent_give(user=alice)
    assert alice.face_consent_at == first


def test_consent_to_an_older_wording_is_renewed(alice):
    consent_give(user=alice)
    alice.face_consent_version, first = "2020-01", alice.face_consent_at
    consent_give(user=alice)
    assert alice.face_consent_version != "2020-01"
    assert alice.face_consent_at > first


def test_token_is_shown_once(alice, client_of):
    client = client_of(alice)
    r = client.post(TOKENS, {"label": "부엌 컴퓨터"})
    secret = r.context["secret"]
    assert secret in r.content.decode()
    assert "no-store" in r["Cache-Control"]
    later = client.get(URL).content.decode()
    assert secret not in later
    assert "부엌 컴퓨터" in later
    r = Client().get("/api/v1/accounts/me/", headers={"Authorization": f"Bearer {secret}"})
    assert r.json()["email"] == "alice@example.com"


def test_label_that_is_too_long_is_explained(alice, client_of):
    r = client_of(alice).post(TOKENS, {"label": "x" * 81})
    assert 'id="id_label_error"' in r.content.decode()
    assert not alice.api_tokens.exists()


def test_label_is_no_markup(alice, client_of):
    r = client_of(alice).post(TOKENS, {"label": "<script>alert(1)</script>"})
    assert "<script>alert" not in r.content.decode()


def test_token_is_revoked(alice, client_of):
    token, secret = token_issue(owner=alice)
    client_of(alice).post(f"{TOKENS}{token.pk}/revoke/")
    r = Client().get("/api/v1/accounts/me/", headers={"Authorization": f"Bearer {secret}"})
    assert r.status_code == 401


def test_charlie_cannot_revoke_alices_token_nor_see_it(alice, charlie, client_of):
    token, _secret = token_issue(owner=alice, label="of Alice")
    client = client_of(charlie)
    assert client.post(f"{TOKENS}{token.pk}/revoke/").status_code == 404
    assert "of Alice" not in client.get(URL).content.decode()
    assert alice.api_tokens.exists()


def test_erase_page_says_what_goes(alice, client_of):
    html = client_of(alice).get("/accounts/erase/").content.decode()
    assert "되돌릴 수 없어요" in html
    assert 'type="password"' in html


def test_erase_page_explains_a_wrong_password(alice, client_of):
    r = client_of(alice).post("/accounts/erase/", {"password": PASSWORD + "x"})
    assert 'id="id_password_error"' in r.content.decode()
