"""The divisions of a consent: named as Exact names them, and taken all or none."""

import pytest

from connector.clients.exact.records import DivisionInfo
from connector.flow.clock import database_now
from connector.flow.setup.divisions import NotYours, as_rows, take
from connector.models import Division, ExactGrant
from tests.factories import DivisionFactory, ExactGrantFactory


@pytest.fixture
def grant(db: None) -> ExactGrant:
    """A consent that reaches two divisions."""
    rows = [{"code": code, "name": f"Division {code}", "country": "NL", "currency": "EUR"} for code in (1, 2)]
    return ExactGrantFactory.create(reachable=rows)


def test_what_a_division_does_not_say_of_itself_is_its_regions() -> None:
    found = [DivisionInfo(7, "Books\n", "", "", 1, 0), DivisionInfo(3, "Main", "GBP", "GB", 1, 0)]
    assert as_rows(ExactGrant(region="be"), found) == [
        {"code": 3, "name": "Main", "country": "GB", "currency": "GBP"},
        {"code": 7, "name": "Books", "country": "BE", "currency": "EUR"},
    ]


def test_those_without_master_data_are_returned(grant: ExactGrant) -> None:
    DivisionFactory.create(grant=grant, code=1, master_data_at=database_now())
    assert [division.code for division in take(grant, [2, 1, 2])] == [2]
    assert Division.objects.get(code=2).name == "Division 2"


@pytest.mark.parametrize(
    ("code", "of", "words"),
    [
        (9, "nobody", "does not reach division 9"),
        (2, "ours", "already belongs to the consent Second"),
        (2, "another", "in use elsewhere"),
    ],
)
def test_one_that_may_not_be_used_takes_none(grant: ExactGrant, code: int, of: str, words: str) -> None:
    if of == "ours":
        DivisionFactory.create(code=2, grant=ExactGrantFactory.create(tenant=grant.tenant, name="Second"))
    elif of == "another":
        DivisionFactory.create(code=2)
    with pytest.raises(NotYours, match=words):
        take(grant, [1, code])
    assert not grant.divisions.exists()
