"""A contact person or an invoice address never holds an order."""

import pytest

from connector.clients import errors
from connector.flow.customer.account.beside import holding_nothing
from connector.flow.customer.copies.missing import AccountGone
from connector.models import CustomerLink
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import ANNA, annas, post

COMPANY = "B2B Germany, zero-rated"


@pytest.mark.parametrize("refusal", [errors.Forbidden, errors.NotFound, errors.UnexpectedResponse])
def test_what_concerns_the_endpoint_alone_is_left_out(refusal: type[errors.ClientError]) -> None:
    with holding_nothing(1):
        raise refusal("no")


@pytest.mark.parametrize("trouble", [errors.Unavailable, errors.Unauthorized, errors.RateLimited, AccountGone])
def test_what_the_document_meets_too_goes_on_its_way(trouble: type[errors.ClientError]) -> None:
    with pytest.raises(trouble), holding_nothing(1):
        raise trouble("no")


@pytest.mark.django_db
def test_without_the_right_to_contacts_a_company_has_its_invoice_and_is_asked_for_later(acme: Acme) -> None:
    order_id = acme.order_of_kind(COMPANY)
    acme.sandbox.exact.faults.add("403:scope", "POST", "*crm/Contacts*")
    post(acme, order_id)
    assert acme.document(order_id).state == "posted"
    assert CustomerLink.objects.get().contact_asked_at is not None


@pytest.mark.django_db
def test_an_invoice_address_that_may_not_be_looked_for_holds_nothing(acme: Acme) -> None:
    account_id = annas(acme, AddressLine1="Prinsengracht 1", Postcode="1015 DV", City="Amsterdam", Country="NL")
    acme.sandbox.exact.faults.add("403:scope", "GET", "*crm/Addresses*")
    post(acme, ANNA)
    assert acme.document(ANNA).state == "posted"
    assert [row["ID"] for row in acme.sandbox.exact.accounts(DIVISION) if row["ID"] == account_id]
