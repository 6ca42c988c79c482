"""Orders that shops, apps and the control panel make, and the invoice that each becomes, or why it is held."""

from decimal import Decimal

import pytest

from tests.cases.outcome import books, invoice
from tests.cases.shop import Json, fee, line, order


def test_400_lines() -> None:
    found = invoice(order(*[line("1.21")] * 400))
    assert (found.total, found.vat, len(found.lines)) == ("484.00", {"21": "84.00"}, 400)


def test_ship_only() -> None:
    found = invoice(order(shipping="6.05"))
    assert (found.total, found.vat, found.lines) == ("6.05", {"21": "1.05"}, ["1 x Shipping 6.05"])


def test_no_lines_total() -> None:
    """An order of a fee alone."""
    found = invoice(order(fees=[fee("12.1000", "Deposit")]))
    assert (found.total, found.vat, found.lines) == ("12.10", {"21": "2.10"}, ["1 x Deposit 12.10"])


def test_digital_only() -> None:
    found = invoice(order(line("12.10", type="digital", order_address_id=0), order_is_digital=True))
    assert (found.total, found.vat) == ("12.10", {"21": "2.10"})
    assert found.order.lines[0].ship_to.country == "NL"


def test_gift_certificate_only() -> None:
    """A gift certificate that is sold is a debt, without VAT."""
    found = invoice(order(line("50.00", vat="0", type="giftcertificate", name="Voucher", product_id=0, sku="")))
    assert (found.total, found.vat, found.lines) == ("50.00", {"0": "0.00"}, ["1 x Voucher 50.00"])
    assert found.accounts == ["1540"]


def test_handling_on_header_only() -> None:
    found = invoice(order(line(), handling="2.42"))
    assert (found.total, found.vat) == ("26.62", {"21": "4.62"})
    assert found.lines == ["1 x Thing 1 24.20", "1 x Handling 2.42"]


def test_free_gift_line() -> None:
    """A line that a coupon makes free stays on the invoice, at 0.00."""
    off = [{"id": "coupon", "amount": "9.9500", "target": "order"}]
    gift = line("9.95", total_tax="0.0000", applied_discounts=off, discounted_total_inc_tax="0.0000", name="Free gift")
    found = invoice(order(line(), gift, discount_amount="9.9500"))
    assert (found.total, found.vat) == ("24.20", {"21": "4.20"})
    assert found.lines == ["1 x Thing 1 24.20", "1 x Free gift 0.00"]


def test_qty_100000() -> None:
    found = invoice(order(line("0.0121", quantity=100_000)))
    assert (found.total, found.vat, found.lines) == ("1210.00", {"21": "210.00"}, ["100000 x Thing 1 1210.00"])


def test_neg_fee() -> None:
    found = invoice(order(line(), fees=[fee("-5.0000", "Loyalty")]))
    assert (found.total, found.vat) == ("19.20", {"21": "3.33"})
    assert found.lines == ["1 x Thing 1 24.20", "1 x Loyalty -5.00"]


def test_neg_line_price() -> None:
    """A discount that was entered as a custom product."""
    found = invoice(order(line(), line("-5", name="Loyalty discount", product_id=0)))
    assert (found.total, found.vat) == ("19.20", {"21": "3.33"})
    assert found.lines == ["1 x Thing 1 24.20", "1 x Loyalty discount -5.00"]


def test_removed_line_qty0() -> None:
    """A line is removed in the store by giving it quantity 0; it stays in the order."""
    found = invoice(order(line(), line("10.00", quantity=0)))
    assert (found.total, found.lines) == ("24.20", ["1 x Thing 1 24.20"])


def test_payment_status_empty() -> None:
    assert invoice(order(line(), payment_status="")).total == "24.20"


def test_total_zero_store_credit() -> None:
    """Store credit pays the order; it does not lower the sale."""
    found = invoice(order(line(), payment_method="Store Credit", store_credit_amount="24.2000"))
    assert (found.total, found.vat) == ("24.20", {"21": "4.20"})
    assert found.order.store_credit == Decimal("24.20")


def two_places() -> tuple[Json, Json]:
    """An order to Utrecht and Berlin, and the two lists that are read where the order does not add up."""
    raw = order(line(), line("11.90", vat="19"), total_inc_tax="48.1000", total_tax="8.1000", total_ex_tax="40.0000")
    (utrecht,) = raw["consignments"]["shipping"]
    first, second = utrecht["line_items"]
    second["order_address_id"] = 52
    utrecht |= {"cost_ex_tax": 5.0, "cost_inc_tax": 6.05, "cost_tax": 1.05, "line_items": [first]}
    berlin = utrecht | {"id": 52, "city": "Berlin", "zip": "10115", "country_iso2": "DE"}
    berlin |= {"cost_inc_tax": 5.95, "cost_tax": 0.95, "line_items": [second]}
    raw["consignments"]["shipping"].append(berlin)
    raw |= {"shipping_cost_inc_tax": "12.0000", "shipping_cost_tax": "2.0000", "items_total": 2}
    return raw, {"products": [first, second], "addresses": [utrecht, berlin]}


def test_line_in_two_consignments() -> None:
    """The consignments do not add up, so the lists are read: there every line stands once."""
    raw, lists = two_places()
    raw["consignments"]["shipping"][1]["line_items"].append(lists["products"][0])
    found = invoice(raw, **lists)
    assert (found.total, found.vat) == ("48.10", {"21": "5.25", "19": "2.85"})
    assert len(found.lines) == 4


def test_noround_incl_code() -> None:
    """The shop does not round a line's VAT, and the division rounds once per code."""
    lines = [line("10.00", rounded=False)] * 3
    found = invoice(order(*lines), books(vat_rounding="code"))
    assert (found.total, found.vat) == ("30.00", {"21": "5.21"})


@pytest.mark.parametrize(
    ("raw", "codes", "figures"),
    [
        pytest.param(
            order(line("100.00"), total_inc_tax="90.0000", total_ex_tax="72.6400", discount_amount="10.0000"),
            ["lines_do_not_add_up"],
            ("100.00", "90.00"),
            id="api_discount_not_spread",
        ),
        pytest.param(
            order(
                line(),
                fees=[fee("12.0000", "B Fee", cost_tax="8.0000", cost_ex_tax="4.0000")],
                total_inc_tax="36.2000",
            ),
            ["vat_rate_unknown"],
            ("8.00", "4.00"),
            id="fee_200_percent",
        ),
        pytest.param(
            order(line(), gift_certificate_amount="10.0000", total_inc_tax="14.2000", total_tax="2.4600"),
            ["lines_do_not_add_up", "tax_does_not_add_up"],
            ("24.20", "14.20"),
            id="header_after_giftcert",
        ),
    ],
)
def test_held(raw: Json, codes: list[str], figures: tuple[str, ...]) -> None:
    found = invoice(raw)
    assert found.codes == codes
    assert all(each in found.words for each in figures), found.words


def test_removed_line_qty0_totals_stay() -> None:
    """A line that was removed keeps its amounts. The order's total decides whether they count."""
    stale = line(
        "10.00", quantity=0, total_inc_tax="10.0000", total_ex_tax="8.2645", discounted_total_inc_tax="10.0000"
    )
    found = invoice(order(line(), stale, total_inc_tax="24.2000", total_ex_tax="20.0000", total_tax="4.2000"))
    assert (found.total, found.vat, found.lines) == ("24.20", {"21": "4.20"}, ["1 x Thing 1 24.20"])
    held = invoice(order(line(), stale, total_inc_tax="34.2000", total_ex_tax="30.0000", total_tax="4.2000"))
    assert held.codes == ["lines_do_not_add_up"]
