"""Cancellations, edits and archived orders after posting: a person or a setting decides, nothing changes silently."""

from datetime import date
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest

from connector.flow.clock import database_now
from connector.models import OrderSync, SyncEvent
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.bigcommerce.webhook_sender import ARCHIVED
from tests.acme import Acme
from tests.flow.by_hand import CREATE, post
from tests.flow.changes.test_credit_note import ORDER, first_line, ring, setting


def rows(acme: Acme) -> list[tuple[str, int, str]]:
    """The documents of the order: kind, sequence, state."""
    found = OrderSync.objects.filter(order_id=ORDER).order_by("id")
    return [(row.kind, row.sequence, row.state) for row in found]


def edited(acme: Acme, shop: Store) -> D:
    """A posted order whose first line is one piece more; returns its new total."""
    post(acme)
    line = first_line(acme, ORDER)
    shop.edit(ORDER, line["id"], quantity=line["quantity"] + 1)
    ring(acme)
    return acme.total(ORDER)


def test_an_edit_is_reported_field_by_field(acme: Acme, shop: Store) -> None:
    post(acme)
    line = first_line(acme, ORDER)
    shop.edit(ORDER, line["id"], quantity=line["quantity"] + 1)
    shop.add_line(ORDER, line["id"])
    ring(acme)
    document = acme.document(ORDER)
    assert document.change_pending
    for part in ("total was 17.9 and is now", "quantity was 1 and is now 2", "was added", "gross was"):
        assert part in document.message, part
    assert document.state == "posted"
    reported = SyncEvent.objects.filter(document=document).order_by("-id").first()
    assert reported is not None
    assert len(reported.data["differences"]) >= 5


@pytest.mark.parametrize("kind", ["close_after", "500_after"])
def test_lost_answers_on_the_way_make_nothing_twice(acme: Acme, shop: Store, kind: str) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    acme.sandbox.exact.faults.add(kind, "POST", CREATE, times=2)
    acme.ring(ORDER)
    acme.settle()
    assert [state for _, _, state in rows(acme)] == ["posted"] * 3
    assert len(acme.in_exact(ORDER)) == 3


def test_a_refund_after_an_edit_credits_the_later_invoice(acme: Acme, shop: Store) -> None:
    setting(acme, edits="credit_and_repost", refunds="credit")
    total = edited(acme, shop)
    shop.refund(ORDER)
    ring(acme)
    later = OrderSync.objects.get(order_id=ORDER, kind="invoice", sequence=2)
    credit = acme.credits(ORDER)[-1]
    assert (credit.state, credit.original, credit.total) == ("posted", later, -total)
    assert sum(row["AmountFC"] for row in acme.in_exact(ORDER).values()) == 0


def test_an_archived_order_is_reported_and_its_invoice_stays(acme: Acme, shop: Store) -> None:
    post(acme)
    shop.archive(ORDER)
    ring(acme, scope=ARCHIVED)
    assert acme.document(ORDER).change_pending
    assert "archived" in acme.document(ORDER).message
    assert len(acme.invoices(ORDER)) == 1


def test_an_order_that_is_gone_is_reported_and_its_invoice_stays(acme: Acme, shop: Store) -> None:
    post(acme)
    del shop.orders[ORDER]
    ring(acme)
    ring(acme)
    assert acme.document(ORDER).change_pending
    assert "not have this order" in acme.document(ORDER).message
    assert len(acme.invoices(ORDER)) == 1


def test_the_next_invoice_is_of_the_day_on_which_it_is_made(acme: Acme, shop: Store) -> None:
    setting(acme, edits="credit_and_repost", invoice_date="order")
    edited(acme, shop)
    today = database_now().astimezone(ZoneInfo("Europe/Amsterdam")).date()
    dates = {name: row["InvoiceDate"].date() for name, row in acme.in_exact(ORDER).items()}
    assert dates == {"NLS-1001": date(2026, 1, 5), "NLS-1001-C0-1": today, "NLS-1001-2": today}
    assert acme.in_exact(ORDER)["NLS-1001-2"]["OrderDate"].date() == date(2026, 1, 5)
