"""Each invariant fails when its guard is taken out, and holds in the same scene when the guard is there."""

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
from connector.flow.customer import accounts
from connector.flow.invoice import compare, post
from connector.flow.outbound import access_tokens, clients
from connector.flow.pipeline import create, failure, uncertain
from connector.models import Connection, ExactGrant, OrderSync
from connector.sandbox.bigcommerce.webhook_sender import REFUNDED
from tests.acme import DIVISION, STORE
from tests.faults.report import Breach
from tests.faults.setup.scene import Scene

CREATE, SEARCH = ("POST", "*salesinvoice/SalesInvoices"), ("GET", "*salesinvoice/SalesInvoices")


def an_answer_is_lost(scene: Scene) -> None:
    scene.sandbox.exact.faults.add("close_after", *CREATE)
    scene.ring(1001)


def a_worker_dies_after_the_post(scene: Scene) -> None:
    scene.ring(1001)
    scene.work("posted_before_record:kill")


def the_first_look_is_stale(scene: Scene) -> None:
    an_answer_is_lost(scene)
    scene.sandbox.exact.faults.add("stale_read", *SEARCH, seconds=150)


def the_invoice_is_shown_late(scene: Scene) -> None:
    scene.sandbox.exact.faults.add("read_lag", *CREATE, seconds=110)
    a_worker_dies_after_the_post(scene)


def a_worker_sleeps_before_the_post(scene: Scene) -> None:
    scene.ring(1001)
    scene.while_asleep = scene.others_finish
    scene.work("before_post:hang")


def a_worker_sleeps_with_new_tokens_in_hand(scene: Scene) -> None:
    scene.clock.advance(600)
    scene.ring(1001)
    scene.while_asleep = lambda: another_asks_for_a_token(scene)
    scene.work("refresh_before_store:hang")


def another_asks_for_a_token(scene: Scene) -> None:
    grant = scene.acme.connection.division.grant_id
    with suppress(errors.ClientError):
        access_tokens.GrantTokens(grant, Transport(allow_insecure=True), lambda call: None, patience=0).token()


def the_answer_to_a_new_account_is_lost(scene: Scene) -> None:
    scene.sandbox.exact.faults.add("close_after", "POST", "*crm/Accounts")
    scene.sandbox.exact.faults.add("stale_read", "GET", "*sync/CRM/Accounts", times=8, seconds=3600)
    scene.ring(1001)


def an_order_is_told_of(scene: Scene) -> None:
    scene.ring(1001)


def exact_computes_otherwise(scene: Scene) -> None:
    codes = scene.sandbox.exact.divisions[DIVISION].table("vat/VATCodes")
    code = next(key for key, row in codes.items() if row["Code"].strip() == "2")
    scene.sandbox.exact.change(DIVISION, "vat/VATCodes", code, Percentage=Decimal("0.20"))
    scene.ring(1001)


def the_app_is_withdrawn(scene: Scene) -> None:
    scene.sandbox.exact.revoke()
    scene.clock.advance(600)
    scene.ring(1001)
    scene.work(seconds=2)
    scene.consent_anew()


def many_come_in_one_minute(scene: Scene) -> None:
    # Told and not enforced: refused, a lane without its guard would knock until the minute is over.
    scene.sandbox.exact.set(minute_limit=60)
    scene.clock.advance(60 - database_now().second)
    scene.ring(*range(1001, 1025))
    scene.work()


def the_answer_to_a_credit_note_is_lost(scene: Scene) -> None:
    refunded(scene)
    scene.sandbox.exact.faults.add("close_after", *CREATE)
    scene.ring(1001, scope=REFUNDED)


def a_worker_dies_after_the_credit_note(scene: Scene) -> None:
    refunded(scene)
    scene.ring(1001, scope=REFUNDED)
    scene.work("posted_before_record:kill")


def exact_turns_credit_notes_round(scene: Scene) -> None:
    refunded(scene)
    scene.sandbox.exact.set(negate_credit_notes=True)
    scene.ring(1001, scope=REFUNDED)


def a_refund_is_told_of(scene: Scene) -> None:
    refunded(scene)
    scene.ring(1001, scope=REFUNDED)


def refunded(scene: Scene) -> None:
    """Order 1001 is posted, and all of it is given back."""
    Connection.objects.update(refunds="credit")
    scene.ring(1001)
    scene.until_quiet()
    scene.sandbox.stores.store(STORE).refund(1001)


@dataclass(frozen=True)
class Mutation:
    """A guard: what takes it out, the scene in which it is missed, and under which heading."""

    scene: Callable[[Scene], None]
    take_out: Callable[[Any], None]
    heading: str
    struck: int = 0  # how often something is done to a token


def patched(target: object, name: str, instead: object) -> Callable[[Any], None]:
    """Take a guard out by putting something in its place."""
    return lambda monkeypatch: monkeypatch.setattr(target, name, instead)


def nothing(*_: Any, **__: Any) -> None:
    """In the place of a guard."""


def not_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    django_settings.CONNECTOR_SETTLE_SECONDS = 0  # goes when the scene does


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
        exact_turns_credit_notes_round, nothing_differs, "difference"
    ),
    "a refund that was read has a row": Mutation(
        a_refund_is_told_of, patched(answer, "credit_note_row", lambda invoice, *_: invoice), "lost"
    ),
    "the intent is committed before the post": Mutation(
        an_answer_is_lost, patched(create, "_intend", nothing), "duplicate"
    ),
    "what a dead worker had in hand is freed": Mutation(
        a_worker_dies_after_the_post, patched(failure, "recover", nothing), "lost"
    ),
    "two looks before it is sent again": Mutation(
        the_first_look_is_stale, patched(uncertain, "NOT_FOUND_NEEDED", 1), "duplicate"
    ),
    "no look before the settle time": Mutation(the_invoice_is_shown_late, not_settled, "duplicate"),
    "a write needs the lease": Mutation(
        a_worker_sleeps_before_the_post, patched(clients.LaneClients, "_before_write", nothing), "duplicate"
    ),
    "one refreshes at a time": Mutation(
        a_worker_sleeps_with_new_tokens_in_hand, patched(access_tokens, "wait_for_lease", no_lease), "limit"
    ),
    "an account is looked for before it is made again": Mutation(
        the_answer_to_a_new_account_is_lost, patched(accounts, "_landed", lambda *_: False), "duplicate"
    ),
    "a delivery that was read has a row": Mutation(
        an_order_is_told_of, patched(OrderSync.objects, "bulk_create", nothing), "lost"
    ),
    "totals are compared before printing": Mutation(exact_computes_otherwise, nothing_differs, "difference"),
    "a dead consent stops its lane": Mutation(the_app_is_withdrawn, nobody_stops, "limit", struck=1),
    "a lane stops before its minute is used up": Mutation(
        many_come_in_one_minute, patched(Window, "allows", lambda *_: True), "limit"
    ),
}


def play(scene: Scene, mutation: Mutation) -> list[Breach]:
    mutation.scene(scene)
    scene.until_quiet()
    return scene.breaches(struck=mutation.struck)


@pytest.mark.parametrize("guard", MUTATIONS)
def test_with_the_guard_nothing_is_amiss(guard: str, scene: Scene) -> None:
    assert play(scene, MUTATIONS[guard]) == []


@pytest.mark.parametrize("guard", MUTATIONS)
def test_without_the_guard_the_invariant_says_so(guard: str, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTATIONS[guard].take_out(monkeypatch)
    assert MUTATIONS[guard].heading in {breach.heading for breach in play(scene, MUTATIONS[guard])}
