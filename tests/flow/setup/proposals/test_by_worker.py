"""A worker proposes once for all who ask, and what it found is kept until it is asked for again."""

import pytest

from connector.clients.errors import Unavailable
from connector.domain.rules.propose.proposal import Candidate, Confidence, Proposal, Reason, Why
from connector.flow import stopping
from connector.flow.lane import wakeup
from connector.flow.setup.proposals import by_worker
from connector.flow.setup.proposals.propose import Proposed
from connector.flow.setup.provision.schema import Unfit
from connector.models import Division, Store
from connector.problems import calls
from tests.factories import ConnectionFactory

FOUND = Proposed(
    {"journal": "70"},
    (
        Proposal(
            "journal",
            "70",
            Reason(Why.ONLY_ONE, {"code": "70", "kind": "journal"}),
            Confidence.CHOOSE,
            (Candidate("71", "Second"),),
        ),
    ),
)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The divisions for which a worker was woken."""
    found: list[int] = []
    monkeypatch.setattr(wakeup, "wake_proposal", found.append)
    monkeypatch.setattr(by_worker, "propose", lambda *sides, **how: FOUND)
    return found


@pytest.fixture
def sides(db: None) -> tuple[Store, Division]:
    connection = ConnectionFactory.create()
    return connection.store, connection.division


def test_it_is_asked_once_and_comes_back_as_it_was_proposed(sides: tuple[Store, Division], woken: list[int]) -> None:
    by_worker.make(sides[1].pk)
    assert by_worker.made(*sides) is None, "nobody waits for it"
    for _look in range(2):
        by_worker.ask(*sides)
    assert woken == [sides[1].pk]
    by_worker.make(woken[0])
    assert by_worker.made(*sides) == FOUND
    by_worker.ask_again(*sides)
    assert by_worker.made(*sides) is None
    assert len(woken) == 2


def test_why_it_could_not_be_made_is_kept(
    sides: tuple[Store, Division], woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_sides: object, **_how: object) -> Proposed:
        raise Unavailable("The store gave no answer")

    monkeypatch.setattr(by_worker, "propose", fail)
    by_worker.ask(*sides)
    assert by_worker.problem(*sides) == ""
    by_worker.make(woken[0])
    assert "gave no answer" in by_worker.problem(*sides)
    assert by_worker.made(*sides) is None


def test_what_a_division_lacks_is_written_for_its_reader(
    sides: tuple[Store, Division], woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker that kept it may work in another language, and so may the next reader."""
    words = {"Division %(division)s has no journal.": "Administratie %(division)s heeft geen dagboek."}

    def fail(*_sides: object, **_how: object) -> Proposed:
        raise Unfit("Division %(division)s has no journal.", {"division": 7}, " (403)")

    monkeypatch.setattr(by_worker, "propose", fail)
    by_worker.ask(*sides)
    by_worker.make(woken[0])
    assert by_worker.problem(*sides) == "Division 7 has no journal. (403)"
    monkeypatch.setattr(calls, "gettext", lambda text: words.get(text, text))
    assert by_worker.problem(*sides) == "Administratie 7 heeft geen dagboek. (403)"


def test_a_fault_of_this_program_is_kept_and_is_not_asked_for_again(
    sides: tuple[Store, Division], woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_sides: object, **_how: object) -> Proposed:
        raise AttributeError("the name of a customer")

    monkeypatch.setattr(by_worker, "propose", fail)
    by_worker.ask(*sides)
    by_worker.make(sides[1].pk)
    assert by_worker.problem(*sides) == "A fault of this program: AttributeError. Its log says where."
    by_worker.ask(*sides)
    assert len(woken) == 1


def test_a_stop_in_the_middle_leaves_it_to_another_process(
    sides: tuple[Store, Division], woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_sides: object, **_how: object) -> Proposed:
        stopping.ask()
        raise stopping.Stopped

    by_worker.ask(*sides)
    monkeypatch.setattr(by_worker, "propose", stop)
    with pytest.raises(stopping.Stopped):
        by_worker.make(sides[1].pk)
    stopping.forget()
    monkeypatch.setattr(by_worker, "propose", lambda *sides, **how: FOUND)
    by_worker.make(sides[1].pk)
    assert by_worker.made(*sides) == FOUND
