"""An account is corrected before an order goes to it: its VAT number, its status."""

import pytest

from connector.models import DirectoryAccount
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import ANNA, NUMBER, accounts_named, annas, bear_number, post


@pytest.mark.parametrize("kind", ["close_after", "close_before", "500_after"])
def test_a_vat_number_whose_entry_got_no_clear_answer_is_entered_in_the_end(acme: Acme, kind: str) -> None:
    post(acme, ANNA)
    bear_number(acme, 1013)
    acme.sandbox.exact.faults.add(kind, "PUT", "*crm/Accounts*")
    post(acme, 1013)
    assert acme.document(1013).state == "waiting"
    acme.make_due()
    acme.drain()
    assert acme.document(1013).state == "posted"
    (account,) = accounts_named(acme, "NLS-201")
    assert account["VATNumber"] == NUMBER["value"]
    assert DirectoryAccount.objects.get(account_id=account["ID"]).vat_number == NUMBER["value"]


def status_of(acme: Acme, account_id: str) -> object:
    """The status of an account in Exact."""
    return next(each["Status"] for each in acme.sandbox.exact.accounts(DIVISION) if each["ID"] == account_id)


@pytest.mark.parametrize("status", ["P", "S"])
def test_a_prospect_becomes_a_customer_by_one_write_where_that_is_allowed(acme: Acme, status: str) -> None:
    acme.connection.promote_prospects = True
    acme.connection.save()
    account_id = annas(acme, Status=status)
    post(acme, ANNA)
    assert acme.invoice(ANNA)["OrderedBy"] == account_id
    assert status_of(acme, account_id) == "C"
    assert acme.sandbox.exact.calls.count("PUT", "*crm/Accounts*") == 1
    row = DirectoryAccount.objects.get(account_id=account_id)
    assert (row.status, row.is_customer) == ("C", True)


@pytest.mark.parametrize("kind", ["close_after", "close_before", "500_after"])
def test_a_promotion_without_a_clear_answer_is_done_in_the_end(acme: Acme, kind: str) -> None:
    acme.connection.promote_prospects = True
    acme.connection.save()
    account_id = annas(acme, Status="P")
    acme.sandbox.exact.faults.add(kind, "PUT", "*crm/Accounts*")
    post(acme, ANNA)
    assert acme.document(ANNA).state == "waiting"
    acme.make_due()
    acme.drain()
    assert acme.invoice(ANNA)["OrderedBy"] == account_id
    assert status_of(acme, account_id) == "C"
