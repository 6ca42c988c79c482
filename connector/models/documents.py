"""The ledger: the state of each document."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q, Value
from django.utils.functional import cached_property
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from connector.domain.choices import DocumentForm, DocumentKind
from connector.domain.document.result import Problem, from_json
from connector.domain.document.states import BlockedReason, SkipReason, State, Step
from connector.domain.money import minor_digits, round_half_up
from connector.models.connections import Connection
from connector.models.document_words import (
    FORM_NAMES,
    KIND_NAMES,
    REASON_NAMES,
    STATE_NAMES,
    STEP_NAMES,
    choices,
    noun_of,
)
from connector.models.exact import Division
from connector.models.kept_words import Said, english
from connector.models.rules import RuleVersion

if TYPE_CHECKING:
    from connector.models.history import SyncEvent

WITH_NEXT_STEP = [State.PENDING, State.WAITING, State.UNCERTAIN]


@dataclass(slots=True)
class Unwritten:
    """What is known of a document and is written with its next move or note: facts, and lines of its history."""

    fields: dict[str, Any] = field(default_factory=dict)
    events: "list[SyncEvent]" = field(default_factory=list)


class OrderSync(models.Model):
    """One document of one order. Only flow/ledger changes its state."""

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="documents", db_index=False)
    # Set when the row is made. Searches and repeats go to this division alone.
    division = models.ForeignKey(Division, models.PROTECT, related_name="documents")
    order_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=choices(KIND_NAMES), default=DocumentKind.INVOICE)
    sequence = models.BigIntegerField(default=1)
    state = models.CharField(max_length=20, choices=choices(STATE_NAMES), default=State.PENDING)
    step = models.CharField(max_length=10, choices=choices(STEP_NAMES), default=Step.CREATE)
    reason = models.CharField(max_length=20, blank=True, choices=choices(REASON_NAMES))
    message = models.TextField(blank=True, help_text=_("What happened and what to do, for a person."))
    code = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text=_("The most serious problem, as a code.")
    )
    params = models.JSONField(
        blank=True, default=dict, db_default=Value({}, models.JSONField()), help_text=_("What completes that problem.")
    )
    problems = models.JSONField(
        blank=True,
        default=list,
        db_default=Value([], models.JSONField()),
        help_text=_("Every problem: its code, its line and what completes it."),
    )
    attempts = models.PositiveIntegerField(default=0)
    worker_deaths = models.PositiveSmallIntegerField(
        default=0, help_text=_("How often a worker died while it worked on this.")
    )
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True, help_text=_("The stored draft is what is posted."))
    replace_requested = models.BooleanField(
        default=False, help_text=_("Sent again: its invoice may have to be replaced.")
    )
    recheck_at = models.DateTimeField(
        null=True, blank=True, help_text=_("A delivery came later: the order is read again.")
    )
    low_priority = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Not a live order: it uses only calls of the day that live orders leave."),
    )
    backfilled = models.BooleanField(default=False, db_default=False, help_text=_("It may be of before the first day."))
    lease_token = models.BigIntegerField(default=0, editable=False)
    request = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    delivered = models.CharField(max_length=100, blank=True, default="", db_default="", editable=False)
    chosen_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("A person chose it: it is posted in any mode, left open, and theirs to keep or to take out again."),
    )

    original = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credits",
        help_text=_("The invoice that it credits."),
    )
    decision = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text=_("What a person decided about a change.")
    )
    reviewed = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text=_("A hash of the change that was reported last."),
    )
    reviewed_total = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("The order's total at that change.")
    )
    reviewed_tax = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    reviewed_status = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("The order's status at that change.")
    )
    form = models.CharField(
        max_length=20,
        choices=choices(FORM_NAMES),
        default=DocumentForm.SALES_INVOICE,
        db_default=DocumentForm.SALES_INVOICE,
        help_text=_("What it is or will be in Exact: an invoice, or a booking without items."),
    )
    reference = models.CharField(max_length=30, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text=_("When the last write began."))
    unclear = models.JSONField(
        blank=True,
        default=dict,
        db_default=Value({}, models.JSONField()),
        editable=False,
        help_text=_("The write whose answer was unclear last, and how often that was."),
    )
    searched_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When Exact was searched for it after a backup was restored.")
    )
    not_found_count = models.PositiveSmallIntegerField(default=0, help_text=_("How often Exact did not have it."))
    exact_id = models.CharField(max_length=40, blank=True)
    exact_number = models.CharField(max_length=40, blank=True)
    total = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    payment_status = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text=_("BigCommerce's word for it, as last read.")
    )
    to_settle = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Paid by store credit or gift certificate, and to be settled by hand in Exact."),
    )
    customer = models.CharField(max_length=200, blank=True)
    ordered_on = models.DateField(null=True, blank=True, help_text=_("The day of the order, in the store's time zone."))
    cause = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)  # held_causes.py
    email = models.CharField(max_length=254, blank=True)
    rules = models.ForeignKey(RuleVersion, models.PROTECT, null=True, blank=True)
    change_pending = models.BooleanField(default=False, help_text=_("The order's money changed after posting."))
    order_data = models.JSONField(null=True, blank=True)
    draft = models.JSONField(null=True, blank=True)
    exact_data = models.JSONField(
        null=True, blank=True, help_text=_("The invoice and its totals, as Exact last answered.")
    )
    posted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("ledger")
        constraints = [
            models.UniqueConstraint(fields=["connection", "order_id", "kind", "sequence"], name="document_once"),
            models.UniqueConstraint(
                fields=["division", "kind", "reference"],
                condition=~Q(reference=""),
                name="document_reference_once",
            ),
            models.UniqueConstraint(
                fields=["division", "exact_id"], condition=~Q(exact_id=""), name="document_exact_id_once"
            ),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="document_state_known"),
            models.CheckConstraint(condition=~Q(state=State.POSTED) | ~Q(exact_id=""), name="document_posted_has_id"),
            models.CheckConstraint(
                condition=Q(state__in=WITH_NEXT_STEP, next_attempt_at__isnull=False)
                | (~Q(state__in=WITH_NEXT_STEP) & Q(next_attempt_at__isnull=True)),
                name="document_next_step_when_due",
            ),
            models.CheckConstraint(
                condition=Q(state=State.BLOCKED, reason__in=list(BlockedReason))
                | Q(state=State.SKIPPED, reason__in=list(SkipReason))
                | (~Q(state__in=[State.BLOCKED, State.SKIPPED]) & Q(reason="")),
                name="document_reason_when_held",
            ),
        ]
        indexes = [
            # What is due, over all lanes, and then in the order of one lane. These have the unfinished rows only.
            models.Index(
                fields=["next_attempt_at", "connection"],
                condition=Q(next_attempt_at__isnull=False),
                name="document_when_due",
            ),
            models.Index(
                fields=["recheck_at", "connection"],
                condition=Q(recheck_at__isnull=False),
                name="document_when_seen_again",
            ),
            models.Index(
                fields=["connection", "low_priority", "next_attempt_at", "id"],
                condition=Q(next_attempt_at__isnull=False) | Q(recheck_at__isnull=False),
                name="document_next",
            ),
            models.Index(
                fields=["division", "id"],
                condition=Q(state__in=[State.PREPARING, State.POSTING]),
                name="document_in_hand",
            ),
            models.Index(
                fields=["division", "posted_at"],
                condition=Q(state=State.POSTED, exact_number=""),
                name="document_without_number",
            ),
            models.Index(fields=["connection", "-id"], name="document_newest"),
            models.Index(fields=["connection", "state", "-id"], name="document_by_state"),
            models.Index(
                fields=["state", "updated_at", "reason"],
                condition=Q(state__in=[State.BLOCKED, State.AWAITING_APPROVAL]),
                name="document_for_a_person",
            ),
            # There are few rows with a value here. A filter on them must not read all the others.
            models.Index(
                fields=["connection", "-id"], condition=Q(change_pending=True), name="document_change_pending"
            ),
            models.Index(fields=["connection", "-id"], condition=Q(kind=DocumentKind.CREDIT), name="document_credits"),
            models.Index(fields=["connection", "-id"], condition=Q(to_settle__isnull=False), name="document_to_settle"),
            models.Index(fields=["connection", "-id"], condition=Q(chosen_at__isnull=False), name="document_chosen"),
            models.Index(fields=["connection", "reason", "-id"], condition=~Q(reason=""), name="document_by_reason"),
            models.Index(fields=["connection", "cause", "-id"], condition=~Q(cause=""), name="document_by_cause"),
            models.Index(fields=["connection", "ordered_on"], name="document_by_day"),
            models.Index(fields=["connection", "total"], name="document_by_total"),
            models.Index(fields=["order_id", "-id"], name="document_by_order"),
            models.Index(fields=["exact_number", "-id"], name="document_by_number"),
            models.Index(fields=["email", "-id"], name="document_by_email"),
            models.Index(
                fields=["connection", "updated_at"],
                condition=Q(state__in=[State.POSTED, State.SKIPPED], order_data__isnull=False),
                name="document_with_copy",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(document)s of order %(order)s") % {"document": self.noun, "order": self.order_id}

    @classmethod
    def invoice_row(
        cls, connection: Connection, order_id: int, *, due_at: datetime, request: str, sequence: int = 1
    ) -> Self:
        """Return a new row for an order's invoice, not saved; `sequence` counts the invoices of an edited order.

        `request` is the id that its log lines bear (flow/trace.py), as for the other rows.
        """
        return cls(
            connection=connection,
            division_id=connection.division_id,
            order_id=order_id,
            sequence=sequence,
            form=connection.document,
            next_attempt_at=due_at,
            request=request,
        )

    @classmethod
    def credit_note_row(
        cls,
        invoice: Self,
        sequence: int,
        total: Decimal,
        *,
        due_at: datetime,
        request: str,
        refund: dict[str, Any] | None = None,
    ) -> Self:
        """Return a new row for a credit note of an invoice, not saved.

        `sequence` is the refund's id, 0 for a cancellation, -n for invoice n of an edited order. `total` is negative,
        in the invoice's currency. `refund` is the refund as BigCommerce gave it.
        """
        return cls(
            connection=invoice.connection,
            division_id=invoice.division_id,
            order_id=invoice.order_id,
            kind=DocumentKind.CREDIT,
            sequence=sequence,
            form=invoice.form,
            original=invoice,
            next_attempt_at=due_at,
            request=request,
            order_data={**(invoice.order_data or {}), **({"refund": refund} if refund else {})},
            total=round_half_up(total, minor_digits(invoice.currency)),
            currency=invoice.currency,
            customer=invoice.customer,
            email=invoice.email,
            ordered_on=invoice.ordered_on,
            rules=invoice.rules,
        )

    @classmethod
    def receipt_row(cls, settled: Self, sequence: int, *, due_at: datetime, request: str) -> Self:
        """Return a new row for a receipt of an invoice or a credit note, not saved.

        `sequence` is the transaction's id, 0 for what gift certificates and store credit paid, -n for refund n.
        """
        return cls(
            connection=settled.connection,
            division_id=settled.division_id,
            order_id=settled.order_id,
            kind=DocumentKind.RECEIPT,
            sequence=sequence,
            next_attempt_at=due_at,
            request=request,
            currency=settled.currency,
            customer=settled.customer,
            email=settled.email,
            ordered_on=settled.ordered_on,
        )

    @property
    def title(self) -> str:
        """Its name in a sentence: `invoice 26700091`, or `invoice of order 1001` when Exact has none yet."""
        number = self.exact_number or self.exact_id
        return f"{self.noun} {number}" if number else str(self)

    @property
    def said_noun(self) -> Said:
        """Its noun, for a sentence that the history keeps."""
        return Said(self.english_noun)

    @property
    def said_title(self) -> Said:
        """Its title, for a sentence that the history keeps."""
        number, noun = self.exact_number or self.exact_id, self.said_noun
        if number:
            return english("%(noun)s %(number)s") % {"noun": noun, "number": number}
        return english("%(document)s of order %(order)s") % {"document": noun, "order": self.order_id}

    @property
    def heading(self) -> str:
        """Its title where a sentence begins."""
        return self.title[0].upper() + self.title[1:]

    @cached_property
    def unwritten(self) -> Unwritten:
        """What goes with its next write."""
        return Unwritten()

    @property
    def history(self) -> models.QuerySet["SyncEvent"]:
        """What happened to it, the newest first."""
        return self.events.defer("sent", "answered", "seal").order_by("-id")

    @property
    def causes(self) -> tuple[Problem, ...]:
        """Its problems; empty where only the text is known. Those that were held before there were codes
        may lack parameters: with `problems` empty the sentence is `message`."""
        return from_json(self.problems or [{"code": self.code, "line": "", "params": self.params}])

    @property
    def own_values(self) -> tuple[str, ...]:
        """The values of this document alone. Without them, two documents with the same fault have the same cause."""
        own = (self.order_id, self.reference, self.exact_id, self.exact_number, self.customer, self.email)
        return tuple(map(str, own))

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit note."""
        return self.kind == DocumentKind.CREDIT

    @property
    def is_entry(self) -> bool:
        """Whether it is a sales entry in Exact, or is to become one."""
        return self.form == DocumentForm.SALES_ENTRY and self.kind != DocumentKind.RECEIPT

    @property
    def stays_open(self) -> bool:
        """Whether it is left open in Exact: the connection does not print, or a person looks at it first."""
        return self.chosen_at is not None or not self.connection.finalize

    @property
    def noun(self) -> str:
        """What it is called in Exact, for sentences in the active language."""
        return noun_of(self.kind, self.form)

    @property
    def english_noun(self) -> str:
        """What it is called in Exact, as problems keep it."""
        with override(None):  # without a language a text stays as it stands in the code
            return self.noun
