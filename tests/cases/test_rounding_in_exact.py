"""The pairs of a shop that rounds its tax and an Exact that rounds VAT, over HTTP, with the credit of the whole."""

from collections.abc import Mapping
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.money import round_half_up, total
from tests.acme import DIVISION, Acme
from tests.cases.scene import place, setting
from tests.cases.shop import Json, amounts, line, order, text

LINES = [("1.07", "21"), ("1.07", "21"), ("1.17", "9"), ("1.17", "9"), ("2.99", "21"), ("10.00", "9")]


def sold(rounds: str, *, inclusive: bool) -> Json:
    """The lines as a shop sells them that rounds its tax on each line, once per rate, or the order's alone."""
    each = [(price, vat, amounts(price, vat, inclusive=inclusive)) for price, vat in LINES]
    by_rate = [total(of["tax"] for _, vat, of in each if vat == rate) for rate in ("9", "21")]
    tax = {
        "line": total(round_half_up(of["tax"], 2) for _, _, of in each),
        "rate": total(round_half_up(amount, 2) for amount in by_rate),
        "order": round_half_up(total(by_rate), 2),
    }[rounds]
    rows = []
    for price, vat, of in each:
        own = round_half_up(of["tax"], 2) if rounds == "line" else of["tax"]
        gross = D(price) if inclusive else D(price) + own
        rows.append(line(price, vat, inclusive=inclusive, total_tax=text(own), discounted_total_inc_tax=text(gross)))
    whole = total(D(price) for price, _ in LINES) + (0 if inclusive else tax)
    return order(*rows, inclusive=inclusive, total_inc_tax=text(whole), total_tax=text(tax))


SOLD = {
    1901 + 10 * place + inclusive: sold(rounds, inclusive=bool(inclusive))
    for place, rounds in enumerate(("line", "rate", "order"))
    for inclusive in (0, 1)
}


def sums(invoice: Mapping[str, Any]) -> tuple[D, D]:
    return invoice["AmountFC"], invoice["VATAmountFC"]


@pytest.mark.parametrize("vat_rounding", ["line", "code"])
def test_orders_of_each_shop_are_posted_and_credited_to_the_cent(acme: Acme, vat_rounding: str) -> None:
    acme.sandbox.exact.divisions[DIVISION].vat_rounding = vat_rounding
    setting(acme, force_vat=True, vat_rounding=vat_rounding, rounding_limit="0.05", cancellations="credit")
    place(acme, SOLD)
    for number, raw in SOLD.items():
        assert acme.document(number).state == "posted", acme.document(number).message
        gross, vat = sums(acme.invoice(number))
        assert gross == D(raw["total_inc_tax"])
        assert abs(vat - D(raw["total_tax"])) <= (D("0.05") if vat_rounding == "code" else 0)
    place(acme, {number: raw | {"status_id": 5} for number, raw in SOLD.items()})
    for number in SOLD:
        found = acme.in_exact(number)
        invoice, note = (sums(found[name]) for name in sorted(found))
        assert note == (-invoice[0], -invoice[1]), acme.document(number).message


def test_a_shop_in_whole_forints_is_posted_and_credited(acme: Acme) -> None:
    """12990 forints with 2254 of VAT, of which Exact would make 2254.46."""
    setting(acme, force_vat=True, cancellations="credit")
    raw = order(line("12990", total_tax="2254.0000"), total_tax="2254.0000", default_currency_code="HUF")
    place(acme, {1950: raw})
    assert acme.document(1950).state == "posted", acme.document(1950).message
    assert sums(acme.invoice(1950)) == (D(12990), D(2254))
    place(acme, {1950: raw | {"status_id": 5}})
    note = acme.in_exact(1950)["NLS-1950-C0"]
    assert sums(note) == (D(-12990), D(-2254))
