"""What an invoice is refused for, and with which text. Nothing is stored then."""

from collections.abc import Iterator
from typing import Any

import pytest

from connector.sandbox.exact.service import FakeExact
from tests.sandbox.exact.client import INVOICES, Api

NOBODY = "00000000-0000-0000-0000-000000000001"


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with FakeExact.seed() as exact:
        yield Api(exact)


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"OrderedBy": None}, 400, "Verplicht: Factuur voor\r\nVerplicht: Besteld door"),
        ({"Journal": None}, 400, "Verplicht: Dagboek"),
        ({"Journal": "999"}, 500, "Ongeldige referentie: Journals"),
        ({"Journal": "90"}, 400, "Ongeldig: Dagboek (Soort)."),
        ({"InvoiceTo": NOBODY}, 500, "Ongeldige referentie: Factuur voor"),
        ({"DeliverTo": NOBODY}, 500, "Ongeldige referentie: Leveren aan"),
        ({"DeliverToAddress": NOBODY}, 500, "Ongeldige referentie: Afleveradres"),
        ({"PaymentCondition": "ZZ"}, 500, "Ongeldige referentie: Betalingsconditie"),
        ({"Currency": "XXX"}, 500, "Ongeldige referentie: Valuta"),
        ({"YourRef": "x" * 31}, 400, "Ongeldig: Uw ref. (Maximale lengte: 30)"),
        ({"SalesInvoiceLines": []}, 400, "Verplicht: Factuurregels"),
        (
            {"SalesInvoiceLines": {"Item": NOBODY}},
            400,
            "Error processing request stream. The request should be a valid top-level resource object.",
        ),
        (
            {"OrderedBy": "guid'00000000-0000-0000-0000-000000000001'"},
            400,
            "Error encountered in converting the value from request payload for property 'OrderedBy' to type 'Guid'",
        ),
        (
            {"Yourref": "x"},
            400,
            "Error processing request stream. The property name 'Yourref' specified for type "
            "'Exact.Web.Api.Models.SalesInvoice.SalesInvoice' is not valid.",
        ),
        ({"Description": 5}, 400, "Error encountered in converting the value"),
        ({"OrderDate": "23-11-2026"}, 400, "Error encountered in converting the value"),
    ],
)
def test_refused_header(api: Api, change: dict[str, Any], status: int, text: str) -> None:
    answer = api.post(INVOICES, api.invoice({"NetPrice": 1, "VATCode": "2"}) | change)
    assert answer.status == status
    assert answer.error.startswith(text)
    assert api.exact.invoices(100001) == []


@pytest.mark.parametrize(
    ("line", "status", "text"),
    [
        ({"Item": NOBODY}, 500, "Ongeldige referentie: Artikel"),
        ({"Item": None}, 400, "Verplicht: Artikel"),
        ({"Item": "RAW-01"}, 400, "Ongeldig: Artikel (Verkoopartikel)"),
        ({"Item": "OLD-01"}, 400, "Ongeldig: Artikel (Einddatum)"),
        ({"GLAccount": NOBODY}, 500, "Ongeldige referentie: Grootboekrekening"),
        ({"GLAccount": "8900"}, 400, "Verplicht: Kostenplaats"),
        ({"GLAccount": "1530", "CostCenter": "ONLINE"}, 400, "Ongeldig: Kostenplaats"),
        ({"CostCenter": "NOWHERE"}, 500, "Ongeldige referentie: Kostenplaats"),
        ({"CostUnit": "NOWHERE"}, 500, "Ongeldige referentie: Kostendrager"),
        ({"VATCode": "ZZ"}, 500, "Ongeldige referentie: BTW-code"),
        ({"VATCode": "X1"}, 400, "Ongeldig: BTW-code (Geblokkeerd)"),
        ({"VATCode": "P4"}, 400, "Ongeldig: BTW-code (Type)"),
        ({"Quantity": "many"}, 400, "Error encountered in converting the value"),
        ({"Colour": "red"}, 400, "Error processing request stream. The property name 'Colour'"),
    ],
)
def test_refused_line(api: Api, line: dict[str, Any], status: int, text: str) -> None:
    sent = {"NetPrice": 1, "VATCode": "2", **line}
    if line.get("Item") in ("RAW-01", "OLD-01"):
        sent["Item"] = api.item(line["Item"])
    if len(str(line.get("GLAccount", ""))) == 4:
        sent["GLAccount"] = api.exact.id_of(100001, "financial/GLAccounts", line["GLAccount"])
    answer = api.post(INVOICES, api.invoice(sent))
    assert (answer.status, answer.error[: len(text)]) == (status, text)


@pytest.mark.parametrize(
    ("code", "status", "text"),
    [
        ("0000005", 400, "Ongeldig: Factuur voor (Geblokkeerd)\r\nOngeldig: Besteld door (Geblokkeerd)"),
        ("0000006", 500, "Ongeldig: Factuur voor (Type)"),
        ("0000007", 500, "Ongeldig: Factuur voor (Type)"),
    ],
)
def test_an_account_that_is_no_customer_or_blocked(api: Api, code: str, status: int, text: str) -> None:
    account = api.exact.id_of(100001, "crm/Accounts", code)
    answer = api.post(INVOICES, api.invoice({"NetPrice": 1, "VATCode": "2"}, OrderedBy=account))
    assert answer.status == status
    assert answer.error.startswith(text)
