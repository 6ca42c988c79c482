"""Whose address counts as verified: of all people who could log in before, and of those who come since."""

from importlib import import_module
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.db import connection as database
from django.test import Client

from tenants.accounts.addresses import verify
from tenants.invitations import invite
from tenants.models import User
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
migration = import_module("tenants.migrations.0005_verified_addresses")
NEW = "quite-another-8"


def verified() -> list[str]:
    found = EmailAddress.objects.filter(verified=True, primary=True).order_by("email")
    return list(found.values_list("email", flat=True))


def test_the_migration_counts_all_people_once() -> None:
    people = sorted(UserFactory.create().email for _ in range(2))
    for _ in range(2):  # what was interrupted is run again
        migration.verify(apps, SimpleNamespace(connection=database))
    assert verified() == people


def test_who_chose_a_password_by_the_link_of_an_invitation_is_verified_and_comes_in() -> None:
    member = MembershipFactory.create(user__email="new@acme.example")
    assert invite(member, "Alice")
    assert verified() == []
    (link,) = [word for word in str(mail.outbox[0].body).split() if "/password/" in word]
    client = Client()
    page = client.get(urlsplit(link).path, follow=True).request["PATH_INFO"]
    answer = client.post(page, {"new_password1": NEW, "new_password2": NEW})
    assert answer.headers["Location"] == "/accounts/login/"
    assert verified() == ["new@acme.example"]
    client.post("/accounts/login/", {"login": "new@acme.example", "password": NEW})
    assert client.get("/admin/").status_code == 200


def test_an_address_that_became_somebody_elses_lets_its_former_owner_in_no_more() -> None:
    first, second = UserFactory.create(email="info@acme.example", password=NEW), UserFactory.create()
    verify(first)
    User.objects.filter(pk=first.pk).update(email="first@acme.example")
    User.objects.filter(pk=second.pk).update(email="info@acme.example")
    for person in (second, first):
        person.refresh_from_db()
        verify(person)
    assert list(EmailAddress.objects.values_list("user", "email").order_by("user")) == [
        (first.pk, "first@acme.example"),
        (second.pk, "info@acme.example"),
    ]


def test_a_new_address_counts_as_soon_as_its_code_was_entered() -> None:
    person = UserFactory.create(email="old@acme.example", password=NEW)
    MembershipFactory.create(user=person)
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": NEW})
    client.post("/accounts/reauthenticate/", {"password": NEW})
    client.post("/accounts/email/", {"email": "new@acme.example", "action_add": ""})
    (code,) = [line for line in str(mail.outbox[-1].body).splitlines() if line and " " not in line][:1]
    assert User.objects.get().email == "old@acme.example"
    client.post("/accounts/confirm-email/", {"code": code})
    assert User.objects.get().email == "new@acme.example"
    assert verified() == ["new@acme.example"]
