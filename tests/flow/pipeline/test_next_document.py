"""What changes while a lane is worked on is seen at the next document at the latest, also what its turn remembers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model

from connector.clients.transport import Request, Response, Transport
from connector.flow.actions.documents import approve, skip
from connector.flow.clock import database_now
from connector.flow.pipeline import run_lane
from connector.flow.pipeline.lane import Work
from connector.flow.pipeline.post_document import post_document
from connector.flow.setup import rule_versions
from connector.models import Connection, Division, ExactGrant, MasterData, OrderSync, Store
from connector.sandbox.bigcommerce.state import Store as Shop
from tenants.models import Tenant
from tests.acme import Acme
from tests.flow.by_hand import WHY

FIRST, SECOND = 1001, 1002
Change = Callable[[], object]
InMidTurn = Callable[[Change], list[Request]]


def ring(acme: Acme) -> None:
    for order_id in (FIRST, SECOND):
        acme.ring(order_id)


@pytest.fixture
def in_mid_turn(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> InMidTurn:
    """Run one turn with two orders. A change is made after the first one. It returns the calls after that."""
    made: list[Request] = []
    send = Transport.send

    def noted(transport: Transport, request: Request, *, deadline: float) -> Response:
        made.append(request)
        return send(transport, request, deadline=deadline)

    def run(change: Change) -> list[Request]:
        def post(work: Work) -> None:
            post_document(work)
            if work.document.order_id == FIRST:
                made.clear()
                change()

        monkeypatch.setattr(run_lane, "post_document", post)
        if not OrderSync.objects.exists():
            ring(acme)
        run_lane.drain_lane(acme.connection.division_id)
        return made

    monkeypatch.setattr(Transport, "send", noted)
    return run


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        (Connection, {"mode": "off"}),
        (Connection, {"schedule": "manual"}),
        (Tenant, {"suspended": True}),
        (Store, {"state": "reconnect"}),
        (ExactGrant, {"state": "reconnect"}),
        (Division, {"recovering": True}),
    ],
)
def test_what_stops_a_lane_stops_it_before_the_next_document(
    acme: Acme, in_mid_turn: InMidTurn, row: type[Model], changes: dict[str, Any]
) -> None:
    assert not in_mid_turn(lambda: row._default_manager.update(**changes))
    assert (acme.document(FIRST).state, acme.document(SECOND).state) == ("posted", "pending")


def test_a_document_that_a_person_skips_is_not_posted(acme: Acme, in_mid_turn: InMidTurn) -> None:
    assert not in_mid_turn(lambda: skip(acme.document(SECOND), None, WHY))
    assert acme.document(SECOND).state == "skipped"


def test_the_next_document_is_translated_by_new_rules(acme: Acme, in_mid_turn: InMidTurn) -> None:
    def save_rules() -> None:
        filed = rule_versions.as_filed(rule_versions.in_force(acme.connection))
        rules = [{"priority": 1, "when": {}, "then": {"gl_account": "8200"}}, *filed["rules"]]
        rule_versions.save_version(acme.connection, {**filed, "rules": rules}, author=None, note="")

    in_mid_turn(save_rules)
    first, second = acme.document(FIRST), acme.document(SECOND)
    assert first.rules is not None
    assert second.rules is not None
    assert (first.rules.number, second.rules.number) == (1, 2)
    assert first.draft is not None
    assert second.draft is not None
    assert first.draft["lines"][0]["gl_account"] != second.draft["lines"][0]["gl_account"] == "8200"


def test_the_next_document_is_translated_by_new_settings(acme: Acme, in_mid_turn: InMidTurn) -> None:
    in_mid_turn(lambda: Connection.objects.update(post_statuses=[]))
    document = acme.document(SECOND)
    assert (document.state, document.reason) == ("skipped", "status")


def test_the_next_document_is_checked_against_new_master_data(acme: Acme, in_mid_turn: InMidTurn) -> None:
    def pull() -> None:
        MasterData.objects.filter(kind="layout").delete()
        Division.objects.update(master_data_at=database_now() + timedelta(seconds=1))

    in_mid_turn(pull)
    document = acme.document(SECOND)
    assert (document.state, document.code) == ("blocked", "template_missing")


def test_lists_that_are_read_one_by_one_are_new_master_data_too(acme: Acme, in_mid_turn: InMidTurn) -> None:
    def pull() -> None:
        MasterData.objects.filter(kind="layout").delete()
        Division.objects.update(pull={"done": ["layout"]})

    in_mid_turn(pull)
    assert acme.document(SECOND).code == "template_missing"


def test_a_period_that_was_closed_is_not_booked_in(acme: Acme, in_mid_turn: InMidTurn) -> None:
    in_mid_turn(lambda: Division.objects.update(closed_periods=[["2000-01-01", "2099-12-31"]]))
    assert acme.document(SECOND).reason == "period"


def test_the_next_call_to_a_store_has_its_new_token(in_mid_turn: InMidTurn) -> None:
    def rotate() -> None:
        row = Store.objects.get()
        row.access_token = "a-new-token"
        row.save()

    assert in_mid_turn(rotate)[0].headers["X-Auth-Token"] == "a-new-token"


def test_the_next_call_to_exact_has_the_consents_new_token(in_mid_turn: InMidTurn) -> None:
    def rotate() -> None:
        row = ExactGrant.objects.get()
        row.access_token = "a-new-token"
        row.save()

    calls = in_mid_turn(rotate)
    (first, *_) = (call for call in calls if "/api/v1/" in call.url)
    assert first.headers["Authorization"] == "Bearer a-new-token"


def test_an_approval_ends_when_a_delivery_comes_in_mid_turn(acme: Acme, in_mid_turn: InMidTurn, shop: Shop) -> None:
    Connection.objects.update(mode="approval")
    ring(acme)
    acme.drain()
    for document in OrderSync.objects.order_by("id"):
        approve(document, None, WHY)

    def change() -> None:
        shop.edit(SECOND, shop.orders[SECOND].products[0]["id"], quantity=3)
        acme.ring(SECOND)

    in_mid_turn(change)
    assert acme.document(FIRST).state == "posted"
    assert acme.document(SECOND).state == "awaiting_approval"
