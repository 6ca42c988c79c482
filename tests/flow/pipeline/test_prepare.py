"""A draft is kept with the version of the rules that translated it, so that a page can link the one to the other."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.flow.actions.documents import re_post
from connector.flow.clock import database_now
from connector.flow.setup import rule_versions
from connector.models import Connection, OrderSync
from connector.sandbox.bigcommerce.state import Store
from tests.acme import Acme
from tests.factories import ConnectionFactory, OrderSyncFactory
from tests.flow.by_hand import WHY, again, post

ORDER = 1001


def next_version(acme: Acme, **changed: Any) -> None:
    """Save version 2 of the rules: as version 1, but for what changed and a rule that no order of these tests meets."""
    filed = rule_versions.as_filed(rule_versions.in_force(acme.connection))
    vat = [*filed["vat"], {"when": {"country": "IS"}, "code": "6"}]
    rules = {**filed, "vat": vat, **changed}
    assert rule_versions.save_version(acme.connection, rules, author=None, note="") is not None


def assert_of_version(document: OrderSync, number: int) -> None:
    """Assert that the document and each line of its draft are of that version."""
    assert document.rules is not None
    assert document.draft is not None
    assert document.rules.number == number
    assert {line["rule"].partition(", ")[2] for line in document.draft["lines"]} == {f"version {number}"}


@pytest.fixture
def shown(acme: Acme) -> OrderSync:
    """An order that is translated and not posted."""
    Connection.objects.update(mode="shadow")
    document = post(acme, ORDER)
    assert_of_version(document, 1)
    return document


def test_the_draft_of_an_order_moves_to_a_version_with_its_document(acme: Acme, shown: OrderSync) -> None:
    next_version(acme)
    re_post(shown, None, WHY)
    assert_of_version(acme.document(ORDER), 1)
    acme.drain()
    assert_of_version(acme.document(ORDER), 2)


def test_a_translation_with_problems_leaves_no_draft_of_another_version(acme: Acme, shown: OrderSync) -> None:
    next_version(acme, rules=[])
    document = again(acme, shown)
    assert document.state == "blocked"
    assert document.rules is not None
    assert (document.rules.number, document.draft) == (2, None)


def test_a_credit_note_is_of_its_invoices_version(acme: Acme, shop: Store) -> None:
    post(acme, ORDER)
    next_version(acme)
    line = shop.orders[ORDER].products[0]
    shop.refund(ORDER, {line["id"]: 1}, reason="Broken")
    acme.ring(ORDER, "store/order/updated")
    acme.drain()
    (credit,) = acme.credits(ORDER)
    assert credit.state == "posted"
    assert_of_version(credit, 1)


def test_an_order_that_another_connection_of_the_store_has_posted_is_held(acme: Acme) -> None:
    elsewhere = ConnectionFactory.create(store=acme.store, mode="off")
    OrderSyncFactory.create(posted=True, connection=elsewhere, order_id=ORDER)
    document = post(acme, ORDER)
    assert (document.state, document.code) == ("blocked", Code.POSTED_TO_OTHER_DIVISION)
    assert acme.invoices() == []


def test_all_documents_of_an_order_have_its_day_in_the_stores_time_zone(acme: Acme, shop: Store) -> None:
    shop.orders[ORDER].order["date_created"] = "Sun, 31 Aug 2025 23:30:00 +0000"
    document = post(acme, ORDER)
    assert document.ordered_on == date(2025, 9, 1)
    assert OrderSync.credit_note_row(document, 5, Decimal(-1), due_at=database_now(), request="").ordered_on == date(
        2025, 9, 1
    )
    assert OrderSync.receipt_row(document, 5, due_at=database_now(), request="").ordered_on == date(2025, 9, 1)
