"""A period's orders and refunds: 250 a call, by ids, half-open in time, and an odd row hides no other."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

import pytest

from connector.clients import errors
from connector.clients.bigcommerce.period import count_at_most, order_rows_page, orders_page, refunds_page
from connector.clients.rows import OddRow
from tests.clients.bigcommerce.test_client import EMPTY, client_of
from tests.clients.scripted import Script, reply

SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
ROW = {
    **{"status_id": 11, "status": "Awaiting Fulfillment", "default_currency_code": "EUR", "payment_method": "iDEAL"},
    **{"total_inc_tax": "12.1000", "total_tax": "2.1000", "is_deleted": False, "external_source": None},
    "billing_address": {"country_iso2": "nl"},
}
REFUND = {"order_id": 7, "created": "2026-03-02T10:00:00+00:00", "total_amount": 5, "total_tax": 0.87, "payments": []}


def order(number: object, at: datetime = SINCE, **fields: object) -> dict[str, Any]:
    return {"id": number, "date_created": format_datetime(at), **ROW, **fields}


def no_odd(row: OddRow) -> None:
    raise AssertionError(str(row))


def test_an_order_is_read_with_its_own_currency_and_country() -> None:
    script = Script(reply([order(7)]))
    found = orders_page(client_of(script), SINCE, UNTIL, 5, no_odd)
    (only,) = found.orders
    assert (only.id, only.created, only.total_inc, only.total_tax) == (7, SINCE, Decimal("12.1"), Decimal("2.1"))
    assert (only.currency, only.country, only.payment_method, only.status_id) == ("EUR", "NL", "iDEAL", 11)
    assert found.last is None
    (sent,) = script.sent
    assert sent.params == {
        **{"min_date_created": "2026-02-28T23:59:59+00:00", "max_date_created": "2026-04-01T00:00:01+00:00"},
        **{"min_id": "6", "sort": "id:asc", "page": "1", "limit": "250"},
    }


def test_the_times_of_the_orders_decide_and_the_end_does_not_count() -> None:
    rows = [order(1, SINCE - timedelta(seconds=1)), order(2), order(3, UNTIL - timedelta(seconds=1)), order(4, UNTIL)]
    found = orders_page(client_of(Script(reply(rows))), SINCE, UNTIL, 0, no_odd)
    assert [each.id for each in found.orders] == [2, 3]


def test_a_full_page_says_behind_which_order_the_next_one_begins() -> None:
    rows = [order(number) for number in range(1, 251)]
    client = client_of(Script(reply(rows), EMPTY))
    assert orders_page(client, SINCE, UNTIL, 0, no_odd).last == 250
    assert orders_page(client, SINCE, UNTIL, 250, no_odd).last is None


@pytest.mark.parametrize("ids", [(3, 2), (2, 2), (1, 2)])
def test_a_store_that_does_not_sort_or_repeats_orders_is_not_believed(ids: tuple[int, int]) -> None:
    with pytest.raises(errors.UnexpectedResponse):
        orders_page(client_of(Script(reply([order(each) for each in ids]))), SINCE, UNTIL, 1, no_odd)


@pytest.mark.parametrize("change", [{"total_inc_tax": "x"}, {"date_created": ""}, {"status_id": None}, {"id": "7"}])
def test_an_odd_order_is_named_and_the_others_are_read(change: dict[str, object]) -> None:
    odd: list[OddRow] = []
    found = orders_page(client_of(Script(reply([order(7) | change, order(8)]))), SINCE, UNTIL, 0, odd.append)
    assert [each.id for each in found.orders] == [8]
    assert [row.name for row in odd] == ["7"]


def test_refunds_of_all_orders_come_together() -> None:
    rows = [{"id": 1, **REFUND}, {"id": 2, **REFUND, "created": ""}, {"id": 3, **REFUND, "created": "2026-04-01"}]
    script = Script(reply({"data": rows, "meta": {"pagination": {"total_pages": 2}}}))
    found, more = refunds_page(client_of(script), SINCE, UNTIL, 1, no_odd)
    assert [(each.id, each.order_id, each.total, each.tax) for each in found] == [
        (1, 7, Decimal(5), Decimal("0.87")),
        (2, 7, Decimal(5), Decimal("0.87")),
    ]
    assert more
    assert script.sent[0].params["created:min"] == "2026-02-28T23:59:59+00:00"


def test_a_refund_is_declined_when_every_payment_was() -> None:
    refused, paid = {"is_declined": True}, {"is_declined": False}
    rows = [{"id": number, **REFUND, "payments": each} for number, each in enumerate(([refused], [refused, paid]), 1)]
    found, _more = refunds_page(client_of(Script(reply({"data": rows}))), SINCE, UNTIL, 1, no_odd)
    assert [each.declined for each in found] == [True, False]


@pytest.mark.parametrize("change", [{"created": "soon"}, {"order_id": None}, {"total_amount": "many"}])
def test_an_odd_refund_is_named(change: dict[str, object]) -> None:
    odd: list[OddRow] = []
    found, _more = refunds_page(client_of(Script(reply([{"id": 1, **REFUND} | change]))), SINCE, UNTIL, 1, odd.append)
    assert (found, [row.name for row in odd]) == ([], ["1"])


def test_rows_come_as_they_are_with_the_id_behind_which_the_next_page_begins() -> None:
    rows = [order(number, status_id="odd") for number in range(1, 51)]
    client = client_of(Script(reply([*rows, {"id": None}]), EMPTY))
    found, last = order_rows_page(client, SINCE, UNTIL, 0)
    assert ([row["id"] for row in found], last) == (list(range(1, 51)), 50)
    assert order_rows_page(client, SINCE, UNTIL, 50) == ([], None)


def test_the_first_and_the_last_id_say_how_many_orders_there_are_at_most() -> None:
    script = Script(reply([order(1001)]), reply([order(1058)]), EMPTY, EMPTY)
    client = client_of(script)
    assert count_at_most(client, SINCE, UNTIL) == 58
    assert [(sent.params["sort"], sent.params["limit"]) for sent in script.sent] == [("id:asc", "1"), ("id:desc", "1")]
    assert count_at_most(client, SINCE, UNTIL) == 0
