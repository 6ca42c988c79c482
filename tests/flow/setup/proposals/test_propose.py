"""A proposal from both sides, over HTTP: few calls, nothing set up, and what is proposed can be provisioned."""

from typing import Any

import pytest

from connector.clients.bigcommerce.wire import read_order_bundle
from connector.domain.invoice.draft import Draft
from connector.flow.order.fetch import read
from connector.flow.order.terms import terms_of
from connector.flow.setup.proposals.propose import Proposed, propose
from connector.flow.setup.provision.run import provision
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, Division, MasterData, OrderSync, Store, SyncEvent
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.render import order_document
from connector.sandbox.catalogue import OrderRecord
from connector.sandbox.demo_setup import DIVISIONS
from tests.acme import DIVISION, Acme

WHOLE = {"include": "consignments.line_items,fees", "consignment_structure": "object"}


def proposed(acme: Acme, days: int = 90) -> Proposed:
    division = Division.objects.select_related("grant__tenant").get()
    return propose(acme.store, division, days=days, tell=lambda line: None)


def in_house(record: OrderRecord) -> Any:
    """The order as the lane reads it, with its tax table."""
    document = order_document(record, WHOLE)
    lists = {"products": record.products, "addresses": record.shipping_addresses} if record.consignments_empty else {}
    return read({**read_order_bundle(document, **lists), "taxes": record.taxes, "prices_include_tax": True}).order


@pytest.mark.django_db
def test_nearly_all_orders_of_each_shop_are_posted_with_what_is_proposed(sandbox: Sandbox) -> None:
    """From no connection to one that posts, without a hand laid on it. What is posted is exact to the cent."""
    file = sandbox.provision_file(password="alice-has-a-password") | {"connections": []}
    provision(file, with_hooks=False, tell=lambda line: None)
    tenant = {"tenant": file["tenant"]}
    for store in Store.objects.select_related("tenant"):
        division = Division.objects.select_related("grant__tenant").get(code=DIVISIONS[store.store_hash])
        found = propose(store, division, days=90, tell=lambda line: None)
        provision(tenant | {"connections": [found.connection]}, with_hooks=False, tell=lambda line: None)
        terms = terms_of(Connection.objects.select_related("store", "division").get(store=store))
        orders = [in_house(record) for record in sandbox.stores.store(store.store_hash).orders.values()]
        outcomes = [(order, terms.draft(order)) for order in orders]
        drafts = [(order, outcome) for order, outcome in outcomes if isinstance(outcome, Draft)]
        assert len(drafts) * 20 >= len(orders) * 19, [outcome for _order, outcome in outcomes]
        for order, draft in drafts:
            assert (draft.gross, draft.vat) == (order.total_inc, order.total_tax)


def test_it_sets_up_nothing_and_costs_few_calls(acme: Acme) -> None:
    kept = (MasterData.objects.count(), OrderSync.objects.count(), acme.sandbox.exact.invoices(DIVISION))
    before = acme.store_calls(), acme.exact_calls(), SyncEvent.objects.count()
    found = proposed(acme)
    assert not Connection.objects.exists()
    assert (MasterData.objects.count(), OrderSync.objects.count(), acme.sandbox.exact.invoices(DIVISION)) == kept
    store, exact = acme.store_calls() - before[0], acme.exact_calls() - before[1]
    assert store <= 12  # two pages, of another look further back, and tables
    assert exact <= 3
    assert SyncEvent.objects.count() - before[2] == store + exact
    assert found.connection["mode"] == "shadow"
    assert {each.key for each in found.proposals} >= {"journal", "items.default", "rules.0", "vat.3"}


def test_codes_that_were_never_read_are_read_and_not_kept(acme: Acme) -> None:
    MasterData.objects.all().delete()
    Division.objects.update(master_data_at=None)
    assert proposed(acme).connection["items"]["default"] == "WEBSHOP"
    assert not MasterData.objects.exists()


def test_a_division_whose_codes_may_not_be_read_is_refused(acme: Acme) -> None:
    Division.objects.update(master_data_at=None)
    acme.sandbox.exact.faults.add("403:scope", "GET", "*GLAccounts*", times=9)
    with pytest.raises(Refused, match="GL account"):
        proposed(acme)


def test_a_division_without_a_sales_journal_is_refused(acme: Acme) -> None:
    MasterData.objects.filter(kind="journal").update(data={"type": 90})
    with pytest.raises(Refused, match="no sales journal"):
        proposed(acme)
