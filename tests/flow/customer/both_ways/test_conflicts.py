"""What both sides changed is opened once, follows the values, and is closed when it is none any more."""

import pytest

from connector.domain.choices import FieldGroup
from connector.domain.customer.in_step import Move, Step
from connector.domain.document.codes import Code
from connector.domain.document.result import problem
from connector.flow.customer.both_ways import conflicts
from connector.flow.customer.both_ways.pairs import Pair, pairs_of
from connector.models import CustomerConflict, CustomerEvent
from tests.acme import Acme
from tests.flow.customer.linked import Linked

CONFLICT, NOTHING = {FieldGroup.NAMES: Move(Step.CONFLICT)}, {FieldGroup.NAMES: Move(Step.LEAVE)}


@pytest.fixture
def pair(acme: Acme) -> Pair:
    (pair,) = pairs_of([Linked(acme).link])
    pair.moves = CONFLICT
    conflicts.keep(pair, "webhook")
    return pair


def test_it_is_opened_once_with_both_values(pair: Pair) -> None:
    conflicts.keep(pair, "webhook")
    conflict = CustomerConflict.objects.get()
    assert conflict.exact_values == {"name": "Vera Dijk"}
    assert conflict.store_values["last_name"] == "Dijk"
    assert CustomerEvent.objects.get().kind == "conflict"


def test_it_follows_the_values_without_a_further_line(pair: Pair) -> None:
    pair.exact = pair.exact.with_group(FieldGroup.NAMES, {"name": "Vera de Wit"})
    conflicts.keep(pair, "webhook")
    assert CustomerConflict.objects.get().exact_values == {"name": "Vera de Wit"}
    assert CustomerEvent.objects.count() == 1


def test_it_is_closed_without_a_decision_when_both_agree(pair: Pair) -> None:
    pair.moves = NOTHING
    conflicts.keep(pair, "webhook")
    conflict = CustomerConflict.objects.get()
    assert (conflict.decided_at is None, conflict.decision, conflict.decided_by) == (False, "", None)


def test_it_stays_open_while_the_account_is_blocked(pair: Pair) -> None:
    pair.moves, pair.stays = NOTHING, {"names": problem(Code.ACCOUNT_BLOCKED, account="7 Vera Dijk")}
    conflicts.keep(pair, "webhook")
    assert CustomerConflict.objects.get().decided_at is None
