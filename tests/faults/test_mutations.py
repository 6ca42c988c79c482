"""Each invariant fails when its guard is removed, and holds in the same simulation with the guard."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as django_settings

from connector.clients import errors
from connector.clients.transport import Transport
from connector.domain.timing.call_window import Window
from connector.flow import leases
from connector.flow.changes import answer
from connector.flow.clock import database_now
from connector.flow.customer.account import make_account
from connector.flow.invoice import compare, post
from connector.flow.outbound import access_tokens
from connector.flow.outbound.clients import LaneClients
from connector.flow.pipeline import create, failure, uncertain
from connector.models import Connection, ExactGrant, OrderSync
from connector.sandbox.bigcommerce.webhook_sender import REFUNDED
from tests.acme import DIVISION, STORE
from tests.faults.report import Breach
from tests.faults.setup.simulation import Simulation

CREATE, SEARCH = ("POST", "*salesinvoice/SalesInvoices"), ("GET", "*salesinvoice/SalesInvoices")


def an_answer_is_lost(simulation: Simulation) -> None:
    simulation.sandbox.exact.faults.add("close_after", *CREATE)
    simulation.deliver(1001)


def a_worker_dies_after_the_post(simulation: Simulation) -> None:
    simulation.deliver(1001)
    simulation.work("posted_before_record:kill")


def the_first_look_is_stale(simulation: Simulation) -> None:
    an_answer_is_lost(simulation)
    simulation.sandbox.exact.faults.add("stale_read", *SEARCH, seconds=150)


def the_invoice_is_shown_late(simulation: Simulation) -> None:
    simulation.sandbox.exact.faults.add("read_lag", *CREATE, seconds=110)
    a_worker_dies_after_the_post(simulation)


def a_worker_sleeps_before_the_post(simulation: Simulation) -> None:
    simulation.deliver(1001)
    simulation.while_asleep = simulation.others_finish
    simulation.work("before_post:hang")


def a_worker_sleeps_before_it_stores_new_tokens(simulation: Simulation) -> None:
    simulation.clock.advance(600)
    simulation.deliver(1001)
    simulation.while_asleep = lambda: another_asks_for_a_token(simulation)
    simulation.work("refresh_before_store:hang")


def another_asks_for_a_token(simulation: Simulation) -> None:
    grant = simulation.acme.connection.division.grant_id
    with suppress(errors.ClientError):
        access_tokens.GrantTokens(grant, Transport(allow_insecure=True), lambda call: None, patience=0).token()


def the_answer_to_a_new_account_is_lost(simulation: Simulation) -> None:
    simulation.sandbox.exact.faults.add("close_after", "POST", "*crm/Accounts")
    simulation.sandbox.exact.faults.add("stale_read", "GET", "*sync/CRM/Accounts", times=8, seconds=3600)
    simulation.deliver(1001)


def an_order_is_delivered(simulation: Simulation) -> None:
    simulation.deliver(1001)


def exact_computes_differently(simulation: Simulation) -> None:
    codes = simulation.sandbox.exact.divisions[DIVISION].table("vat/VATCodes")
    code = next(key for key, row in codes.items() if row["Code"].strip() == "2")
    simulation.sandbox.exact.change(DIVISION, "vat/VATCodes", code, Percentage=Decimal("0.20"))
    simulation.deliver(1001)


def the_app_is_withdrawn(simulation: Simulation) -> None:
    simulation.sandbox.exact.revoke()
    simulation.clock.advance(600)
    simulation.deliver(1001)
    simulation.work(seconds=2)
    simulation.consent_again()


def many_come_in_one_minute(simulation: Simulation) -> None:
    # Exact reports the limit but does not enforce it: else a lane without its guard would retry until the minute ends.
    simulation.sandbox.exact.set(minute_limit=60)
    simulation.clock.advance(60 - database_now().second)
    simulation.deliver(*range(1001, 1025))
    simulation.work()


def the_answer_to_a_credit_note_is_lost(simulation: Simulation) -> None:
    refunded(simulation)
    simulation.sandbox.exact.faults.add("close_after", *CREATE)
    simulation.deliver(1001, scope=REFUNDED)


def a_worker_dies_after_the_credit_note(simulation: Simulation) -> None:
    refunded(simulation)
    simulation.deliver(1001, scope=REFUNDED)
    simulation.work("posted_before_record:kill")


def exact_negates_credit_notes(simulation: Simulation) -> None:
    refunded(simulation)
    simulation.sandbox.exact.set(negate_credit_notes=True)
    simulation.deliver(1001, scope=REFUNDED)


def a_refund_is_delivered(simulation: Simulation) -> None:
    refunded(simulation)
    simulation.deliver(1001, scope=REFUNDED)


def refunded(simulation: Simulation) -> None:
    """Post order 1001, then refund all of it."""
    Connection.objects.update(refunds="credit")
    simulation.deliver(1001)
    simulation.until_quiet()
    simulation.sandbox.stores.store(STORE).refund(1001)


@dataclass(frozen=True)
class Mutation:
    """A guard: how to remove it, what then happens, and the heading of the breach."""

    simulation: Callable[[Simulation], None]
    take_out: Callable[[Any], None]
    heading: str
    struck: int = 0  # how often a fault strikes a token call


def patched(target: object, name: str, instead: object) -> Callable[[Any], None]:
    """Return a function that replaces a guard."""
    return lambda monkeypatch: monkeypatch.setattr(target, name, instead)


def nothing(*_: Any, **__: Any) -> None:
    """Does nothing, in place of a guard."""


def not_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    django_settings.CONNECTOR_SETTLE_SECONDS = 0  # goes when the simulation does


def no_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the call's budget nor the note that a late write gets asks whose lane it is."""
    monkeypatch.setattr(leases, "held", lambda lease: lease.on.objects.filter(pk=lease.pk))
    monkeypatch.setattr(LaneClients, "_before_write", nothing)


def no_lease(grant: int, patience: float) -> leases.Lease:
    return leases.Lease(ExactGrant, grant, ExactGrant.objects.get(pk=grant).lease_token)


def nothing_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("differences", "line_differences"):
        monkeypatch.setattr(compare, name, lambda *_: "")


def nobody_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (access_tokens, failure):
        monkeypatch.setattr(module, "mark_reconnect", nothing)


MUTATIONS = {
    "an unclear write is looked up": Mutation(an_answer_is_lost, patched(post, "resolve", nothing), "duplicate"),
    "an unclear credit note is looked up": Mutation(
        the_answer_to_a_credit_note_is_lost, patched(post, "resolve", nothing), "duplicate"
    ),
    "a credit note in a dead worker's hand is freed": Mutation(
        a_worker_dies_after_the_credit_note, patched(failure, "recover", nothing), "lost"
    ),
    "a credit note's amounts are compared before printing": Mutation(
        exact_negates_credit_notes, nothing_differs, "difference"
    ),
    "a refund that was read has a row": Mutation(
        a_refund_is_delivered, patched(answer, "credit_note_row", lambda invoice, *_: invoice), "lost"
    ),
    "the intent is committed before the post": Mutation(
        an_answer_is_lost, patched(create, "_intend", nothing), "duplicate"
    ),
    "the work of a dead worker is freed": Mutation(
        a_worker_dies_after_the_post, patched(failure, "recover", nothing), "lost"
    ),
    "two looks before it is sent again": Mutation(
        the_first_look_is_stale, patched(uncertain, "NOT_FOUND_NEEDED", 1), "duplicate"
    ),
    "no look before the settle time": Mutation(the_invoice_is_shown_late, not_settled, "duplicate"),
    "a write needs the lease": Mutation(a_worker_sleeps_before_the_post, no_fence, "duplicate"),
    "one refreshes at a time": Mutation(
        a_worker_sleeps_before_it_stores_new_tokens, patched(access_tokens, "wait_for_lease", no_lease), "limit"
    ),
    "an account is looked for before it is made again": Mutation(
        the_answer_to_a_new_account_is_lost, patched(make_account, "_landed", nothing), "duplicate"
    ),
    "a delivery that was read has a row": Mutation(
        an_order_is_delivered, patched(OrderSync.objects, "bulk_create", nothing), "lost"
    ),
    "totals are compared before printing": Mutation(exact_computes_differently, nothing_differs, "difference"),
    "a dead consent stops its lane": Mutation(the_app_is_withdrawn, nobody_stops, "limit", struck=1),
    "a lane stops before its minute is used up": Mutation(
        many_come_in_one_minute, patched(Window, "allows", lambda *_: True), "limit"
    ),
}


def play(simulation: Simulation, mutation: Mutation) -> list[Breach]:
    mutation.simulation(simulation)
    simulation.until_quiet()
    return simulation.breaches(struck=mutation.struck)


@pytest.mark.parametrize("guard", MUTATIONS)
def test_with_the_guard_nothing_is_amiss(guard: str, simulation: Simulation) -> None:
    assert play(simulation, MUTATIONS[guard]) == []


@pytest.mark.parametrize("guard", MUTATIONS)
def test_without_the_guard_the_invariant_fails(
    guard: str, simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    MUTATIONS[guard].take_out(monkeypatch)
    assert MUTATIONS[guard].heading in {breach.heading for breach in play(simulation, MUTATIONS[guard])}
