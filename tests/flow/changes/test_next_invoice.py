"""An edited order's next invoice is certain before the one that it replaces is credited."""

from typing import Any

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
