"""Invoices: VAT arithmetic, printing, changing."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from connector.sandbox.exact.service import FakeExact
from tests.sandbox.exact.client import INVOICES, PRINTED, Api


@pytest.fixture
def api() -> Iterator[Api]:
    with FakeExact.seed() as exact:
        yield Api(exact)


def totals(answer: dict[str, Any]) -> tuple[float, float, float]:
    return answer["AmountFCExclVat"], answer["VATAmountFC"], answer["AmountFC"]


@pytest.mark.parametrize(
    ("division", "lines", "expected"),
    [
        (100001, [{"NetPrice": "12.10", "VATCode": "2", "Quantity": 2}], (20.0, 4.2, 24.2)),
        (100001, [{"NetPrice": 10, "VATCode": "4", "Quantity": 3}], (30.0, 6.3, 36.3)),
        (100001, [{"NetPrice": 9.99, "VATCode": "2"}, {"NetPrice": 5.49, "VATCode": "1"}], (13.3, 2.18, 15.48)),
        (100001, [{"NetPrice": 100, "VATCode": "6"}], (100.0, 0.0, 100.0)),
        (100001, [{"NetPrice": 100, "VATCode": "0"}], (100.0, 0.0, 100.0)),
        (100001, [{"NetPrice": 1}], (1.0, 0.0, 1.0)),
        (100001, [{"NetPrice": 19.99, "VATCode": "D1"}], (16.8, 3.19, 19.99)),
        (100001, [{"NetPrice": "1.2345", "VATCode": "4", "Quantity": 7}], (8.64, 1.81, 10.45)),
        (100001, [{"NetPrice": 10, "VATCode": "2", "Quantity": -1}], (-8.26, -1.74, -10.0)),
        (200002, [{"NetPrice": 10, "VATCode": "5E"}], (10.0, 0.55, 10.55)),
        (300003, [{"NetPrice": 50, "VATCode": "1E"}], (50.0, 0.5, 50.5)),
    ],
)
def test_vat(api: Api, division: int, lines: list[dict[str, Any]], expected: tuple[float, float, float]) -> None:
    there = Api(api.exact, division)
    answer = there.post(INVOICES, there.invoice(*lines))
    assert answer.status == 201, answer.body
    assert totals(answer.json["d"]) == expected


def test_vat_is_rounded_per_line_or_per_code(api: Api) -> None:
    lines = [{"NetPrice": "0.12", "VATCode": "4"}] * 3
    assert totals(api.post(INVOICES, api.invoice(*lines)).json["d"]) == (0.36, 0.09, 0.45)
    api.exact.divisions[100001].vat_rounding = "code"
    assert totals(api.post(INVOICES, api.invoice(*lines)).json["d"]) == (0.36, 0.08, 0.44)


def test_a_vat_amount_that_is_sent_counts_within_five_cents(api: Api) -> None:
    line = {"NetPrice": 10, "VATCode": "4"}
    near = api.post(INVOICES, api.invoice({**line, "VATAmountFC": 2.12}))
    assert totals(near.json["d"]) == (10.0, 2.12, 12.12)
    assert api.post(INVOICES, api.invoice({**line, "VATAmountFC": 3})).error == "Ongeldig: BTW-bedrag"


def test_amounts_in_the_home_currency(api: Api) -> None:
    answer = api.post(INVOICES, api.invoice({"NetPrice": 100, "VATCode": "6"}, Currency="USD")).json["d"]
    assert (answer["AmountFC"], answer["AmountDC"]) == (100.0, 92.0)


def test_an_account_of_another_division_and_english_texts(api: Api) -> None:
    api.exact.set(language="en")
    account = api.exact.id_of(200002, "crm/Accounts", "0000001")
    answer = api.post(INVOICES, api.invoice({"NetPrice": 1}, OrderedBy=account))
    assert answer.status == 500
    assert "Invalid reference: Ordered by" in answer.error.split("\r\n")


def test_read_only_properties_are_ignored_and_noted(api: Api) -> None:
    assert api.post(INVOICES, api.invoice({"NetPrice": 1}, Status=50, AmountFC=7)).json["d"]["Status"] == 20
    assert api.exact.ignored == ["salesinvoice/SalesInvoices Status", "salesinvoice/SalesInvoices AmountFC"]


def test_without_prefer_the_answer_is_mostly_null(api: Api) -> None:
    answer = api.write("POST", INVOICES, api.invoice({"NetPrice": 1})).json["d"]
    assert answer["InvoiceID"]
    assert answer["AmountFC"] is None
    assert "__deferred" in answer["SalesInvoiceLines"]


def test_find_by_reference_and_expand(api: Api) -> None:
    api.post(INVOICES, api.invoice({"NetPrice": 12.1, "VATCode": "2"}, YourRef="SHOP-7"))
    fields = "YourRef,SalesInvoiceLines/VATCode,SalesInvoiceLines/AmountFC"
    found = api.get(INVOICES, filter="YourRef eq 'shop-7'", select=fields, expand="SalesInvoiceLines").rows
    (line,) = found[0]["SalesInvoiceLines"]["results"]
    assert (found[0]["YourRef"], line["VATCode"], line["AmountFC"]) == ("SHOP-7", "2  ", 10.0)
    deferred = api.get(INVOICES).rows[0]["SalesInvoiceLines"]["__deferred"]["uri"]
    assert api.get(deferred.removeprefix(api.base + "/")).rows[0]["AmountFC"] == 10.0


def test_printing(api: Api) -> None:
    layout = api.get("salesinvoice/Layouts", filter="Subject eq 'Webshop'").rows[0]["ID"]
    mail = api.get("salesinvoice/Layouts", filter="Type eq 2").rows[0]["ID"]
    made = api.post(INVOICES, api.invoice({"NetPrice": 1, "VATCode": "2"}, PaymentCondition="30")).json["d"]
    assert made["InvoiceNumber"] % 10000 == 1
    invoice = made["InvoiceID"]

    wrong = api.post(PRINTED, {"InvoiceID": invoice, "DocumentLayout": mail})
    assert (wrong.status, wrong.error) == (500, "Ongeldige referentie: Lay-out")
    printed = api.post(PRINTED, {"InvoiceID": invoice, "DocumentLayout": layout, "InvoiceDate": "2026-11-20"}).json["d"]
    assert printed["Document"]
    assert printed["DocumentCreationSuccess"]

    again = api.post(PRINTED, {"InvoiceID": invoice, "DocumentLayout": layout})
    assert (again.status, again.error) == (400, "Reeds verwerkt")
    read = api.get(f"{INVOICES}(guid'{invoice}')").json["d"]
    assert (read["Status"], read["InvoiceDate"]) == (50, "/Date(1795132800000)/")
    assert api.write("DELETE", f"{INVOICES}(guid'{invoice}')").error == "Reeds verwerkt"
    assert api.write("PUT", f"{INVOICES}(guid'{invoice}')", {"Description": "x"}).error == "Reeds verwerkt"


def test_journal_71_numbers_at_printing(api: Api) -> None:
    made = api.post(INVOICES, api.invoice({"NetPrice": 1}, Journal="71")).json["d"]
    assert made["InvoiceNumber"] is None
    api.post(PRINTED, {"InvoiceID": made["InvoiceID"]})
    assert str(api.exact.invoices(100001)[0]["InvoiceNumber"])[2:] == "710001"


def test_no_fiscal_year(api: Api) -> None:
    made = api.post(INVOICES, api.invoice({"NetPrice": 1})).json["d"]
    api.exact.divisions[100001].fiscal_years = {2026}
    answer = api.post(PRINTED, {"InvoiceID": made["InvoiceID"], "InvoiceDate": "2031-01-01"})
    assert answer.error == "Verplicht: Boekjaar"


def test_an_open_invoice_is_changed_and_deleted(api: Api) -> None:
    made = api.post(INVOICES, api.invoice({"NetPrice": 1, "VATCode": "2"})).json["d"]
    at = f"{INVOICES}(guid'{made['InvoiceID']}')"
    assert api.write("PUT", at, {"Description": "new"}).status == 204
    lines = api.invoice({"NetPrice": 10, "VATCode": "4"})["SalesInvoiceLines"]
    assert api.write("PUT", at, {"SalesInvoiceLines": lines}).status == 204
    (invoice,) = api.exact.invoices(100001)
    assert (invoice["Description"], invoice["AmountFC"]) == ("new", Decimal("12.10"))
    assert len(invoice["SalesInvoiceLines"]) == 1
    assert api.write("DELETE", at).status == 204
    assert api.get(at).status == 404
    assert api.exact.invoices(100001) == []


def test_a_credit_note_has_the_sign_on_its_quantity(api: Api) -> None:
    note = api.post(INVOICES, api.invoice({"NetPrice": "12.10", "VATCode": "2", "Quantity": -2}, Type=8021))
    assert totals(note.json["d"]) == (-20.0, -4.2, -24.2)
    assert note.json["d"]["TypeDescription"] == "Verkoopcreditnota"
    refused = api.post(INVOICES, api.invoice({"NetPrice": "-12.10", "VATCode": "2", "Quantity": 2}, Type=8021))
    assert refused.error == "Ongeldig: Nettoprijs"
    api.exact.set(refuse_negative_prices=False)
    taken = api.post(INVOICES, api.invoice({"NetPrice": "-12.10", "VATCode": "2", "Quantity": 2}, Type=8021))
    assert totals(taken.json["d"]) == (-20.0, -4.2, -24.2)


def test_another_exact_may_turn_the_sign_of_credit_notes_itself(api: Api) -> None:
    api.exact.set(negate_credit_notes=True)
    note = api.post(INVOICES, api.invoice({"NetPrice": "12.10", "VATCode": "2", "Quantity": 2}, Type=8021))
    assert totals(note.json["d"]) == (-20.0, -4.2, -24.2)
