"""The banner names each vendor that is not connected."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from connector.admin.home import banner
from connector.clients import errors
from connector.flow.outbound import reconnect
from connector.models import Store
from tenants.models import Tenant
from tests.acme import Acme
from tests.consents import grant_of, page, shown
from tests.factories import ExactGrantFactory, TenantFactory

Member = Callable[[str, Tenant], Client]


class TestTheBanner:
    """It is above every page of its organisation, and of no other."""

    def test_it_names_each_side_that_is_not_connected(self, acme: Acme, owner: Client, member: Member) -> None:
        home = reverse("admin:index")
        assert "no longer connected" not in shown(owner, home)
        reconnect.mark_reconnect(grant_of(acme), errors.Reconnect("It was withdrawn."))
        Store.objects.update(state="reconnect")
        for address in (home, reverse("admin:connector_ordersync_changelist")):
            text = shown(owner, address)
            assert text.count("is no longer connected") == 2
            assert page(grant_of(acme)) in text
            assert page(acme.store) in text
        outsider = member("owner", TenantFactory.create())
        assert "no longer connected" not in shown(outsider, home)
        assert "is not connected" not in Client().get(home, follow=True).content.decode()

    def test_a_person_who_may_not_connect_sees_who_may(self, acme: Acme, member: Member) -> None:
        Store.objects.update(state="reconnect")
        text = shown(member("operator", acme.store.tenant), reverse("admin:connector_ordersync_changelist"))
        owner = acme.store.tenant.memberships.get(role="owner").user.email
        assert f"An owner of your organisation connects it: {owner}." in text
        assert page(acme.store) not in text

    def test_one_that_never_was_is_not_lost(self, acme: Acme, owner: Client) -> None:
        ExactGrantFactory.create(tenant=acme.store.tenant, name="Second", state="reconnect")
        text = shown(owner, reverse("admin:connector_ordersync_changelist"))
        assert "Second is not connected yet." in text
        assert "no longer connected" not in text

    def test_a_dead_consent_shows_no_days_left(self, acme: Acme, owner: Client) -> None:
        reconnect.mark_reconnect(grant_of(acme), errors.Reconnect("It was withdrawn."))
        assert "days left" not in shown(owner, page(grant_of(acme)))

    def test_it_costs_one_query(self, acme: Acme, owner: Client, django_assert_num_queries: Any) -> None:
        request = owner.get(reverse("admin:index")).wsgi_request
        with django_assert_num_queries(1):
            banner.disconnected(request)
