"""Owners change members, and one owner stays, however many try at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tenants import members
from tenants.models import Membership, Role, User
from tests.tenants.test_roles import change
from tests.tenants.world import World

Browser = Callable[[str], Client]


class TestAnOwnerStays:
    """However many try at once."""

    def test_two_owners_cannot_remove_each_other_at_once(
        self, browser: Browser, people: dict[str, User], acme: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        adam = people["adam"].memberships.get()
        Membership.objects.filter(pk=adam.pk).update(role=Role.OWNER)
        require: Any = members._require_an_owner

        def alice_was_removed_meanwhile(*args: Any, **kwargs: Any) -> None:
            Membership.objects.filter(user=people["alice"]).delete()
            require(*args, **kwargs)

        monkeypatch.setattr(members, "_require_an_owner", alice_was_removed_meanwhile)
        assert change(browser("alice"), adam, {"role": "viewer"}) == 403
        address = reverse("admin:tenants_membership_delete", args=[adam.pk])
        assert browser("alice").post(address, {"post": "yes"}).status_code == 403
        assert people["adam"].memberships.exists()


def test_after_the_log_in_comes_the_portal(people: dict[str, User], acme: World) -> None:
    answer = Client().post(reverse("account_login"), {"login": "vera@acme.example", "password": "open-sesame-7"})
    assert answer.headers["Location"] == reverse("admin:index")


class TestMembers:
    """Owners change members, but not themselves."""

    def test_an_owner_changes_and_removes_others(self, browser: Browser, people: dict[str, User]) -> None:
        vera = people["vera"].memberships.get()
        assert change(browser("alice"), vera, {"role": "accountant", "tenant": 999, "user": people["nobody"].pk}) == 302
        vera.refresh_from_db()
        assert (vera.role, vera.user) == (Role.ACCOUNTANT, people["vera"])
        removed = browser("alice").post(reverse("admin:tenants_membership_delete", args=[vera.pk]), {"post": "yes"})
        assert removed.status_code == 302
        assert not people["vera"].memberships.exists()
        assert browser("vera").get("/admin/").status_code == 302

    @pytest.mark.parametrize("role", ["superuser", "", "staff"])
    def test_there_is_no_role_beyond_the_roles(self, role: str, browser: Browser, people: dict[str, User]) -> None:
        assert change(browser("alice"), people["vera"].memberships.get(), {"role": role}) == 200
        assert people["vera"].memberships.get().role == Role.VIEWER

    def test_an_owner_cannot_leave_the_organisation_without_one(self, browser: Browser, acme: World) -> None:
        own = acme.of(Membership)
        assert change(browser("alice"), own, {"role": "viewer"}) == 403
        address = reverse("admin:tenants_membership_delete", args=[own.pk])
        assert browser("alice").post(address, {"post": "yes"}).status_code == 403
        assert Membership.objects.get(pk=own.pk).role == Role.OWNER

    @pytest.mark.parametrize("name", ["adam", "oscar", "vera"])
    def test_others_do_neither(self, name: str, browser: Browser, people: dict[str, User], acme: World) -> None:
        for row in (people[name].memberships.get(), acme.of(Membership)):
            assert change(browser(name), row, {"role": "owner"}) == 403
            address = reverse("admin:tenants_membership_delete", args=[row.pk])
            assert browser(name).post(address, {"post": "yes"}).status_code == 403
