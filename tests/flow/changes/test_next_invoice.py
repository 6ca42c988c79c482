"""An edited order's next invoice is certain before the one that it replaces is credited."""

from typing import Any

from connector.flow.actions.change_decisions import credit_and_repost
from connector.flow.actions.documents import approve, re_post
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.exact.state import INVOICES
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import WHY, post
from tests.flow.changes.test_after_posting import rows
from tests.flow.changes.test_credit_note import ORDER, first_line, ring, setting


def edited_by_somebody_else(acme: Acme, shop: Store) -> None:
    """The order has more, and now goes to a company that Exact does not know."""
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    billing = {**acme.order(ORDER)["billing_address"], "company": "Nieuw BV", "email": "info@nieuw.example"}
    shop.change(ORDER, customer_id=0, billing_address=billing)


def test_nothing_is_written_in_exact_before_the_invoice_is_credited(acme: Acme, shop: Store, ann: Any) -> None:
    """The account of the next invoice is made as the last step, when all else is certain."""
    setting(acme, edits="credit_and_repost")
    posted = post(acme)
    setting(acme, mode="approval")
    edited_by_somebody_else(acme, shop)
    writes = acme.sandbox.exact.calls.count("POST", "*/api/v1/*")
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert credit.state == "awaiting_approval"
    setting(acme, mode="live")
    kept = acme.sandbox.exact.remove(DIVISION, INVOICES, posted.exact_id)
    approve(credit, ann, WHY)
    acme.drain()
    assert acme.credits(ORDER)[0].state != "posted"
    assert acme.sandbox.exact.calls.count("POST", "*/api/v1/*") == writes
    acme.sandbox.exact.put_back(DIVISION, INVOICES, posted.exact_id, kept)
    acme.sandbox.exact.faults.add("400:Ongeldig: E-mail", "POST", "*crm/Accounts")
    re_post(acme.credits(ORDER)[0], ann, WHY)
    acme.drain()
    held = acme.credits(ORDER)[0]
    assert (held.state, "Ongeldig: E-mail" in held.message) == ("blocked", True), held.message
    assert len(acme.in_exact(ORDER)) == 1
    re_post(held, ann, WHY)
    acme.drain()
    assert [state for _, _, state in rows(acme)] == ["posted"] * 3


def test_an_edit_whose_status_is_not_posted_waits_and_asks_nobody(acme: Acme, shop: Store) -> None:
    """It is credited and posted again when the order has a status that is posted. A look at the same one costs less."""
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    shop.change(ORDER, status_id=7, status="Awaiting Payment")
    ring(acme)
    assert (rows(acme), acme.document(ORDER).change_pending) == ([("invoice", 1, "posted")], False)
    calls, notes = acme.exact_calls(), acme.document(ORDER).history
    assert "does not post orders with status 7 (Awaiting Payment), so nothing is credited yet" in notes[0].text
    ring(acme)
    assert notes.all()[0].text == "Read again: nothing changed since it was recorded."
    assert acme.exact_calls() == calls
    shop.change(ORDER, status_id=11, status="Awaiting Fulfillment")
    ring(acme)
    assert rows(acme) == [("invoice", 1, "posted"), ("credit", -1, "posted"), ("invoice", 2, "posted")]
    assert sum(row["AmountFC"] for row in acme.in_exact(ORDER).values()) == acme.total(ORDER)


def test_an_edit_that_a_person_decides_on_is_asked_about_at_any_status(acme: Acme, shop: Store, ann: Any) -> None:
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    shop.change(ORDER, status_id=7, status="Awaiting Payment")
    ring(acme)
    credit_and_repost(acme.document(ORDER), ann, WHY)
    acme.drain()
    document = acme.document(ORDER)
    assert (rows(acme), document.change_pending) == ([("invoice", 1, "posted")], True)
    assert "No invoice is due for the order as it is now" in document.message
