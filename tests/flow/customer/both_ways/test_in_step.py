"""Two linked sides are brought in step over HTTP: what changed is carried over, once, and nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.clients import errors
from connector.clients.bigcommerce import customers
from connector.domain.choices import FieldGroup
from connector.domain.document.codes import Code
from connector.flow.customer.both_ways.in_step import Result, bring_all_in_step
from connector.models import Breaker, CustomerConflict, CustomerEvent, CustomerLink, StoreCustomer
from tests.acme import Acme
from tests.flow.customer.linked import FIELD, HOME, Linked

Kind = CustomerEvent.Kind


@pytest.fixture
def pair(acme: Acme) -> Linked:
    return Linked(acme)


def test_two_sides_that_are_alike_get_bases_and_no_write(pair: Linked) -> None:
    pair.link.refresh_from_db()
    assert set(pair.link.store_base) == set(pair.link.exact_base) == {str(group) for group in FieldGroup}
    assert pair.link.in_step_at is not None
    assert (pair.writes(), CustomerEvent.objects.count()) == (0, 0)


def test_an_e_mail_changed_in_the_store_stands_in_exact_and_the_old_one_in_the_history(pair: Linked) -> None:
    pair.change_store(email="new@dijk.example")
    assert pair.step() == Result(to_exact=1)
    assert pair.account()["Email"] == "new@dijk.example"
    (event,) = pair.events(Kind.TO_EXACT)
    assert (event.group, event.before["email"], event.after["email"]) == (
        "contact",
        "vera@dijk.example",
        "new@dijk.example",
    )
    assert (event.origin, event.account_id) == ("webhook", pair.account_id)


def test_a_phone_changed_in_exact_and_an_e_mail_changed_in_the_store_both_stay(pair: Linked) -> None:
    pair.settings(customer_conflicts="newest")
    pair.change_exact(Phone="+31611111111")
    pair.change_store(email="new@dijk.example")
    assert pair.step() == Result(to_exact=1)
    assert CustomerLink.objects.exclude(due_at=None).exists()  # the lane carries the other one over
    assert pair.step() == Result(to_store=1)
    assert (pair.account()["Email"], pair.account()["Phone"]) == ("new@dijk.example", "+31611111111")
    assert (pair.in_store()["email"], pair.in_store()["phone"]) == ("new@dijk.example", "+31611111111")
    assert not CustomerLink.objects.exclude(due_at=None).exists()
    assert pair.step() == Result()


def test_what_a_change_has_to_cut_stands_in_the_history(pair: Linked) -> None:
    street, city = ("Kade " * 30).strip(), "Utrecht-Zuid"
    pair.change_address(address1=street, city=city)
    pair.change_store(phone="0612345679")
    pair.step()
    cuts = [each for event in pair.events(Kind.TO_EXACT) for each in event.problems]
    assert [(each["code"], each["params"]["part"], each["params"]["was"]) for each in cuts] == [
        ("value_shortened", "address_line1", street)
    ]
    assert pair.account()["AddressLine1"] == cuts[0]["params"]["now"]


def test_a_refused_change_keeps_what_it_would_have_cut(pair: Linked) -> None:
    pair.change_address(address1=("Kade " * 30).strip())
    pair.exact.faults.add("400:Ongeldig", "PUT", "*crm/Accounts*", times=1)
    pair.step()
    (event,) = pair.events(Kind.REFUSED)
    assert [each["code"] for each in event.problems] == ["value_shortened", "details_refused"]


def test_an_e_mail_changed_in_exact_stands_in_the_store(pair: Linked) -> None:
    pair.change_exact(Email="new@dijk.example")
    assert pair.step() == Result(to_store=1)
    assert pair.in_store()["email"] == "new@dijk.example"
    (event,) = pair.events(Kind.TO_STORE)
    assert (event.before["email"], event.after["email"]) == ("vera@dijk.example", "new@dijk.example")


@pytest.mark.parametrize("side", ["change_store", "change_exact"])
def test_our_own_write_comes_back_as_no_change(pair: Linked, side: str) -> None:
    name = "email" if side == "change_store" else "Email"
    getattr(pair, side)(**{name: "new@dijk.example"})
    pair.step()
    before = pair.writes()
    for _time in range(3):
        assert pair.step() == Result()
    assert pair.writes() == before == 1


def test_all_groups_go_to_exact_by_one_call(pair: Linked) -> None:
    pair.change_store(company="Dijk Lampen BV", email="info@dijk.example", form_fields={FIELD: "NL123456782B90"})
    pair.change_address(address1="Gracht 2", postal_code="3511 CD")
    assert pair.step().to_exact == 4
    account = pair.account()
    assert (account["Name"], account["Email"]) == ("Dijk Lampen BV", "info@dijk.example")
    assert (account["AddressLine1"], account["Postcode"]) == ("Gracht 2", "3511 CD")
    assert account["VATNumber"] == "NL123456782B90"
    assert pair.writes() == 1


def test_what_exact_owns_goes_to_the_place_where_the_store_has_it(pair: Linked) -> None:
    pair.settings(names_owner="exact", addresses_owner="exact", vat_number_owner="exact")
    pair.change_exact(Name="Vera de Wit", AddressLine1="Gracht 2", City="Zeist", VATNumber="NL123456782B90")
    assert pair.step().to_store == 3
    customer, address = pair.in_store(), pair.address()
    assert (customer["first_name"], customer["last_name"]) == ("Vera", "de Wit")
    assert (address["address1"], address["city"]) == ("Gracht 2", "Zeist")
    assert address["state_or_province"] == HOME["state_or_province"]
    assert pair.shop.form_fields[pair.customer_id][FIELD] == "NL123456782B90"
    before = pair.writes()
    assert pair.step() == Result()
    assert pair.writes() == before


def test_what_the_other_side_owns_stays_and_nothing_is_written(pair: Linked) -> None:
    pair.change_exact(Name="Somebody Else")  # the store owns names
    assert pair.step() == Result()
    assert pair.account()["Name"] == "Somebody Else"
    assert pair.writes() == 0


def test_what_differed_when_they_were_linked_stays_until_a_push(acme: Acme) -> None:
    pair = Linked(acme, account={"Email": "other@dijk.example"})
    pair.settings(contact_owner="store")
    pair.step()
    assert pair.writes() == 0
    assert pair.step(make_equal=True) == Result(to_exact=1)
    assert pair.account()["Email"] == "vera@dijk.example"
    assert pair.step(make_equal=True) == Result()


def test_both_changed_is_a_conflict_once_and_closes_when_they_agree(pair: Linked) -> None:
    pair.change_store(email="one@dijk.example")
    pair.change_exact(Email="two@dijk.example")
    for _time in range(2):
        assert pair.step() == Result(conflicts=1)
    conflict = CustomerConflict.objects.get(link=pair.link)
    assert (conflict.store_values["email"], conflict.exact_values["email"]) == ("one@dijk.example", "two@dijk.example")
    assert len(pair.events(Kind.CONFLICT)) == 1
    pair.change_exact(Email="one@dijk.example")
    assert pair.step() == Result()
    conflict.refresh_from_db()
    assert conflict.decided_at is not None
    assert (conflict.decision, pair.writes()) == ("", 0)


def test_the_newest_is_taken_where_the_connection_says_so(pair: Linked) -> None:
    pair.settings(customer_conflicts="newest")
    pair.change_store(email="one@dijk.example")
    pair.exact.advance(3600)
    pair.change_exact(Email="two@dijk.example")
    assert pair.step() == Result(to_store=1)
    assert pair.in_store()["email"] == "two@dijk.example"
    assert pair.events(Kind.TO_STORE)[0].before["email"] == "one@dijk.example"


def test_a_refused_write_is_not_tried_again_until_something_changes(pair: Linked) -> None:
    pair.shop.add_customer(email="taken@dijk.example", first_name="A", last_name="B")
    pair.change_exact(Email="taken@dijk.example")
    assert pair.step() == Result(refused=1)
    before = pair.writes()
    assert pair.step() == Result(refused=1)
    assert pair.writes() == before
    pair.link.refresh_from_db()
    assert pair.link.stays["contact"]["code"] == Code.DETAILS_REFUSED
    (event,) = pair.events(Kind.REFUSED)
    assert event.problems[0]["code"] == Code.DETAILS_REFUSED
    assert pair.events(Kind.TO_STORE) == []
    pair.change_exact(Email="free@dijk.example")
    assert pair.step() == Result(to_store=1)
    pair.link.refresh_from_db()
    assert pair.link.stays == {}


def test_one_refused_customer_holds_up_no_other_of_the_same_call(acme: Acme) -> None:
    pairs = [Linked(acme, {"email": f"c{n}@dijk.example"}, {"Email": f"c{n}@dijk.example"}) for n in range(3)]
    pairs[0].shop.add_customer(email="taken@dijk.example", first_name="A", last_name="B")
    for pair, email in zip(pairs, ("n0@dijk.example", "taken@dijk.example", "n2@dijk.example"), strict=True):
        pair.change_exact(Email=email)
        pair.read()
    found = bring_all_in_step([pair.link for pair in pairs], pairs[0].clients, origin="webhook")
    assert [found[pair.link.pk] for pair in pairs] == [Result(to_store=1), Result(refused=1), Result(to_store=1)]
    assert [pair.in_store()["email"] for pair in pairs] == ["n0@dijk.example", "c1@dijk.example", "n2@dijk.example"]


def test_ten_customers_are_changed_by_one_call(acme: Acme) -> None:
    pairs = [Linked(acme, {"email": f"c{n}@dijk.example"}, {"Email": f"c{n}@dijk.example"}) for n in range(12)]
    for n, pair in enumerate(pairs):
        pair.change_exact(Email=f"new{n}@dijk.example")
        pair.read()
    bring_all_in_step([pair.link for pair in pairs], pairs[0].clients, origin="webhook")
    assert all(pair.in_store()["email"] == f"new{n}@dijk.example" for n, pair in enumerate(pairs))
    assert pairs[0].writes() == 2


def test_an_address_that_the_store_left_stays_with_its_reason_and_exacts_is_not_undone(pair: Linked) -> None:
    pair.settings(addresses_owner="newest")
    pair.shop.add_address(pair.customer_id, **{**HOME, "address1": "Gracht 2", "postal_code": "1012AB"})
    pair.step()
    pair.change_exact(AddressLine1="Gracht 2")
    assert pair.step() == Result(refused=1)
    before = pair.writes()
    for _time in range(2):
        assert pair.step() == Result(refused=1)
    assert pair.writes() == before
    assert (pair.account()["AddressLine1"], pair.address()["address1"]) == ("Gracht 2", "Kade 1")
    pair.link.refresh_from_db()
    assert pair.link.stays["addresses"]["code"] == Code.DETAILS_NOT_TAKEN
    (event,) = pair.events(Kind.REFUSED)
    assert event.problems[0]["code"] == Code.DETAILS_NOT_TAKEN
    pair.change_exact(AddressLine1="Gracht 3")
    assert pair.step() == Result(to_store=1)
    pair.link.refresh_from_db()
    assert (pair.address()["address1"], pair.link.stays) == ("Gracht 3", {})


def test_a_customer_that_the_store_does_not_name_as_changed_counts_as_not_written(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [Linked(acme, {"email": f"c{n}@dijk.example"}, {"Email": f"c{n}@dijk.example"}) for n in range(2)]
    for number, pair in enumerate(pairs):
        pair.change_exact(Email=f"new{number}@dijk.example")
        pair.read()
    left = pairs[1].customer_id
    update = customers.update_customers
    monkeypatch.setattr(customers, "update_customers", lambda store, given: update(store, given[:1]))
    done = bring_all_in_step([pair.link for pair in pairs], pairs[0].clients, origin="webhook")
    assert [done[pair.link.pk] for pair in pairs] == [Result(to_store=1), Result(refused=1)]
    assert StoreCustomer.objects.get(customer_key=str(left)).email == "c1@dijk.example"
    assert [len(pair.events(Kind.REFUSED)) for pair in pairs] == [0, 1]


@pytest.mark.parametrize(("kind", "landed"), [("500_after", True), ("close_after", True), ("close_before", False)])
def test_after_an_unclear_answer_both_sides_are_read_before_it_is_repeated(
    pair: Linked, kind: str, landed: bool
) -> None:
    pair.exact.faults.add(kind, "PUT", "*crm/Accounts*", times=1)
    pair.change_store(email="new@dijk.example")
    pair.step()
    pair.link.refresh_from_db()
    if pair.link.stays:
        assert pair.link.read_first
        assert pair.link.due_at is not None
        assert pair.events(Kind.TO_EXACT)[0].problems[0]["code"] == Code.DETAILS_UNCLEAR
    assert pair.events(Kind.TO_EXACT)[0].before["email"] == "vera@dijk.example"
    pair.step()
    assert pair.account()["Email"] == "new@dijk.example"
    assert pair.step() == Result()
    assert pair.exact.calls.count("PUT", "*crm/Accounts*") <= (1 if landed else 2)


def test_a_write_that_stays_unclear_waits_twice_as_long_each_time_until_it_goes_through(pair: Linked) -> None:
    fault = pair.exact.faults
    fault.add("close_before", "PUT", "*crm/Accounts*", times=-1)
    pair.change_store(email="new@dijk.example")
    waits = []
    for _time in range(12):
        Breaker.objects.all().delete()
        pair.step()
        pair.link.refresh_from_db()
        assert pair.link.due_at is not None
        assert pair.link.in_step_at is not None
        waits.append(pair.link.due_at - pair.link.in_step_at)
    assert waits[:4] == [timedelta(minutes=each) for each in (2, 4, 8, 16)]
    assert waits[-1] == timedelta(hours=6)
    fault.clear()
    Breaker.objects.all().delete()
    assert pair.step() == Result(to_exact=1)
    pair.link.refresh_from_db()
    assert (pair.link.failures, pair.link.due_at, pair.link.stays) == (0, None, {})


def test_a_side_that_cannot_be_called_leaves_no_line_and_the_change_due(pair: Linked) -> None:
    pair.exact.faults.add("429_minute", "PUT", "*crm/Accounts*", times=1)
    pair.change_store(email="new@dijk.example")
    with pytest.raises(errors.RateLimited):
        pair.step()
    assert CustomerEvent.objects.count() == 0
    pair.link.refresh_from_db()
    assert pair.link.due_at is not None


@pytest.mark.parametrize(
    ("account", "code"), [({"Blocked": True}, Code.ACCOUNT_BLOCKED), ({"EndDate": "2020-01-01"}, Code.ACCOUNT_ENDED)]
)
def test_an_account_that_was_closed_meanwhile_stays_with_its_reason(
    pair: Linked, account: dict[str, Any], code: Code
) -> None:
    pair.change_store(email="new@dijk.example")
    pair.change_exact(**account)
    assert pair.step() == Result()
    pair.link.refresh_from_db()
    assert pair.link.stays["contact"]["code"] == code
    assert pair.writes() == 0
    pair.change_exact(Blocked=False, EndDate=None)
    assert pair.step() == Result(to_exact=1)


def test_a_customer_deleted_in_the_store_is_written_nowhere(pair: Linked) -> None:
    pair.shop.delete_customer(pair.customer_id)
    pair.change_exact(Email="new@dijk.example")
    assert pair.step() == Result()
    pair.link.refresh_from_db()
    assert pair.link.stays["contact"]["code"] == Code.CUSTOMER_DELETED
    assert pair.writes() == 0


def test_an_account_of_two_customers_goes_to_neither(pair: Linked) -> None:
    other = Linked(pair.acme, {"email": "other@dijk.example"})
    CustomerLink.objects.filter(pk=other.link.pk).update(account_id=pair.account_id)
    pair.change_exact(Email="new@dijk.example")
    assert pair.step() == Result()
    pair.link.refresh_from_db()
    assert pair.link.stays["contact"]["code"] == Code.ACCOUNT_SHARED
    pair.change_store(phone="0209999999")
    assert pair.step() == Result()  # both have changed it, and a decision could not be carried out


def test_an_account_of_two_customers_takes_nothing_of_either(pair: Linked) -> None:
    other = Linked(pair.acme, {"email": "other@dijk.example"})
    CustomerLink.objects.filter(pk=other.link.pk).update(account_id=pair.account_id)
    before = dict(pair.account())
    for each in (pair, other):
        each.change_store(email=f"new-{each.customer_id}@dijk.example", first_name="Piet")
        assert each.step() == Result()
        each.link.refresh_from_db()
        assert {group: kept["code"] for group, kept in each.link.stays.items()} == {
            "names": Code.ACCOUNT_SHARED,
            "contact": Code.ACCOUNT_SHARED,
        }
    assert (pair.account(), pair.writes()) == (before, 0)


def test_a_push_makes_an_account_of_two_customers_equal_to_neither(pair: Linked) -> None:
    other = Linked(pair.acme, {"email": "other@dijk.example"})
    CustomerLink.objects.filter(pk=other.link.pk).update(account_id=pair.account_id)
    before = pair.writes()
    for each in (pair, other, pair, other):
        each.step(make_equal=True)
    assert pair.writes() == before


def test_a_connection_that_posts_nothing_carries_nothing_over(pair: Linked) -> None:
    pair.settings(mode="shadow")
    pair.change_store(email="new@dijk.example")
    assert pair.step() == Result()
    assert pair.writes() == 0


@pytest.mark.usefixtures("one_reading")
def test_comparing_many_links_costs_few_statements(acme: Acme) -> None:
    pairs = [Linked(acme, {"email": f"c{n}@dijk.example"}, {"Email": f"c{n}@dijk.example"}) for n in range(4)]
    links = [CustomerLink.objects.get(pk=pair.link.pk) for pair in pairs]

    def statements(of: int) -> int:
        with CaptureQueriesContext(database) as captured:
            bring_all_in_step(links[:of], pairs[0].clients, origin="run")
        return len(captured)

    assert statements(4) - statements(1) == 3  # each link notes that it was compared


@pytest.mark.parametrize("owner", ["store", "newest"])
def test_an_unknown_country_is_not_sent_and_the_rest_of_the_address_is(pair: Linked, owner: str) -> None:
    pair.settings(addresses_owner=owner)
    pair.change_address(address1="Gracht 2", country_code="ZZ")
    assert pair.step() == Result(to_exact=1)
    assert (pair.account()["AddressLine1"], str(pair.account()["Country"]).strip()) == ("Gracht 2", "NL")
    (event,) = pair.events(Kind.TO_EXACT)
    assert [(each["code"], each["params"]) for each in event.problems] == [
        (Code.VALUE_LEFT_OUT, {"part": "country", "was": "ZZ"})
    ]
    before = pair.writes()
    for make_equal in (False, True):
        assert pair.step(make_equal=make_equal) == Result()
    assert (pair.writes(), pair.address()["country_code"]) == (before, "ZZ")


def test_a_country_that_the_store_does_not_have_is_no_write_of_a_push(acme: Acme) -> None:
    pair = Linked(acme, {"addresses": [{**HOME, "country_code": ""}], "phone": "+31612345678"})
    pair.settings(addresses_owner="store")
    before = pair.writes()
    assert pair.step(make_equal=True) == Result()
    assert (pair.writes(), pair.events(Kind.TO_EXACT)) == (before, [])


def test_a_company_that_is_none_becomes_no_name(acme: Acme) -> None:
    pair = Linked(acme, {"company": "Dijk Lampen"}, {"Name": "Dijk Lampen"})
    pair.change_store(company="n/a")
    assert pair.step() == Result(to_exact=1)
    assert pair.account()["Name"] == "Vera Dijk"
