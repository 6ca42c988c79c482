"""Refunds of posted orders become credit notes: printed, linked, once, and never above what remains."""

from decimal import Decimal as D
from typing import Any

import pytest

from connector.flow.actions.documents import approve
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.bigcommerce.webhook_sender import REFUNDED
from tests.acme import STORE, Acme
from tests.flow.by_hand import CREATE, PRINT, WHY, post

ORDER = 1001
REFUNDS = "*payment_actions/refunds"


def setting(acme: Acme, **fields: object) -> None:
    type(acme.connection).objects.filter(pk=acme.connection.pk).update(**fields)


def ring(acme: Acme, order_id: int = ORDER, scope: str = "store/order/updated") -> None:
    acme.ring(order_id, scope)
    acme.drain()


def two_rates(acme: Acme) -> int:
    return acme.order_of_kind("two VAT rates")


def first_line(acme: Acme, order_id: int) -> dict[str, Any]:
    return acme.sandbox.stores.store(STORE).orders[order_id].products[0]


def test_a_refunded_line_becomes_a_printed_credit_note_that_mirrors_the_invoice(acme: Acme, shop: Store) -> None:
    order_id = two_rates(acme)
    invoice = post(acme, order_id)
    line = first_line(acme, order_id)
    refund = shop.refund(order_id, {line["id"]: line["quantity"]}, reason="Broken")
    ring(acme, order_id)

    (credit,) = acme.credits(order_id)
    assert (credit.state, credit.sequence, credit.original) == ("posted", refund["id"], invoice)
    note = acme.in_exact(order_id)[f"NLS-{order_id}-C{refund['id']}"]
    assert (note["Type"], note["Status"]) == (8021, 50)
    assert note["AmountFC"] == -D(str(refund["total_amount"])) == credit.total
    assert note["VATAmountFC"] == -D(str(refund["total_tax"]))
    assert str(invoice.exact_number) in note["Description"]
    assert credit.exact_id == note["InvoiceID"]
    (theirs,) = note["SalesInvoiceLines"]
    ours = next(each for each in acme.invoice(order_id)["SalesInvoiceLines"] if each["Item"] == theirs["Item"])
    same = ("Item", "GLAccount", "CostCenter", "VATCode", "NetPrice")
    assert {name: theirs[name] for name in same} == {name: ours[name] for name in same}
    assert theirs["Quantity"] == -ours["Quantity"]
    assert note["OrderedBy"] == acme.invoice(order_id)["OrderedBy"]
    assert not acme.document(order_id).change_pending


def test_a_whole_refund_in_three_parts_is_the_invoice_to_the_cent(acme: Acme, shop: Store) -> None:
    order_id = two_rates(acme)
    post(acme, order_id)
    lines = shop.orders[order_id].products
    shop.refund(order_id, {lines[0]["id"]: 1})
    ring(acme, order_id)
    shop.refund(order_id, whole=D("1.37"))
    ring(acme, order_id)
    left = D(shop.orders[order_id].order["total_inc_tax"]) + sum(each.total or 0 for each in acme.credits(order_id))
    shop.refund(order_id, whole=left)
    ring(acme, order_id)
    found = acme.in_exact(order_id)
    assert [each.state for each in acme.credits(order_id)] == ["posted"] * 3, [
        each.message for each in acme.credits(order_id)
    ]
    assert len(found) == 4
    assert sum(row["AmountFC"] for row in found.values()) == 0
    assert sum(row["VATAmountFC"] for row in found.values()) == 0


def test_two_refunds_found_at_once_are_two_credit_notes(acme: Acme, shop: Store) -> None:
    post(acme)
    line = first_line(acme, ORDER)["id"]
    shop.refund(ORDER, {line: 1})
    shop.refund(ORDER, shipping=D("1.00"))
    ring(acme)
    assert [each.state for each in acme.credits(ORDER)] == ["posted", "posted"]
    assert acme.sandbox.stores.calls.count("GET", REFUNDS) == 1


def test_a_refund_that_was_delivered_twice_is_credited_once(acme: Acme, shop: Store) -> None:
    post(acme)
    shop.refund(ORDER)
    ring(acme, scope=REFUNDED)
    ring(acme)
    ring(acme, scope=REFUNDED)
    assert len(acme.credits(ORDER)) == 1
    assert len(acme.in_exact(ORDER)) == 2


def test_refunds_are_read_only_where_there_is_a_sign_of_one(acme: Acme, shop: Store) -> None:
    post(acme)
    ring(acme)
    assert acme.store_calls(REFUNDS) == 0
    ring(acme, scope=REFUNDED)
    assert acme.store_calls(REFUNDS) == 1
    assert acme.credits(ORDER) == []


def test_an_order_first_seen_refunded_gets_its_invoice_and_its_credits(acme: Acme, shop: Store) -> None:
    line = first_line(acme, ORDER)["id"]
    shop.refund(ORDER, {line: 1})
    document = post(acme)
    assert (document.state, document.change_pending) == ("posted", False)
    assert [each.state for each in acme.credits(ORDER)] == ["posted"]
    assert acme.invoice(ORDER)["AmountFC"] == acme.total(ORDER)


def test_first_seen_refunded_and_the_answer_to_the_invoice_lost_gets_its_credits_too(acme: Acme, shop: Store) -> None:
    shop.refund(ORDER)
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    acme.ring(ORDER)
    acme.settle()
    assert [each.state for each in acme.credits(ORDER)] == ["posted"]


@pytest.mark.parametrize("path", [CREATE, PRINT])
@pytest.mark.parametrize("kind", ["close_before", "close_after", "500_after", "garbage_201"])
def test_a_lost_answer_to_the_credit_note_makes_no_second_one(acme: Acme, shop: Store, path: str, kind: str) -> None:
    post(acme)
    shop.refund(ORDER)
    acme.sandbox.exact.faults.add(kind, "POST", path)
    acme.ring(ORDER, REFUNDED)
    acme.settle()
    (credit,) = acme.credits(ORDER)
    assert credit.state == "posted", credit.message
    assert acme.in_exact(ORDER)[credit.reference]["Status"] == 50
    assert len(acme.in_exact(ORDER)) == 2


def test_a_refund_of_which_a_part_was_declined_is_held_with_both_figures(acme: Acme, shop: Store) -> None:
    post(acme)
    shop.refund(ORDER, declined=D("5.00"))
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert (credit.state, credit.reason) == ("blocked", "totals")
    assert "17.90" in credit.message
    assert "12.90" in credit.message


def test_more_than_what_remains_is_held_with_both_figures(acme: Acme, shop: Store) -> None:
    post(acme)
    shop.refund(ORDER, whole=D("10.00"))
    ring(acme)
    shop.refund(ORDER, whole=D("10.00"))
    ring(acme)
    first, second = acme.credits(ORDER)
    assert (first.state, second.state, second.reason) == ("posted", "blocked", "totals")
    assert "10.00" in second.message
    assert "7.90" in second.message


def test_an_amount_for_the_whole_order_is_spread_over_its_vat_or_held_as_set(acme: Acme, shop: Store) -> None:
    order_id = two_rates(acme)
    post(acme, order_id)
    shop.refund(order_id, whole=D("5.00"))
    ring(acme, order_id)
    (spread,) = acme.credits(order_id)
    note = acme.in_exact(order_id)[spread.reference]
    assert note["AmountFC"] == D("-5.00")
    assert {line["VATCode"].strip() for line in note["SalesInvoiceLines"]} == {
        line["VATCode"].strip() for line in acme.invoice(order_id)["SalesInvoiceLines"]
    }
    setting(acme, order_refund_vat="hold")
    shop.refund(order_id, whole=D("5.00"))
    ring(acme, order_id)
    held = acme.credits(order_id)[1]
    assert (held.state, held.reason) == ("blocked", "totals")


def test_a_correction_of_tax_alone_is_held_with_a_way_out(acme: Acme, shop: Store) -> None:
    post(acme)
    shop.refund(ORDER, tax=D("1.10"))
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert (credit.state, credit.reason) == ("blocked", "totals")
    assert "1.10" in credit.message
    assert "VAT alone" in credit.message


def test_the_merchants_own_total_leads_when_it_has_the_tax_that_goes_with_it(acme: Acme, shop: Store) -> None:
    post(acme)
    line = first_line(acme, ORDER)
    shop.refund(ORDER, {line["id"]: line["quantity"]}, override=(D("12.10"), D("2.10")))
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert credit.state == "posted", credit.message
    note = acme.in_exact(ORDER)[credit.reference]
    assert (note["AmountFC"], note["VATAmountFC"]) == (D("-12.10"), D("-2.10"))


def test_in_approval_mode_a_credit_note_waits_for_a_person_too(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, mode="approval")
    acme.ring(ORDER)
    acme.drain()
    approve(acme.document(ORDER), ann, WHY)
    acme.drain()
    shop.refund(ORDER)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert credit.state == "awaiting_approval"
    assert len(acme.in_exact(ORDER)) == 1
    approve(credit, ann, WHY)
    acme.drain()
    assert acme.credits(ORDER)[0].state == "posted"


def test_in_shadow_mode_a_credit_note_is_shown_and_not_posted(acme: Acme, shop: Store) -> None:
    post(acme)
    setting(acme, mode="shadow")
    shop.refund(ORDER)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert (credit.state, credit.reason) == ("skipped", "shadow")
    assert credit.draft is not None
    assert credit.draft["gross"] == "-17.90"
    assert len(acme.in_exact(ORDER)) == 1


def test_the_invoice_is_looked_at_before_and_the_credit_note_read_back_before_it_is_printed(
    acme: Acme, shop: Store
) -> None:
    post(acme)
    before = len(acme.sandbox.exact.calls)
    shop.refund(ORDER)
    ring(acme)
    reported = [(call.method, call.path.rpartition("/")[2]) for call in list(acme.sandbox.exact.calls)[before:]]
    assert reported == [
        ("GET", "SalesInvoices"),
        ("POST", "SalesInvoices"),
        ("GET", "SalesInvoices"),
        ("GET", "SalesInvoiceLines"),
        ("POST", "PrintedSalesInvoices"),
    ]
