"""Exact may refuse to list the form of document that a connection never used, and no other."""

import pytest

from connector.clients.errors import Forbidden
from connector.flow.reconcile import other_form
from connector.models import OrderSync
from tests.acme import Acme
from tests.flow.reconcile.books import CENT, change, found, run


@pytest.mark.parametrize("refused", ["*salesentry/SalesEntries*", "*TransactionLines*"])
def test_a_form_that_was_never_used_may_be_refused(posted: Acme, refused: str) -> None:
    posted.sandbox.exact.faults.add("403:scope", "GET", refused, times=-1)
    posted.sandbox.exact.set(page_size=5)
    change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + CENT)
    done = run(posted, drift_since="2026-01-01T00:00:00")
    assert (found(done), done.figures["refused"]) == ([("amount", 1001)], ["sales_entry"])
    assert done.figures["documents"] == 12
    assert other_form.in_words(done.figures).startswith("sales entry: Exact refuses to list them.")
    assert posted.exact_calls(refused) == 1


@pytest.mark.parametrize("used", [{"form": "sales_entry"}, {"form": "sales_entry", "kind": "credit"}])
def test_a_form_that_was_used_must_be_listed(posted: Acme, used: dict[str, str]) -> None:
    posted.sandbox.exact.faults.add("403:scope", "GET", "*salesentry/SalesEntries*", times=-1)
    OrderSync.objects.filter(order_id=1001).update(**used)
    with pytest.raises(Forbidden):
        run(posted)


def test_so_must_the_form_that_the_connection_makes(posted: Acme) -> None:
    posted.sandbox.exact.faults.add("403:scope", "GET", "*salesinvoice/SalesInvoices*", times=-1)
    OrderSync.objects.all().delete()
    with pytest.raises(Forbidden):
        run(posted)
