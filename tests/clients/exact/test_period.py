"""A period's documents: sixty a call, with the VAT of their lines."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.clients.exact.period import (
    SALES_ENTRIES,
    SALES_INVOICES,
    CodeSum,
    changed,
    dated,
    entries_changed,
    made_since,
    page_of,
    with_ids,
)
from connector.clients.wording import BadValue
from tests.clients.exact.test_client import ID, OTHER, client_of
from tests.clients.scripted import Script, reply

LINES = {
    "results": [
        {"VATCode": "2  ", "AmountFC": 10, "VATAmountFC": 2.1},
        {"VATCode": "2  ", "AmountFC": 5.5, "VATAmountFC": 1.16},
        {"VATCode": "4  ", "AmountFC": 10, "VATAmountFC": 0.9},
    ]
}
NAIVE = datetime.fromisoformat("2026-03-02T00:00:00.500000")
INVOICE: dict[str, Any] = {
    "InvoiceID": ID,
    "InvoiceNumber": 26700001,
    "InvoiceDate": "/Date(1772409600000)/",
    "OrderedBy": OTHER.upper(),
    "InvoiceTo": ID.upper(),
    "Type": 8020,
    "Status": 50,
    "YourRef": " SHOP-1001 ",
    "Currency": "EUR",
    "AmountFC": 29.66,
    "AmountFCExclVat": 25.5,
    "VATAmountFC": 4.16,
    "Modified": "/Date(1772438400500)/",
    "Division": 123456,
    "SalesInvoiceLines": LINES,
}


def answer(*rows: dict[str, Any]) -> Any:
    return reply({"d": {"results": list(rows)}})


def test_an_invoice_is_read_with_what_its_lines_come_to_by_code() -> None:
    script = Script(answer(INVOICE))
    (found,), link = page_of(client_of(script), SALES_INVOICES, "x", "")
    assert (link, found.id, found.number, found.your_ref) == ("", ID, "26700001", "SHOP-1001")
    assert (found.account, found.invoice_to, found.is_entry) == (OTHER, ID, False)
    assert (found.gross, found.net, found.vat) == (Decimal("29.66"), Decimal("25.5"), Decimal("4.16"))
    assert found.codes == (
        CodeSum("2", Decimal("15.5"), Decimal("3.26")),
        CodeSum("4", Decimal(10), Decimal("0.9")),
    )
    assert found.complete
    assert (found.dated, found.modified) == (date(2026, 3, 2), NAIVE.replace(hour=8))


def test_what_its_lines_come_to_by_gl_account_and_by_cost_centre() -> None:
    first, *others = LINES["results"]
    lines = [first | {"GLAccount": OTHER.upper(), "CostCenter": "WEB "}, *(each | {"GLAccount": ID} for each in others)]
    script = Script(answer(INVOICE | {"SalesInvoiceLines": {"results": lines}, "PaymentCondition": "30"}))
    (found,), _link = page_of(client_of(script), SALES_INVOICES, "x", "")
    assert {each.code: each.net for each in found.gl_accounts} == {OTHER: Decimal(10), ID: Decimal("15.5")}
    assert {each.code: each.net for each in found.cost_centers} == {"WEB": Decimal(10), "": Decimal("15.5")}
    assert found.payment_condition == "30"


@pytest.mark.parametrize("change", [{"AmountFCExclVat": 25.51}, {"VATAmountFC": 4.17}, {"SalesInvoiceLines": None}])
def test_lines_that_do_not_come_to_the_header_are_not_complete(change: dict[str, Any]) -> None:
    (found,), _link = page_of(client_of(Script(answer(INVOICE | change))), SALES_INVOICES, "x", "")
    assert not found.complete


def test_invoices_are_asked_for_by_date_and_reference_and_entries_by_date() -> None:
    days = "Date ge datetime'2026-03-01T00:00:00' and %sDate lt datetime'2026-04-01T00:00:00'"
    since, until = date(2026, 3, 1), date(2026, 4, 1)
    ours = "and startswith(YourRef,'SHOP-') eq true"
    invoice = f"Invoice{days % 'Invoice'}"
    assert dated(SALES_INVOICES, since, until, "SHOP-") == f"{invoice} {ours}"
    assert dated(SALES_INVOICES, since, until, "SHOP-", undated=True) == f"({invoice} or InvoiceDate eq null) {ours}"
    for undated in (False, True):
        assert dated(SALES_ENTRIES, since, until, "SHOP-", undated=undated) == f"Entry{days % 'Entry'}"


def test_what_was_changed_is_asked_for_by_a_time_of_exacts_own() -> None:
    since = NAIVE.replace(hour=9)
    where = "Modified gt datetime'2026-03-02T09:00:00.500' and startswith(YourRef,'SHOP-') eq true"
    assert changed(since, "SHOP-") == where
    assert changed(since) == "Modified gt datetime'2026-03-02T09:00:00.500'"
    lines = [{"EntryID": ID, "YourRef": "SHOP-1"}, {"EntryID": ID, "YourRef": "SHOP-1"}, {"EntryID": OTHER}]
    script = Script(answer(*lines))
    assert entries_changed(client_of(script), since, "SHOP-") == {ID: "SHOP-1", OTHER: ""}
    assert script.sent[0].params["$filter"] == where
    for most, found in ((3, {ID: "SHOP-1", OTHER: ""}), (2, None)):
        script = Script(answer(*lines))
        assert entries_changed(client_of(script), since, most=most) == found
        assert script.sent[0].params["$filter"] == f"{changed(since)} and Type eq 20"


def test_an_entry_is_read_by_its_own_names() -> None:
    row = {
        **{"EntryID": ID, "EntryNumber": 7, "EntryDate": "2026-03-02T00:00:00", "Customer": OTHER, "Type": 20},
        **{"Status": 20, "AmountFC": 12.1, "VATAmountFC": 2.1, "Division": 123456},
        "SalesEntryLines": {"results": [{"VATCode": "2", "AmountFC": 10, "VATAmountFC": 2.1}]},
    }
    script = Script(answer(row))
    (found,) = with_ids(client_of(script), SALES_ENTRIES, [ID])
    assert (found.number, found.net, found.dated, found.account) == ("7", Decimal(10), date(2026, 3, 2), OTHER)
    assert (found.complete, found.is_entry) == (True, True)
    assert script.sent[0].params["$filter"] == f"EntryID eq guid'{ID}'"


def test_at_most_twenty_are_asked_for_by_id() -> None:
    client = client_of(Script())
    assert with_ids(client, SALES_INVOICES, []) == []
    with pytest.raises(BadValue):
        with_ids(client, SALES_INVOICES, [ID] * 21)


def test_invoices_are_asked_for_by_the_day_on_which_they_were_made_and_entries_by_their_date() -> None:
    assert made_since(SALES_INVOICES, date(2026, 3, 1)) == "Created ge datetime'2026-03-01T00:00:00'"
    assert made_since(SALES_ENTRIES, date(2026, 3, 1)) == "EntryDate ge datetime'2026-03-01T00:00:00'"
