"""What django-allauth asks the project: which address counts, where links lead, and mails that cannot leave."""

from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from pytest_django.fixtures import Settings

from tenants.models import User
from tests.tenants.accounts.test_log_in import EMAIL, NEW, inside, log_in


def test_logging_in_counts_the_own_address_as_verified_and_forgets_a_former_one(alice: User) -> None:
    EmailAddress.objects.create(user=alice, email="former@acme.example", verified=True, primary=True)
    log_in()
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(EMAIL, True, True)]


def test_a_forgotten_password_is_chosen_by_a_link_that_works_once(alice: User, settings: Settings) -> None:
    elsewhere, client = log_in(), Client(headers={"host": "localhost"})
    client.post("/accounts/password/reset/", {"email": EMAIL.upper()})
    (link,) = [line for line in mail.outbox[0].body.splitlines() if "/password/reset/key/" in line]
    assert link.startswith(settings.PUBLIC_URL)
    page = client.get(urlsplit(link).path, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert not inside(elsewhere)
    assert inside(log_in(NEW))
    assert "used already" in Client().get(urlsplit(link).path, follow=True).content.decode()


def test_a_mail_that_cannot_leave_is_said(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    answer = Client().post("/accounts/password/reset/", {"email": EMAIL}, follow=True)
    assert "could not be sent" in answer.content.decode()


def test_nobody_gets_an_account_without_an_organisation(db: None) -> None:
    answer = Client().get("/accounts/signup/")
    assert answer.headers["Location"] == "/get-started/"
