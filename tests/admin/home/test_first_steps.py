"""The steps from an empty organisation to the first invoice."""

from django.test import Client

from connector.models import (
    MappingRule,
)
from tenants.models import Membership, Role
from tests.acme import Acme
from tests.admin.home.test_page import shown
from tests.factories import MembershipFactory, StoreFactory


class TestFirstSteps:
    """An empty organisation sees the first steps, not an empty page."""

    def test_they_are_ticked_as_far_as_they_were_gone(self, db: None) -> None:
        owner = MembershipFactory.create()
        client = Client()
        client.force_login(owner.user)
        page = shown(client)
        assert "First steps" in page
        assert "/get-started/store/" in page
        assert "(done)" not in page
        StoreFactory.create(tenant=owner.tenant)
        assert shown(client).count("(done)") == 1
        Membership.objects.update(role=Role.VIEWER)
        assert "/get-started/" not in shown(client)

    def test_an_organisation_that_posts_has_done_all_steps(self, acme: Acme, owner: Client) -> None:
        acme.ring(1001)
        assert "First steps" not in shown(owner)

    def test_an_organisation_without_a_rule_in_force_has_not(self, acme: Acme, owner: Client) -> None:
        acme.ring(1001)
        MappingRule.objects.all().delete()
        page = shown(owner)
        assert "First steps" in page
        assert page.count("(done)") == 5
