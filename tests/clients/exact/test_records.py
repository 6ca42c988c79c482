"""Exact's records, as they are read."""

from decimal import Decimal

import pytest

from connector.clients.exact import records, wire
from connector.clients.strict_json import Unreadable
from tests.clients.exact.test_client import ID
from tests.clients.exact.test_wire import load


def test_an_invoice_is_read() -> None:
    invoice = records.read_invoice(wire.read_one(load("invoice_created")))
    assert (invoice.id, invoice.number, invoice.status, invoice.type) == (ID, "", 20, 8020)
    assert invoice.amount_fc == Decimal("127.05")
    assert (invoice.amount_excl, invoice.vat_amount) == (Decimal(105), Decimal("22.05"))
    assert (invoice.your_ref, invoice.currency) == ("SHOP-1042", "EUR")


def test_a_record_without_its_id_is_unreadable() -> None:
    for read in (records.read_invoice, records.read_account, records.read_me, records.read_division):
        with pytest.raises(Unreadable, match="missing"):
            read({})
