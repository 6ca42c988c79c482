"""Sales entries through the Exact client, against scripted answers."""

import json
from datetime import date
from decimal import Decimal as D

import pytest

from connector.clients import errors
from connector.clients.exact.bodies import EntryIn, EntryLineIn
from tests.clients.exact.test_client import ID, OTHER, ROOT, changed, client_of, stored
from tests.clients.scripted import Script, reply, sample

LINE = EntryLineIn(net=D("105.00"), vat_amount=D("22.05"), gl_account=OTHER, vat_code="4", quantity=D(3))
ENTRY = EntryIn(customer=OTHER, journal="70", your_ref="SHOP-1042", entry_date=date(2026, 3, 2), lines=(LINE,))


def test_an_entry_is_booked_with_its_day_and_its_vat() -> None:
    script = Script(stored("entry_created", 201))
    entry = client_of(script).create_entry(ENTRY)
    assert (entry.id, entry.number, entry.is_final, entry.dated) == (ID, "26700001", True, date(2026, 3, 2))
    assert (entry.amount_fc, entry.vat_amount, entry.amount_excl) == (D("127.05"), D("22.05"), D("105"))
    (request,) = script.sent
    assert (request.method, request.full_url) == ("POST", f"{ROOT}salesentry/SalesEntries")
    assert json.loads(request.body() or b"", parse_float=D) == {
        "Customer": OTHER,
        "Journal": "70",
        "YourRef": "SHOP-1042",
        "EntryDate": "2026-03-02",
        "SalesEntryLines": [
            {"AmountFC": D("105.00"), "VATAmountFC": D("22.05"), "GLAccount": OTHER, "VATCode": "4", "Quantity": 3}
        ],
    }


@pytest.mark.parametrize("fields", [{"Division": 999}, {"YourRef": "SHOP-9"}, {"EntryID": None}])
def test_a_booked_entry_that_is_not_ours_leaves_the_outcome_open(fields: dict[str, object]) -> None:
    with pytest.raises(errors.OutcomeUnknown):
        client_of(Script(changed("entry_created", **fields))).create_entry(ENTRY)


def booked(entry_id: str, reference: str = "SHOP-1042", entry_type: int = 20) -> dict[str, object]:
    return {"EntryID": entry_id, "YourRef": reference, "Type": entry_type, "Division": 123456}


def test_entries_are_found_by_their_transaction_lines_of_the_same_reference_and_type() -> None:
    rows = [booked(ID), booked(ID), booked(OTHER, entry_type=21), booked(OTHER, reference="SHOP-10421")]
    entry = sample("exact/entry_created.json")["d"]
    script = Script(reply({"d": {"results": rows}}), reply({"d": {"results": [entry]}}))
    assert [found.id for found in client_of(script).find_entries("shop-1042", 20)] == [ID]
    assert script.sent[0].url == f"{ROOT}financialtransaction/TransactionLines"
    assert script.sent[1].params["$filter"] == f"EntryID eq guid'{ID}'"


def test_without_transaction_lines_there_is_no_entry_and_no_second_call() -> None:
    script = Script(reply({"d": {"results": []}}))
    assert client_of(script).find_entries("SHOP-1042", 20) == []
    assert len(script.sent) == 1


def test_an_entry_that_the_books_name_and_that_is_not_shown_may_only_be_late() -> None:
    script = Script(reply({"d": {"results": [booked(ID)]}}), reply({"d": {"results": []}}))
    with pytest.raises(errors.Unavailable, match="does not show yet"):
        client_of(script).find_entries("SHOP-1042", 20)


def test_another_entry_than_the_one_asked_for_is_refused() -> None:
    with pytest.raises(errors.UnexpectedResponse):
        client_of(Script(changed("entry_created", EntryID=OTHER))).read_entry(ID)


def test_an_entry_that_is_gone_costs_no_error() -> None:
    script = Script(reply({"d": {"results": []}}))
    assert client_of(script).read_entry(ID) is None
    assert script.sent[0].params["$filter"] == f"EntryID eq guid'{ID}'"


def test_a_line_of_another_entry_is_refused() -> None:
    row = {"ID": OTHER, "EntryID": OTHER, "LineNumber": 1, "AmountFC": 1.0, "VATAmountFC": 0.0, "Division": 123456}
    with pytest.raises(errors.UnexpectedResponse, match="another document"):
        client_of(Script(reply({"d": {"results": [row]}}))).entry_lines(ID)
