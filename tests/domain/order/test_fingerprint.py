import json
from dataclasses import replace
from decimal import Decimal as D

from connector.domain.order.fingerprint import content, diff, fingerprint
from connector.problems.catalogue import sentence
from tests.domain.books import plain_order


def test_equal_amounts_have_the_same_fingerprint() -> None:
    order = plain_order()
    same = replace(order, status_id=2, total_inc=D("24.2000"), message="Thanks", payment_method="Cash")
    assert fingerprint(order) == fingerprint(same)
    assert len(fingerprint(order)) == 64
    assert diff(content(order), content(same)) == []


def test_details_do_not_change_it() -> None:
    order = plain_order()
    reported = replace(
        order,
        customer_group=("2", "Trade"),
        lines=tuple(replace(line, category=("5", "Mugs")) for line in order.lines),
        taxes=(),
    )
    assert fingerprint(order) == fingerprint(reported)


def test_each_change_has_a_sentence() -> None:
    order = plain_order()
    mug = order.lines[0]
    other = replace(
        order,
        total_inc=D("42.35"),
        ship_to=(replace(order.billing, country="DE"),),
        lines=(replace(mug, quantity=D(3)), replace(mug, key="product:66", name="Vase", gross=D("6.05"))),
    )
    old, new = json.loads(json.dumps([content(order), content(other)]))
    assert fingerprint(order) != fingerprint(other)
    assert [sentence(each) for each in diff(old, new)] == [
        "The order: shipping countries was NL and is now DE.",
        "The order: total was 24.2 and is now 42.35.",
        "Line product:65: quantity was 2 and is now 3.",
        'Line product:66, 2 x "Vase" for 6.05, was added.',
    ]
    assert sentence(diff(new, old)[-1]) == 'Line product:66, 2 x "Vase" for 6.05, was removed.'
