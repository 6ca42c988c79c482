"""Both fakes together: the demo's set-up fits the stores, the catalogue and the divisions' master data."""

import json
from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

import pytest

from connector.sandbox import Sandbox
from connector.sandbox.catalogue import SHOPS, OrderRecord
from connector.sandbox.demo_setup import DIVISIONS
from tests.sandbox.bigcommerce.client import call


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as both:
        yield both


@pytest.fixture(scope="module")
def provision(sandbox: Sandbox) -> dict[str, Any]:
    return sandbox.provision_file(password="correct horse")


def codes(sandbox: Sandbox, division: int, endpoint: str, field: str = "Code") -> set[str]:
    return {str(row[field]).strip() for row in sandbox.exact.divisions[division].table(endpoint).values()}


def test_both_answer_on_loopback(sandbox: Sandbox) -> None:
    for shop in SHOPS:
        answer = call(f"{sandbox.store_url}/stores/{shop.store_hash}/v2/store", token=shop.access_token)
        assert (answer.status, answer.json["id"]) == (200, shop.store_hash)
    assert call(f"{sandbox.exact_url}/api/v1/current/Me").status == 401
    assert sum(len(store.orders) for store in sandbox.stores.stores.values()) == len(sandbox.orders) >= 66


def test_the_set_up_is_json_and_names_every_part(sandbox: Sandbox, provision: dict[str, Any]) -> None:
    assert json.loads(json.dumps(provision)) == provision
    assert provision["tenant"]["slug"] == "demo"
    assert provision["users"] == [{"email": "owner@demo.example", "password": "correct horse", "role": "owner"}]
    (grant,) = provision["exact"]
    assert grant["divisions"] == sorted(sandbox.exact.divisions) == [100001, 200002, 300003]
    assert [store["prefix"] for store in provision["stores"]] == ["NLS", "NLT", "FRS", "LUX"]
    assert [(c["store"], c["division"]) for c in provision["connections"]] == list(DIVISIONS.items())
    again = sandbox.provision_file(password="x")["exact"][0]["refresh_token"]
    assert again != grant["refresh_token"]


def test_every_code_exists_in_its_division(sandbox: Sandbox, provision: dict[str, Any]) -> None:
    for connection in provision["connections"]:
        division = connection["division"]
        accounts = {rule["then"]["gl_account"] for rule in connection["rules"]}
        assert accounts | {connection["rounding"]["gl_account"]} <= codes(sandbox, division, "financial/GLAccounts")
        centres = {rule["then"].get("cost_center") for rule in connection["rules"]} - {None}
        assert centres <= codes(sandbox, division, "hrm/Costcenters")
        assert {rule["code"] for rule in connection["vat"]} <= codes(sandbox, division, "vat/VATCodes")
        conditions = {rule["code"] for rule in connection["payment_conditions"]}
        assert conditions <= codes(sandbox, division, "cashflow/PaymentConditions")
        items = {code for name, code in connection["items"].items() if name != "strategy"}
        assert items <= codes(sandbox, division, "logistics/Items")
        assert connection["journal"] in codes(sandbox, division, "financial/Journals")
        layouts = codes(sandbox, division, "salesinvoice/Layouts", "Subject")
        assert connection["invoice_template"] in layouts


def rates(record: OrderRecord) -> set[tuple[str, str, Decimal]]:
    """(kind of line, country, rate) of everything in an order, fees at the rate of their tax."""
    addresses = {row["id"]: row["country_iso2"] for row in record.shipping_addresses}
    fallback = next(iter(addresses.values()), record.order["billing_address"]["country_iso2"])
    table = {(row["line_item_type"], row["order_product_id"]): Decimal(row["rate"]) for row in record.taxes}
    found = set()
    for line in record.products:
        country = addresses.get(line["order_address_id"], fallback)
        if Decimal(line["discounted_total_inc_tax"]):
            found.add(("product", country, table.get(("item", line["id"]), Decimal(0))))
        if Decimal(line["wrapping_cost_inc_tax"]):
            found.add(("wrapping", country, table.get(("gift-wrapping", line["id"]), Decimal(0))))
    for row in record.shipping_addresses:
        if Decimal(row["cost_inc_tax"]):
            found.add(("shipping", row["country_iso2"], table.get(("shipping", None), Decimal(0))))
    return found


def by_rule(connection: dict[str, Any], kind: str, country: str, rate: Decimal, b2b: bool) -> str | None:
    for rule in connection["vat"]:
        when = rule["when"]
        if (
            country in when["country"]
            and Decimal(when["rate"]) == rate
            and when.get("line", kind) == kind
            and when.get("b2b", b2b) == b2b
        ):
            return str(rule["code"])
    return None


def fitting(sandbox: Sandbox, division: int, country: str, rate: Decimal, basis: str) -> list[str]:
    """The division's own sales codes with this percentage, price basis and country."""
    office = sandbox.exact.divisions[division]
    oss = None if country == office.country else country
    return [
        row["Code"].strip()
        for row in office.table("vat/VATCodes").values()
        if row["Percentage"] * 100 == rate
        and row["Type"] == basis
        and row["OssCountry"] == oss
        and not row["IsBlocked"]
        and row["VATTransactionType"] != "P"
    ]


def test_each_rate_of_the_catalogue_has_a_rule_or_exactly_one_code(sandbox: Sandbox, provision: dict[str, Any]) -> None:
    connections = {connection["store"]: connection for connection in provision["connections"]}
    inclusive = {shop.store_hash: shop.tax_inclusive for shop in SHOPS}
    settled_by_rule: set[str] = set()
    settled_by_division = 0
    for record in sandbox.orders:
        connection = connections[record.store_hash]
        fields = record.order["billing_address"]["form_fields"]
        b2b = any(field["name"] == "VAT number" for field in fields)
        for kind, country, rate in rates(record):
            code = by_rule(connection, kind, country, rate, b2b)
            if code is not None:
                settled_by_rule.add(code)
                continue
            basis = "I" if inclusive[record.store_hash] else "E"
            found = fitting(sandbox, connection["division"], country, rate, basis)
            assert len(found) == 1, (record.kind, kind, country, rate, found)
            settled_by_division += 1
    assert settled_by_rule == {"0", "6", "7", "3E", "1E"}
    assert settled_by_division > 50


def test_customers_that_the_accounting_system_knows(sandbox: Sandbox) -> None:
    mails = {row["Email"] for row in sandbox.exact.accounts(100001)}
    known = {r.order["billing_address"]["email"] for r in sandbox.orders if "known" in r.kind}
    assert len(known) == 2
    assert known <= mails
    others = {r.order["billing_address"]["email"] for r in sandbox.orders} - known
    assert not others & mails


def test_some_goods_are_unknown_to_the_accounting_system(sandbox: Sandbox) -> None:
    items = codes(sandbox, 100001, "logistics/Items")
    skus = {line["sku"] for record in sandbox.orders for line in record.products}
    assert {"MUG-01", "BOOK-01", "EBOOK-01"} <= skus & items
    assert {"SCARF-RED-M", "HYDRA-250", ""} <= skus - items
    assert any(fnmatchcase(sku, "BOOK-*") for sku in skus)
