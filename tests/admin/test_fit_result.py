"""What a try of the rules found, in words: amounts with their currency, orders, and where a cause is put right."""

import pytest

from connector.admin.fit_result import SHOWN, cause, money, names_of, notice, orders
from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.models import Connection, Division, Store
from tests.factories import ConnectionFactory, MasterDataFactory

MUG = {"line": "product:65", "name": "Mug", "kind": "product", "country": "NL"}
CONNECTION = Connection(pk=4, store=Store(pk=5, store_hash="abc123"), division=Division(pk=6, region="nl", code=1))


@pytest.mark.parametrize(
    ("amounts", "text"),
    [
        ({}, "0"),
        ({"EUR": "18204.1"}, "18,204.10 EUR"),
        ({"EUR": "1", "JPY": "5000", "KWD": "0.5"}, "1.00 EUR + 5,000 JPY + 0.500 KWD"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(amounts: dict[str, str], text: str) -> None:
    assert money(amounts) == text


def test_the_numbers_of_orders_end_when_there_are_many() -> None:
    numbers = list(map(str, range(SHOWN + 1)))
    assert orders(numbers[:SHOWN]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert orders(numbers).endswith("9 …")


def test_a_cause_has_its_orders_and_the_page_that_puts_it_right() -> None:
    (kept,) = to_json([problem(Code.GL_ACCOUNT_MISSING, **MUG, gl_account="8000")])
    found = cause(CONNECTION, {**kept, "count": 2, "totals": {"EUR": "9"}, "orders": ["1001", "1002"]})
    assert (found["count"], found["money"], found["orders"]) == (2, "9.00 EUR", "1001, 1002")
    assert "GL account 8000" in found["text"]
    assert found["page"].startswith("/admin/connector/connection/4/rules/")
    assert found["page_name"] == "its rules"


def test_what_is_put_right_in_the_store_leads_to_its_first_order() -> None:
    odd = problem(Code.ADDRESS_MISSING, line="product:65", name="Mug")
    assert notice(CONNECTION, odd, "1001")["page"].endswith("/manage/orders/1001")
    (kept,) = to_json([odd])
    found = cause(CONNECTION, {**kept, "count": 2, "totals": {}, "orders": ["1002", "1001"]})
    assert found["page"].endswith("/manage/orders/1002")


def test_what_needs_nobody_leads_nowhere() -> None:
    assert notice(CONNECTION, problem(Code.NOTHING_TO_PAY))["page"] == ""


def test_the_names_are_those_of_the_connections_division(db: None) -> None:
    connection = ConnectionFactory.create()
    MasterDataFactory.create(division=connection.division, code="8000", name="Sales")
    MasterDataFactory.create(division=connection.division, kind="item", code="MUG", name="Mug")
    MasterDataFactory.create(code="8000", name="Of another division")
    names = names_of(connection)
    assert names["gl_account"] == {"8000": "Sales"}
    assert names["cost_center"] == names["vat_code"] == {}
