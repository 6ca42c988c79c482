"""What a person says of an order that may be in Exact: it is this document, or it is none."""

import pytest

from connector.flow.actions.backfill import it_is, it_is_not
from connector.flow.actions.transaction import NotPossible
from connector.models import BackfillOrder, SyncEvent
from tenants.models import User
from tests.acme import Acme
from tests.flow.by_hand import WHY
from tests.flow.inbox.backfill.hand import type_in
from tests.flow.inbox.backfill.scene import begin, turns


@pytest.fixture
def typed(acme: Acme) -> tuple[BackfillOrder, str]:
    """Order 1001, which may be an invoice in Exact, and that invoice."""
    key = type_in(acme, 1001, "alike")
    return turns(begin(acme)).rows.get(order_id=1001), key


def test_it_is_this_one(acme: Acme, typed: tuple[BackfillOrder, str], ann: User) -> None:
    row, key = typed
    with pytest.raises(NotPossible, match="none of the documents"):
        it_is(row, "another", ann, WHY)
    with pytest.raises(NotPossible, match="Say why"):
        it_is(row, key, ann, "")
    it_is(row, key, ann, WHY)
    document = acme.document(1001)
    assert (document.state, document.exact_id) == ("posted", key)
    assert SyncEvent.objects.get(document=document, kind="action").actor == ann
    acme.settle()
    assert acme.document(1001).exact_id == key


def test_it_is_none(acme: Acme, typed: tuple[BackfillOrder, str], ann: User) -> None:
    it_is_not(typed[0], ann, WHY)
    document = acme.document(1001)
    assert (document.state, document.low_priority, document.backfilled) == ("pending", True, True)
    acme.settle()
    assert acme.document(1001).state == "posted"
    ours = [row for row in acme.invoices() if row.get("YourRef") == f"{acme.store.prefix}-1001"]
    assert len(ours) == 1


def test_one_of_another_amount_is_refused_with_both_figures(acme: Acme) -> None:
    key = type_in(acme, 1001, "number as reference", acme.total(1001) + 1)
    row = turns(begin(acme)).rows.get(order_id=1001)
    with pytest.raises(NotPossible, match=r"18\.9\b.*17\.9"):
        it_is(row, key, None, WHY)
    assert acme.document(1001).state == "blocked"


def test_one_that_was_deleted_or_is_decided_is_refused(acme: Acme, typed: tuple[BackfillOrder, str]) -> None:
    row, key = typed
    acme.sandbox.exact.remove(100001, "salesinvoice/SalesInvoices", key)
    with pytest.raises(NotPossible, match="does not have that document any more"):
        it_is(row, key, None, WHY)
    queued = BackfillOrder.objects.filter(outcome="queued").first()
    assert queued is not None
    with pytest.raises(NotPossible, match="nothing to decide"):
        it_is_not(queued, None, WHY)
