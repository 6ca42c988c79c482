"""What fails has a next step: held with all reasons, tried again, looked up, or blocked while the lane goes on."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, to_json
from connector.domain.document.states import State
from connector.flow.actions.documents import refetch
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.lane import due
from connector.flow.ledger import transitions
from connector.flow.monitor import unfinished
from connector.flow.pipeline import failure
from connector.models import Alert, Connection, Division, MasterData, OrderSync, RuleVersion
from connector.models.kept_words import english
from connector.sandbox.catalogue import odd_orders
from tests.acme import Acme
from tests.factories import OrderSyncFactory


def post(acme: Acme, order_id: int) -> None:
    acme.ring(order_id)
    acme.drain()


def change_file(acme: Acme, **changes: Any) -> None:
    """What an operator does: change the file and provision again."""
    acme.configure(**changes)


def test_every_missing_rule_is_reported_at_once(acme: Acme) -> None:
    change_file(acme, rules=[{"priority": 1, "when": {"line": "fee"}, "then": {"gl_account": "8200"}}])
    post(acme, acme.order_of_kind("gift wrapping"))
    document = acme.document(1033)
    assert (document.state, document.reason) == ("blocked", "mapping")
    assert len(document.message.splitlines()) >= 3
    assert acme.invoices() == []


def test_a_new_version_of_the_rules_sends_the_held_order_through(acme: Acme) -> None:
    test_every_missing_rule_is_reported_at_once(acme)
    change_file(acme)
    acme.drain()
    document = acme.document(1033)
    assert document.state == "posted"
    assert document.rules is not None
    assert document.rules.number == 3
    assert RuleVersion.objects.count() == 3


def test_an_item_that_is_nowhere_holds_the_order(acme: Acme) -> None:
    Connection.objects.update(item_strategy="sku")
    post(acme, acme.order_of_kind("product without SKU"))
    assert (acme.document(1038).state, acme.document(1038).reason) == ("blocked", "item")


def test_a_mandatory_cost_centre_that_no_rule_chooses_holds_the_order(acme: Acme) -> None:
    change_file(acme, rules=[{"priority": 1, "when": {}, "then": {"gl_account": "8900"}}])
    post(acme, 1001)
    assert acme.document(1001).reason == "mapping"
    assert acme.invoices() == []


def test_a_line_never_goes_without_a_vat_code(acme: Acme) -> None:
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    post(acme, 1001)
    assert (acme.document(1001).state, acme.document(1001).reason) == ("blocked", "mapping")
    assert acme.invoices() == []


def test_a_refusal_of_exact_is_held_and_never_repeated_by_itself(acme: Acme) -> None:
    acme.sandbox.exact.divisions[100001].fiscal_years = {1999}
    post(acme, 1001)
    document = acme.document(1001)
    assert document.state == "blocked"
    assert document.reason in {"rejected", "period"}
    calls = acme.exact_calls()
    acme.drain()
    assert acme.exact_calls() == calls


@pytest.mark.parametrize("record", odd_orders(), ids=lambda record: record.kind)
def test_odd_orders_are_skipped_or_held_and_never_posted(acme: Acme, record: Any) -> None:
    acme.sandbox.stores.store("nlshop1").place(record)
    post(acme, record.order_id)
    document = acme.document(record.order_id)
    assert document.state in {"skipped", "blocked"}
    assert document.message
    assert acme.invoices() == []


def posted(acme: Acme, *order_ids: int) -> bool:
    return {acme.document(n).state for n in order_ids} == {"posted"}


def die(acme: Acme, order_id: int, state: State = State.PREPARING) -> OrderSync:
    """A worker begins the order and dies. The next one finds it."""
    acme.make_due()
    document = acme.document(order_id)
    transitions.move(document, State.PREPARING, english("A worker has started on it."))
    if state == State.POSTING:
        transitions.move(document, state, english("About to create."), sent_at=database_now())
    failure.recover(acme.connection.division_id)
    return acme.document(order_id)


def wait_all(acme: Acme, *order_ids: int) -> None:
    """Rows that nobody has worked on yet."""
    Division.objects.update(closed_until=database_now() + timedelta(minutes=1))
    for order_id in order_ids:
        acme.ring(order_id)
    acme.drain()


def test_an_order_that_always_fails_is_blocked_after_its_attempts_and_the_others_are_posted(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("503_html", "GET", "*orders/1001*", times=-1)
    acme.ring(1001)
    acme.ring(1002)
    acme.drain()
    assert posted(acme, 1002)
    for _ in range(failure.MAX_ATTEMPTS - 1):
        assert acme.document(1001).state == "waiting"
        acme.make_due()
        acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason, document.attempts) == ("blocked", "internal", failure.MAX_ATTEMPTS)


def test_an_order_whose_worker_died_goes_behind_the_others_and_waits_longer_each_time(acme: Acme) -> None:
    wait_all(acme, 1001, 1002)
    waits = []
    for _ in range(failure.MAX_DEATHS - 1):
        document = die(acme, 1001)
        assert document.next_attempt_at is not None
        waits.append(document.next_attempt_at - database_now())
    assert (document.state, document.code) == ("waiting", "worker_stopped")
    assert [round(wait.total_seconds(), -1) for wait in waits] == [10, 20, 40, 80]
    Division.objects.update(closed_until=None)
    assert due.due(acme.connection.division_id, database_now()).get().order_id == 1002
    acme.drain()
    assert posted(acme, 1002)
    document = die(acme, 1001)
    assert (document.state, document.reason, document.worker_deaths) == ("blocked", "exhausted", failure.MAX_DEATHS)


def test_one_that_kills_while_it_is_sent_is_looked_up_each_time_and_then_blocked(acme: Acme) -> None:
    wait_all(acme, 1001)
    OrderSync.objects.update(worker_deaths=failure.MAX_DEATHS - 2)
    wanted = acme.document(1001)
    OrderSync.objects.filter(pk=wanted.pk).update(draft=None)
    for _ in range(2):
        OrderSync.objects.update(state="pending", next_attempt_at=database_now())
        document = die(acme, 1001, State.POSTING)
        assert document.state == "uncertain"
    assert document.worker_deaths == failure.MAX_DEATHS
    transitions.move(
        document, State.WAITING, english("Exact does not have it: it was not found twice. Sending it again.")
    )
    acme.make_due()
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason, acme.invoices()) == ("blocked", "exhausted", [])


def test_a_document_without_a_next_step_keeps_its_own_cause_and_notes_the_new_one_with_its_code(db: None) -> None:
    document = OrderSyncFactory.create(posted=True, code="order_gone", message="Gone.")
    failure.hold(document, Hold(Code.NO_DRAFT))
    document = OrderSync.objects.get()
    noted = document.history.get()
    assert (document.state, document.code, document.message) == ("posted", "order_gone", "Gone.")
    assert (noted.text, noted.data) == (str(Hold(Code.NO_DRAFT)), {"problems": to_json([Problem(Code.NO_DRAFT)])})


def looked_at(acme: Acme, times: int) -> OrderSync:
    """Order 1001, posted and changed, after so many looks that the store did not answer: the first and the last one."""
    post(acme, 1001)
    acme.sandbox.stores.faults.add("503_html", "GET", "*orders/1001*", times=-1)
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).attempts == 1
    OrderSync.objects.update(attempts=times - 1, recheck_at=database_now())
    acme.drain()
    return acme.document(1001)


@pytest.mark.parametrize(("times", "hours"), [(failure.MAX_ATTEMPTS - 1, 1), (failure.MAX_ATTEMPTS, 24)])
def test_a_look_after_posting_that_always_fails_slows_down_to_one_a_day(acme: Acme, times: int, hours: int) -> None:
    document = looked_at(acme, times)
    assert document.recheck_at is not None
    assert (document.state, document.attempts) == ("posted", times)
    assert round((document.recheck_at - database_now()) / timedelta(hours=1)) == hours


def test_there_is_an_alert_until_the_next_delivery_or_refetch_begins_again(acme: Acme) -> None:
    def alerts_now() -> list[str]:
        cache.clear()
        unfinished.look_after()
        return list(Alert.objects.filter(closed_at=None).values_list("text", flat=True))

    def fail_for_long() -> None:
        OrderSync.objects.update(attempts=failure.MAX_ATTEMPTS - 1, recheck_at=database_now())
        acme.drain()

    looked_at(acme, failure.MAX_ATTEMPTS - 1)
    assert alerts_now() == []
    fail_for_long()
    (text,) = alerts_now()
    assert "order 1001 (posted): " in text
    assert "HTTP 503" in text
    acme.ring(1001)
    acme.drain()
    assert (acme.document(1001).attempts, alerts_now()) == (1, [])
    fail_for_long()
    assert len(alerts_now()) == 1
    refetch(acme.document(1001), None, "The store is well again.")
    assert (acme.document(1001).attempts, alerts_now()) == (0, [])
    acme.sandbox.stores.faults.clear()
    acme.drain()
    assert acme.document(1001).recheck_at is None
