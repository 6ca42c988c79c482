"""The ledger's filters: each finds what it says, together with the others, and no other organisation's documents."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.document.states import State
from connector.flow.ledger.transitions import move
from connector.models import Connection, OrderSync
from tenants.models import User
from tests.acme import Acme
from tests.bench.many_rows import Many, make
from tests.factories import ConnectionFactory, OrderSyncFactory, StoreFactory
from tests.tenants.test_scoped_admin import browser_of, explained

LIST = "/admin/connector/ordersync/"


def found(client: Client, **query: Any) -> list[int]:
    """The orders of the page, the smallest first."""
    return sorted(row.order_id for row in client.get(LIST, query).context["cl"].result_list)


def held(on: Connection, order_id: int, journal: str) -> OrderSync:
    document = OrderSyncFactory.create(connection=on, order_id=order_id)
    move(document, State.BLOCKED, (Problem(Code.JOURNAL_MISSING, "", {"journal": journal}),))
    return document


def filter_of(client: Client, name: str, **query: Any) -> Any:
    """A filter of the page by the name of its class."""
    specs = client.get(LIST, query).context["cl"].filter_specs
    return next((spec for spec in specs if type(spec).__name__ == name), None)


@pytest.fixture
def days(acme: Acme) -> None:
    for day in (1, 2, 3):
        OrderSyncFactory.create(
            connection=acme.connection,
            order_id=day,
            ordered_on=date(2025, 9, day),
            total=Decimal("1000.50") * (day - 2),
        )
    OrderSyncFactory.create(connection=acme.connection, order_id=9)


@pytest.mark.usefixtures("days")
@pytest.mark.parametrize(
    ("query", "orders"),
    [
        ({"ordered_on_from": "2025-09-02"}, [2, 3]),
        ({"ordered_on_to": "2025-09-02"}, [1, 2]),
        ({"ordered_on_from": "2025-09-02", "ordered_on_to": "2025-09-02"}, [2]),
        ({"ordered_on_from": "2025-09-03", "ordered_on_to": "2025-09-01"}, []),
        ({"ordered_on_from": "", "ordered_on_to": " "}, [1, 2, 3, 9]),
        ({"total_from": "0"}, [2, 3]),
        ({"total_to": "-1000.50"}, [1]),
        ({"total_from": "1,000.50", "total_to": "1000.5"}, [3]),
        ({"ordered_on_from": "2025-09-02", "total_to": "0"}, [2]),
    ],
)
def test_a_range_has_both_of_its_ends(owner: Client, query: dict[str, str], orders: list[int]) -> None:
    assert found(owner, **query) == orders


@pytest.mark.usefixtures("days")
def test_an_amount_is_read_in_the_readers_form(owner: Client) -> None:
    User.objects.update(language="nl")
    assert found(owner, total_from="1.000,50") == [3]
    assert found(owner, total_from="1000,50") == [3]


@pytest.mark.usefixtures("days")
@pytest.mark.parametrize(
    "query", [{"ordered_on_from": "yesterday"}, {"total_from": "much"}, {"total_to": "9" * 30}, {"total_to": "NaN"}]
)
def test_what_cannot_be_read_finds_nothing_and_says_so(owner: Client, query: dict[str, str]) -> None:
    assert found(owner, **query) == []
    page = owner.get(LIST, query).content.decode()
    assert re.search(r'<p class="wrong" role="alert">[^<]+</p>', page)
    assert f'value="{next(iter(query.values()))}"' in page


@pytest.mark.usefixtures("days")
def test_a_range_keeps_the_other_filters_and_begins_at_the_first_page(owner: Client) -> None:
    page = owner.get(LIST, {"q": "100", "total_from": "1", "p": "1"}).content.decode()
    form = next(
        each for each in re.findall(r'<form method="get" class="range">.*?</form>', page, re.DOTALL) if "date" in each
    )
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form)
    assert sorted(kept) == [("q", "100"), ("total_from", "1")]


def test_documents_are_found_by_what_holds_them(acme: Acme, owner: Client) -> None:
    first, _second, _other = (
        held(acme.connection, 1, "70"),
        held(acme.connection, 2, "70"),
        held(acme.connection, 3, "80"),
    )
    spec = filter_of(owner, "OfCause")
    assert [name for _key, name in spec.lookup_choices] == [
        "Journal 70 is not in Exact (2)",
        "Journal 80 is not in Exact (1)",
    ]
    assert found(owner, cause=first.cause) == [1, 2]


def test_a_cause_that_holds_nothing_any_more_finds_nothing(acme: Acme, owner: Client) -> None:
    OrderSyncFactory.create(connection=acme.connection)
    assert found(owner, cause="0" * 32) == []


def test_only_causes_of_the_organisation_are_offered(acme: Acme, owner: Client) -> None:
    held(ConnectionFactory.create(), 1, "70")
    assert filter_of(owner, "OfCause") is None


def test_a_store_has_the_documents_of_all_its_connections(acme: Acme, owner: Client) -> None:
    assert filter_of(owner, "OfStore") is None  # there is one
    other = StoreFactory.create(tenant=acme.store.tenant)
    for order_id in (1, 2):
        OrderSyncFactory.create(connection=ConnectionFactory.create(store=other, mode="shadow"), order_id=order_id)
    OrderSyncFactory.create(connection=acme.connection, order_id=3)
    assert found(owner, store=other.pk) == [1, 2]
    assert len(filter_of(owner, "OfStore").lookup_choices) == 2


@pytest.mark.parametrize("store", ["x", "9" * 30, "-1", "²"])
def test_an_odd_store_finds_nothing(acme: Acme, owner: Client, store: str) -> None:
    OrderSyncFactory.create(connection=acme.connection)
    assert found(owner, store=store) == []


def test_another_organisations_store_finds_nothing(acme: Acme, owner: Client) -> None:
    others = OrderSyncFactory.create()
    assert found(owner, store=others.connection.store_id) == []


def test_a_range_may_be_empty_of_a_viewers_documents(acme: Acme, member: Callable[..., Client]) -> None:
    assert found(member("viewer", acme.store.tenant), total_from="1") == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite explains no costs")
@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"ordered_on_from": "2020-01-01", "ordered_on_to": "2020-01-31"}, "document_by_day"),
        ({"total_from": "123.45", "total_to": "123.45"}, "document_by_total"),
        ({"cause": "0" * 32}, "document_by_cause"),
    ],
)
def test_each_has_its_index(db: None, query: dict[str, str], index: str) -> None:
    first, *_ = make(Many(tenants=2, documents=20_000))
    with CaptureQueriesContext(connection) as captured:
        browser_of(first.store.tenant).get(LIST, query)
    plans = [explained(sql["sql"]) for sql in captured.captured_queries if "LIMIT 10000)" in sql["sql"]]
    assert plans
    assert all(index in plan for plan in plans), plans
