"""A company's contact person: made once, whatever Exact answers."""

from datetime import timedelta

import pytest

from connector.flow.clock import database_now
from connector.models import CustomerEvent, CustomerLink
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import ANNA, post

COMPANY = "B2B Germany, zero-rated"


def persons(acme: Acme) -> list[str]:
    """The contact persons that the sandbox's division has by now, without those of its seed."""
    with acme.sandbox.exact.lock:
        rows = acme.sandbox.exact.divisions[DIVISION].table("crm/Contacts").values()
        return [f"{row['FirstName']} {row['LastName']}" for row in rows if row["Account"] == link().account_id]


def link() -> CustomerLink:
    return CustomerLink.objects.get()


def try_again(acme: Acme) -> None:
    """Let the settle time pass, and the order be due."""
    CustomerLink.objects.exclude(contact_asked_at=None).update(contact_asked_at=database_now() - timedelta(hours=1))
    acme.make_due()
    acme.drain()


def test_a_new_company_gets_the_person_who_ordered(acme: Acme) -> None:
    order_id = acme.order_of_kind(COMPANY)
    billing = acme.order(order_id)["billing_address"]
    post(acme, order_id)
    assert persons(acme) == [f"{billing['first_name']} {billing['last_name']}"]
    assert (bool(link().contact_id), link().contact_asked_at) == (True, None)
    assert acme.exact_calls("*crm/Contacts*") == 1


def test_a_person_gets_none(acme: Acme) -> None:
    post(acme, ANNA)
    assert persons(acme) == []
    assert acme.exact_calls("*crm/Contacts*") == 0


@pytest.mark.parametrize("kind", ["close_after", "close_before"])
def test_after_an_unclear_answer_there_is_one_and_no_second(acme: Acme, kind: str) -> None:
    order_id = acme.order_of_kind(COMPANY)
    acme.sandbox.exact.faults.add(kind, "POST", "*crm/Contacts*")
    post(acme, order_id)
    assert acme.document(order_id).state == "waiting"
    try_again(acme)
    assert acme.document(order_id).state == "posted"
    assert len(persons(acme)) == 1
    assert link().contact_id


def test_one_that_exact_refuses_holds_nothing_and_is_noted(acme: Acme) -> None:
    order_id = acme.order_of_kind(COMPANY)
    acme.sandbox.exact.faults.add("400:Ongeldig: Achternaam", "POST", "*crm/Contacts*")
    post(acme, order_id)
    assert acme.document(order_id).state == "posted"
    assert (link().contact_id, link().contact_asked_at) == ("", None)
    (event,) = CustomerEvent.objects.filter(kind="refused")
    assert event.problems[0]["code"] == "contact_refused"
