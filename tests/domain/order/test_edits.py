"""Which changes of a posted order move money, and which do not."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.order.edits import edits
from connector.domain.order.model import Address, LineKind, Order, OrderLine
from connector.problems.catalogue import sentence
from tests.domain.books import plain_order

PLAIN = plain_order()
MUG = PLAIN.lines[0]


def with_lines(*lines: OrderLine, **changes: Any) -> Order:
    return replace(PLAIN, lines=lines, **changes)


def sent_to(order: Order, **changes: Any) -> Order:
    """The order with this changed in all its addresses."""
    lines = tuple(replace(line, ship_to=replace(line.ship_to, **changes)) for line in order.lines)
    ship_to = tuple(replace(address, **changes) for address in order.ship_to)
    return replace(order, lines=lines, ship_to=ship_to, billing=replace(order.billing, **changes))


def words(old: Order, new: Order) -> list[str]:
    return [sentence(each) for each in edits(old, new)]


FEE = replace(MUG, key="fee:5", kind=LineKind.FEE, name="Rush", sku="")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(PLAIN, replace(PLAIN, status_id=2, message="Thanks", payment_method="Cash"), id="words"),
        pytest.param(PLAIN, replace(PLAIN, total_inc=PLAIN.total_inc * D("1.00")), id="digits"),
        pytest.param(PLAIN, replace(PLAIN, customer_id="77"), id="guest claimed by an account"),
        pytest.param(PLAIN, sent_to(PLAIN, email="new@example.com"), id="e-mail address"),
        pytest.param(PLAIN, sent_to(PLAIN, street_1="Kade 2", postcode="3512 AB", city="Utrecht"), id="street"),
        pytest.param(PLAIN, with_lines(replace(MUG, name="Cup", sku="CUP", notes="Red")), id="product renamed"),
        pytest.param(PLAIN, with_lines(replace(MUG, key="product:99")), id="line with another id"),
        pytest.param(with_lines(MUG, FEE), with_lines(MUG, replace(FEE, key="fee:8")), id="fee with another id"),
        pytest.param(with_lines(MUG, FEE), with_lines(FEE, MUG), id="lines in another order"),
        pytest.param(
            with_lines(MUG, replace(MUG, key="product:66", quantity=D(1))),
            with_lines(replace(MUG, key="product:66"), replace(MUG, quantity=D(1))),
            id="ids changed about",
        ),
        pytest.param(PLAIN, replace(PLAIN, taxes=(), customer_group=("2", "Trade")), id="details read"),
        pytest.param(
            PLAIN,
            sent_to(
                PLAIN, first_name="REDACTED", last_name="REDACTED", street_1="REDACTED", email="redacted@x.example"
            ),
            id="redacted by a marketplace",
        ),
        pytest.param(PLAIN, sent_to(PLAIN, street_1="", postcode="", country=""), id="addresses emptied"),
    ],
)
def test_these_move_no_money(old: Order, new: Order) -> None:
    assert words(old, new) == []


def test_each_edit_has_a_sentence() -> None:
    vase = replace(MUG, key="product:66", name="Vase", sku="VASE", gross=D("6.05"))
    new = with_lines(replace(MUG, quantity=D(3)), vase, total_inc=D("42.35"), currency="USD")
    assert words(PLAIN, new) == [
        "The order: currency was EUR and is now USD.",
        "The order: total was 24.2 and is now 42.35.",
        "Line product:65: quantity was 2 and is now 3.",
        'Line product:66, 2 x "Vase" for 6.05, was added.',
    ]
    assert words(new, PLAIN)[-1] == 'Line product:66, 2 x "Vase" for 6.05, was removed.'


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("quantity", replace(MUG, quantity=D("7.77"))),
        ("net", replace(MUG, net=D("7.77"))),
        ("tax", replace(MUG, tax=D("7.77"))),
        ("gross", replace(MUG, gross=D("7.77"))),
    ],
)
def test_each_amount_of_a_line_counts(name: str, changed: OrderLine) -> None:
    found = edits(PLAIN, with_lines(changed))
    assert [(each.code, each.params["changed"]) for each in found] == [(Code.LINE_FIELD_CHANGED, name)]


def test_another_country_counts() -> None:
    assert words(PLAIN, sent_to(PLAIN, country="DE")) == ["Line product:65: country was NL and is now DE."]


def test_a_postcode_in_another_vat_area_counts() -> None:
    madrid, canaries = sent_to(PLAIN, country="ES", postcode="28001"), sent_to(PLAIN, country="ES", postcode="35001")
    assert words(madrid, canaries) == ["Line product:65: VAT area was ES and is now IC."]
    assert words(madrid, sent_to(madrid, postcode="08001")) == []


def test_a_redacted_postcode_is_no_other_vat_area() -> None:
    canaries = sent_to(PLAIN, country="ES", postcode="35001", street_1="Calle 1", email="ann@example.com")
    assert words(canaries, sent_to(canaries, street_1="REDACTED", postcode="", email="redacted@x.example")) == []


def test_an_order_without_names_is_not_taken_for_a_redacted_one() -> None:
    bare = replace(
        PLAIN, billing=Address(country="NL"), ship_to=(), lines=(replace(MUG, ship_to=Address(country="NL")),)
    )
    moved = replace(bare, lines=(replace(MUG, ship_to=Address(country="DE")),))
    assert words(bare, moved) == ["Line product:65: country was NL and is now DE."]


def test_a_line_with_another_id_and_another_price_is_one_edit() -> None:
    assert words(with_lines(MUG, FEE), with_lines(MUG, replace(FEE, key="fee:8", gross=D("30.25")))) == [
        "Line fee:5: gross was 24.2 and is now 30.25."
    ]


def test_of_two_equal_lines_the_one_that_went_is_named() -> None:
    twin = replace(MUG, key="product:66")
    assert words(with_lines(MUG, twin), with_lines(twin)) == [
        f'Line product:65, 2 x "{MUG.name}" for 24.2, was removed.'
    ]


def test_a_charge_of_another_kind_is_another_line() -> None:
    found = edits(
        with_lines(MUG, FEE), with_lines(MUG, replace(FEE, key="gift_certificate:5", kind=LineKind.GIFT_CERTIFICATE))
    )
    assert [each.code for each in found] == [Code.LINE_REMOVED, Code.LINE_ADDED]


def test_a_line_that_equals_what_another_one_was_is_added() -> None:
    found = edits(PLAIN, with_lines(replace(MUG, quantity=D(3)), replace(MUG, key="product:66")))
    assert [(each.code, each.params["key"]) for each in found] == [
        (Code.LINE_FIELD_CHANGED, "product:65"),
        (Code.LINE_ADDED, "product:66"),
    ]


def test_beside_an_edit_a_fee_with_another_id_and_name_is_the_same_fee() -> None:
    new = with_lines(replace(MUG, quantity=D(3)), replace(FEE, key="fee:8", name="Express"))
    assert words(with_lines(MUG, FEE), new) == ["Line product:65: quantity was 2 and is now 3."]


def test_a_download_stays_in_its_area_where_goods_change_it() -> None:
    """Belfast belongs to the EU's VAT area for goods alone."""
    belfast, london = (replace(MUG.ship_to, country="GB", postcode=code) for code in ("BT1 1AA", "N1 1AA"))
    for digital, count in ((False, 1), (True, 0)):
        old, new = (with_lines(replace(MUG, ship_to=place, digital=digital)) for place in (belfast, london))
        assert len(edits(old, new)) == count


def test_an_order_may_have_other_addresses_than_before() -> None:
    two = replace(PLAIN, ship_to=(*PLAIN.ship_to, *PLAIN.ship_to))
    assert edits(PLAIN, two) == edits(two, PLAIN) == []


def test_what_a_certificate_paid_counts_where_it_is_of_a_single_purpose() -> None:
    """Its VAT was paid at its sale, so the invoice is less that amount. Another certificate is a payment."""
    paid = replace(PLAIN, gift_certificate=D("10.00"))
    found = edits(PLAIN, paid, single_purpose=True)
    assert [sentence(each) for each in found] == ["The order: gift certificate was 0 and is now 10."]
    assert edits(PLAIN, paid) == edits(paid, paid, single_purpose=True) == []
