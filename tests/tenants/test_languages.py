"""Pages and mails are in the person's language, before the log-in in the browser's."""

from typing import Any

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language, override

from tenants.accounts.sign_up import _tenant
from tenants.languages import by_language, of_reader
from tenants.models import Tenant
from tests.factories import MembershipFactory, UserFactory

DUTCH = {"accept-language": "nl-NL,nl;q=0.9,en;q=0.5"}


def browser(language: str = "", **headers: str) -> Client:
    """The browser of a member who has chosen a language."""
    client = Client(headers=headers)
    client.force_login(MembershipFactory.create(user=UserFactory.create(language=language)).user)
    return client


@pytest.mark.parametrize(
    ("chosen", "headers", "shown"),
    [
        ("", {}, "en-gb"),
        ("", DUTCH, "nl"),
        ("nl", {}, "nl"),
        ("en-gb", DUTCH, "en-gb"),
        ("xx", DUTCH, "nl"),  # a language that the portal had once
    ],
)
def test_a_page_is_in_the_chosen_language_else_in_the_browsers(
    chosen: str, headers: dict[str, str], shown: str, db: None
) -> None:
    answer = browser(chosen, **headers).get(reverse("account_language"))
    assert f'<html lang="{shown}">' in answer.content.decode()
    assert answer.headers["Content-Language"] == shown
    assert "Accept-Language" in answer.headers["Vary"]
    assert get_language() == "en-gb"


def test_a_visitor_reads_the_browsers_language(db: None) -> None:
    assert '<html lang="nl">' in Client(headers=DUTCH).get("/accounts/login/").content.decode()


class TestMails:
    """A mail is in its reader's language, else the organisation's, else the installation's."""

    def test_addresses_are_grouped_by_language(self, db: None) -> None:
        UserFactory.create(email="anna@acme.example", language="nl")
        UserFactory.create(email="bob@acme.example")
        emails = ["Anna@acme.example", "bob@acme.example", "box@acme.example"]
        assert by_language(emails, "") == {"nl": emails[:1], "en-gb": emails[1:]}
        assert by_language(emails, "nl") == {"nl": emails}
        assert of_reader("nobody@acme.example", "xx") == "en-gb"

    def test_a_person_who_forgot_the_password(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        UserFactory.create(email="anna@acme.example", password="open-sesame-7", language="nl")
        written = languages_of_mails(monkeypatch)
        Client().post("/accounts/password/reset/", {"email": "anna@acme.example"})
        assert written == ["nl"]

    @pytest.mark.parametrize(
        ("chosen", "of_organisation", "shown"), [("nl", "", "nl"), ("", "nl", "nl"), ("", "", "en-gb")]
    )
    def test_an_invitation(
        self, chosen: str, of_organisation: str, shown: str, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tenant = Tenant.objects.create(slug="acme", name="Acme", language=of_organisation)
        UserFactory.create(email="anna@acme.example", language=chosen)
        client = Client()
        client.force_login(MembershipFactory.create(tenant=tenant).user)
        monkeypatch.setattr("tenants.invitations._written", lambda *_: (str(get_language()), ""))
        client.post(reverse("admin:tenants_membership_add"), {"email": "anna@acme.example", "role": "viewer"})
        assert [message.subject for message in mail.outbox] == [shown]

    def test_who_signs_up_gets_an_organisation_in_the_browsers_language(self, db: None) -> None:
        with override("nl"):
            assert _tenant("Acme").language == "nl"


def languages_of_mails(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages in which allauth's mails are rendered from now on."""
    found: list[str] = []
    render = DefaultAccountAdapter.render_mail

    def noting(self: Any, *args: Any, **kwargs: Any) -> Any:
        found.append(str(get_language()))
        return render(self, *args, **kwargs)

    monkeypatch.setattr(DefaultAccountAdapter, "render_mail", noting)
    return found
