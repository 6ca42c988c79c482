"""A missing account is made once, and not at all for a customer who is like one whose account was just made."""

from datetime import timedelta

import pytest

from connector.clients import errors
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.customer.copies import directory
from connector.flow.customer.matching import outcomes
from connector.flow.customer.matching.match import customers_of, match
from connector.flow.customer.runs import make_missing
from connector.flow.customer.runs.make_missing import Made, make_some, settled_at
from connector.flow.outbound.clients import LaneClients
from connector.models import CustomerEvent, CustomerLink, CustomerMatch, Division, StoreCustomer
from tests.acme import DIVISION, Acme
from tests.factories import StoreCustomerFactory, UserFactory
from tests.flow.customer.shop import NUMBER

pytestmark = pytest.mark.django_db


class Work:
    """Acme with some customers that were matched, in its lane."""

    def __init__(self, acme: Acme) -> None:
        self.acme, self.connection = acme, acme.connection
        lease = leases.acquire(Division, acme.connection.division_id)
        self.client = LaneClients(acme.connection.division, lease).exact
        self.renewed = 0
        directory.pull(acme.connection.division, self.client)

    def customer(self, key: str, name: str = "Jane Doe", **fields: object) -> StoreCustomer:
        book = [{"id": 1, "postcode": "1234 AB", "country": "NL", "city": "Houtmeer", "street_1": "Proefstraat 1"}]
        first, _, last = name.partition(" ")
        given = {"first_name": first, "last_name": last, "email": f"shopper{key}@customers.example", **fields}
        return StoreCustomerFactory.create(store=self.acme.store, customer_key=key, addresses=book, **given)

    def match(self) -> None:
        outcomes.keep(self.connection, match(self.connection, customers_of(self.connection)).others, None)

    def make(self) -> Made:
        made = Made()
        while make_some(self.connection, made, self.client, None, self.renew):
            pass
        return made

    def renew(self) -> None:
        self.renewed += 1

    def accounts(self, search_code: str) -> list[dict[str, object]]:
        return [row for row in self.acme.sandbox.exact.accounts(DIVISION) if row.get("SearchCode") == search_code]


@pytest.fixture
def work(acme: Acme) -> Work:
    return Work(acme)


def test_an_account_has_the_customers_names_and_place(work: Work) -> None:
    work.customer("901", phone="020 1234567")
    work.match()
    made = work.make()
    (account,) = work.accounts("NLS-901")
    assert (account["Name"], account["Email"], account["City"]) == (
        "Jane Doe",
        "shopper901@customers.example",
        "Houtmeer",
    )
    assert (made.created, work.renewed) == (1, 1)
    link = CustomerLink.objects.get(customer_key="901")
    assert (link.account_id, link.matched_by) == (account["ID"], "created")
    assert not CustomerMatch.objects.exists()
    assert list(CustomerEvent.objects.values_list("kind", "origin", "customer_key")) == [("created", "run", "901")]


def test_a_customer_who_was_linked_meanwhile_keeps_that_account(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, name in (("901", "Jane Doe"), ("902", "Bo Smit")):
        work.customer(key, name)
    work.match()

    def link() -> None:
        columns = {"store": work.acme.store, "division": work.connection.division, "search_code": "NLS-902"}
        CustomerLink.objects.get_or_create(customer_key="902", defaults={**columns, "account_id": "chosen"})

    monkeypatch.setattr(work, "renew", link)
    assert work.make().created == 1
    assert CustomerLink.objects.get(customer_key="902").account_id == "chosen"
    assert work.accounts("NLS-902") == []


def test_two_registrations_of_a_company_get_one_account(work: Work) -> None:
    for key in ("901", "902"):
        work.customer(key, company="Acme BV", vat_number=NUMBER)
    work.match()
    made = work.make()
    assert (made.created, made.linked) == (1, 1)
    assert len(set(CustomerLink.objects.values_list("account_id", flat=True))) == 1


def test_a_customer_who_is_like_one_whose_account_was_made_is_for_a_person(work: Work) -> None:
    for key in ("901", "902"):
        work.customer(key)
    work.match()
    assert work.make().created == 1
    work.match()
    other = CustomerMatch.objects.get()
    assert (other.customer.customer_key, other.outcome) == ("902", "ambiguous")
    assert other.candidates[0]["account_id"] == CustomerLink.objects.get().account_id


def test_an_account_that_somebody_made_meanwhile_is_linked(work: Work) -> None:
    work.customer("901")
    work.match()
    work.acme.sandbox.exact.add_account(DIVISION, Name="Jane Doe", Email="shopper901@customers.example")
    directory.pull(work.connection.division, work.client)
    made = work.make()
    assert (made.created, made.linked, work.accounts("NLS-901")) == (0, 1, [])


def test_after_an_unclear_answer_exact_is_searched_before_it_is_made_again(work: Work) -> None:
    work.customer("901")
    work.match()
    work.acme.sandbox.exact.faults.add("close_after", "POST", "*crm/Accounts*")
    with pytest.raises(errors.Unavailable):
        work.make()
    assert work.make().linked + CustomerLink.objects.exclude(account_id="").count() == 1
    assert len(work.accounts("NLS-901")) == 1


def test_what_is_not_clear_yet_waits_and_the_others_go_on(work: Work, settings: object) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 120  # type: ignore[attr-defined]
    for key, name in (("901", "Jane Doe"), ("902", "Bo Smit")):
        work.customer(key, name)
    work.match()
    sent = database_now() - timedelta(seconds=30)
    link = {"store": work.acme.store, "division": work.connection.division, "search_code": "NLS-901"}
    CustomerLink.objects.create(customer_key="901", sent_at=sent, **link)
    assert work.make().created == 1
    assert settled_at(work.connection) == sent + timedelta(seconds=120)
    CustomerLink.objects.filter(customer_key="901").update(sent_at=sent - timedelta(hours=1))
    assert settled_at(work.connection) is None
    assert work.make().created == 1


def test_what_exact_refuses_is_held_and_the_others_go_on(work: Work) -> None:
    work.customer("901", email="jane@odd")
    work.customer("902", "Bo Smit")
    work.match()
    work.acme.sandbox.exact.faults.add("400:Ongeldig: E-mail", "POST", "*crm/Accounts*")
    made = work.make()
    assert made.created == 1
    held = CustomerMatch.objects.get()
    assert (held.outcome, held.problems[0]["code"]) == ("held", "account_refused")


def test_only_so_many_are_begun_at_once(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_missing, "BATCH", 2)
    for key, name in (("901", "Jane Doe"), ("902", "Bo Smit"), ("903", "Noor Vos")):
        work.customer(key, name)
    work.match()
    made = Made()
    assert make_some(work.connection, made, work.client, None, work.renew)
    assert (made.created, made.handled) == (2, 2)
    assert make_some(work.connection, made, work.client, None, work.renew)
    assert not make_some(work.connection, made, work.client, None, work.renew)
    assert made.created == 3


def test_the_history_names_the_person_who_began_the_run(work: Work) -> None:
    work.customer("901")
    work.match()
    person = UserFactory.create()
    make_some(work.connection, Made(), work.client, person, work.renew)
    event = CustomerEvent.objects.get(kind="created")
    assert (event.origin, event.actor, event.customer_key) == ("run", person, "901")
