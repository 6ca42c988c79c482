"""Details of an order for a rule's condition: read only when a rule needs them, and kept."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.flow.order.fetch import read
from connector.models import Alert
from connector.sandbox.bigcommerce.state import READ_SCOPES, Account
from connector.sandbox.catalogue.shops import NLSHOP
from tests.acme import STORE, Acme

MUG, TRADE = 1001, 2  # an order of one mug by customer 201
GROUP_RULE = {"line": "product", "customer_group": "Trade"}
CATEGORY_RULE = {"line": "product", "category": ["Sale", "99"]}


@pytest.fixture(autouse=True)
def nothing_kept(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def with_rule(acme: Acme, when: dict[str, Any], **changes: Any) -> None:
    """Put a rule to account 8020 before all others."""
    rule = {"priority": 1, "when": when, "then": {"gl_account": "8020", "cost_center": "ONLINE"}}
    acme.configure(**{"rules": [rule, *acme.file["connections"][0]["rules"]], **changes})


def post(acme: Acme, order_id: int) -> list[str]:
    """Post an order; returns the paths of the calls that the store had for it."""
    before = len(list(acme.sandbox.stores.calls))
    acme.ring(order_id)
    acme.drain()
    return [call.path.partition(f"/{STORE}/")[2] for call in list(acme.sandbox.stores.calls)[before:]]


def accounts(acme: Acme, order_id: int) -> dict[str, str]:
    """The GL account by the kind of line, as drafted; products by their item."""
    document = acme.document(order_id)
    assert document.state == "posted", document.message
    assert document.draft is not None
    return {line["item_code"]: line["gl_account"] for line in document.draft["lines"]}


def join(acme: Acme, customer_id: int, group: int) -> None:
    acme.sandbox.stores.store(STORE).customers[customer_id]["customer_group_id"] = group


def test_an_ordinary_order_still_costs_one_call(acme: Acme) -> None:
    assert post(acme, MUG) == [f"v2/orders/{MUG}"]
    assert "details" not in (acme.document(MUG).order_data or {})


def test_a_rule_that_cannot_be_reached_costs_no_call(acme: Acme) -> None:
    with_rule(acme, {**CATEGORY_RULE, "country": "US"})
    assert post(acme, MUG) == [f"v2/orders/{MUG}"]


def test_the_customers_group_chooses_the_account(acme: Acme) -> None:
    join(acme, 201, TRADE)
    with_rule(acme, GROUP_RULE)
    assert post(acme, MUG) == [f"v2/orders/{MUG}", "v3/customers", "v2/customer_groups"]
    assert accounts(acme, MUG) == {"MUG-01": "8020", "SHIP": "8100"}


def test_a_customer_in_no_group_and_a_guest_go_the_ordinary_way(acme: Acme) -> None:
    with_rule(acme, GROUP_RULE)
    guests = acme.order_of_kind("guest")
    assert post(acme, MUG) == [f"v2/orders/{MUG}", "v3/customers"]
    assert post(acme, guests) == [f"v2/orders/{guests}"]
    assert set(accounts(acme, MUG).values()) == set(accounts(acme, guests).values()) == {"8000", "8100"}


def test_any_of_a_products_categories_chooses_the_account(acme: Acme) -> None:
    order_id = acme.order_of_kind("two VAT rates")
    with_rule(acme, CATEGORY_RULE)
    assert post(acme, order_id) == [f"v2/orders/{order_id}", "v3/catalog/products", "v3/catalog/trees/categories"]
    found = accounts(acme, order_id)
    assert (found["MUG-01"], found["BOOK-01"]) == ("8020", "8010")


def test_names_and_categories_are_kept_for_the_next_order(acme: Acme) -> None:
    join(acme, 201, TRADE)
    join(acme, 202, TRADE)
    with_rule(acme, {**CATEGORY_RULE, **GROUP_RULE})
    assert len(post(acme, MUG)) == 5
    second = acme.order_of_kind("two fees, one misspelt by the API")
    assert post(acme, second) == [f"v2/orders/{second}", "v3/customers"]
    assert accounts(acme, second)["MUG-01"] == "8020"


def test_a_change_of_group_counts_at_once(acme: Acme) -> None:
    with_rule(acme, GROUP_RULE)
    post(acme, MUG)
    join(acme, 201, TRADE)
    second = acme.order_of_kind("two VAT rates")
    post(acme, second)
    assert accounts(acme, second)["MUG-01"] == "8020"


@pytest.mark.parametrize(
    ("when", "scope"),
    [(GROUP_RULE, "store_v2_customers_read_only"), (CATEGORY_RULE, "store_v2_products_read_only")],
)
def test_a_missing_scope_holds_the_order_and_is_named(acme: Acme, when: dict[str, Any], scope: str) -> None:
    account = Account(NLSHOP.client_id, NLSHOP.client_secret, NLSHOP.access_token)
    acme.sandbox.stores.store(STORE).add_account(replace(account, scopes=READ_SCOPES - {scope}))
    with_rule(acme, when)
    post(acme, MUG)
    document = acme.document(MUG)
    assert (document.state, document.reason) == ("blocked", "internal")
    assert scope in document.message
    assert acme.invoices() == []


@pytest.mark.parametrize(
    ("when", "where", "row", "words"),
    [
        (GROUP_RULE, ("customers", 201), {"customer_group_id": "two"}, ("the customer", "customer_group_id")),
        (GROUP_RULE, ("customer_groups", TRADE), {"name": None}, ("the customer groups", "row 2", "name")),
        (CATEGORY_RULE, ("products", 11), {"categories": None}, ("the products", "categories")),
        (CATEGORY_RULE, ("categories", 41), {"name": None}, ("the categories", "name")),
    ],
)
def test_a_row_that_cannot_be_read_holds_the_order_that_needs_it_at_once(
    acme: Acme, when: dict[str, Any], where: tuple[str, int], row: dict[str, Any], words: tuple[str, ...]
) -> None:
    join(acme, 201, TRADE)
    with_rule(acme, when)
    table, key = where
    getattr(acme.sandbox.stores.store(STORE), table)[key].update(row)
    post(acme, MUG)
    document = acme.document(MUG)
    assert (document.state, document.reason, document.code) == ("blocked", "mapping", "details_unreadable")
    assert all(word in document.message for word in words), document.message


def test_a_group_that_cannot_be_read_is_named_and_orders_of_other_groups_go_on(acme: Acme) -> None:
    join(acme, 201, TRADE)
    with_rule(acme, GROUP_RULE)
    acme.sandbox.stores.store(STORE).customer_groups[1]["name"] = None
    post(acme, MUG)
    assert accounts(acme, MUG) == {"MUG-01": "8020", "SHIP": "8100"}
    assert "customer groups cannot be read, so they were left out: row 1" in Alert.objects.get(closed_at=None).text
    cache.clear()
    acme.sandbox.stores.store(STORE).customer_groups[1]["name"] = "Friends"
    post(acme, acme.order_of_kind("two VAT rates"))
    assert not Alert.objects.filter(closed_at=None).exists()


def test_a_row_of_the_tax_table_that_cannot_be_read_holds_the_order_and_is_named(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = acme.file["connections"][0]
    vat = [{"when": {"tax_class": "reduced rate", "country": "NL"}, "code": "1"}, *connection["vat"]]
    acme.provision({**acme.file, "connections": [{**connection, "vat": vat}]})
    whole = BigCommerceClient.taxes
    monkeypatch.setattr(BigCommerceClient, "taxes", lambda client, order_id: [*whole(client, order_id), None])
    post(acme, MUG)
    document = acme.document(MUG)
    assert document.state == "blocked"
    assert "taxes[" in document.message, document.message


def test_the_ledger_reads_the_same_order_and_a_delivery_finds_it_unchanged(acme: Acme) -> None:
    join(acme, 201, TRADE)
    with_rule(acme, {**CATEGORY_RULE, **GROUP_RULE})
    post(acme, MUG)
    document = acme.document(MUG)
    kept = read(document.order_data or {}).order
    assert kept.customer_group == ("2", "Trade")
    assert kept.lines[0].category == ("41", "Home", "43", "Sale")
    join(acme, 201, 0)
    acme.ring(MUG, "store/order/updated", webhook_id="again")
    acme.make_due()
    acme.drain()
    document.refresh_from_db()
    assert (document.state, document.change_pending) == ("posted", False)


def test_the_price_basis_of_an_order_that_does_not_tell_is_the_stores_also_from_the_ledger(acme: Acme) -> None:
    blank = {"subtotal_ex_tax": "0.0000", "subtotal_inc_tax": "0.0000"}  # neither basis closes
    acme.sandbox.stores.store(STORE).change(MUG, is_tax_inclusive_pricing=None, **blank)
    post(acme, MUG)
    document = acme.document(MUG)
    assert document.state == "posted", document.message
    assert read(document.order_data or {}).order.tax_inclusive is True


def test_the_tax_class_chooses_the_vat_code(acme: Acme) -> None:
    connection = acme.file["connections"][0]
    order_id = acme.order_of_kind("two VAT rates")
    vat = [{"when": {"tax_class": "reduced rate", "country": "NL"}, "code": "1"}, *connection["vat"]]
    acme.configure(vat=vat)
    assert post(acme, order_id) == [f"v2/orders/{order_id}", f"v2/orders/{order_id}/taxes"]
    draft = acme.document(order_id).draft
    assert draft is not None
    rules = {line["item_code"]: line["vat_rule"] for line in draft["lines"]}
    assert rules["BOOK-01"].startswith("VAT rule 1,")
    assert not rules["MUG-01"].startswith("VAT rule 1,")
