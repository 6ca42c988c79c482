"""An order that cannot be posted exactly is held with all reasons, and goes on when the cause is fixed."""

from typing import Any

import pytest

from connector.models import Connection, MasterData, RuleVersion
from connector.sandbox.catalogue import odd_orders
from tests.acme import Acme


def post(acme: Acme, order_id: int) -> None:
    acme.ring(order_id)
    acme.drain()


def change_file(acme: Acme, **changes: Any) -> None:
    """What an operator does: change the file and provision again."""
    acme.configure(**changes)


def test_every_missing_rule_is_reported_at_once(acme: Acme) -> None:
    change_file(acme, rules=[{"priority": 1, "when": {"line": "fee"}, "then": {"gl_account": "8200"}}])
    post(acme, acme.order_of_kind("gift wrapping"))
    document = acme.document(1033)
    assert (document.state, document.reason) == ("blocked", "mapping")
    assert len(document.message.splitlines()) >= 3
    assert acme.invoices() == []


def test_a_new_version_of_the_rules_sends_the_held_order_through(acme: Acme) -> None:
    test_every_missing_rule_is_reported_at_once(acme)
    change_file(acme)
    acme.drain()
    document = acme.document(1033)
    assert document.state == "posted"
    assert document.rules is not None
    assert document.rules.number == 3
    assert RuleVersion.objects.count() == 3


def test_an_item_that_is_nowhere_holds_the_order(acme: Acme) -> None:
    Connection.objects.update(item_strategy="sku")
    post(acme, acme.order_of_kind("product without SKU"))
    assert (acme.document(1038).state, acme.document(1038).reason) == ("blocked", "item")


def test_a_mandatory_cost_centre_that_no_rule_chooses_holds_the_order(acme: Acme) -> None:
    change_file(acme, rules=[{"priority": 1, "when": {}, "then": {"gl_account": "8900"}}])
    post(acme, 1001)
    assert acme.document(1001).reason == "mapping"
    assert acme.invoices() == []


def test_a_line_never_goes_without_a_vat_code(acme: Acme) -> None:
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    post(acme, 1001)
    assert (acme.document(1001).state, acme.document(1001).reason) == ("blocked", "mapping")
    assert acme.invoices() == []


def test_a_refusal_of_exact_is_held_and_never_repeated_by_itself(acme: Acme) -> None:
    acme.sandbox.exact.divisions[100001].fiscal_years = {1999}
    post(acme, 1001)
    document = acme.document(1001)
    assert document.state == "blocked"
    assert document.reason in {"rejected", "period"}
    calls = acme.exact_calls()
    acme.drain()
    assert acme.exact_calls() == calls


@pytest.mark.parametrize("record", odd_orders(), ids=lambda record: record.kind)
def test_odd_orders_are_skipped_or_held_and_never_posted(acme: Acme, record: Any) -> None:
    acme.sandbox.stores.store("nlshop1").place(record)
    post(acme, record.order_id)
    document = acme.document(record.order_id)
    assert document.state in {"skipped", "blocked"}
    assert document.message
    assert acme.invoices() == []
