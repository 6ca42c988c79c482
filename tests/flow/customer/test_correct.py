"""An account is corrected before an order goes to it: its VAT number, its status."""

import pytest

from connector.models import DirectoryAccount
from tests.acme import Acme
from tests.flow.customer.ordering import ANNA, NUMBER, accounts_named, bear_number, post


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
