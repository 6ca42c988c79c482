"""The lines of an order: their amounts, where they go, and which of them there are."""

from decimal import Decimal as D

from connector.domain.order.model import LineKind
from connector.domain.order.read import read_order
from tests.domain.order.captured import raw, with_line


def test_a_line_keeps_its_tax_and_rounds_its_gross_once() -> None:
    line = read_order(with_line(discounted_total_inc_tax="24.2050", total_tax="4.2000")).lines[0]
    assert (line.net, line.tax, line.gross) == (D("20.01"), D("4.20"), D("24.21"))
    assert (line.key, line.quantity, line.product_id) == ("product:65", D(2), "965")


def test_without_the_discounted_total_the_discounts_come_off_on_the_shops_own_basis() -> None:
    discounts = [{"amount": "2.0000"}, {"amount": "1.0000"}]
    document = with_line(discounted_total_inc_tax=None, applied_discounts=discounts, total_tax="3.5700")
    assert read_order(document).lines[0].gross == D("20.57")
    document["order"]["is_tax_inclusive_pricing"] = True
    assert read_order(document).lines[0].gross == D("21.20")


def test_a_paid_part_of_a_bundle_is_a_line_of_its_own() -> None:
    document = raw("bundle_and_options")
    child = document["destinations"][0]["lines"][1]
    assert [line.key for line in read_order(document).lines] == ["product:65"]
    (part,) = read_order(document).lines[0].parts
    assert (part.key, part.gross, part.tax) == ("product:66", D(0), D(0))
    child |= {"total_ex_tax": "1.0000", "total_inc_tax": "1.2100", "discounted_total_inc_tax": "1.2100"}
    assert [line.key for line in read_order(document).lines] == ["product:65", "product:66"]


def test_a_digital_product_in_a_parcel_belongs_to_the_billing_address() -> None:
    document = raw("oss_country")
    document["order"]["billing_address"]["country_iso2"] = "nl"
    document["destinations"][0]["lines"][0]["type"] = "digital"
    assert read_order(document).lines[0].ship_to.country == "NL"


def test_each_destination_has_its_own_shipping() -> None:
    document = raw("several_addresses")
    for place in document["destinations"]:
        place["costs"] = {"cost_inc_tax": "1.21", "cost_tax": "0.21", "cost_tax_class_id": 2}
    shipping = [line for line in read_order(document).lines if line.kind is LineKind.SHIPPING]
    assert [(line.key, line.ship_to.country, line.tax_class) for line in shipping] == [
        ("shipping:51", "NL", "2"),
        ("shipping:52", "DE", "2"),
    ]


def test_numbers_may_come_as_numbers() -> None:
    document = raw("shipping_taxed")
    document["destinations"][0]["costs"] = {"cost_inc_tax": 6.05, "cost_tax": 1.05}
    assert read_order(document).lines[1].net == D("5.00")


def test_a_line_of_quantity_zero_was_removed() -> None:
    assert read_order(with_line(quantity=0)).lines == ()


def test_a_negative_quantity_gives_money_back() -> None:
    amounts = {"total_ex_tax": "-20.00", "total_inc_tax": "-24.20", "total_tax": "-4.20"}
    line = read_order(with_line(quantity=-2, **amounts, discounted_total_inc_tax="-24.20")).lines[0]
    assert (line.quantity, line.gross, line.tax) == (D(-2), D("-24.20"), D("-4.20"))


def test_gift_wrapping_may_stand_in_the_header_alone() -> None:
    costs = {"wrapping_cost_ex_tax": "2.00", "wrapping_cost_inc_tax": "2.42", "wrapping_cost_tax": "0.42"}
    (_, wrapping) = read_order(raw(**costs)).lines
    assert (wrapping.key, wrapping.name, wrapping.gross, wrapping.tax) == (
        "wrapping:0",
        "Gift wrapping",
        D("2.42"),
        D("0.42"),
    )
    assert wrapping.of_order
    on_the_line = with_line(**costs)
    on_the_line["order"] |= costs
    assert [line.key for line in read_order(on_the_line).lines] == ["product:65", "wrapping:65"]


def test_names_and_addresses_are_clean_text() -> None:
    document = with_line(name="Tom &amp; Jerry <b>mug</b>\nnew", sku="S\u200bKU")
    document["order"]["billing_address"]["first_name"] = "\u202eVera\x00"
    order = read_order(document)
    assert (order.lines[0].name, order.lines[0].sku) == ("Tom & Jerry mug new", "SKU")
    assert order.billing.first_name == "Vera"
