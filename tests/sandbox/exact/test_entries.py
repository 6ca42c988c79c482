"""Sales entries of the fake Exact: booked at once, with their transaction lines, and refused in Exact's own words."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from connector.sandbox.exact.service import FakeExact
from tests.sandbox.exact.client import Api

ENTRIES, LINES, BOOKED = (
    "salesentry/SalesEntries",
    "salesentry/SalesEntryLines",
    "financialtransaction/TransactionLines",
)


@pytest.fixture
def api() -> Iterator[Api]:
    with FakeExact.seed() as exact:
        yield Api(exact)


def line(api: Api, amount: object, **more: object) -> dict[str, Any]:
    account = api.exact.id_of(api.division, "financial/GLAccounts", "8000")
    return {"AmountFC": amount, "GLAccount": account, "CostCenter": "EU-WEST", **more}


def entry(api: Api, *lines: Mapping[str, Any], **header: object) -> dict[str, Any]:
    customer = api.exact.id_of(api.division, "crm/Accounts", "0000001")
    return {"Customer": customer, "Journal": "70", "YourRef": "SHOP-1001", "SalesEntryLines": list(lines), **header}


def test_amounts_are_without_vat_and_exact_computes_it_or_takes_what_is_sent(api: Api) -> None:
    lines = [line(api, 10, VATCode="4"), line(api, "8.26", VATCode="4", VATAmountFC="1.74"), line(api, 5, VATCode="0")]
    booked = api.post(ENTRIES, entry(api, *lines)).json["d"]
    assert (booked["AmountFC"], booked["VATAmountFC"], booked["Type"], booked["Status"]) == (27.1, 3.84, 20, 20)
    shown = api.get(LINES, filter=f"EntryID eq guid'{booked['EntryID']}'").rows
    shown = sorted(shown, key=lambda row: row["LineNumber"])
    assert [(row["AmountFC"], row["VATAmountFC"]) for row in shown] == [(10.0, 2.1), (8.26, 1.74), (5.0, 0.0)]


def test_negative_amounts_make_it_a_credit_note(api: Api) -> None:
    booked = api.post(ENTRIES, entry(api, line(api, -10, VATCode="4", VATAmountFC="-2.10"))).json["d"]
    assert (booked["AmountFC"], booked["VATAmountFC"], booked["Type"]) == (-12.1, -2.1, 21)


def test_it_is_found_by_its_transaction_lines_and_not_by_its_own_reference(api: Api) -> None:
    booked = api.post(ENTRIES, entry(api, line(api, 10, VATCode="4"))).json["d"]
    named = api.get(BOOKED, filter="YourRef eq 'SHOP-1001'").rows
    assert {row["EntryID"] for row in named} == {booked["EntryID"]}
    assert sorted(row["AmountFC"] for row in named) == [-10.0, 12.1]
    assert api.get(ENTRIES, filter="YourRef eq 'SHOP-1001'").status == 400
    (by_number,) = api.get(ENTRIES, filter=f"EntryNumber eq {booked['EntryNumber']}").rows
    assert by_number["EntryID"] == booked["EntryID"]


def test_it_is_final(api: Api) -> None:
    booked = api.post(ENTRIES, entry(api, line(api, 10, VATCode="4"))).json["d"]
    path = f"{ENTRIES}(guid'{booked['EntryID']}')"
    assert api.write("PUT", path, {"Description": "Other"}).status == 405
    assert api.write("DELETE", path).status == 405


@pytest.mark.parametrize(
    ("header", "lines", "text"),
    [
        ({"Customer": None}, [{}], "Verplicht: Klant"),
        ({"Journal": "25"}, [{}], "Ongeldig: Dagboek (Soort)."),
        ({}, [{"AmountFC": None}], "Verplicht: AmountFC"),
        ({}, [{"GLAccount": None}], "Verplicht: Grootboekrekening"),
        ({}, [{"VATCode": "nil"}], "Ongeldige referentie: BTW-code"),
        ({}, [], "Verplicht: SalesEntryLines"),
        ({"EntryDate": "2036-01-05"}, [{}], "Verplicht: Boekjaar"),
        ({"PaymentReference": "x" * 26}, [{}], "Betalingskenmerk"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_booked(
    api: Api, header: Mapping[str, object], lines: list[dict[str, object]], text: str
) -> None:
    answer = api.post(ENTRIES, entry(api, *(line(api, 10, **more) for more in lines), **header))
    assert answer.status in {400, 500}
    assert text in answer.error
    assert api.exact.entries(api.division) == []
    assert api.get(BOOKED, filter="YourRef eq 'SHOP-1001'").rows == []


def test_a_closed_period_books_nothing(api: Api) -> None:
    api.exact.divisions[api.division].closed_periods = {(2026, 1)}
    answer = api.post(ENTRIES, entry(api, line(api, 10), EntryDate="2026-01-05"))
    assert (answer.status, answer.error) == (400, "Ongeldig: Periode (Afgesloten)")
    assert api.exact.entries(api.division) == []


def test_a_lagging_read_shows_neither_the_entry_nor_its_lines(api: Api) -> None:
    api.exact.faults.add("read_lag", "POST", f"*{ENTRIES}", seconds=60)
    booked = api.post(ENTRIES, entry(api, line(api, 10, VATCode="4"))).json["d"]
    assert api.get(BOOKED, filter="YourRef eq 'SHOP-1001'").rows == []
    assert api.get(f"{ENTRIES}(guid'{booked['EntryID']}')").status == 404
    api.exact.advance(61)
    assert len(api.get(BOOKED, filter="YourRef eq 'SHOP-1001'").rows) == 2


def test_entries_show_their_lines_when_they_are_expanded(api: Api) -> None:
    for number in (1, 2):
        api.post(ENTRIES, entry(api, line(api, 10, VATCode="4"), line(api, number), YourRef=f"SHOP-{number}"))
    select = "YourRef,SalesEntryLines/AmountFC,SalesEntryLines/VATCode"
    rows = api.get(ENTRIES, select=select, expand="SalesEntryLines").rows
    shown = {row["YourRef"]: sorted(line["AmountFC"] for line in row["SalesEntryLines"]["results"]) for row in rows}
    assert shown == {"SHOP-1": [1.0, 10.0], "SHOP-2": [2.0, 10.0]}
