"""What an address asks the list for, and how many customers of a state there are."""

import pytest

from connector.admin.customers import listing
from connector.admin.customers.listing import Asked, number_of
from connector.admin.customers.pairs import State, Visible
from connector.models import Connection, CustomerLink, StoreCustomer
from tests.admin.customers import scene
from tests.factories import ConnectionFactory


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, Asked(None, None, "", 1)),
        ({"state": "differs", "store": "5", "q": " bak\x00ery ", "p": "3"}, Asked(State.DIFFERS, 5, "bakery", 3)),
        ({"state": "odd", "store": "-5", "p": "0"}, Asked(None, None, "", 1)),
        ({"store": "9" * 30, "p": "²", "q": "x" * 900}, Asked(None, None, "x" * 200, 1)),
    ],
)
def test_what_cannot_be_read_is_not_asked(given: dict[str, str], asked: Asked) -> None:
    assert Asked.of(given) == asked


@pytest.mark.django_db
def test_a_number_ends_at_its_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "CAP", 2)
    connection: Connection = ConnectionFactory.create()
    visible = Visible(StoreCustomer.objects.all(), CustomerLink.objects.all())
    numbers = []
    for key in ("1", "2", "3"):
        scene.customer(connection, key)
        numbers.append(number_of(visible, State.UNLINKED, None))
    assert numbers == ["1", "2", "2+"]


@pytest.mark.django_db
def test_a_group_that_one_side_was_never_compared_in_does_not_differ() -> None:
    connection: Connection = ConnectionFactory.create()
    scene.link(connection, store_base={"names": "a"}, exact_base={})
    visible = Visible(StoreCustomer.objects.all(), CustomerLink.objects.all())
    assert [number_of(visible, state, None) for state in (State.IN_STEP, State.DIFFERS)] == ["1", "0"]
