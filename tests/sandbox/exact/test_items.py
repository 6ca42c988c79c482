"""Items that are made and deleted, and what Exact refuses of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from connector.sandbox.exact.service import FakeExact
from tests.sandbox.exact.client import INVOICES, Api

ITEMS = "logistics/Items"
LONGEST = "X" * 30
NEW = {"Code": "NEW-1", "Description": "New", "IsSalesItem": True}


@pytest.fixture
def api() -> Iterator[Api]:
    with FakeExact() as exact:
        exact.add_division(100001, "Polderfiets BV", "NL")
        yield Api(exact)


def test_a_new_item_has_the_default_group_and_unit_and_the_accounts_of_the_group(api: Api) -> None:
    made = api.post(ITEMS, NEW).json["d"]
    assert (made["ItemGroupCode"], made["Unit"], made["GLRevenueCode"]) == ("GOODS", "pc", "8000")
    assert (made["IsSalesItem"], made["IsStockItem"]) == (True, False)
    assert [row["ID"] for row in api.get(ITEMS, filter="Code eq 'new-1'").rows] == [made["ID"]]
    assert api.post(INVOICES, api.invoice({"NetPrice": 1, "Item": made["ID"]})).status == 201


def test_a_new_item_can_name_its_group_and_unit(api: Api) -> None:
    group = api.exact.id_of(100001, "logistics/ItemGroups", "BOOKS")
    made = api.post(ITEMS, {**NEW, "ItemGroup": group, "Unit": "box", "SalesVatCode": "4"}).json["d"]
    assert (made["ItemGroupCode"], made["Unit"], made["GLRevenueCode"], made["SalesVatCode"]) == (
        "BOOKS",
        "box",
        "8010",
        "4",
    )


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"Code": None}, 400, "Verplicht: Code"),
        ({"Code": "  "}, 400, "Verplicht: Code"),
        ({"Description": None}, 400, "Verplicht: Omschrijving"),
        ({"Code": f"{LONGEST}X"}, 400, "Ongeldig: Code (Maximale lengte: 30)"),
        ({"Description": "x" * 61}, 400, "Ongeldig: Omschrijving (Maximale lengte: 60)"),
        ({"Code": "mug-01"}, 500, "Gegeven bestaat reeds."),
        ({"Unit": "barrel"}, 500, "Ongeldige referentie: Eenheid"),
        ({"Unit": "gros"}, 400, "Ongeldig: Eenheid"),
        ({"ItemGroup": "3c9a2f0e-8f64-4a55-9c0e-2f1b6d7a4e01"}, 500, "Ongeldige referentie: Artikelgroep"),
        ({"SalesVatCode": "ZZ"}, 500, "Ongeldige referentie: BTW-code"),
    ],
)
def test_refused_item(api: Api, changes: dict[str, Any], status: int, text: str) -> None:
    answer = api.post(ITEMS, {**NEW, **changes})
    assert (answer.status, answer.error) == (status, text)
    assert api.get(ITEMS, filter="Code eq 'NEW-1'").rows == []


def test_a_code_may_have_thirty_characters_of_any_script(api: Api) -> None:
    for code in (LONGEST, "'0123", "قميص أزرق"):
        assert api.post(ITEMS, {**NEW, "Code": code}).json["d"]["Code"] == code
    assert len(api.get(ITEMS, filter="Code eq '''0123'").rows) == 1


def test_an_item_goes_only_while_no_invoice_has_it(api: Api) -> None:
    made = api.post(ITEMS, NEW).json["d"]["ID"]
    invoice = api.post(INVOICES, api.invoice({"NetPrice": 1, "Item": made})).json["d"]["InvoiceID"]
    refused = api.write("DELETE", f"{ITEMS}(guid'{made}')")
    assert (refused.status, refused.error) == (500, "Kan niet verwijderen: Artikel - Gebruikt in: Facturen")
    assert api.write("DELETE", f"{INVOICES}(guid'{invoice}')").status == 204
    assert api.write("DELETE", f"{ITEMS}(guid'{made}')").status == 204


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ({"IsSalesItem": False, "IsPurchaseItem": True}, "Ongeldig: Artikel (Verkoopartikel)"),
        ({"Blocked": True}, "Ongeldig: Artikel (Geblokkeerd)"),
    ],
)
def test_an_item_that_is_blocked_or_only_bought_is_on_no_invoice(api: Api, made: dict[str, Any], text: str) -> None:
    item = api.post(ITEMS, NEW).json["d"]["ID"]
    api.exact.change(100001, ITEMS, item, **made)
    answer = api.post(INVOICES, api.invoice({"NetPrice": 1, "Item": item}))
    assert (answer.status, answer.error) == (400, text)
