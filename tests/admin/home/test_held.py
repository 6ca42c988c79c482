"""The held documents by cause: how many, how much money by currency, since when."""

from datetime import timedelta
from decimal import Decimal

from django.test import Client

from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.flow.clock import database_now
from connector.models import OrderSync
from tests.acme import Acme
from tests.admin.home.test_tasks import tasks


def hold(acme: Acme, order_id: int, code: Code, total: str = "10", currency: str = "EUR", **params: str) -> OrderSync:
    why = problem(code, **params)
    return OrderSync.objects.create(
        connection=acme.connection,
        division=acme.connection.division,
        order_id=order_id,
        state="blocked",
        reason=str(code.reason),
        code=str(code),
        params=dict(why.params),
        problems=to_json([why]),
        message="Kept.",
        total=Decimal(total),
        currency=currency,
    )


def test_the_money_is_added_up_by_currency(acme: Acme, owner: Client) -> None:
    for order_id, total, currency in ((1, "10.10", "EUR"), (2, "5", "EUR"), (3, "7.5", "USD")):
        hold(acme, order_id, Code.ITEM_MISSING, total, currency, item="SHIP")
    (task,) = tasks(owner)
    assert (task.number, task.amounts) == ("3", ("15.10 EUR", "7.50 USD"))


def test_it_is_since_the_first_of_them(acme: Acme, owner: Client) -> None:
    first = hold(acme, 1, Code.ITEM_MISSING, item="SHIP")
    hold(acme, 2, Code.ITEM_MISSING, item="SHIP")
    long_ago = database_now() - timedelta(days=3)
    OrderSync.objects.filter(pk=first.pk).update(updated_at=long_ago)
    (task,) = tasks(owner)
    assert task.since == long_ago


def test_the_most_frequent_cause_comes_first(acme: Acme, owner: Client) -> None:
    hold(acme, 1, Code.ITEM_MISSING, item="SHIP")
    for order_id in (2, 3):
        hold(acme, order_id, Code.GL_ACCOUNT_BLOCKED, gl_account="8100")
    assert [task.title for task in tasks(owner)] == ["GL account 8100 is blocked in Exact", "Item SHIP is not in Exact"]


def test_a_cause_without_a_name_has_its_sentence_cut_between_two_words(acme: Acme, owner: Client) -> None:
    document = hold(acme, 1, Code.REFUSED, vendor="Exact", endpoint="x", fault="y", stands="", given="{}")
    long = "Exact refused the request: " + "unheard " * 60
    OrderSync.objects.filter(pk=document.pk).update(problems=[], message=long)
    (task,) = tasks(owner)
    assert task.said.endswith("unheard …")
    assert task.text != task.said
