"""The table of stages: which function does which stage of a document.

connector/domain/document/stages.py decides which stage is next. The usual stages are:

invoice      claim, await another, translate, check codes, make items, find account, intend, create, finish
credit note  claim, await another, work out, check codes, take account, intend, create, finish
receipt      claim, await another, book entry

A document that was sent before also has "switch form" and "find sent", or "find entry". A document that is in Exact
already has "go on" and "finish", or "record entry". Shadow mode ends the turn with "show only", approval mode with "ask
approval". After a restored backup "look first" comes behind the draft, and `manage.py recover` ends with "set down".
"""

from collections.abc import Callable, Mapping

from connector.domain.choices import DocumentKind, Mode
from connector.domain.document.stages import Facts, Stage, next_stage
from connector.domain.document.states import State
from connector.flow.ledger import restored
from connector.flow.pipeline import after_restore, begin, create, prepare, uncertain
from connector.flow.pipeline.lane import Work
from connector.models import OrderSync

STAGES: Mapping[Stage, Callable[[Work], None]] = {
    # A document without a next step, or with an unclear write. The turn has one stage.
    Stage.LOOK_AGAIN: begin.look_again,
    Stage.LOOK_UP: uncertain.look_up,
    # Every document.
    Stage.CLAIM: begin.claim,
    Stage.AWAIT_ANOTHER: begin.await_another,
    # An invoice and a credit note: the draft.
    Stage.REPLACE: prepare.replace_or_keep,
    Stage.SWITCH_FORM: prepare.switch_form,
    Stage.TAKE_APPROVED: prepare.take_approved,
    Stage.TRANSLATE: prepare.translate_order,
    Stage.WORK_OUT: prepare.work_out_credit_note,
    Stage.LOOK_FIRST: after_restore.look_first,
    Stage.SET_DOWN: after_restore.set_down,
    Stage.SHOW_ONLY: prepare.show_only,
    Stage.ASK_APPROVAL: prepare.ask_approval,
    # An invoice and a credit note: into Exact.
    Stage.FIND_SENT: create.find_sent,
    Stage.CHECK_CODES: create.check_codes,
    Stage.MAKE_ITEMS: create.make_items,
    Stage.FIND_ACCOUNT: create.find_account,
    Stage.TAKE_ACCOUNT: create.take_account,
    Stage.INTEND: create.intend_to_create,
    Stage.CREATE: create.create,
    Stage.GO_ON: create.go_on,
    Stage.FINISH: create.finish,
    # A receipt.
    Stage.FIND_ENTRY: create.find_entry,
    Stage.BOOK_ENTRY: create.book_entry,
    Stage.RECORD_ENTRY: create.record_entry,
}


def post_document(work: Work) -> None:
    """Do the stages of a document until none is due.

    Raises Hold when a person must decide, the clients' errors, and LeaseLost when another worker has the document.
    """
    look_only = work.lane.look_only
    stage = next_stage(facts_of(work.document, look_only=look_only))
    while stage is not None:
        STAGES[stage](work)
        stage = next_stage(facts_of(work.document, look_only=look_only), after=stage)


def facts_of(document: OrderSync, *, look_only: bool = False) -> Facts:
    """Return the facts that decide which stage is next. `look_only`: the turn sends nothing."""
    return Facts(
        kind=DocumentKind(document.kind),
        state=State(document.state),
        in_exact=bool(document.exact_id),
        sent=document.sent_at is not None,
        approved=document.approved_at is not None,
        replace_requested=document.replace_requested,
        may_be_posted=restored.may_be_posted(document),
        look_only=look_only,
        mode=Mode.LIVE if document.chosen_at else Mode(document.connection.mode),
    )
