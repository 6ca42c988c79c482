"""Exact's records, as they are read."""

from decimal import Decimal

import pytest

from connector.clients.exact import records, wire
from connector.clients.strict_json import Unreadable
from tests.clients.exact.test_client import ID, OTHER, client_of
from tests.clients.exact.test_wire import load
from tests.clients.scripted import Script, reply, sample


def test_an_invoice_is_read() -> None:
    invoice = records.read_invoice(wire.read_one(load("invoice_created")))
    assert (invoice.id, invoice.number, invoice.status, invoice.type) == (ID, "", 20, 8020)
    assert invoice.amount_fc == Decimal("127.05")
    assert (invoice.amount_excl, invoice.vat_amount) == (Decimal(105), Decimal("22.05"))
    assert (invoice.your_ref, invoice.currency) == ("SHOP-1042", "EUR")


def test_an_entry_comes_with_its_lines_or_they_are_read_alone() -> None:
    line = {"EntryID": ID, "VATCode": "2  ", "GLAccount": OTHER, "AmountFC": 105, "VATAmountFC": 22.05}
    entry = {**sample("exact/entry_created.json")["d"], "SalesEntryLines": {"results": [line]}}
    script = Script(reply({"d": {"results": [entry]}}))
    (found,) = client_of(script).entries_of([ID])
    assert [(each.vat_code, each.net, each.vat) for each in found.lines] == [("2", Decimal("105"), Decimal("22.05"))]
    assert "SalesEntryLines/VATCode" in script.sent[0].params["$select"]
    half = {**entry, "SalesEntryLines": {"results": [line | {"VATAmountFC": 22}]}}
    script = Script(reply({"d": {"results": [half]}}), reply({"d": {"results": [line, line]}}))
    (found,) = client_of(script).entries_of([ID])
    assert len(found.lines) == 2


def test_a_record_without_its_id_is_unreadable() -> None:
    for read in (records.read_invoice, records.read_account, records.read_me, records.read_division):
        with pytest.raises(Unreadable, match="missing"):
            read({})
