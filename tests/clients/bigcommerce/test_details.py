"""Customer groups and categories: the calls made, the rows read, and what is refused."""

from typing import Any

import pytest

from connector.clients import errors
from connector.clients.bigcommerce import details
from connector.clients.rows import OddRow
from connector.clients.strict_json import Unreadable
from tests.clients.bigcommerce.test_client import EMPTY, client_of, stored
from tests.clients.scripted import Script, reply, sample


def never(odd: OddRow) -> None:
    raise AssertionError(odd)


def rows(name: str) -> list[dict[str, Any]]:
    answer = sample(f"bigcommerce/{name}.json")
    found: list[dict[str, Any]] = answer["data"] if isinstance(answer, dict) else answer
    return found


def test_the_rows_by_samples() -> None:
    assert [details.customer_group(row) for row in rows("customers")] == [(7, 2)]
    assert [details.group_name(row) for row in rows("customer_groups")] == [(1, "Friends"), (2, "Trade")]
    assert [details.product_categories(row) for row in rows("products")] == [(11, (41, 43)), (12, ())]
    assert [details.category_name(row) for row in rows("categories")] == [(41, "Home"), (43, "Sale")]


@pytest.mark.parametrize(
    ("read", "row"),
    [
        (details.customer_group, {"id": 7}),
        (details.customer_group, {"id": 7, "customer_group_id": None}),
        (details.group_name, {"id": "2", "name": "Trade"}),
        (details.group_name, {"id": 2, "name": None}),
        (details.product_categories, {"id": 11}),
        (details.product_categories, {"id": 11, "categories": [41, "43"]}),
        (details.category_name, {"id": 41, "name": "Home"}),
        (details.category_name, {"category_id": True, "name": "Home"}),
    ],
)
def test_odd_rows_are_not_guessed_at(read: Any, row: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(row)


def test_the_calls() -> None:
    script = Script(*map(stored, ("customers", "customer_groups", "products", "categories")))
    client = client_of(script)
    assert client.customer_group(7, never) == 2
    assert client.group_names(never) == {1: "Friends", 2: "Trade"}
    assert client.product_categories([12, 11, 12], never) == {11: (41, 43), 12: ()}
    assert client.category_names({43, 41}, never) == {41: "Home", 43: "Sale"}
    paging = {"page": "1", "limit": "250"}
    assert [(sent.url.partition("/abc123/")[2], sent.params) for sent in script.sent] == [
        ("v3/customers", {"id:in": "7", **paging}),
        ("v2/customer_groups", paging),
        ("v3/catalog/products", {"include_fields": "id,categories", "id:in": "11,12", **paging}),
        ("v3/catalog/trees/categories", {"category_id:in": "41,43", **paging}),
    ]


def test_who_is_gone_or_was_not_asked_for_does_not_count() -> None:
    gone = reply({"data": [], "meta": {}})
    assert client_of(Script(gone)).customer_group(7, never) == 0
    assert client_of(Script(stored("customers"))).customer_group(8, never) == 0
    assert client_of(Script(stored("products"))).product_categories([12, 13], never) == {12: ()}
    assert client_of(Script(EMPTY)).group_names(never) == {}


def test_many_ids_take_several_calls_and_none_takes_none() -> None:
    def page(numbers: range) -> Any:
        return reply({"data": [{"id": number, "categories": []} for number in numbers], "meta": {}})

    script = Script(page(range(1, 40)), page(range(251, 290)))
    assert len(client_of(script).product_categories(range(1, 301), never)) == 78
    assert [len(sent.params["id:in"].split(",")) for sent in script.sent] == [250, 50]
    assert client_of(Script()).category_names([], never) == {}
    with pytest.raises(ValueError, match="positive"):
        client_of(Script()).category_names([0], never)


def test_an_unreadable_row_is_named_and_left_out() -> None:
    noted: list[OddRow] = []
    odd = Script(reply({"data": [{"id": 7}], "meta": {}}))
    assert client_of(odd).customer_group(7, noted.append) == 0
    groups = Script(reply([{"id": 1, "name": None}, None, {"id": [3]}, {"id": 2, "name": "Trade"}]))
    assert client_of(groups).group_names(noted.append) == {2: "Trade"}
    assert list(map(str, noted)) == [
        "row 7: customer_group_id is not a number",
        "row 1: a row without a name",
        "row 2: it is no object",
        "row 3: id is not a number",
    ]


@pytest.mark.parametrize(
    ("act", "scope"),
    [
        (lambda client: client.customer_group(7, never), "store_v2_customers_read_only"),
        (lambda client: client.group_names(never), "store_v2_customers_read_only"),
        (lambda client: client.product_categories([11], never), "store_v2_products_read_only"),
        (lambda client: client.category_names([41], never), "store_v2_products_read_only"),
    ],
)
def test_a_missing_scope_is_named(act: Any, scope: str) -> None:
    with pytest.raises(errors.Forbidden, match=scope):
        act(client_of(Script(reply({"title": "You don't have a required scope"}, 403))))
