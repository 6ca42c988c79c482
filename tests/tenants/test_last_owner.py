"""The last active owner and the last active superuser stay, whatever the door. Switched-off people are neither."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from connector.admin.home.page import owners
from connector.flow.setup.provision import apply
from connector.flow.setup.provision.schema import Refused
from tenants import members
from tenants.last_owner import why_superuser
from tenants.models import Membership, Role, User
from tests.factories import MembershipFactory
from tests.tenants.test_roles import change
from tests.tenants.world import World

Browser = Callable[[str], Client]


def edit(client: Client, person: User, **typed: Any) -> Any:
    """Save a person's page with these boxes; returns the answer."""
    boxes = {name: "on" for name, ticked in typed.items() if ticked}
    return client.post(reverse("admin:tenants_user_change", args=[person.pk]), {"email": person.email, **boxes})


@pytest.fixture
def second(acme: World) -> Membership:
    """Another owner of Acme, who is switched off."""
    return MembershipFactory.create(
        tenant=acme.tenant, role=Role.OWNER, user__email="second@acme.example", user__is_active=False
    )


class TestTheLastOwner:
    """Alice, as long as the second one is switched off."""

    def test_is_not_switched_off(self, browser: Browser, people: dict[str, User], second: Membership) -> None:
        answer = edit(browser("sue"), people["alice"])
        assert "needs an owner" in str(answer.context["adminform"].form.errors["is_active"])
        assert edit(browser("sue"), second.user, is_active=True).status_code == 302
        assert edit(browser("sue"), people["alice"]).status_code == 302
        assert not User.objects.get(pk=people["alice"].pk).is_active

    def test_is_not_removed_and_keeps_the_role(
        self, browser: Browser, people: dict[str, User], acme: World, second: Membership
    ) -> None:
        own = acme.of(Membership)
        assert change(browser("sue"), own, {"role": "viewer"}) == 403
        delete = reverse("admin:tenants_membership_delete", args=[own.pk])
        assert browser("sue").post(delete, {"post": "yes"}).status_code == 403
        listed = browser("sue").post(
            reverse("admin:tenants_membership_changelist"),
            {"action": "delete_selected", "_selected_action": [own.pk], "post": "yes"},
        )
        assert listed.status_code in {200, 302, 403}
        assert Membership.objects.get(pk=own.pk).role == Role.OWNER

    def test_is_not_changed_by_the_provision_file(self, acme: World, second: Membership) -> None:
        specs: list[Mapping[str, Any]] = [{"email": "alice@acme.example", "password": None, "role": "viewer"}]
        with pytest.raises(Refused, match="needs an owner who can log in: ALICE-ROWS"):
            apply._users(acme.tenant, specs)
        apply._users(acme.tenant, [*specs, {"email": "new@acme.example", "password": "x", "role": "owner"}])
        assert acme.of(Membership).user.memberships.get().role == Role.VIEWER

    def test_does_not_keep_others_from_changing(self, browser: Browser, people: dict[str, User], acme: World) -> None:
        """An organisation whose only owner was switched off before this rule."""
        User.objects.filter(pk=people["alice"].pk).update(is_active=False)
        assert change(browser("sue"), people["vera"].memberships.get(), {"role": "owner"}) == 302
        assert edit(browser("sue"), people["oscar"]).status_code == 302

    def test_only_active_owners_are_named_to_ask(self, acme: World, second: Membership) -> None:
        assert owners(acme.tenant) == ["alice@acme.example"]

    def test_two_who_remove_each_other_are_asked_one_after_the_other(
        self, people: dict[str, User], acme: World
    ) -> None:
        adam = people["adam"].memberships.get()
        Membership.objects.filter(pk=adam.pk).update(role=Role.OWNER)
        Membership.objects.filter(user=people["alice"]).delete()  # meanwhile
        with pytest.raises(PermissionDenied):
            members._require_an_owner(adam, leaving=True)


class TestTheLastSuperuser:
    """Sue, as long as the others are switched off."""

    def test_stays_active_and_a_superuser(self, browser: Browser, people: dict[str, User], acme: World) -> None:
        User.objects.create_superuser("sam@platform.example", is_active=False)
        sue = people["sue"]
        for boxes in ({"is_active": True}, {"is_superuser": True}):
            answer = edit(browser("sue"), sue, **boxes)
            assert "Somebody must run this portal" in str(answer.context["adminform"].form.errors)
        User.objects.filter(email="sam@platform.example").update(is_active=True)
        assert edit(browser("sue"), sue, is_active=True).status_code == 302
        assert not User.objects.get(pk=sue.pk).is_superuser

    def test_is_nobody_else(self, people: dict[str, User]) -> None:
        assert why_superuser(people["vera"]) == ""
        assert why_superuser(people["sue"])
