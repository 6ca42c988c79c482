"""An order that gift certificates of a single purpose paid wholly has an invoice of 0.00, and no credit note undoes it.

Where its goods and its certificates have different accounts, a person is asked about whatever follows.
"""

from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.flow.actions.change_decisions import credit_and_repost, credit_now, leave_it
from connector.models import OrderSync
from connector.sandbox.bigcommerce.state import Store
from tests.acme import Acme
from tests.flow.by_hand import WHY, post
from tests.flow.changes.test_after_posting import rows
from tests.flow.changes.test_credit_note import ORDER, first_line, ring

CERTIFICATES = {"priority": 5, "when": {"line": "gift_certificate"}, "then": {"gl_account": "8010"}}
ONE_ACCOUNT = {"priority": 1, "when": {}, "then": {"gl_account": "8000"}}


@pytest.fixture
def paid(acme: Acme, shop: Store) -> OrderSync:
    """The invoice of 0.00. Its goods are on 8000, its certificate on 8010."""
    return pay(acme, shop, CERTIFICATES)


def pay(acme: Acme, shop: Store, rule: dict[str, Any]) -> OrderSync:
    kept = {"gift_certificates": "single", "edits": "credit_and_repost", "cancellations": "credit"}
    acme.configure(rules=[rule, *acme.file["connections"][0]["rules"]], **kept)
    shop.change(ORDER, gift_certificate_amount=acme.order(ORDER)["total_inc_tax"])
    document = post(acme)
    assert (document.state, document.total) == ("posted", D("0.00")), document.message
    return document


def edit(acme: Acme, shop: Store) -> OrderSync:
    """Add a piece to the first line; returns the invoice after the lane has looked."""
    line = first_line(acme, ORDER)
    shop.edit(ORDER, line["id"], quantity=line["quantity"] + 1)
    ring(acme)
    return acme.document(ORDER)


@pytest.mark.usefixtures("paid")
def test_an_edit_is_asked_about_with_the_amounts_on_both_accounts(acme: Acme, shop: Store, ann: Any) -> None:
    for decide in (credit_and_repost, credit_now):
        document = edit(acme, shop)
        assert Code.NOTHING_TO_CREDIT in [each.code for each in document.causes]
        assert "8100 ONLINE 4.09, 8010 -14.79. Correct it in Exact by hand" in document.message
        decide(document, ann, WHY)
        acme.drain()
        assert acme.document(ORDER).change_pending
    leave_it(acme.document(ORDER), ann, WHY)
    acme.drain()
    assert not acme.document(ORDER).change_pending
    assert rows(acme) == [("invoice", 1, "posted")]


@pytest.mark.usefixtures("paid")
def test_a_cancellation_is_asked_about(acme: Acme, shop: Store) -> None:
    shop.cancel(ORDER)
    ring(acme)
    document = acme.document(ORDER)
    assert [each.code for each in document.causes][:2] == [Code.UNDONE_NOT_CREDITED, Code.NOTHING_TO_CREDIT]
    assert rows(acme) == [("invoice", 1, "posted")]


def test_on_one_account_nothing_stays_so_the_edit_is_posted(acme: Acme, shop: Store) -> None:
    pay(acme, shop, ONE_ACCOUNT)
    document = edit(acme, shop)
    assert not document.change_pending, document.message
    assert rows(acme) == [("invoice", 1, "posted"), ("invoice", 2, "posted")]
    assert sum(row["AmountFC"] for row in acme.in_exact(ORDER).values()) == acme.total(ORDER) - D("17.90")
