"""One order as one value, by samples."""

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from connector.clients import strict_json
from connector.clients.bigcommerce.wire import embedded_fees, quantities_add_up, read_order_bundle, read_row
from tests.clients.scripted import SAMPLES


def load(name: str) -> Any:
    """A sample as the client parses it."""
    return strict_json.load((SAMPLES / "bigcommerce" / f"{name}.json").read_bytes())


def test_the_one_call_answer_is_the_whole_order() -> None:
    raw = read_order_bundle(load("order_in_one_call"))
    (destination,) = raw["destinations"]
    assert (destination["key"], destination["kind"]) == ("shipping:420", "shipping")
    assert destination["address"]["country_iso2"] == "NL"
    assert destination["address"]["form_fields"] == [{"name": "VAT number", "value": "NL000000000B00"}]
    assert [line["sku"] for line in destination["lines"]] == ["SKU-1", "SKU-2"]
    assert raw["taxes"] is None
    assert quantities_add_up(raw)


def test_numbers_of_consignments_become_strings_and_ids_stay_numbers() -> None:
    raw = read_order_bundle(load("order_in_one_call"))
    (destination,) = raw["destinations"]
    assert destination["costs"] == {
        "cost_ex_tax": "5",
        "cost_inc_tax": "6.05",
        "cost_tax": "1.05",
        "handling_cost_ex_tax": "0",
        "handling_cost_inc_tax": "0",
        "handling_cost_tax": "0",
    }
    assert destination["lines"][0]["quantity"] == 2
    assert raw["order"]["id"] == 1042
    assert raw["order"]["items_total"] == 3
    assert json.loads(json.dumps(raw)) == raw


def test_what_is_no_character_is_left_out() -> None:
    body = json.dumps(load("order_in_one_call"), default=str)
    body = body.replace('"NL000000000B00"', r'"NL\u0000\ud83d00\ud83d\ude00"').replace(
        '"SKU-1"', r'"SKU\udc00-1\u0000"'
    )
    raw = read_order_bundle({**json.loads(body), "customer_message": "A\x00\ud800B"})
    (destination,) = raw["destinations"]
    assert destination["address"]["form_fields"] == [{"name": "VAT number", "value": "NL00😀"}]
    assert destination["lines"][0]["sku"] == "SKU-1"
    assert raw["order"]["customer_message"] == "AB"
    assert json.dumps(raw, ensure_ascii=False).encode()
    assert read_row({"class": "Low\x00", "rate": Decimal("9.5")}) == {"class": "Low", "rate": "9.5"}


def test_the_header_is_as_received_without_parts_and_links() -> None:
    order = load("order_in_one_call")
    header = read_order_bundle(order)["order"]
    gone = {"consignments", "fees", "products", "shipping_addresses", "coupons"}
    assert set(order) - set(header) == gone
    assert header["billing_address"] == order["billing_address"]
    assert header["total_inc_tax"] == "127.0500"


def test_the_misspelled_fee_gets_its_documented_name() -> None:
    (fee,) = read_order_bundle(load("order_in_one_call"))["fees"]
    assert fee["cost_ex_tax"] == "1.0000"
    assert "cost_exc_tax" not in fee


def test_fees_are_embedded_or_wrapped_or_absent_or_a_link() -> None:
    assert embedded_fees({"fees": [{"id": 1}]}) == [{"id": 1}]
    assert embedded_fees({"fees": {"fees": [{"id": 1}]}}) == [{"id": 1}]
    assert embedded_fees({}) == []
    assert embedded_fees({"fees": None}) == []
    assert embedded_fees(load("order_with_links_only")) is None


def test_both_ways_of_reading_give_the_same_order() -> None:
    """Otherwise an order would look changed because it was read in another way."""
    embedded, linked = load("order_in_one_call"), load("order_with_links_only")
    lists = {"products": load("order_products"), "addresses": load("order_shipping_addresses")}
    whole = read_order_bundle(embedded)
    parts = read_order_bundle(linked, **lists, fees=load("order_fees")["fees"])
    assert parts["order"] == whole["order"]
    assert parts["fees"] == whole["fees"]
    assert [(d["key"], d["kind"], d["address"], d["lines"]) for d in parts["destinations"]] == [
        (d["key"], d["kind"], d["address"], d["lines"]) for d in whole["destinations"]
    ]
    assert parts["destinations"][0]["costs"]["cost_inc_tax"] == "6.0500"


def test_every_kind_of_destination() -> None:
    raw = read_order_bundle(load("order_to_every_kind_of_destination"))
    assert [d["key"] for d in raw["destinations"]] == ["shipping:420", "pickup:99", "download:0", "email:0"]
    pickup, download, email = raw["destinations"][1:]
    assert pickup["address"]["country_iso2"] == "BE"
    assert pickup["address"]["zip"] == "9000"
    assert download["address"] is email["address"] is None
    assert download["costs"] == {}
    assert quantities_add_up(raw)


def test_every_kind_of_destination_from_the_lists() -> None:
    order = load("order_to_every_kind_of_destination")
    whole = read_order_bundle(order)
    parts = read_order_bundle(
        order, products=load("order_products_of_every_kind"), addresses=load("order_shipping_addresses")
    )
    assert [(d["key"], d["address"], d["lines"]) for d in parts["destinations"]] == [
        (d["key"], d["address"], d["lines"]) for d in whole["destinations"]
    ]


@pytest.mark.parametrize("consignments", [None, [], [{"id": 420}], {"url": "x", "resource": "y"}, {}, "odd"])
def test_consignments_in_any_other_form_do_not_add_up(consignments: object) -> None:
    order = {**load("order_in_one_call"), "consignments": consignments}
    assert not quantities_add_up(read_order_bundle(order))
    order.pop("consignments")
    assert not quantities_add_up(read_order_bundle(order))


def test_missing_and_linked_lines_do_not_add_up() -> None:
    order = load("order_in_one_call")
    missing, linked = deepcopy(order), deepcopy(order)
    missing["consignments"]["shipping"][0]["line_items"].pop()
    linked["consignments"]["shipping"][0]["line_items"] = {"url": "x", "resource": "y"}
    assert not quantities_add_up(read_order_bundle(missing))
    assert not quantities_add_up(read_order_bundle(linked))


def test_a_digital_order_adds_up() -> None:
    order = load("order_to_every_kind_of_destination")
    order["consignments"]["shipping"], order["consignments"]["pickups"] = [], []
    assert quantities_add_up(read_order_bundle({**order, "items_total": 3, "order_is_digital": True}))


@pytest.mark.parametrize(("counted", "fits"), [(5, True), (3, True), (4, False)])
def test_children_of_a_bundle_may_count_or_not(counted: int, fits: bool) -> None:
    order = load("order_in_one_call")
    lines = order["consignments"]["shipping"][0]["line_items"]
    lines.append({**lines[0], "id": 9, "parent_order_product_id": 1, "is_bundled_product": True})
    assert quantities_add_up(read_order_bundle({**order, "items_total": counted})) is fits


def test_goods_without_an_address_go_to_the_billing_address() -> None:
    (line, _) = load("order_products")
    raw = read_order_bundle(load("order_with_links_only"), products=[{**line, "order_address_id": 0}], fees=[])
    (destination,) = raw["destinations"]
    assert destination["key"] == "shipping:0"
    assert destination["address"]["city"] == "Utrecht"


def test_a_line_to_an_unknown_address_is_not_guessed_at() -> None:
    raw = read_order_bundle(load("order_with_links_only"), products=load("order_products"), fees=[])
    assert [(place["key"], place["address"]) for place in raw["destinations"]] == [("shipping:420", {})]


def test_an_address_without_lines_keeps_its_costs() -> None:
    raw = read_order_bundle(
        load("order_with_links_only"), products=[], addresses=load("order_shipping_addresses"), fees=[]
    )
    assert raw["destinations"][0]["lines"] == []
    assert raw["destinations"][0]["costs"]["cost_tax"] == "1.0500"
