"""The stages of a document in their order, and which of them is next.

A worker asks `next_stage`, does that stage, and asks again with the new facts, until no stage is due. That is one
turn. The next stage is always later in WAY than the last one, so every turn ends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from connector.domain.choices import DocumentKind, Mode
from connector.domain.document.states import State


class Stage(StrEnum):
    """One piece of work on a document."""

    LOOK_AGAIN = "look again"  # a delivery came for a document without a next step
    LOOK_UP = "look up"  # the answer of the last write was unclear

    CLAIM = "claim"
    AWAIT_ANOTHER = "await another"  # another document of the order comes first
    REPLACE = "replace"  # a person re-posted it, and it is in Exact
    SWITCH_FORM = "switch form"
    TAKE_APPROVED = "take approved"
    TRANSLATE = "translate"
    WORK_OUT = "work out"  # computes a credit note from its invoice
    LOOK_FIRST = "look first"  # the ledger was restored, and may not know that it was posted
    SET_DOWN = "set down"  # it is only looked up, and a worker goes on with it
    SHOW_ONLY = "show only"
    ASK_APPROVAL = "ask approval"
    FIND_SENT = "find sent"  # before anything is sent again
    CHECK_CODES = "check codes"
    MAKE_ITEMS = "make items"  # those of products that Exact does not have
    FIND_ACCOUNT = "find account"
    TAKE_ACCOUNT = "take account"  # the account of the invoice that is credited
    INTEND = "intend"
    CREATE = "create"
    GO_ON = "go on"  # with the document that is in Exact
    FINISH = "finish"  # compare, print, record
    FIND_ENTRY = "find entry"
    BOOK_ENTRY = "book entry"
    RECORD_ENTRY = "record entry"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that decide the next stage. `sent`: a write was begun, so the document may be in Exact.

    `may_be_posted`: the ledger was restored, and may not know of a write. `look_only`: nothing is sent in this turn.
    """

    kind: DocumentKind
    state: State
    in_exact: bool = False
    sent: bool = False
    approved: bool = False
    replace_requested: bool = False
    may_be_posted: bool = False
    look_only: bool = False
    mode: Mode = Mode.LIVE

    @property
    def posts_approved(self) -> bool:
        """Whether it posts the draft that a person approved."""
        return self.approved and self.mode != Mode.SHADOW

    @property
    def needs_approval(self) -> bool:
        """Whether a person must approve it first."""
        return not self.approved and self.mode == Mode.APPROVAL


# The first stage of a turn. The states of IN_WORK have none: the lane first frees a document of a dead worker.
FIRST: Final[Mapping[State, Stage]] = {
    State.PENDING: Stage.CLAIM,
    State.WAITING: Stage.CLAIM,
    State.UNCERTAIN: Stage.LOOK_UP,
    State.AWAITING_APPROVAL: Stage.LOOK_AGAIN,
    State.POSTED: Stage.LOOK_AGAIN,
    State.BLOCKED: Stage.LOOK_AGAIN,
    State.SKIPPED: Stage.LOOK_AGAIN,
}
IN_WORK: Final = frozenset({State.PREPARING, State.POSTING})

_INVOICE, _CREDIT, _RECEIPT = {DocumentKind.INVOICE}, {DocumentKind.CREDIT}, {DocumentKind.RECEIPT}
_SALES = _INVOICE | _CREDIT
_EVERY = _SALES | _RECEIPT

# All stages from the claim on: which kinds of document have the stage, and when it is due.
WAY: Final[Mapping[Stage, tuple[set[DocumentKind], Callable[[Facts], bool]]]] = {
    Stage.CLAIM: (_EVERY, lambda _: True),
    Stage.AWAIT_ANOTHER: (_EVERY, lambda _: True),
    Stage.REPLACE: (_SALES, lambda facts: facts.in_exact and facts.replace_requested),
    Stage.SWITCH_FORM: (_SALES, lambda facts: facts.sent and not facts.in_exact),
    Stage.TAKE_APPROVED: (_SALES, lambda facts: facts.posts_approved and not facts.in_exact),
    Stage.TRANSLATE: (_INVOICE, lambda facts: not facts.posts_approved and not facts.in_exact),
    Stage.WORK_OUT: (_CREDIT, lambda facts: not facts.posts_approved and not facts.in_exact),
    Stage.LOOK_FIRST: (
        _SALES,
        lambda facts: facts.may_be_posted and facts.mode != Mode.SHADOW and not facts.in_exact,
    ),
    Stage.SET_DOWN: (_SALES, lambda facts: facts.look_only and facts.mode != Mode.SHADOW),
    Stage.SHOW_ONLY: (_SALES, lambda facts: facts.mode == Mode.SHADOW and not facts.in_exact),
    Stage.ASK_APPROVAL: (_SALES, lambda facts: facts.needs_approval and not facts.in_exact),
    Stage.FIND_SENT: (_SALES, lambda facts: facts.sent and not facts.in_exact),
    Stage.CHECK_CODES: (_SALES, lambda facts: not facts.in_exact),
    Stage.MAKE_ITEMS: (_INVOICE, lambda facts: not facts.in_exact),
    Stage.FIND_ACCOUNT: (_INVOICE, lambda facts: not facts.in_exact),
    Stage.TAKE_ACCOUNT: (_CREDIT, lambda facts: not facts.in_exact),
    Stage.INTEND: (_SALES, lambda facts: not facts.in_exact),
    Stage.CREATE: (_SALES, lambda facts: not facts.in_exact),
    Stage.GO_ON: (_SALES, lambda facts: facts.in_exact and facts.state == State.PREPARING),
    Stage.FINISH: (_SALES, lambda facts: facts.in_exact),
    Stage.FIND_ENTRY: (_RECEIPT, lambda facts: facts.sent and not facts.in_exact),
    Stage.BOOK_ENTRY: (_RECEIPT, lambda facts: not facts.in_exact),
    Stage.RECORD_ENTRY: (_RECEIPT, lambda facts: facts.in_exact),
}
_ORDER = list(WAY)


def next_stage(facts: Facts, after: Stage | None = None) -> Stage | None:
    """Return the stage that is due after the stage `after`, or the first of a turn. None ends the turn."""
    if after is None:
        return FIRST.get(facts.state)
    if facts.state not in IN_WORK or after not in WAY:
        return None
    for stage in _ORDER[_ORDER.index(after) + 1 :]:
        kinds, is_due = WAY[stage]
        if facts.kind in kinds and is_due(facts):
            return stage
    return None
