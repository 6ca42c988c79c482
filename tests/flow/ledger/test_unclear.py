"""A write that Exact refuses twice in a text that is on no list is held with what it was about."""

from tests.acme import Acme
from tests.flow.by_hand import post
from tests.flow.customer.ordering import ANNA, bear_number


def test_a_vat_number_that_exact_does_not_take_is_the_customers(acme: Acme) -> None:
    post(acme, ANNA)
    bear_number(acme, 1013)
    acme.sandbox.exact.faults.add("500:Er ging iets mis.", "PUT", "*crm/Accounts*", times=-1)
    for _ in range(3):
        post(acme, 1013)
        acme.make_due()
    held = acme.document(1013)
    assert (held.state, held.reason, held.code) == ("blocked", "customer", "vat_number_not_taken"), held.message
    assert "the VAT number or the status for the account of" in held.message
    assert acme.sandbox.exact.calls.count("PUT", "*crm/Accounts*") == 2
