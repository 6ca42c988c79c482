"""What a customer may be linked to or merged with is found by a code, an id, or how a name begins."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connector.models import Connection
from tenants.models import Role
from tests.admin.customers import scene
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    made: Connection = ConnectionFactory.create()
    return made


@pytest.fixture
def operator(connection: Connection) -> Client:
    return scene.browser_of(connection, Role.OPERATOR)


def offered(client: Client, row: Any, action: str, term: str = "") -> list[str]:
    answer = client.get(reverse("admin:connector_customerlink_do", args=[row.pk, action]), {"q": term})
    return [each.title for each in answer.context["choices"]]


@pytest.mark.parametrize("term", ["1008", "oth", "nl0000", "nl000099998b57", "ZOE@else.example"])
def test_an_account_is_found(connection: Connection, operator: Client, term: str) -> None:
    row = scene.linked(connection)
    scene.account(connection, "b", code="1008", name="Other", email="zoe@else.example", vat_number="NL000099998B57")
    assert offered(operator, row, "link", term) == ([] if term == "nl0000" else ["1008 Other"])


def test_without_a_term_those_with_the_same_name_or_address_are_offered(
    connection: Connection, operator: Client
) -> None:
    row = scene.linked(connection)
    scene.account(connection, "b", code="1008", name="Other")
    scene.account(connection, "c", code="1009", name="bakery bv", email="")
    scene.account(connection, "d", code="1010", name="Else", email="")
    assert offered(operator, row, "link") == ["1008 Other", "1009 bakery bv"]


def test_at_most_so_many_are_offered(connection: Connection, operator: Client) -> None:
    row = scene.linked(connection)
    for number in range(30):
        scene.account(connection, f"other-{number}", code=str(2000 + number), name="Other")
    assert len(offered(operator, row, "link", "oth")) == 25


def test_another_customer_is_found_by_id_or_name_and_never_the_same_account(
    connection: Connection, operator: Client
) -> None:
    row, other = scene.linked(connection, "7"), scene.linked(connection, "8")
    scene.link(connection, "G1", row.account_id, name="Guest")
    for term in ("8", other.account_name, ""):
        assert offered(operator, row, "merge", term) == ["Bakery BV"]
    assert offered(operator, row, "merge", "guest") == []
