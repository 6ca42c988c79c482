"""An owner connects a store with a division: first the two sides, then its settings and its first rules."""

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.setup import rule_versions
from connector.models import Connection, Division, RuleVersion, Store
from tests.acme import Acme
from tests.admin.connections.test_form import Page
from tests.factories import DivisionFactory, StoreFactory


class TestAdding:
    """An owner connects a store with a division."""

    @pytest.fixture
    def division(self, acme: Acme) -> Division:
        """A second division with the same codes as the first."""
        first = acme.connection.division
        other = DivisionFactory.create(
            grant=first.grant,
            code=100002,
            name="Second",
            currency="EUR",
            country="NL",
            master_data_at=first.master_data_at,
        )
        for row in first.master_data.all():
            row.pk, row.division = None, other
            row.save()
        return other

    def address(self, store: Store, division: Division) -> str:
        return f"{reverse('admin:connector_connection_add')}?store={store.pk}&division={division.pk}"

    def test_two_sides_are_chosen_first_from_ones_own(self, acme: Acme, owner: Client, division: Division) -> None:
        StoreFactory.create(name="Foreign shop")
        division.pk, division.code, division.master_data_at = None, 100003, None
        division.save()
        form = owner.get(reverse("admin:connector_connection_add")).context["form"]
        assert [store.pk for store in form.fields["store"].queryset] == [acme.store.pk]
        assert [one.code for one in form.fields["division"].queryset] == [100001, 100002]

    def test_what_is_connected_is_not_connected_again(self, acme: Acme, owner: Client) -> None:
        answer = owner.get(self.address(acme.store, acme.connection.division))
        assert "connected already" in answer.content.decode()

    def test_a_new_connection_begins_with_copied_rules(self, acme: Acme, owner: Client, division: Division) -> None:
        page = Page(owner, self.address(acme.store, division))
        answer = page.save(journal="70", copy_rules_from=acme.connection.pk)
        made = Connection.objects.get(division=division)
        assert answer.headers["Location"] == reverse("admin:connector_connection_change", args=[made.pk])
        assert made.mode == "shadow"
        version = RuleVersion.objects.get(connection=made)
        assert (version.number, version.author and version.author.email) == (1, "owner@demo.example")
        assert rule_versions.as_filed(version) == rule_versions.as_filed(rule_versions.in_force(acme.connection))

    def test_or_without_rules(self, acme: Acme, owner: Client, division: Division) -> None:
        Page(owner, self.address(acme.store, division)).save(journal="70")
        assert rule_versions.as_filed(RuleVersion.objects.get(connection__division=division)) == rule_versions.NONE

    def test_rules_whose_codes_the_division_lacks_are_not_copied(
        self, acme: Acme, owner: Client, division: Division
    ) -> None:
        division.master_data.filter(kind="gl_account", code="8000").delete()
        page = Page(owner, self.address(acme.store, division))
        complaint = page.complaint("copy_rules_from", journal="70", copy_rules_from=acme.connection.pk)
        assert "has no GL account '8000'" in complaint
        assert Connection.objects.count() == 1

    def test_a_store_posts_to_one_division(self, acme: Acme, owner: Client, division: Division) -> None:
        page = Page(owner, self.address(acme.store, division))
        assert "posts the orders of this store already" in page.complaint("mode", journal="70", mode="live")

    def test_others_do_not_add(self, acme: Acme, accountant: Client, division: Division) -> None:
        assert accountant.get(self.address(acme.store, division)).status_code == 403
        assert accountant.post(self.address(acme.store, division), {"journal": "70"}).status_code == 403
