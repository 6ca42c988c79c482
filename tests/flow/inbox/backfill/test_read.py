"""Both sides are read by pages, with few calls."""

import pytest

from connector.models import CustomerLink
from tests.acme import DIVISION, STORE, Acme
from tests.flow.inbox.backfill.hand import INVOICES, type_in
from tests.flow.inbox.backfill.scene import begin, turns

pytestmark = pytest.mark.django_db


def test_calls_stay_few(acme: Acme) -> None:
    for order_id in range(1001, 1005):
        type_in(acme, order_id, "number as reference")
    run, exact, store = begin(acme), acme.exact_calls(), acme.store_calls()
    turns(run)
    # A page of invoices, one of entries, one of accounts, and one for the documents that are adopted.
    assert acme.exact_calls() - exact == 4
    assert acme.store_calls() - store == 1 + 4


def test_an_order_that_cannot_be_read_comes_in_all_the_same(acme: Acme) -> None:
    acme.sandbox.stores.store(STORE).orders[1001].order["total_inc_tax"] = "odd"
    run = turns(begin(acme))
    assert (run.orders, run.queued) == (24, 24)
    row = run.rows.get(order_id=1001)
    assert (row.total, row.day, row.outcome) == (None, None, "queued")


def test_credit_notes_are_no_orders(acme: Acme) -> None:
    key = type_in(acme, 1001, "number as reference")
    acme.sandbox.exact.change(DIVISION, INVOICES, key, Type=8021)
    run = turns(begin(acme))
    assert (run.documents, run.adopted) == (0, 0)


def test_a_customer_whose_account_is_linked_is_alike_whatever_its_name(acme: Acme) -> None:
    key = type_in(acme, 1001, "alike")
    (typed,) = acme.invoices()
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", typed["OrderedBy"], Name="Somebody else", Email=None)
    CustomerLink.objects.create(
        store=acme.store,
        division=acme.connection.division,
        customer_key=str(acme.order(1001)["customer_id"]),
        search_code="X",
        account_id=typed["OrderedBy"],
    )
    run = turns(begin(acme))
    assert [(row.order_id, row.found[0][0]) for row in run.rows.filter(outcome="likely")] == [(1001, key)]
