"""Which stage is next: the way of an order, of a credit note and of a receipt."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from connector.domain.choices import DocumentKind, Mode
from connector.domain.document.stages import IN_WORK, WAY, Facts, Stage, next_stage
from connector.domain.document.states import State

PENDING = Facts(DocumentKind.INVOICE, State.PENDING)

Effects = dict[Stage, Callable[[Facts], Facts]]

# What a stage does to the facts, where it does what it is for.
EFFECTS: Effects = {
    Stage.LOOK_AGAIN: lambda facts: facts,
    Stage.LOOK_UP: lambda facts: replace(facts, state=State.WAITING),
    Stage.CLAIM: lambda facts: replace(facts, state=State.PREPARING),
    Stage.SHOW_ONLY: lambda facts: replace(facts, state=State.SKIPPED),
    Stage.ASK_APPROVAL: lambda facts: replace(facts, state=State.AWAITING_APPROVAL),
    Stage.REPLACE: lambda facts: replace(facts, replace_requested=False),
    Stage.LOOK_FIRST: lambda facts: replace(facts, may_be_posted=False),
    Stage.SET_DOWN: lambda facts: replace(facts, state=State.WAITING),
    Stage.INTEND: lambda facts: replace(facts, state=State.POSTING, sent=True),
    Stage.CREATE: lambda facts: replace(facts, in_exact=True),
    Stage.GO_ON: lambda facts: replace(facts, state=State.POSTING, sent=True),
    Stage.FINISH: lambda facts: replace(facts, state=State.POSTED),
    Stage.BOOK_ENTRY: lambda facts: replace(facts, state=State.POSTED, in_exact=True),
    Stage.RECORD_ENTRY: lambda facts: replace(facts, state=State.POSTED),
}
GONE: Effects = {Stage.REPLACE: lambda facts: replace(facts, in_exact=False, replace_requested=False)}
FOUND: Effects = {Stage.FIND_SENT: lambda facts: replace(facts, in_exact=True)}
RECORDED: Effects = {Stage.FIND_ENTRY: lambda facts: replace(facts, in_exact=True, state=State.POSTED)}
WITHDRAWN: Effects = {Stage.TAKE_APPROVED: lambda facts: replace(facts, approved=False)}
UNSENT: Effects = {Stage.SWITCH_FORM: lambda facts: replace(facts, sent=False)}


def way(facts: Facts, otherwise: Effects | None = None) -> list[str]:
    """The stages of one turn, from the facts with which it begins."""
    effects, stages = {**EFFECTS, **(otherwise or {})}, []
    stage = next_stage(facts)
    while stage is not None:
        stages.append(stage)
        if stage in effects:
            facts = effects[stage](facts)
        stage = next_stage(facts, after=stage)
    assert facts.state not in IN_WORK or not stages
    return [str(each) for each in stages]


INTO_EXACT = ["check codes", "make items", "find account", "intend", "create", "finish"]
WAYS: dict[str, tuple[Facts, Effects, list[str]]] = {
    "an order": (PENDING, {}, ["translate", *INTO_EXACT]),
    "an order that is only shown": (replace(PENDING, mode=Mode.SHADOW), {}, ["translate", "show only"]),
    "an order that needs an approval": (replace(PENDING, mode=Mode.APPROVAL), {}, ["translate", "ask approval"]),
    "an approved order": (replace(PENDING, mode=Mode.APPROVAL, approved=True), {}, ["take approved", *INTO_EXACT]),
    "an order approved before the mode became live": (
        replace(PENDING, approved=True),
        {},
        ["take approved", *INTO_EXACT],
    ),
    "an approved order that changed since": (
        replace(PENDING, mode=Mode.APPROVAL, approved=True),
        WITHDRAWN,
        ["take approved", "translate", "ask approval"],
    ),
    "an approved order of a connection that only shows by now": (
        replace(PENDING, mode=Mode.SHADOW, approved=True),
        {},
        ["translate", "show only"],
    ),
    "an order that was sent and is not in Exact": (
        replace(PENDING, sent=True),
        {},
        ["switch form", "translate", "find sent", *INTO_EXACT],
    ),
    "an order that was sent in another form": (
        replace(PENDING, sent=True),
        UNSENT,
        ["switch form", "translate", *INTO_EXACT],
    ),
    "an order that was sent and is found": (
        replace(PENDING, sent=True),
        FOUND,
        ["switch form", "translate", "find sent", "go on", "finish"],
    ),
    "an order that a restored ledger may not know to be posted": (
        replace(PENDING, may_be_posted=True),
        {},
        ["translate", "look first", *INTO_EXACT],
    ),
    "one that is found": (
        replace(PENDING, may_be_posted=True),
        {Stage.LOOK_FIRST: lambda facts: replace(facts, may_be_posted=False, in_exact=True)},
        ["translate", "look first", "go on", "finish"],
    ),
    "one that is only looked up": (
        replace(PENDING, may_be_posted=True, look_only=True),
        {},
        ["translate", "look first", "set down"],
    ),
    "one whose connection only shows": (
        replace(PENDING, may_be_posted=True, mode=Mode.SHADOW),
        {},
        ["translate", "show only"],
    ),
    "an order whose invoice is in Exact": (replace(PENDING, sent=True, in_exact=True), {}, ["go on", "finish"]),
    "one in Exact is finished in every mode": (
        replace(PENDING, sent=True, in_exact=True, mode=Mode.SHADOW),
        {},
        ["go on", "finish"],
    ),
    "a re-posted order whose invoice is still wanted": (
        replace(PENDING, sent=True, in_exact=True, replace_requested=True),
        {},
        ["replace", "go on", "finish"],
    ),
    "a re-posted order whose invoice is gone": (
        replace(PENDING, sent=True, in_exact=True, replace_requested=True),
        GONE,
        ["replace", "switch form", "translate", "find sent", *INTO_EXACT],
    ),
    "a credit note": (
        replace(PENDING, kind=DocumentKind.CREDIT),
        {},
        ["work out", "check codes", "take account", "intend", "create", "finish"],
    ),
    "a credit note that is found": (
        replace(PENDING, kind=DocumentKind.CREDIT, sent=True),
        FOUND,
        ["switch form", "work out", "find sent", "go on", "finish"],
    ),
    "a receipt": (replace(PENDING, kind=DocumentKind.RECEIPT), {}, ["book entry"]),
    "a receipt in any mode": (replace(PENDING, kind=DocumentKind.RECEIPT, mode=Mode.SHADOW), {}, ["book entry"]),
    "a receipt that was sent and is not in Exact": (
        replace(PENDING, kind=DocumentKind.RECEIPT, sent=True),
        {},
        ["find entry", "book entry"],
    ),
    "a receipt that is found": (replace(PENDING, kind=DocumentKind.RECEIPT, sent=True), RECORDED, ["find entry"]),
    "a receipt whose entry is known": (
        replace(PENDING, kind=DocumentKind.RECEIPT, in_exact=True),
        {},
        ["record entry"],
    ),
}


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("state", [State.PENDING, State.WAITING])
def test_the_way_of(name: str, state: State) -> None:
    facts, effects, stages = WAYS[name]
    assert way(replace(facts, state=state), effects) == ["claim", "await another", *stages]


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (State.UNCERTAIN, "look up"),
        (State.POSTED, "look again"),
        (State.BLOCKED, "look again"),
        (State.SKIPPED, "look again"),
        (State.AWAITING_APPROVAL, "look again"),
    ],
)
def test_a_document_that_is_done_or_uncertain_has_a_turn_of_one_stage(state: State, stage: str) -> None:
    assert way(replace(PENDING, state=state)) == [stage]
    moved = {Stage(stage): lambda facts: replace(facts, state=State.PENDING)}
    assert way(replace(PENDING, state=state), moved) == [stage]


@pytest.mark.parametrize("state", sorted(IN_WORK))
def test_a_document_in_work_begins_no_turn(state: State) -> None:
    assert next_stage(replace(PENDING, state=state)) is None


@pytest.mark.parametrize("stage", WAY)
@pytest.mark.parametrize("state", sorted(set(State) - IN_WORK))
def test_a_turn_ends_when_the_document_is_not_in_work(stage: Stage, state: State) -> None:
    assert next_stage(replace(PENDING, state=state), after=stage) is None


EVERY_FACTS = [
    Facts(kind, state, in_exact, sent, approved, replace_requested, may_be_posted, look_only, mode)
    for kind, state, mode in product(DocumentKind, State, Mode)
    for in_exact, sent, approved, replace_requested in product((False, True), repeat=4)
    for may_be_posted, look_only in product((False, True), repeat=2)
]


def test_every_turn_has_stages_unless_the_document_is_in_work() -> None:
    for facts in EVERY_FACTS:
        for otherwise in ({}, GONE, FOUND, RECORDED, WITHDRAWN, UNSENT):
            stages = way(facts, otherwise)
            assert bool(stages) == (facts.state not in IN_WORK)
            assert len(stages) == len(set(stages))


def test_the_next_stage_always_stands_later_in_the_order() -> None:
    places = {stage: place for place, stage in enumerate(Stage)}
    for facts in EVERY_FACTS:
        for after in WAY:
            following = next_stage(facts, after=after)
            assert following is None or places[following] > places[after]


def test_what_is_in_exact_is_never_made_again() -> None:
    made = {Stage.INTEND, Stage.CREATE, Stage.BOOK_ENTRY}
    for facts in EVERY_FACTS:
        if facts.in_exact:
            assert not {next_stage(facts, after=after) for after in WAY} & made


def test_what_was_sent_is_looked_for_before_it_is_made() -> None:
    for facts in EVERY_FACTS:
        stages = way(replace(facts, state=State.WAITING, sent=True))
        for made, looked_for in (("create", "find sent"), ("book entry", "find entry")):
            assert made not in stages or looked_for in stages[: stages.index(made)]


def test_nothing_is_made_without_the_intent() -> None:
    for facts in EVERY_FACTS:
        stages = way(facts)
        assert "create" not in stages or stages[stages.index("create") - 1] == "intend"
