"""Owners add members. A new member gets a link that works once, and chooses the password alone."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings as now
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tenants.models import Membership, Role, User
from tests.tenants.accounts.test_limits import DAY, Wait
from tests.tenants.test_members import Browser
from tests.tenants.world import World, logged_in

ADD = reverse("admin:tenants_membership_add")

NEW = {"email": "New@Acme.example", "role": "operator"}

PASSWORD = {"new_password1": "a-password-of-mine", "new_password2": "a-password-of-mine"}


def link() -> str:
    """The address in the last mail."""
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


class TestANewMember:
    """Added by address, let in by mail."""

    @pytest.mark.parametrize("name", ["alice", "sue"])
    def test_a_new_person_chooses_a_password_and_is_in(self, name: str, browser: Browser, acme: World) -> None:
        assert browser(name).post(ADD, NEW).status_code == 302
        added = Membership.objects.get(user__email="new@acme.example")
        assert (added.role, added.tenant) == (Role.OPERATOR, acme.tenant)
        assert not added.user.has_usable_password()
        assert mail.outbox[-1].to == ["new@acme.example"]

        visitor = Client()
        page = visitor.get(link(), follow=True)
        assert "Choose your password" in page.content.decode()
        form = page.redirect_chain[-1][0]
        assert "match" in visitor.post(form, PASSWORD | {"new_password2": "another"}).content.decode()
        assert visitor.post(form, PASSWORD).status_code == 302
        assert "was already used" in Client().get(link(), follow=True).content.decode()
        assert visitor.login(username="new@acme.example", password=PASSWORD["new_password1"])
        assert visitor.get(reverse("admin:index")).status_code == 200

    def test_a_known_person_keeps_their_password(self, browser: Browser, people: dict[str, User], acme: World) -> None:
        assert browser("alice").post(ADD, {"email": people["nobody"].email, "role": "viewer"}).status_code == 302
        assert "your own password" in str(mail.outbox[-1].body)
        assert "/password/" not in str(mail.outbox[-1].body)
        assert people["nobody"].memberships.get().tenant == acme.tenant
        assert User.objects.get(pk=people["nobody"].pk).check_password("open-sesame-7")

    def test_the_owner_does_not_see_whether_the_person_was_known(
        self, browser: Browser, people: dict[str, User]
    ) -> None:
        reported = []
        for email in ("new@acme.example", people["nobody"].email):
            page = browser("alice").post(ADD, {"email": email, "role": "viewer"}, follow=True).content.decode()
            reported.append(re.findall(r"got an invitation[^<]*", page))
        assert reported[0] == reported[1] != []

    def test_the_link_stands_in_the_mail_alone(self, browser: Browser) -> None:
        page = browser("alice").post(ADD, NEW, follow=True).content.decode()
        assert "/admin/password/" not in page

    @pytest.mark.parametrize("wrong", [{"email": "vera@acme.example"}, {"email": "no address"}, {"role": "superuser"}])
    def test_what_cannot_be_is_refused(self, wrong: dict[str, str], browser: Browser) -> None:
        before = Membership.objects.count(), User.objects.count()
        assert browser("alice").post(ADD, NEW | wrong).status_code == 200
        assert (Membership.objects.count(), User.objects.count()) == before
        assert not mail.outbox

    @pytest.mark.parametrize("name", ["adam", "oscar", "vera", "charlie"])
    def test_only_owners_add_and_only_to_their_own(
        self, name: str, browser: Browser, acme: World, rival: World
    ) -> None:
        answer = browser(name).post(ADD, NEW | {"tenant": acme.tenant.pk})
        assert answer.status_code == (302 if name == "charlie" else 403)
        assert not acme.tenant.memberships.filter(user__email="new@acme.example").exists()

    def test_a_superuser_who_has_chosen_nothing_adds_nobody(self, people: dict[str, User], acme: World) -> None:
        assert logged_in(people["sue"]).post(ADD, NEW).status_code == 403

    def test_a_mail_that_fails_is_reported_and_sent_again(
        self, browser: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise OSError("no route")

        with monkeypatch.context() as broken:
            broken.setattr("tenants.invitations.send_mail", fail)
            assert "No mail could be sent" in browser("alice").post(ADD, NEW, follow=True).content.decode()
        added = Membership.objects.get(user__email="new@acme.example")
        again = reverse("admin:tenants_membership_invite", args=[added.pk])
        assert browser("alice").get(again).status_code == 405
        assert browser("adam").post(again).status_code == 403
        assert browser("charlie").post(again).status_code == 404
        assert browser("alice").post(again).status_code == 302
        assert "/password/" in str(mail.outbox[-1].body)


class TestTheLink:
    """It is for one person and one time."""

    def test_a_made_up_one_shows_no_form(self, people: dict[str, User]) -> None:
        token = default_token_generator.make_token(people["vera"])
        for key in ("MQ", "x", "OTk5OTk5"):
            page = Client().get(reverse("admin:choose_password", args=[key, f"{token}x"]), follow=True)
            assert "new_password1" not in page.content.decode()


class TestInvitations:
    """By person, by organisation and by who is invited."""

    add = reverse("admin:tenants_membership_add")

    def invite(self, client: Client, email: str) -> str:
        answer = client.post(self.add, {"email": email, "role": "viewer"})
        return "" if answer.status_code == 302 else str(answer.context["adminform"].form.errors["email"])

    @pytest.fixture
    def few(self, settings: Settings) -> None:
        """Three a day by a person, four in an organisation, two for an address."""
        limits = {"invite": "3/d/user,2/d/key", "invite_of_organisation": "4/d/key"}
        settings.ACCOUNT_RATE_LIMITS = now.ACCOUNT_RATE_LIMITS | limits

    @pytest.mark.usefixtures("few")
    def test_a_day_has_so_many(
        self, browser: Callable[[str], Client], acme: World, wait: Wait, people: dict[str, User]
    ) -> None:
        alice, sue = browser("alice"), browser("sue")
        assert [self.invite(alice, f"{name}@new.example") for name in "abc"] == ["", "", ""]
        assert "too many" in self.invite(alice, "d@new.example").lower()
        assert self.invite(sue, "d@new.example") == ""
        assert "too many" in self.invite(sue, "e@new.example").lower()
        assert not User.objects.filter(email="e@new.example").exists()
        assert len(mail.outbox) == 4
        wait(DAY)
        assert self.invite(alice, "e@new.example") == ""

    @pytest.mark.usefixtures("few")
    def test_the_same_one_is_not_mailed_all_day(self, browser: Callable[[str], Client], acme: World) -> None:
        alice = browser("alice")
        assert self.invite(alice, "a@new.example") == ""
        again = reverse("admin:tenants_membership_invite", args=[acme.tenant.memberships.latest("pk").pk])
        said = [alice.post(again, follow=True).content.decode() for _ in range(2)]
        assert ["Too many invitations" in page for page in said] == [False, True]
        assert len(mail.outbox) == 2
