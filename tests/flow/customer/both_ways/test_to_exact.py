"""What is sent to an account, and what our copy has afterwards."""

from collections.abc import Callable, Mapping

import pytest

from connector.clients.exact import accounts
from connector.clients.exact.calls import DivisionCalls
from connector.domain.choices import FieldGroup
from connector.domain.customer.in_step import Move, Step
from connector.flow.customer.both_ways import to_exact
from connector.flow.customer.both_ways.in_step import Result
from connector.flow.customer.both_ways.pairs import Pair, pairs_of
from connector.models import CustomerLink
from tests.acme import Acme
from tests.flow.customer.linked import Linked


@pytest.fixture
def linked(acme: Acme) -> Linked:
    return Linked(acme)


@pytest.fixture
def pair(linked: Linked) -> Pair:
    return pairs_of([linked.link])[0]


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, object]]:
    """What is sent to accounts in this test, by Exact's names. It is sent all the same."""
    found: list[Mapping[str, object]] = []
    update = accounts.update_account

    def noted(client: DivisionCalls, account_id: str, changes: Mapping[str, object]) -> None:
        found.append(changes)
        update(client, account_id, changes)

    monkeypatch.setattr(accounts, "update_account", noted)
    return found


def give(linked: Linked, pair: Pair, group: FieldGroup, **values: str) -> None:
    """Write a group with these values besides those that the account has."""
    pair.moves = {group: Move(Step.TO_EXACT, {**pair.exact.of(group), **values})}
    to_exact.write(pair, linked.clients.exact)


def test_only_what_changes_is_sent(linked: Linked, pair: Pair, bodies: list[Mapping[str, object]]) -> None:
    give(linked, pair, FieldGroup.CONTACT, email="new@dijk.example")
    give(linked, pair, FieldGroup.NAMES, name="Vera D.")
    assert bodies == [{"Email": "new@dijk.example"}, {"Name": "Vera D."}]


def test_an_empty_value_empties_the_property(linked: Linked, pair: Pair, bodies: list[Mapping[str, object]]) -> None:
    give(linked, pair, FieldGroup.CONTACT, phone="")
    assert bodies == [{"Phone": None}]
    assert linked.account()["Phone"] is None


def test_with_another_country_the_state_goes_too(
    linked: Linked, pair: Pair, bodies: list[Mapping[str, object]]
) -> None:
    pair.exact = pair.exact.with_group(FieldGroup.ADDRESSES, {**pair.exact.addresses, "state": "UT"})
    give(linked, pair, FieldGroup.ADDRESSES, country="BE", city="Gent", state="")
    assert bodies == [{"Country": "BE", "City": "Gent", "State": None}]


def test_an_empty_country_is_not_sent(linked: Linked, pair: Pair, bodies: list[Mapping[str, object]]) -> None:
    give(linked, pair, FieldGroup.ADDRESSES, country="", city="Gent")
    assert bodies == [{"City": "Gent"}]


def test_nothing_to_change_is_no_call(linked: Linked, pair: Pair, bodies: list[Mapping[str, object]]) -> None:
    give(linked, pair, FieldGroup.ADDRESSES, country="")
    assert bodies == []


def test_our_copy_has_what_was_written_and_its_keys(linked: Linked, pair: Pair) -> None:
    pair.exact = pair.exact.with_group(FieldGroup.NAMES, {"name": "Dijk Lampen B.V."})
    pair.exact = pair.exact.with_group(FieldGroup.CONTACT, {"email": "Info@dijk.example", "phone": "020 999 9999"})
    to_exact.keep(pair)
    _customer, account = linked.copies()
    assert (account.name, account.name_key) == ("Dijk Lampen B.V.", "dijk lampen")
    assert (account.email, account.phone_key) == ("info@dijk.example", "+31209999999")
    assert (account.postcode, account.postcode_key) == ("1012AB", "1012AB")


def test_a_house_number_of_two_parts_is_another_one(linked: Linked) -> None:
    for street in ("Kade 1-2", "Kade 12", "Kade 12 3", "Kade 123"):
        linked.change_address(address1=street)
        assert linked.step() == Result(to_exact=1)
        assert linked.account()["AddressLine1"] == street


def test_the_account_keeps_its_address_when_the_address_book_is_emptied(linked: Linked) -> None:
    linked.shop.delete_address(linked.address()["id"])
    assert linked.step() == Result()
    assert (linked.account()["AddressLine1"], linked.account()["City"]) == ("Kade 1", "Utrecht")


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda pair: pair.change_address(address1="Kade 9"), {"other": "an-id"}),
        (lambda pair: pair.change_exact(AddressLine1="Kade 9"), {"other": "an-id"}),
        (lambda pair: pair.change_exact(Email="new@dijk.example"), {"own": "", "other": "an-id"}),
    ],
)
def test_what_was_the_accounts_own_address_is_not_so_after_it_changed(
    acme: Acme, change: Callable[[Linked], None], left: dict[str, str]
) -> None:
    pair = Linked(acme)
    CustomerLink.objects.filter(pk=pair.link.pk).update(addresses={"own": "", "other": "an-id"})
    change(pair)
    pair.step()
    pair.link.refresh_from_db()
    assert pair.link.addresses == left
