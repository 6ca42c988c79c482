"""A proposal from both sides, over HTTP: few calls, nothing set up, and what is proposed can be provisioned."""

from typing import Any

import pytest

from connector.clients.bigcommerce.wire import read_order_bundle
from connector.domain.invoice.draft import Draft
from connector.domain.rules.propose.proposal import Confidence, Why
from connector.flow.order.fetch import read
from connector.flow.order.terms import terms_of
from connector.flow.setup.proposals.propose import Proposed, propose
from connector.flow.setup.provision.run import provision
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, Division, MasterData, OrderSync, RuleVersion, Store, SyncEvent
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.render import order_document
from connector.sandbox.catalogue import OrderRecord
from connector.sandbox.demo_setup import DIVISIONS
from connector.sandbox.exact.state import INVOICES
from tests.acme import DIVISION, STORE, Acme

WHOLE = {"include": "consignments.line_items,fees", "consignment_structure": "object"}


@pytest.fixture
def acme(acme: Acme) -> Acme:
    """Acme before there is a connection, with ten orders: enough for what is asked here."""
    orders = acme.sandbox.stores.store(STORE).orders
    for number in sorted(orders)[10:]:
        del orders[number]
    RuleVersion.objects.all().delete()
    Connection.objects.all().delete()
    return acme


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


def test_the_divisions_latest_invoices_decide_between_codes(acme: Acme) -> None:
    """Two codes fit 9 % at home. Most lines to the Netherlands had one of them."""
    exact = acme.sandbox.exact
    account = next(row["ID"] for row in exact.accounts(DIVISION) if row["Country"].strip() == "NL")
    item, revenue = (
        exact.id_of(DIVISION, "logistics/Items", "BOOK-01"),
        exact.id_of(DIVISION, "financial/GLAccounts", "8010"),
    )
    line = {"Item": item, "Quantity": 1, "NetPrice": 10, "VATCode": "1", "GLAccount": revenue}
    exact.create(DIVISION, INVOICES, OrderedBy=account, Journal="70", SalesInvoiceLines=[line] * 9)
    second = MasterData.objects.get(kind="vat_code", code="1")
    MasterData.objects.create(division=second.division, kind="vat_code", code="1B", name="Low, too", data=second.data)
    found = {each.key: each for each in proposed(acme).proposals}
    low = next(each for each in found.values() if each.key.startswith("vat.") and each.value["when"].get("rate") == "9")
    assert (low.value["code"], low.reason.why, low.confidence) == ("1", Why.USED_VAT_CODE, Confidence.LIKELY)
    assert (low.reason.params["count"], low.reason.params["of"]) == (9, 9)
    assert "1B" in [other.code for other in low.alternatives]


def test_invoices_that_may_not_be_read_count_as_none(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("403:scope", "GET", "*SalesInvoices*", times=9)
    assert proposed(acme).connection["journal"] == "71"


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


def test_orders_of_the_last_days_count_and_older_ones_only_without_them(acme: Acme) -> None:
    store = acme.sandbox.stores.store(STORE)
    number = acme.order_of_kind("OSS France")
    store.change(number, date_created=store.now().strftime("%a, %d %b %Y %H:%M:%S +0000"))
    lands = [rule["when"].get("country") for rule in proposed(acme).connection["vat"]]
    assert ["FR"] in lands
    assert ["DE"] not in lands
    assert ["DE"] in [rule["when"].get("country") for rule in proposed_without(acme, number).connection["vat"]]


def proposed_without(acme: Acme, number: int) -> Proposed:
    del acme.sandbox.stores.store(STORE).orders[number]
    return proposed(acme)


def test_a_division_without_a_sales_journal_is_refused(acme: Acme) -> None:
    MasterData.objects.filter(kind="journal").update(data={"type": 90})
    with pytest.raises(Refused, match="no sales journal"):
        proposed(acme)
