"""Whatever a shop charges: the right invoice to the cent, or none."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.invoice import Draft
from connector.domain.money import round_half_up, total
from connector.domain.outcome import Held, Needs
from connector.domain.totals import with_vat
from tests.domain.books import HERE, Books, read_books, read_json

BOOKS = read_books({})
ROUNDING = replace(BOOKS.settings, rounding_limit=D("0.05"), rounding_gl_account="4900")
PLAIN = read_json(HERE / "cases" / "plain" / "order.json")
# Prices without VAT, whatever the shop's are.
EXCLUSIVE = read_books(
    {
        "vat": [
            {"when": {"rate": "21"}, "code": "2"},
            {"when": {"rate": "9"}, "code": "1"},
            {"when": {"rate": "19"}, "code": "D19"},
        ]
    }
)
RATES = {"NL": [D(21), D(9), D(0)], "DE": [D(19)], "US": [D(0)]}


@st.composite
def raw_orders(draw: st.DrawFn, digits: int) -> dict[str, Any]:
    """An order as a shop would compute it, each line's tax rounded to the cent, its prices at `digits` decimals."""
    country = draw(st.sampled_from(sorted(RATES)))
    inclusive = draw(st.booleans())
    address = PLAIN["order"]["billing_address"] | {"country_iso2": country}
    count = draw(st.integers(1, 6))
    drawn = [_line(draw, number, RATES[country], inclusive, digits) for number in range(1, count + 1)]
    gross, tax = (total(D(line[name]) for line, _ in drawn) for name in ("discounted_total_inc_tax", "total_tax"))
    header = {
        "is_tax_inclusive_pricing": inclusive,
        "billing_address": address,
        "total_inc_tax": str(round_half_up(gross, 2)),
        "total_tax": str(tax),
        "total_ex_tax": str(gross - tax),
    }
    place = {"key": "shipping:51", "kind": "shipping", "address": address, "costs": {}}
    return {
        "order": PLAIN["order"] | header,
        "destinations": [place | {"lines": [line for line, _ in drawn]}],
        "fees": [],
        "taxes": draw(st.sampled_from([None, [row for _, row in drawn]])),
        "table": [row for _, row in drawn],
    }


def _line(draw: st.DrawFn, number: int, rates: list[D], inclusive: bool, digits: int) -> tuple[Any, Any]:
    quantity, rate = draw(st.integers(1, 400)), draw(st.sampled_from(rates))
    amount = D(draw(st.integers(1, 10**7))).scaleb(-digits)
    share = rate / (100 + rate) if inclusive else rate / 100
    tax = round_half_up(amount * share, 2)
    product = {
        "id": number,
        "product_id": number,
        "name": f"Part {number}",
        "sku": "",
        "type": "physical",
        "quantity": quantity,
        "total_ex_tax": str(amount),
        "total_inc_tax": str(amount),
        "total_tax": str(tax),
        "discounted_total_inc_tax": str(amount if inclusive else amount + tax),
    }
    row = {"order_product_id": number, "line_item_type": "item", "rate": str(rate), "line_amount": str(tax)}
    return product, row


def outcome(raw: Mapping[str, Any], books: Books = BOOKS, **changes: Any) -> Draft | Held:
    """The outcome, with the tax table read if it is asked for; it is never asked for twice."""
    books = replace(books, settings=replace(ROUNDING, **changes))
    found = books.translate(raw)
    if isinstance(found, Needs):
        assert raw["taxes"] is None
        found = books.translate({**raw, "taxes": raw["table"]})
    assert not isinstance(found, Needs)
    return found


def assert_right(draft: Draft, raw: Mapping[str, Any]) -> None:
    order = raw["order"]
    assert draft.gross == draft.order_total == D(order["total_inc_tax"])
    assert draft.vat == D(order["total_tax"])
    assert draft.net + draft.vat == draft.gross
    for line in draft.lines:
        assert line.vat_code in BOOKS.chart.vat_codes
        assert line.net + line.vat == line.gross
        amount = line.gross if line.vat_type == "I" else line.net
        exact = with_vat(amount, line.vat_percentage, 2, included=line.vat_type == "I").vat
        assert abs(line.vat - exact) == (0 if line.vat_amount is None else D("0.01"))
        assert line.vat_amount in {None, line.vat}
        assert round_half_up(line.quantity * line.net_price, 2) == amount
        assert round_half_up(line.net_price, 4) == line.net_price
        assert len(line.description) <= 60
    assert Draft.from_json(json.loads(json.dumps(draft.to_json()))) == draft


@settings(max_examples=120, deadline=None)
@given(raw_orders(digits=4), st.sampled_from([BOOKS, EXCLUSIVE]), st.sampled_from(["line", "code"]), st.booleans())
def test_never_a_wrong_invoice(raw: dict[str, Any], books: Books, vat_rounding: str, force_vat: bool) -> None:
    found = outcome(raw, books, vat_rounding=vat_rounding, force_vat=force_vat)
    if isinstance(found, Draft):
        assert_right(found, raw)
    else:
        assert found.problems


@settings(max_examples=120, deadline=None)
@given(raw_orders(digits=2))
def test_an_order_in_cents_always_becomes_its_invoice(raw: dict[str, Any]) -> None:
    found = outcome(raw)
    assert isinstance(found, Draft), found
    assert_right(found, raw)
    assert [line.key for line in found.lines] == [f"product:{row['order_product_id']}" for row in raw["table"]]
    rates = [D(row["rate"]) for row in raw["table"]]
    assert [line.vat_percentage for line in found.lines] == rates


@settings(max_examples=120, deadline=None)
@given(raw_orders(digits=2))
def test_with_forced_vat_codes_of_another_basis_give_the_invoice_too(raw: dict[str, Any]) -> None:
    found = outcome(raw, EXCLUSIVE, force_vat=True)
    assert isinstance(found, Draft), found
    assert_right(found, raw)
    assert found.lines[-1].key != "rounding:0"


@settings(max_examples=60, deadline=None)
@given(raw_orders(digits=2), st.integers(-300, 300).filter(bool))
def test_a_tampered_total_is_held_or_shown_as_rounding(raw: dict[str, Any], cents: int) -> None:
    wrong = D(raw["order"]["total_inc_tax"]) + D(cents).scaleb(-2)
    tampered = raw | {"order": raw["order"] | {"total_inc_tax": str(wrong)}}
    found = outcome(tampered)
    if abs(cents) <= 5:
        assert isinstance(found, Draft)
        assert found.lines[-1].key == "rounding:0"
        assert found.lines[-1].net == D(cents).scaleb(-2)
        assert_right(found, tampered)
    else:
        assert isinstance(found, Held)
        assert found.reason == "totals"


CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "line": st.sampled_from(["product", "shipping"]),
        "country": st.sampled_from(["NL", "DE"]),
        "customer_group": st.sampled_from(["Trade", "1"]),
        "category": st.sampled_from(["Mugs", "5"]),
    },
)
DETAILS = {
    "customer_group": st.sampled_from([[], ["1", "Friends"], ["2", "Trade"]]),
    "category": st.sampled_from([{"965": []}, {"965": ["5", "Mugs"]}, {"965": ["6", "Cups"]}]),
}


@settings(max_examples=200, deadline=None)
@given(st.lists(CONDITIONS, max_size=4), st.fixed_dictionaries(DETAILS))
def test_what_is_decided_without_the_details_is_decided_the_same_with_them(
    conditions: list[dict[str, str]], details: dict[str, Any]
) -> None:
    """And what is asked for is asked once: nothing is needed of an order whose details are all there."""
    then = {"cost_center": "EU-WEST"}
    rules = [
        {"priority": place, "when": when, "then": {**then, "gl_account": ["8000", "8200"][place % 2]}}
        for place, when in enumerate([*conditions, {}])
    ]
    books = read_books({"rules": rules})
    without, told = books.translate(PLAIN), books.translate({**PLAIN, "details": details})
    assert isinstance(told, Draft)
    if isinstance(without, Needs):
        known = {key: value for key, value in details.items() if key in without.what}
        assert known
        assert books.translate({**PLAIN, "details": known}) != without
    else:
        assert without == told
