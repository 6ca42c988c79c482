"""Refunds in, credit notes or sentences out: one folder per case, with figures that can be checked by hand.

`case.json` says what it is about, what differs from nl.json, and the refunds in turn (null: all that remains).
`expected.json` has each one's credit note, or why it is held. The order is the common one where the folder has none.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from connector.domain.choices import PostingSettings
from connector.domain.credit.credit_note import (
    TYPED,
    EarlierCredit,
    Heading,
    Invoiced,
    NotToBeCredited,
    credit,
    credit_reference,
    numbered,
)
from connector.domain.document.codes import Code
from connector.domain.invoice.draft import Draft
from connector.domain.money import minor_digits
from connector.domain.order.model import LineKind
from connector.domain.order.read import read_order
from connector.domain.order.refund import Refund, RefundItem, UnreadableOrder, read_refunds
from connector.problems.catalogue import sentence
from tests.domain.books import HERE, Books, plain_order, read_books, read_json
from tests.domain.credit.sale import BY_LINE, booked, credited, item, product, refund, sale
from tests.domain.credit.sale import goodwill as of_order

CUP, GLASS, TEAPOT = (booked(f"product:{number}", "12.10") for number in (1, 2, 3))
HEADING = Heading("SHOP-1001-C31", date(2026, 4, 1), "26700001")

CASES = sorted(path for path in (HERE / "credits").iterdir() if path.is_dir())
SHOWN = ("key", "description", "quantity", "net_price", "vat_code", "net", "vat", "gross", "vat_amount")


def shown(draft: Draft) -> dict[str, Any]:
    whole = draft.to_json()
    lines = [{name: line[name] for name in SHOWN if line[name] is not None} for line in whole["lines"]]
    return {name: whole[name] for name in ("reference", "description", "net", "vat", "gross")} | {"lines": lines}


def outcomes(folder: Path) -> list[dict[str, Any]]:
    """Return the result of each refund of the case."""
    case = read_json(folder / "case.json")
    books: Books = read_books(case["setup"])
    own = folder / "order.json"
    order = read_order(read_json(own if own.exists() else HERE / "credits" / "order.json"))
    invoice = books.translate_order(order)
    assert isinstance(invoice, Draft), invoice
    found: list[dict[str, Any]] = []
    earlier: list[EarlierCredit] = []
    for row in case["refunds"]:
        refund = read_refunds([row], minor_digits(order.currency))[0] if row else None
        number = credit_reference(invoice.reference, refund.id if refund else 0)
        heading = Heading(number, date(2026, 4, 1), "26700001")
        try:
            note = credit(Invoiced(invoice, order, tuple(earlier)), refund, books.settings, heading)
        except NotToBeCredited as why:
            found.append({"held": sentence(why.problem), "code": why.problem.code})
        else:
            earlier.append(EarlierCredit(refund, note, note.gross))
            found.append(shown(note))
    return found


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_case(folder: Path) -> None:
    assert outcomes(folder) == read_json(folder / "expected.json")


def order_with_sales_tax() -> Invoiced:
    """Two mugs of 10.00 and 8 % of a tax on a separate line, as in the US."""
    raw = read_json(HERE / "cases" / "plain" / "order.json")
    raw["order"] |= {"total_tax": "1.60", "total_inc_tax": "21.60"}
    raw["destinations"][0]["lines"][0] |= {
        "total_inc_tax": "21.60",
        "total_tax": "1.60",
        "discounted_total_inc_tax": "21.60",
    }
    order = read_order(raw)
    plain = read_books({}).translate_order(read_order(read_json(HERE / "cases" / "plain" / "order.json")))
    assert isinstance(plain, Draft)
    goods = replace(plain.lines[0], vat_code="6", vat_percentage=D(0), vat=D(0), gross=D("20.00"))
    tax = replace(
        goods,
        key="tax:0",
        kind=LineKind.TAX,
        description="Sales tax",
        gl_account="1700",
        quantity=D(1),
        net_price=D("1.60"),
        net=D("1.60"),
        gross=D("1.60"),
    )
    draft = replace(plain, lines=(goods, tax), net=D("21.60"), vat=D(0), gross=D("21.60"), order_total=D("21.60"))
    return Invoiced(draft, order, ())


def refund_row(number: int, amount: str, tax: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": number, "total_amount": amount, "total_tax": tax, "items": items, "payments": []}


MUG = {"item_type": "PRODUCT", "item_id": 65, "quantity": 1, "requested_amount": None}


def test_tax_on_a_line_of_its_own_is_refunded_with_its_goods() -> None:
    invoiced = order_with_sales_tax()
    settings = read_books({}).settings
    (first, second) = read_refunds([refund_row(31, "10.80", "0.80", [MUG]), refund_row(32, "10.80", "0.80", [MUG])], 2)
    heading = Heading("SHOP-1001-C31", date(2026, 4, 1), "26700001")
    note = credit(invoiced, first, settings, heading)
    assert [(line.key, line.gross) for line in note.lines] == [("product:65", D("-10.00")), ("tax:0", D("-0.80"))]
    rest = replace(invoiced, earlier=(EarlierCredit(first, note, note.gross),))
    assert credit(rest, second, settings, heading).gross == D("-10.80")


def invoiced_case(name: str) -> Invoiced:
    """The invoice of a case's order."""
    folder = HERE / "cases" / name
    order = read_order(read_json(folder / "order.json"))
    draft = read_books(read_json(folder / "setup.json")).translate_order(order)
    assert isinstance(draft, Draft), draft
    return Invoiced(draft, order, ())


def goodwill(invoiced: Invoiced, amount: str) -> Draft:
    """The credit note of an amount for the whole order."""
    of_order = {"item_type": "ORDER", "item_id": 1001, "quantity": 1, "requested_amount": amount}
    (refund,) = read_refunds([refund_row(31, amount, "0.00", [of_order])], 2)
    heading = Heading("SHOP-1001-C31", date(2026, 4, 1), "26700001")
    return credit(invoiced, refund, read_books({}).settings, heading)


def test_an_amount_for_the_whole_order_leaves_a_sold_gift_certificate_its_worth() -> None:
    """A mug of 12.10 and a certificate of 50.00: the debt to its bearer is not less for a late parcel."""
    note = goodwill(invoiced_case("gift_certificate_beside_goods"), "6.05")
    assert [(line.key, line.gross, line.vat) for line in note.lines] == [("product:65", D("-6.05"), D("-1.05"))]


def test_an_amount_for_the_whole_order_leaves_a_tax_that_is_no_vat_alone() -> None:
    note = goodwill(order_with_sales_tax(), "5.40")
    assert [(line.key, line.gross) for line in note.lines] == [("product:65", D("-5.40"))]


def test_an_amount_for_the_whole_order_that_the_supplies_do_not_have_is_held() -> None:
    """12.10 of goods is left; 20.00 is not taken from the certificate."""
    with pytest.raises(NotToBeCredited) as held:
        goodwill(invoiced_case("gift_certificate_beside_goods"), "20.00")
    assert held.value.problem.code == Code.REFUND_OF_MORE_THAN_SUPPLIES
    assert "20.00 EUR for the order as a whole, but only 12.10 remains" in sentence(held.value.problem)


def test_all_that_remains_takes_the_gift_certificate_too() -> None:
    note = goodwill(invoiced_case("gift_certificate_beside_goods"), "62.10")
    assert {line.key: line.gross for line in note.lines} == {
        "product:65": D("-12.10"),
        "gift_certificate:66": D("-50.00"),
    }


def redeemed() -> tuple[Invoiced, PostingSettings]:
    """Two mugs, 24.20, of which a certificate of a single purpose paid 10.00: the invoice is 14.20 with 2.46 VAT."""
    books = read_books({"settings": {"gift_certificates": "single", "force_vat": True}})
    order = replace(plain_order(), gift_certificate=D("10.00"))
    draft = books.translate_order(order)
    assert isinstance(draft, Draft), draft
    return Invoiced(draft, order, ()), books.settings


def given_back(total: str, **as_what: str) -> Refund:
    payments = [
        {"provider_id": provider, "amount": amount, "is_declined": False} for provider, amount in as_what.items()
    ]
    of_order = {"item_type": "ORDER", "item_id": 1001, "quantity": 1, "requested_amount": total}
    return read_refunds([refund_row(31, total, "0.00", [of_order]) | {"payments": payments}], 2)[0]


def test_a_certificate_of_a_single_purpose_that_is_given_again_keeps_its_vat() -> None:
    """24.20 comes back: 14.20 of money, and 10.00 as a certificate, whose VAT was paid when it was first sold."""
    invoiced, settings = redeemed()
    heading = Heading("SHOP-1001-C31", date(2026, 4, 1), "26700001")
    note = credit(invoiced, given_back("24.20", card="14.20", giftcertificate="10.00"), settings, heading)
    assert (note.net, note.vat, note.gross) == (D("-11.74"), D("-2.46"), D("-14.20"))
    assert (note.order_total, note.redeemed) == (D("-14.20"), D(0))


def test_a_part_that_is_given_as_a_certificate_of_a_single_purpose_is_held() -> None:
    invoiced, settings = redeemed()
    heading = Heading("SHOP-1001-C31", date(2026, 4, 1), "26700001")
    with pytest.raises(NotToBeCredited) as held:
        credit(invoiced, given_back("5.00", giftcertificate="5.00"), settings, heading)
    assert held.value.problem.code == Code.REFUND_AS_SINGLE_VOUCHER
    assert "gives back 5.00 EUR as a gift certificate of a single purpose" in sentence(held.value.problem)


@pytest.mark.parametrize("provider", ["storecredit", "store_credit", "Store Credit"])
def test_what_is_given_as_store_credit_is_no_money(provider: str) -> None:
    refund = given_back("24.20", card="4.20", **{provider: "20.00"})
    assert (refund.to_store_credit, refund.to_gift_certificate, refund.paid) == (D("20.00"), D("0.00"), D("24.20"))


def test_a_provider_that_gives_a_cent_more_makes_no_credit_of_it() -> None:
    """A provider may round up; the shop's refund decides."""
    refund = given_back("24.20", storecredit="24.21")
    assert (refund.total, refund.to_store_credit) == (D("24.20"), D("24.20"))
    declined = [{"provider_id": "storecredit", "amount": "24.20", "is_declined": True}]
    (nothing,) = read_refunds([refund_row(31, "24.20", "0.00", []) | {"payments": declined}], 2)
    assert nothing.to_store_credit == 0


@pytest.mark.parametrize(
    ("number", "sequence"),
    [(1, "SHOP-1001"), (2, "SHOP-1001-2")],
)
def test_only_a_further_invoice_of_an_order_has_its_number_in_the_reference(number: int, sequence: str) -> None:
    draft = numbered(invoiced_case("plain").draft, number)
    assert (draft.reference, draft.payment_reference) == (sequence, sequence)


@pytest.mark.parametrize(
    ("sequence", "reference"),
    [(31, "S-1-C31"), (0, "S-1-C0"), (-2, "S-1-C0-2"), (TYPED, "S-1-C0-1000000"), (TYPED - 1, "S-1-M1")],
)
def test_a_reference_tells_what_was_credited(sequence: int, reference: str) -> None:
    """A refund by its id, a cancellation, the second invoice of an order, or the first amount that a person typed."""
    assert credit_reference("S-1", sequence) == reference


@pytest.mark.parametrize(
    ("given", "remarks"),
    [
        (refund("12.10", product(65), reason="Broken"), "Refund 31: Broken"),
        (refund("12.10", product(65), reason="Broken", number=1), "Refund 1: Broken"),
        (refund("12.10", product(65), reason="As agreed", number=TYPED - 1), "As agreed"),
        (refund("12.10", product(65), reason="As agreed", number=0), "As agreed"),
        (refund("12.10", product(65)), ""),
        (None, ""),
    ],
)
def test_the_remarks_are_the_reason(given: Refund | None, remarks: str) -> None:
    """With the refund's id, unless a person typed what was refunded."""
    assert credit(invoiced_case("plain"), given, BY_LINE, HEADING).remarks == remarks


def why_held(invoiced: Invoiced, given: Refund | None) -> Code:
    with pytest.raises(NotToBeCredited) as why:
        credit(invoiced, given, BY_LINE, HEADING)
    return why.value.problem.code


def test_a_refund_of_nothing_is_no_credit_note() -> None:
    assert why_held(sale(CUP, GLASS), refund("0.00", product(1))) == Code.REFUND_OF_MORE_THAN_REMAINS


def test_all_that_remains_is_held_when_it_names_a_line_that_came_back_already() -> None:
    once = credited(sale(CUP, GLASS), refund("12.10", product(1)), {"product:1": "12.10"})
    assert why_held(once, refund("12.10", product(1))) == Code.REFUND_OF_MORE_PIECES
    assert credit(once, refund("12.10", product(2)), BY_LINE, HEADING).gross == D("-12.10")


class TestAllThatRemainsAfterAnAmountForTheWholeOrder:
    """Two products and shipping, 65.35 together, and 10.00 of goodwill: 55.35 remains."""

    sold = sale(booked("product:1", "36.30"), booked("product:2", "23.00"), booked("shipping:51", "6.05"))
    once = credited(
        sold, refund("10.00", of_order("10.00")), {"product:1": "5.55", "product:2": "3.52", "shipping:51": "0.93"}
    )

    def test_all_lines_together_come_to_more_by_just_that_amount(self) -> None:
        everything = (product(1), product(2), item("SHIPPING", 51))
        assert credit(self.once, refund("55.35", *everything), BY_LINE, HEADING).gross == D("-55.35")

    @pytest.mark.parametrize("named", [(product(1), product(2)), (product(1),)])
    def test_lines_that_come_to_another_amount_are_held(self, named: tuple[RefundItem, ...]) -> None:
        """Both products without the shipping are 3.95 more than what remains, and one is less."""
        assert why_held(self.once, refund("55.35", *named)) == Code.REFUND_DOES_NOT_ADD_UP


def test_all_that_remains_may_be_a_tax_that_is_no_vat() -> None:
    once = credited(order_with_sales_tax(), None, {"product:65": "20.00"})
    assert credit(once, refund("1.60"), BY_LINE, HEADING).gross == D("-1.60")


def test_what_a_person_credited_by_hand_leaves_no_lines_to_take_the_rest_of() -> None:
    by_hand = replace(sale(CUP, GLASS), earlier=(EarlierCredit(None, None, D("-12.10")),))
    assert why_held(by_hand, None) == Code.REFUND_WITHOUT_LINES_LEFT
    assert credit(by_hand, refund("12.10", product(2)), BY_LINE, HEADING).gross == D("-12.10")


class TestTheShopsOwnTax:
    """It may differ by a cent for each line of the credit note; of the last one, for each line of all of them."""

    def test_a_cent_for_each_line_is_rounding(self) -> None:
        sold = sale(CUP, GLASS, TEAPOT)
        assert credit(sold, refund("12.10", product(1), tax=D("2.11")), BY_LINE, HEADING).vat == D("-2.10")
        assert why_held(sold, refund("12.10", product(1), tax=D("2.12"))) == Code.REFUND_TAX_DIFFERS
        assert why_held(sold, refund("12.10", product(1), tax=D("2.08"))) == Code.REFUND_TAX_DIFFERS

    def test_the_last_one_has_the_cents_of_those_before(self) -> None:
        once = credited(sale(CUP, GLASS), refund("12.10", product(1)), {"product:1": "12.10"})
        assert credit(once, refund("12.10", product(2), tax=D("2.12")), BY_LINE, HEADING).vat == D("-2.10")
        assert why_held(once, refund("12.10", product(2), tax=D("2.13"))) == Code.REFUND_TAX_DIFFERS
        before_the_last = credited(sale(CUP, GLASS, TEAPOT), refund("12.10", product(1)), {"product:1": "12.10"})
        assert why_held(before_the_last, refund("12.10", product(2), tax=D("2.12"))) == Code.REFUND_TAX_DIFFERS


def test_a_correction_of_a_tax_that_has_a_line_of_its_own_is_a_credit_of_that_line() -> None:
    (refund,) = read_refunds([refund_row(31, "1.00", "1.00", [])], 2)
    heading = Heading("SHOP-1001-C31", date(2026, 4, 1), "26700001")
    note = credit(order_with_sales_tax(), refund, read_books({}).settings, heading)
    assert [(line.key, line.gross) for line in note.lines] == [("tax:0", D("-1.00"))]


@pytest.mark.parametrize(
    "odd",
    [{"id": None}, {"total_amount": "-1"}, {"total_amount": "a lot"}, {"items": [{"item_type": "TIP"}]}, {"items": 3}],
)
def test_a_refund_that_cannot_be_understood_is_named(odd: dict[str, Any]) -> None:
    with pytest.raises(UnreadableOrder, match="refund"):
        read_refunds([refund_row(31, "1.00", "0.00", []) | odd], 2)


def test_refunds_come_oldest_first_and_say_what_was_declined() -> None:
    payments = [{"amount": "1.00", "is_declined": True}, {"amount": "1.00", "is_declined": False}]
    later = refund_row(32, "1.00", "0.00", []) | {"payments": payments}
    first = refund_row(31, "1.00", "0.00", []) | {"payments": payments[:1]}
    found = read_refunds([later, first], 2)
    assert [(refund.id, refund.declined, refund.paid) for refund in found] == [(31, True, D(0)), (32, False, D("1.00"))]
