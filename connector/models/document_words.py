"""What a person reads for a document's state, step, reason, form and kind."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connector.domain.choices import DocumentForm, DocumentKind
from connector.domain.document.states import BlockedReason, SkipReason, State, Step
from connector.models.kept_words import Said, in_english

STATE_NAMES = {
    State.PENDING: _("pending"),
    State.PREPARING: _("preparing"),
    State.AWAITING_APPROVAL: _("awaiting approval"),
    State.POSTING: _("posting"),
    State.UNCERTAIN: _("uncertain"),
    State.WAITING: _("waiting"),
    State.POSTED: _("posted"),
    State.BLOCKED: _("blocked"),
    State.SKIPPED: _("skipped"),
}
STEP_NAMES = {Step.CREATE: _("create"), Step.PRINT: _("print")}
REASON_NAMES: dict[str, Promise] = {
    BlockedReason.MAPPING: _("mapping"),
    BlockedReason.ITEM: _("item"),
    BlockedReason.CUSTOMER: _("customer"),
    BlockedReason.CURRENCY: _("currency"),
    BlockedReason.TOTALS: _("totals"),
    BlockedReason.REJECTED: _("rejected"),
    BlockedReason.PERIOD: _("period"),
    BlockedReason.DUPLICATE: _("duplicate"),
    BlockedReason.DRIFT: _("drift"),
    BlockedReason.EXHAUSTED: _("exhausted"),
    BlockedReason.INTERNAL: _("internal"),
    SkipReason.STATUS: _("status"),
    SkipReason.SHADOW: _("shadow"),
    SkipReason.BEFORE_START: _("before start"),
    SkipReason.MIGRATED: _("migrated"),
    SkipReason.TEST: _("test"),
    SkipReason.ZERO: _("zero"),
    SkipReason.DELETED: _("deleted"),
    SkipReason.PERSON: _("person"),
    SkipReason.UNPAID: _("unpaid"),
}
FORM_NAMES = {
    DocumentForm.SALES_INVOICE: _("sales invoice"),
    DocumentForm.SALES_ENTRY: _("sales entry"),
    DocumentForm.DIRECT_INVOICE: _("direct invoice"),
}
KIND_NAMES = {
    DocumentKind.INVOICE: _("invoice"),
    DocumentKind.CREDIT: _("credit"),
    DocumentKind.RECEIPT: _("receipt"),
}
# What a document is called, by its kind and its form; else by its kind.
NOUNS: dict[tuple[str, str], Promise] = {
    (DocumentKind.INVOICE, DocumentForm.SALES_ENTRY): _("sales entry"),
    (DocumentKind.CREDIT, DocumentForm.SALES_INVOICE): _("credit note"),
    (DocumentKind.CREDIT, DocumentForm.SALES_ENTRY): _("credit entry"),
    (DocumentKind.INVOICE, DocumentForm.DIRECT_INVOICE): _("direct invoice"),
    (DocumentKind.CREDIT, DocumentForm.DIRECT_INVOICE): _("credit note"),
}


def noun_of(kind: str, form: str) -> str:
    """Return what a document of a kind and a form is called in Exact, for sentences."""
    return str(NOUNS.get((kind, form)) or KIND_NAMES[DocumentKind(kind)])


def said_noun_of(kind: str, form: str) -> Said:
    """Return the same for a sentence that the history keeps."""
    return in_english(NOUNS.get((kind, form)) or KIND_NAMES[DocumentKind(kind)])


def choices(names: Mapping[Any, Promise]) -> list[tuple[str, Promise]]:
    """Return the choices of a column: each value with its name."""
    return [(member.value, name) for member, name in names.items()]
