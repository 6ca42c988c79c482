"""Logging in and out, and passwords: the addresses and fields are django-allauth's, what they lead to is ours."""

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from tenants.models import User
from tests.factories import UserFactory

PASSWORD, NEW = "open-sesame-7", "quite-another-8"
EMAIL = "alice@acme.example"


def log_in(password: str = PASSWORD, client: Client | None = None) -> Client:
    client = client or Client()
    client.post("/accounts/login/", {"login": EMAIL, "password": password})
    return client


def inside(client: Client) -> bool:
    """Whether the portal lets the browser in."""
    return client.get("/admin/").status_code == 200


def test_the_portal_leads_to_the_log_in_and_back(alice: User) -> None:
    client = Client()
    answer = client.get("/admin/connector/store/", follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    typed = {"login": EMAIL, "password": PASSWORD, "next": answer.context["redirect_field_value"]}
    assert client.post("/accounts/login/", typed).headers["Location"] == "/admin/connector/store/"


@pytest.mark.parametrize("address", ["/admin/logout/", "/accounts/logout/"])
def test_logging_out_leads_to_the_first_page(address: str, alice: User) -> None:
    client = log_in()
    assert inside(client)
    assert client.post(address).headers["Location"] == "/"
    assert not inside(client)


def test_a_person_without_an_organisation_is_let_out_again(db: None) -> None:
    UserFactory.create(email=EMAIL, password=PASSWORD)
    client = log_in()
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "do not belong to an organisation" in answer.content.decode()
    assert client.post("/accounts/logout/").status_code == 302


def test_after_five_wrong_passwords_the_right_one_waits(alice: User) -> None:
    for _ in range(5):
        log_in("wrong")
    assert not inside(log_in())


def test_a_changed_password_ends_the_other_sessions(alice: User) -> None:
    here, elsewhere = log_in(), log_in()
    typed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/accounts/password/change/", typed).status_code == 302
    assert inside(here)
    assert not inside(elsewhere)
    assert inside(log_in(NEW))


def test_a_reset_says_the_same_for_an_address_that_nobody_has(alice: User) -> None:
    said = []
    for email in (EMAIL, "nobody@acme.example"):
        answer = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        said.append((answer.status_code, answer.request["PATH_INFO"], answer.content.decode().count("<")))
    assert said[0] == said[1]
    assert [one.to for one in mail.outbox] == [[EMAIL], ["nobody@acme.example"]]


def test_sessions_are_listed_and_the_others_ended(alice: User) -> None:
    here, elsewhere = log_in(), log_in()
    assert UserSession.objects.count() == 2
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count("127.0.0.1") == 2
    here.post("/accounts/sessions/")
    assert inside(here)
    assert not inside(elsewhere)
