"""A cause that was put right in Exact is tried again: what it names is read first, and one document goes ahead."""

import pytest

from connector.flow.actions.causes import same_cause, try_again
from connector.flow.actions.transaction import NotPossible
from connector.models import OrderSync
from connector.sandbox.exact.invoice_checks import ITEMS
from tenants.models import User
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import post


def held(acme: Acme, *orders: int) -> OrderSync:
    """These orders are held, because their item for shipping was not in Exact."""
    key = acme.sandbox.exact.id_of(DIVISION, ITEMS, "SHIP")
    row = acme.sandbox.exact.remove(DIVISION, ITEMS, key)
    for order in orders:
        acme.ring(order)
    acme.drain()
    acme.sandbox.exact.put_back(DIVISION, ITEMS, key, row)
    return acme.document(orders[0])


def test_it_takes_the_documents_of_the_cause_and_no_others(acme: Acme, ann: User) -> None:
    first = held(acme, 1001, 1003)
    OrderSync.objects.create(
        connection=acme.connection,
        division=acme.connection.division,
        order_id=1,
        state="blocked",
        reason="item",
        code="item_missing",
        params={"item": "PEN"},
        message="Another item.",
    )
    assert same_cause(first) == [acme.document(1001).pk, acme.document(1003).pk]
    run = try_again(first, ann)
    assert (run.total, run.actor, run.reason) == (2, ann, "Put right: Item SHIP is not in Exact")
    acme.drain()
    assert acme.document(1001).state == "posted"


def test_an_account_needs_no_master_data(acme: Acme) -> None:
    post(acme, 1003)
    key = next(row["ID"] for row in acme.sandbox.exact.accounts(DIVISION) if row["Email"] == "bram@shopper.example")
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", key, Blocked=True)
    document = post(acme, 1012)
    assert document.code == "account_blocked"
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", key, Blocked=False)
    calls = acme.exact_calls()
    try_again(document, None)
    assert acme.exact_calls() == calls
    acme.drain()
    assert acme.document(1012).state == "posted"


def test_a_document_that_went_on_meanwhile_is_not_sent_again(acme: Acme) -> None:
    document = post(acme, 1001)
    assert document.state == "posted"
    with pytest.raises(NotPossible):
        try_again(document, None)
