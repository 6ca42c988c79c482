"""The first stages of a turn: a document waits for the one that goes before it."""

from typing import Any

from connector.flow.actions.documents import re_post, skip
from connector.models import OrderSync
from connector.sandbox.bigcommerce.state import Store
from tests.acme import Acme
from tests.flow.by_hand import CREATE, WHY, post
from tests.flow.changes.test_after_posting import rows
from tests.flow.changes.test_credit_note import ORDER, first_line, ring, setting


def test_the_new_invoice_waits_for_the_credit_note(acme: Acme, shop: Store) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", CREATE)
    ring(acme)
    assert rows(acme)[1:] == [("credit", -1, "blocked"), ("invoice", 2, "waiting")]
    assert OrderSync.objects.get(sequence=2).code == "waits_for_credit_note"
    re_post(acme.credits(ORDER)[0], None, WHY)
    acme.drain()
    assert rows(acme)[1:] == [("credit", -1, "posted"), ("invoice", 2, "posted")]


def test_a_skipped_credit_note_holds_the_invoice_that_follows(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", CREATE)
    ring(acme)
    skip(acme.credits(ORDER)[0], ann, WHY)
    acme.make_due()
    acme.drain()
    assert rows(acme)[2] == ("invoice", 2, "blocked")
    assert len(acme.in_exact(ORDER)) == 1
