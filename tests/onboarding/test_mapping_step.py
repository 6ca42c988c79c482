"""The step of the mapping: a worker proposes it, a person looks at it, and the connection is made."""

from typing import Any

import pytest
from django.test import Client

from connector.clients.errors import Unavailable
from connector.domain.rules.propose.proposal import Candidate, Confidence, Proposal, Reason, Why
from connector.flow.lane import wakeup
from connector.flow.setup.proposals import by_worker
from connector.flow.setup.proposals.propose import Proposed
from connector.models import Connection, Division
from tests.acme import DIVISION, STORE, Acme
from tests.onboarding.conftest import Walker


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The divisions for which a worker was asked to propose."""
    found: list[int] = []
    monkeypatch.setattr(wakeup, "wake_proposal", found.append)
    return found


@pytest.fixture
def ready(acme: Acme, owner: Client, sent: list[int]) -> Walker:
    """Both sides of Acme are set up, and nothing connects them."""
    Connection.objects.all().delete()
    return Walker(acme.store.tenant, owner)


def proposed(monkeypatch: pytest.MonkeyPatch, *more: Proposal) -> None:
    """Let the worker propose this."""
    filed = {
        "store": STORE,
        "division": DIVISION,
        "mode": "shadow",
        "journal": "70",
        "document": "sales_invoice",
    }
    rules = [{"priority": 1000, "when": {}, "then": {"gl_account": "8000"}}]
    journal = Proposal("journal", "70", Reason(Why.ONLY_ONE, {"code": "70", "kind": "journal"}), Confidence.CERTAIN)
    found = Proposed({"rules": rules, **filed}, (*more, journal))
    monkeypatch.setattr(by_worker, "propose", lambda *args, **kwargs: found)


UNSURE = Proposal(
    "rules.0",
    {"priority": 1000, "when": {}, "then": {"gl_account": "8000"}},
    Reason(Why.FIRST, {"code": "8000", "count": 2}),
    Confidence.CHOOSE,
    (Candidate("8010", "Books"), Candidate("none-such")),
)


def test_the_whole_way(ready: Walker, acme: Acme, sent: list[int]) -> None:
    """A worker proposes from both sides; the proposals are taken as they are, and rules are in force."""
    assert ready.open("mapping") == "mapping"
    assert (ready.state, sent) == ("running", [Division.objects.get().pk])
    assert 'http-equiv="refresh"' in ready.page
    ready.open("mapping")
    assert len(sent) == 1
    by_worker.make(sent[0])
    ready.open("mapping")
    assert ready.state == "todo"
    assert "Or: sales_entry" not in ready.page  # a choice of ours is named in words alone
    assert "Or: Sales entry" in ready.page
    for shown in ("certain", "sales journal", 'name="journal"', 'name="item_default"', 'name="vat.0"'):
        assert shown in ready.page
    assert ready.press("mapping", "go") != "mapping"
    connection, found = Connection.objects.get(), by_worker.made(acme.store, Division.objects.get())
    assert found is not None
    assert (connection.mode, connection.store) == ("shadow", acme.store)
    assert connection.journal == found.connection["journal"]
    assert connection.item_default == found.connection["items"]["default"]
    version = connection.rule_versions.get()
    assert version.mapping_rules.exists()
    assert version.author is not None
    ready.open("mapping")
    assert ready.state == "done"


def test_another_choice_is_taken_and_a_second_press_makes_nothing_twice(
    ready: Walker, monkeypatch: pytest.MonkeyPatch, sent: list[int]
) -> None:
    proposed(monkeypatch, UNSURE)
    ready.open("mapping")
    by_worker.make(sent[0])
    ready.open("mapping")
    assert ready.page.index("please choose") < ready.page.index("certain</strong>")
    assert ">8010 Books</option>" in ready.page
    for _ in range(2):
        ready.press("mapping", "go", **{"rules.0": "8010"})
    rule = Connection.objects.get().rule_versions.get().mapping_rules.get()
    assert rule.gl_account == "8010"


def test_a_code_that_the_division_lacks_has_its_error_there(
    ready: Walker, monkeypatch: pytest.MonkeyPatch, sent: list[int]
) -> None:
    proposed(monkeypatch, UNSURE)
    ready.open("mapping")
    by_worker.make(sent[0])
    ready.open("mapping")
    assert "<details open>" not in ready.page
    ready.press("mapping", "go", **{"rules.0": "none-such"})
    assert "none-such" in ready.errors["rules.0"]
    assert "What is wrong stands at its field" in ready.page  # the page is long
    ready.press("mapping", "go", journal="99", schedule="immediate", mode="shadow")
    assert "99" in ready.errors["journal"]
    assert ready.page.count("<details open>") == 2  # a wrong field is seen, and is not folded away
    assert not Connection.objects.exists()


def test_an_outage_says_so_and_is_tried_again(ready: Walker, monkeypatch: pytest.MonkeyPatch, sent: list[int]) -> None:
    def away(*args: Any, **kwargs: Any) -> Proposed:
        raise Unavailable("The shop is away")

    monkeypatch.setattr(by_worker, "propose", away)
    ready.open("mapping")
    by_worker.make(sent[0])
    ready.open("mapping")
    assert (ready.state, ready.errors[""]) == ("trouble", "The shop is away")
    ready.press("mapping", "again")
    assert (ready.state, len(sent)) == ("running", 2)


def test_nobody_waits_for_it(ready: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    proposed(monkeypatch)
    division = Division.objects.get()
    by_worker.make(division.pk)
    by_worker.make(0)
    assert by_worker.made(ready.tenant.stores.get(), division) is None
