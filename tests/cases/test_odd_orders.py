"""Orders with something missing or odd: each is invoiced right, or held with a sentence that names it."""

import pytest

from connector.domain.invoice.draft import Draft
from connector.problems.catalogue import sentence
from tests.cases.outcome import books, invoice, unreadable
from tests.cases.shop import Json, line, order, read
from tests.cases.test_invoices import two_places


def test_neg_qty_only() -> None:
    """A return that was entered as an order."""
    found = invoice(order(line("2.00", quantity=-3)))
    assert found.codes == ["return_order"]
    assert "-6.00 EUR" in found.words
    assert "it is a return, so no invoice is made for it. Credit it by hand in Exact" in found.words


@pytest.mark.parametrize("code", ["", "NLD", "Netherlands", "-"])
def test_country_iso2_missing(code: str) -> None:
    """Orders by an app with the country's name only, or with a code of another kind."""
    found = invoice(order(line(), address={"country_iso2": code}))
    assert found.codes == ["country_missing"]
    assert "has no country code" in found.words


def test_a_country_in_another_spelling_is_that_country() -> None:
    """EL would be outside the EU, and so an export."""
    assert read(order(line(), address={"country_iso2": "EL"})).billing.country == "GR"


def test_line_in_no_consignment() -> None:
    raw, lists = two_places()
    _, berlin = raw["consignments"]["shipping"]
    gone = berlin.pop("line_items")[0] | {"order_address_id": 99}
    found = invoice(raw, products=[lists["products"][0], gone], addresses=lists["addresses"])
    assert found.codes == ["address_missing"]
    assert 'The address of "Thing 2" (line product:2) is not there' in found.words


def test_wrapping_on_header_only() -> None:
    costs: Json = {"wrapping_cost_ex_tax": "2.0000", "wrapping_cost_inc_tax": "2.4200", "wrapping_cost_tax": "0.4200"}
    whole: Json = {"total_inc_tax": "26.6200", "total_tax": "4.6200", "total_ex_tax": "22.0000"}
    found = invoice(order(line(), **costs, **whole))
    assert (found.total, found.vat) == ("26.62", {"21": "4.62"})
    assert found.lines == ["1 x Thing 1 24.20", "1 x Gift wrapping 2.42"]


def test_wrapping_on_header_only_goes_where_its_tax_says() -> None:
    """19 % is German, though the first address of the order is in Utrecht."""
    costs: Json = {"wrapping_cost_ex_tax": "2.0000", "wrapping_cost_inc_tax": "2.3800", "wrapping_cost_tax": "0.3800"}
    raw, lists = two_places()
    raw |= {**costs, "total_inc_tax": "50.4800", "total_tax": "8.4800", "total_ex_tax": "42.0000"}
    found = invoice(raw, **lists)
    assert (found.total, found.vat) == ("50.48", {"21": "5.25", "19": "3.23"})


@pytest.mark.parametrize("kind", ["shipping", "handling"])
@pytest.mark.parametrize("address", [51, 0])
def test_a_charge_of_the_order_as_a_whole_at_two_rates_is_two_lines(kind: str, address: int) -> None:
    """Only the order has the cost; its rows in the tax table may name the address that has none."""
    costs: Json = {f"{kind}_cost_inc_tax": "11.5000", f"{kind}_cost_tax": "1.5000", f"{kind}_cost_ex_tax": "10.0000"}
    raw = order(line(), line("10.90", vat="9"), **costs, total_inc_tax="46.6000", total_tax="6.6000")
    rows = {"9": "0.4500", "21": "1.0500"}
    of = {"line_item_type": kind, "order_address_id": address, "order_product_id": 0, "name": "VAT"}
    taxes = [{**of, "rate": rate, "line_amount": amount} for rate, amount in rows.items()]
    draft = books().translate_order(read(raw, taxes=taxes))
    assert isinstance(draft, Draft), draft
    assert [(str(row.net), str(row.vat)) for row in draft.lines[2:]] == [("5.00", "0.45"), ("5.00", "1.05")]


@pytest.mark.parametrize("field", ["gift_certificate_amount", "store_credit_amount"])
def test_a_payment_below_zero_is_none(field: str) -> None:
    """With certificates of a single purpose it would add to the invoice."""
    found = unreadable(order(line()) | {field: "-5.0000"})
    assert found.code == "order_field_odd"
    assert f'The order\'s {field} in BigCommerce is "-5.0000". It must be an amount of zero or more.' in sentence(found)


def test_html_name() -> None:
    found = invoice(order(line(name="Tom &amp; Jerry <b>mug</b>\nnew")))
    assert found.lines == ["1 x Tom & Jerry mug new 24.20"]


@pytest.mark.parametrize("name", ["", None, "<b></b>", "\u200b"])
def test_a_product_without_a_name_has_its_sku(name: str | None) -> None:
    assert invoice(order(line(name=name))).lines == ["1 x SKU-1 24.20"]


@pytest.mark.parametrize("said", [True, "true", "True", 1, "1"])
def test_a_truth_may_be_a_text(said: object) -> None:
    assert invoice(order(line(), is_deleted=said)).codes == ["archived"]


def test_name_emoji_nul_rtl() -> None:
    """What shoppers type: emoji stay; NUL, the mark that turns the writing around, and unseen spaces go."""
    named = line(name="\u202eMug ☕️ \x00 مرحبا " + "x" * 150, sku="S\u200bKU-é")
    found = invoice(order(named, address={"first_name": "Zoë 🎉", "last_name": "\x00", "zip": "3511 AA "}))
    assert found.total == "24.20"
    assert found.lines == [f"1 x Mug ☕️ مرحبا {'x' * 46}… 24.20"]
    sold, billing = found.order.lines[0], found.order.billing
    assert (sold.sku, billing.name, billing.postcode) == ("SKU-é", "Zoë 🎉", "3511 AA")
