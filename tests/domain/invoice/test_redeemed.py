"""Gift certificates of a single purpose: their VAT was paid when they were sold, so it is not charged again.

The order is two mugs at home, 20.00 + 4.20. A certificate of 10.00 was sold with 1.74 VAT in it.
"""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Held, Needs
from connector.domain.invoice.draft import Draft
from connector.domain.invoice.redeemed import REDEEMED, without_redeemed
from connector.domain.money import round_half_up, total
from connector.domain.order.model import LineKind, Order, TaxRow
from connector.domain.rules.context import TranslationContext
from connector.problems.catalogue import sentence
from tests.domain.basket import charge, order_of, taxed
from tests.domain.books import Books, plain_order, read_books

SINGLE: dict[str, Any] = {"gift_certificates": "single", "force_vat": True}


def books(settings: dict[str, Any] | None = None, vat: list[dict[str, Any]] | None = None) -> Books:
    return read_books({"settings": SINGLE | (settings or {}), **({"vat": vat} if vat is not None else {})})


def order(paid: str, **fields: Any) -> Order:
    return replace(plain_order(), gift_certificate=D(paid), **fields)


def two_rates(paid: str) -> Order:
    """The mugs, and a book of 10.00 + 0.90."""
    plain = plain_order()
    book = replace(
        plain.lines[0],
        key="product:66",
        name="Book",
        net=D("10.00"),
        tax=D("0.90"),
        gross=D("10.90"),
        charged=D("10.90"),
    )
    sums = {"total_inc": D("35.10"), "total_ex": D("30.00"), "total_tax": D("5.10")}
    return order(paid, lines=(*plain.lines, book), **sums)


def drafted(books: Books, order: Order) -> Draft:
    found = books.translate_order(order)
    assert isinstance(found, Draft), found
    return found


def held(books: Books, order: Order) -> tuple[Code, str]:
    found = books.translate_order(order)
    assert isinstance(found, Held), found
    (problem,) = found.problems
    return problem.code, sentence(problem)


def test_what_a_certificate_paid_leaves_the_supply_and_its_vat() -> None:
    """24.20 with 4.20 VAT, less 10.00 with 1.74: the invoice is 14.20 with 2.46 VAT, which the customer pays."""
    draft = drafted(books(), order("10.00"))
    assert (draft.net, draft.vat, draft.gross) == (D("11.74"), D("2.46"), D("14.20"))
    assert (draft.order_total, draft.redeemed) == (D("24.20"), D("10.00"))
    goods, certificate = draft.lines
    assert (goods.gross, goods.vat) == (D("24.20"), D("4.20"))
    assert (certificate.key, certificate.net, certificate.vat, certificate.gross) == (
        REDEEMED,
        D("-8.26"),
        D("-1.74"),
        D("-10.00"),
    )
    assert certificate.vat_code == goods.vat_code
    assert certificate.description == "Gift certificate, VAT paid when it was sold"


def test_a_certificate_for_any_goods_is_a_payment_and_changes_nothing() -> None:
    draft = drafted(books({"gift_certificates": "multi"}), order("10.00"))
    assert (draft.gross, draft.vat, draft.redeemed, len(draft.lines)) == (D("24.20"), D("4.20"), D(0), 1)


def test_a_certificate_that_paid_all_leaves_nothing_to_pay_and_no_vat() -> None:
    draft = drafted(books(), order("24.20"))
    assert (draft.net, draft.vat, draft.gross) == (D("0.00"), D("0.00"), D("0.00"))


@pytest.mark.parametrize("paid", ["0.01", "0.07", "3.33", "9.99", "10.00", "17.77", "24.19"])
@pytest.mark.parametrize("rounding", ["line", "code"])
def test_the_invoice_is_the_order_less_the_certificate_to_the_cent_or_it_is_held(paid: str, rounding: str) -> None:
    found = books({"vat_rounding": rounding}).translate_order(order(paid))
    if isinstance(found, Draft):
        assert (found.gross, found.redeemed) == (D("24.20") - D(paid), D(paid))
        assert abs(found.vat - found.gross * 21 / 121) <= D("0.01")


def test_the_rate_that_the_rules_name_is_the_certificates_own() -> None:
    rules = [
        {"when": {"line": "gift_certificate", "rate": "21"}, "code": "2"},
        {"when": {"rate": "9"}, "code": "1"},
    ]
    draft = drafted(books(vat=rules), two_rates("10.00"))
    by_rate = {rate: sum(line.vat for line in draft.lines if line.vat_percentage == rate) for rate in (D(21), D(9))}
    assert by_rate == {D(21): D("2.46"), D(9): D("0.90")}


def test_an_order_of_two_rates_is_held_when_the_certificates_rate_is_not_known() -> None:
    code, text = held(books(), two_rates("10.00"))
    assert code == Code.VOUCHER_RATE_UNKNOWN
    assert "paid 10.00 EUR of this order" in text


def test_a_certificate_of_another_rate_than_the_goods_is_held() -> None:
    rules = [{"when": {"line": "gift_certificate", "rate": "9"}, "code": "1"}]
    assert held(books(vat=rules), order("10.00"))[0] == Code.VOUCHER_RATE_UNKNOWN


def test_more_than_the_goods_of_its_rate_is_held_with_both_figures() -> None:
    rules = [{"when": {"line": "gift_certificate", "rate": "9"}, "code": "1"}]
    code, text = held(books(vat=rules), two_rates("12.00"))
    assert code == Code.VOUCHER_MORE_THAN_GOODS
    assert "paid 12.00 EUR of this order, but its goods at 9 % are only 10.90" in text


def test_goods_abroad_are_not_what_the_certificate_was_sold_for() -> None:
    plain = plain_order()
    abroad = replace(plain.lines[0].ship_to, country="BE", postcode="9000")
    lines = tuple(replace(line, ship_to=abroad) for line in plain.lines)
    found = books().translate_order(order("10.00", lines=lines, taxes=()))
    assert isinstance(found, Held)
    assert Code.VOUCHER_RATE_UNKNOWN in {problem.code for problem in found.problems}


def test_a_draft_that_is_kept_says_what_was_redeemed() -> None:
    draft = drafted(books(), order("10.00"))
    assert Draft.from_json(draft.to_json()) == draft
    assert Draft.from_json({name: value for name, value in draft.to_json().items() if name != "redeemed"}).redeemed == 0


def less(books: Books, order: Order) -> Order:
    """The order less what certificates paid."""
    found = without_redeemed(TranslationContext(order, books.settings, books.rules, books.chart))
    assert isinstance(found, Order), found
    return found


def test_the_order_without_what_was_redeemed_adds_up() -> None:
    row = taxed("product:65", "21", "4.20")
    found = less(books(), order("10.00", taxes=(row,)))
    line = found.lines[-1]
    assert (line.quantity, line.net, line.tax, line.gross) == (D(1), D("-8.26"), D("-1.74"), D("-10.00"))
    assert (line.charged, line.charged_tax) == (D("-10.00"), D("-1.74"))
    assert (found.total_inc, found.total_tax, found.total_ex) == (D("14.20"), D("2.46"), D("11.74"))
    assert found.gift_certificate == 0
    own = TaxRow(REDEEMED, LineKind.GIFT_CERTIFICATE, line.name, D(21), D("-1.74"))
    assert found.taxes == (row, own)
    assert less(books(), order("10.00", taxes=None)).taxes is None


@pytest.mark.parametrize(("rounding", "vat"), [("line", "-0.17"), ("code", "-0.18")])
def test_where_vat_is_rounded_once_per_code_the_rest_of_the_goods_keeps_its_vat(rounding: str, vat: str) -> None:
    """Three times 0.99 + 0.21. Of the 2.60 that are left Exact makes 0.45 of VAT at once."""
    three = order_of(*(charge(f"product:{number}", "1.20", "0.21") for number in (1, 2, 3)))
    found = less(books({"vat_rounding": rounding}), replace(three, gift_certificate=D("1.00")))
    assert found.lines[-1].tax == D(vat)


def test_a_certificate_that_is_sold_in_the_order_is_no_goods_of_it() -> None:
    sold = charge("gift_certificate:7", "50.00", "8.68")
    both = order_of(charge("product:1", "24.20", "4.20"), sold, gift_certificate=D("30.00"))
    code, text = held(books(), both)
    assert code == Code.VOUCHER_MORE_THAN_GOODS
    assert "only 24.20" in text


def test_goods_whose_rate_no_table_tells_are_held_themselves() -> None:
    odd = charge("product:1", "10.00", "0.05"), charge("product:2", "24.20", "4.20")
    code, _ = held(books(), order_of(*odd, taxes=[], gift_certificate=D("10.00")))
    assert code == Code.VAT_RATE_UNKNOWN
    assert isinstance(books().translate_order(order_of(*odd, gift_certificate=D("10.00"))), Needs)


@pytest.mark.parametrize(("vat_rounding", "left"), [("line", D(1386)), ("code", D(1387))])
def test_of_whole_forints_the_vat_of_what_a_certificate_paid_is_whole_too(vat_rounding: str, left: D) -> None:
    """5000 has 867.77 of VAT in it, the other 7990 have 1386.69, and the shop rounds to units."""
    using = read_books({"settings": SINGLE | {"vat_rounding": vat_rounding}, "chart": {"currencies": {"HUF": 2}}})
    goods = charge("product:1", "12990", "2254")
    forints = replace(order_of(goods, currency="HUF"), tax_inclusive=True, gift_certificate=D(5000))
    found = without_redeemed(TranslationContext(forints, using.settings, using.rules, using.chart))
    assert isinstance(found, Order)
    assert (found.in_whole_units, found.total_inc, found.total_tax) == (True, D(7990), left)


@pytest.mark.parametrize(
    ("nets", "paid", "vat", "gross"),
    [
        pytest.param(("27.27", "20.61"), "4.18", "9.32", "53.75", id="a part"),
        pytest.param(("12.24", "12.07"), "29.42", "0.00", "0.00", id="all of it, a cent more than its lines"),
    ],
)
def test_a_shop_may_round_the_tax_of_the_order_once(nets: tuple[str, ...], paid: str, vat: str, gross: str) -> None:
    """The VAT of what the certificate paid was rounded when it was sold, so it is no part of that rounding."""
    lines = []
    for number, net in enumerate(map(D, nets), 1):
        tax = net * D("0.21")
        charged = charge(f"product:{number}", str(round_half_up(net + tax, 2)), str(round_half_up(tax, 2)))
        lines.append(replace(charged, charged=net + tax, charged_tax=tax))
    whole = total(map(D, nets))
    tax = round_half_up(whole * D("0.21"), 2)
    order_ = replace(order_of(*lines), total_ex=whole, total_tax=tax, total_inc=whole + tax)
    found = drafted(books(), replace(order_, tax_inclusive=False, gift_certificate=D(paid)))
    assert (found.vat, found.gross) == (D(vat), D(gross))
