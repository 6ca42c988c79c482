"""Items that were found or made before are known without a call to Exact."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from connector.domain.document.codes import Code
from connector.domain.document.result import Held
from connector.domain.invoice.draft import Draft
from connector.domain.order.model import LineKind
from connector.domain.rules.chart import Chart, Item
from connector.flow.clock import database_now
from connector.flow.order.known_items import with_known_items
from connector.models import Division, ItemLink
from tests.domain.basket import charge, order_of
from tests.domain.books import read_books
from tests.factories import DivisionFactory

ID = "00000000-0000-4000-8000-000000000001"
NOTHING = Chart("NL")


@pytest.fixture
def division(db: None) -> Division:
    return DivisionFactory.create(master_data_at=database_now() - timedelta(hours=1))


def drafted(*skus: str) -> Draft:
    books = read_books(
        {"settings": {"items": {"strategy": "sku_then_create"}}, "vat": [{"when": {"rate": "21"}, "code": "2"}]}
    )
    lines = [charge(f"product:{place}", "12.10", "2.10", sku=sku) for place, sku in enumerate(skus, 1)]
    draft = books.translate_order(order_of(*lines))
    assert isinstance(draft, Draft)
    return draft


def link(division: Division, *, sku: str = "CUP", **fields: object) -> ItemLink:
    kept: dict[str, object] = {
        "code_key": "cup",
        "code": "CUP",
        "item_id": ID,
        "order_id": 1,
        "found_at": database_now(),
    }
    return ItemLink.objects.create(division=division, sku=sku, **kept | fields)


def ids(draft: Draft | Held) -> list[str]:
    assert isinstance(draft, Draft)
    return [line.item_id for line in draft.lines]


def test_a_draft_whose_items_are_all_there_needs_no_query(
    division: Division, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draft = drafted("MUG")
    with django_assert_num_queries(0):
        assert with_known_items(draft, division, NOTHING) is draft


def test_an_item_that_is_newer_than_the_master_data_is_known(division: Division) -> None:
    link(division)
    assert ids(with_known_items(drafted("CUP", "MUG", "CUP"), division, NOTHING)) == [ID, "id-MUG", ID]


def test_an_item_that_the_last_pull_did_not_have_is_looked_for_again(division: Division) -> None:
    link(division, found_at=database_now() - timedelta(days=1))
    assert ids(with_known_items(drafted("CUP"), division, NOTHING)) == [""]
    pulled = Chart("NL", items={"CUP": Item("id-now", "CUP", "Cup")})
    assert ids(with_known_items(drafted("CUP"), division, pulled)) == ["id-now"]


@pytest.mark.parametrize("found", [True, False])
def test_an_item_that_may_not_have_been_made_is_not_known(division: Division, found: bool) -> None:
    link(division, item_id="", sent_at=database_now(), found_at=database_now() if found else None)
    assert ids(with_known_items(drafted("CUP"), division, NOTHING)) == [""]


def test_a_code_that_another_sku_has_is_not_taken(division: Division) -> None:
    link(division, sku="cup")
    found = with_known_items(drafted("CUP"), division, NOTHING)
    assert isinstance(found, Held)
    (problem,) = found.problems
    assert (problem.code, problem.params["sku"], problem.params["other"]) == (Code.ITEM_CODE_SHARED, "CUP", "cup")
    assert problem.line == f"{LineKind.PRODUCT}:1"


def test_an_item_that_is_not_sold_any_more_is_not_taken(division: Division) -> None:
    link(division)
    ended = Chart("NL", items={"CUP": Item(ID, "CUP", "Cup", ended=True)})
    found = with_known_items(drafted("CUP"), division, ended)
    assert isinstance(found, Held)
    assert [problem.code for problem in found.problems] == [Code.ITEM_NOT_SOLD]


def test_the_items_of_another_division_are_not_known(division: Division) -> None:
    link(DivisionFactory.create())
    assert ids(with_known_items(drafted("CUP"), division, NOTHING)) == [""]
