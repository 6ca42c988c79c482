"""Exact's refusals with status 500, in the words of its own screens: held with the text, and who puts it right."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from connector.admin.documents.explanation import explanation_of
from connector.domain.document.codes import Code
from tests.acme import Acme
from tests.cases.scene import place
from tests.cases.shop import basket
from tests.flow.entries import with_entries

ORDER = 1901


@dataclass(frozen=True)
class Refused:
    """What Exact says to a call, and the page that puts it right. `says` is in the explanation."""

    call: str
    text: str
    code: Code
    where: str
    says: str


REFUSALS: Mapping[str, Refused] = {
    "vat_code": Refused(
        "salesinvoice/SalesInvoices", "Niet toegestaan: Btw-code", Code.REFUSED, "vat_rules", "VAT code"
    ),
    "number": Refused(
        "salesinvoice/SalesInvoices", "In gebruik: Boekstuknummer", Code.REFUSED, "exact", "already uses"
    ),
    "period": Refused(
        "salesinvoice/PrintedSalesInvoices",
        "Periode is afgesloten: 2026 - 11",
        Code.PERIOD_REFUSED,
        "exact",
        "period",
    ),
    "unbalanced": Refused(
        "salesentry/SalesEntries",
        "De boeking is niet in evenwicht op: 2026 / 11 (Type: Verkoopboeking) - Verschil: EUR -0,01",
        Code.REFUSED,
        "connection",
        "balance",
    ),
    "too_long": Refused(
        "crm/Accounts", "Te lang: Naam (maximaal 50 tekens)", Code.ACCOUNT_REFUSED, "bigcommerce", "longer than"
    ),
    "country": Refused("crm/Addresses", "Niet toegestaan: Land", Code.ADDRESS_REFUSED, "bigcommerce", "country"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_exact_500_texts(acme: Acme, kind: str) -> None:
    case = REFUSALS[kind]
    if case.call.startswith("salesentry"):
        with_entries(acme)
    acme.sandbox.exact.faults.add(f"500:{case.text}", "POST", f"*{case.call}", times=-1)
    place(acme, {ORDER: basket()})
    for _ in range(4):
        acme.make_due()
        acme.drain()
    held = acme.document(ORDER)
    assert (held.state, held.code) == ("blocked", case.code), held.message
    assert held.reason == {"crm": "customer"}.get(case.call[:3], "period" if kind == "period" else "rejected")
    assert case.text in held.message
    explained = explanation_of(held)
    assert explained.where == case.where
    assert case.says in str(explained.what_happened)
    assert acme.sandbox.exact.calls.count("POST", f"*{case.call}") <= 2
