"""The pages of the ledger and the history, read-only. Only flow/ledger changes a document's state."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.documents.explanation import event_in_words
from connector.admin.documents.export import ExportMixin
from connector.admin.documents.ledger_filters import OfCause, OfStore, OfTotal, OrderedOn, Range, ToSettle, cause_text
from connector.admin.documents.page import BULKY, money, page_context
from connector.admin.documents.state_counts import chips
from connector.admin.labels import label
from connector.domain.choices import DocumentKind
from connector.domain.document.states import State
from connector.flow.ledger import to_settle
from connector.models import OrderSync, SyncEvent, document_search
from connector.models.amounts import day
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter

STATE_COLOURS = {
    State.POSTED.value: "success",
    State.BLOCKED.value: "danger",
    State.UNCERTAIN.value: "danger",
    State.WAITING.value: "warning",
    State.AWAITING_APPROVAL.value: "warning",
    State.PREPARING.value: "info",
    State.POSTING.value: "info",
}


@admin.register(OrderSync)
class OrderSyncAdmin(ExportMixin):
    """All documents: the state, the reason, and what is or will be posted."""

    tenant_path = "connection__store__tenant"
    newest_of = "connection"
    readonly = True
    empty_text = gettext_lazy(
        "There is no order yet. An order comes in when its store reports it. The connection must exist before the "
        "order is placed or changed, and the store's webhooks must be in order (Test connection shows it)."
    )
    list_display = (
        *("state_label", "cause_text", "order", "order_day", "invoice", "your_ref"),
        *("customer", "amount", "payment", "store", "age"),
    )
    list_display_links = ("state_label", "order")
    related = ("connection__store__tenant", "connection__division__grant", "division", "rules")
    list_filter = (
        *("state", OfCause, OrderedOn, OfTotal, OfStore, ("connection", ScopedRelatedFilter), "reason"),
        *("change_pending", ToSettle, "kind"),
    )
    change_list_template = "admin/connector/ledger.html"
    search_fields = ("order_id__exact", "exact_number__exact", "email__exact")
    search_help_text = gettext_lazy(
        "Any part of a customer's name or e-mail address, an order id, an invoice number or Your ref., of at least "
        "three characters; a shorter one in full."
    )
    sortable_by = ()
    ordering = ("-id",)
    change_form_template = "admin/connector/document.html"
    fieldsets = (
        (
            gettext_lazy("Details"),
            {
                "classes": ("collapse",),
                "fields": (
                    *("connection", "division", "rules", "reference", "exact_id", "step", "posted_at"),
                    *("attempts", "next_attempt_at", "sent_at", "created_at", "updated_at"),
                ),
            },
        ),
    )

    class Media:
        css: Mapping[str, Any] = {"all": ["connector/ledger.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderSync]:
        """Load the large columns only for the page that shows them."""
        return super().get_queryset(request).defer(*BULKY)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OrderSync], search_term: str
    ) -> tuple[QuerySet[OrderSync], bool]:
        """Find documents by any part of what names them, and by a short term that is the whole."""
        part = " ".join(search_term.split())
        if len(part) < document_search.SHORTEST or "\x00" in part:
            return super().get_search_results(request, queryset, search_term)
        return document_search.with_part(queryset, part), False

    @display(description=gettext_lazy("state"))
    def state_label(self, obj: OrderSync) -> str:
        """Colour the state."""
        return label(obj.state, obj.get_state_display(), STATE_COLOURS)

    @display(description=gettext_lazy("cause"))
    def cause_text(self, obj: OrderSync) -> str:
        """Show what holds a document, why it was skipped, or that its order changed after posting."""
        return cause_text(obj)

    @display(description=gettext_lazy("order"))
    def order(self, obj: OrderSync) -> str:
        """Show the order's id as in the store, and which of its documents this is."""
        plainly = obj.kind == DocumentKind.INVOICE and obj.sequence == 1
        return str(obj.order_id) if plainly else f"{obj.order_id} · {obj.get_kind_display()} {obj.sequence}"

    @display(description=gettext_lazy("order date"))
    def order_day(self, obj: OrderSync) -> str:
        """Show the day of the order; nothing before it was read."""
        return day(obj.ordered_on) if obj.ordered_on else ""

    @display(description=gettext_lazy("Your ref."))
    def your_ref(self, obj: OrderSync) -> str:
        """Show our reference, which Exact has as Your ref."""
        return obj.reference

    @display(description=gettext_lazy("total"))
    def amount(self, obj: OrderSync) -> str:
        """Show the total with its currency."""
        return money(obj.total, obj.currency)

    @display(description=gettext_lazy("payment"))
    def payment(self, obj: OrderSync) -> str:
        """Show the payment status as last read, and the amount to settle by hand."""
        text = _("to settle by hand: %(amount)s")
        by_hand = text % {"amount": money(obj.to_settle, obj.currency)} if obj.to_settle else ""
        return ", ".join(filter(None, (obj.payment_status, by_hand)))

    @display(description=gettext_lazy("invoice"))
    def invoice(self, obj: OrderSync) -> str:
        """Show Exact's number of the document."""
        return obj.exact_number

    @display(description=gettext_lazy("store"))
    def store(self, obj: OrderSync) -> str:
        """Show the store. The page of a document has its division too."""
        return obj.connection.store.name

    @display(description=gettext_lazy("age"))
    def age(self, obj: OrderSync) -> str:
        """Show the time since the first delivery, and when a waiting document is retried."""
        now = timezone.now()
        age = timesince(obj.created_at, now, depth=1)
        if obj.state != State.WAITING or obj.next_attempt_at is None:
            return age
        if obj.next_attempt_at <= now:
            return _("%(age)s, again now") % {"age": age}
        time = timeuntil(obj.next_attempt_at, now, depth=1)
        return _("%(age)s, again in %(time)s") % {"age": age, "time": time}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Add the counts per state above the list, and the rows as the template writes them."""
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            counted = chips(request, context["cl"])
            context["chips"] = [
                (chip, STATE_COLOURS.get(chip.state, "") if chip.number != "0" else "") for chip in counted
            ]
            context |= self._rows(context["cl"], self.get_preserved_filters(request))
            context |= self.export_context(request, context["cl"])
        return response

    def _rows(self, listed: ChangeList, filters: str) -> dict[str, Any]:
        """What the list shows, and filters that are as lean. A link leads back to the same filters."""
        for spec in listed.filter_specs:
            if not isinstance(spec, Range):
                spec.template = "admin/connector/ledger_filter.html"
        names = [label_for_field(name, OrderSync, self) for name in self.list_display]
        ticked = "action_checkbox" in listed.list_display
        after = f"?{filters}" if filters else ""
        return {
            "labels": [_("Select record"), *names] if ticked else names,
            "ticked": ticked,
            "errors": [spec.error for spec in listed.filter_specs if isinstance(spec, Range) and spec.error],
            "rows": [self._row(document, listed.url_for_result(document) + after) for document in listed.result_list],
        }

    def _row(self, document: OrderSync, page: str) -> dict[str, Any]:
        return {
            "pk": document.pk,
            "page": page,
            "state": document.get_state_display(),
            "colour": STATE_COLOURS.get(document.state, ""),
            "cause": self.cause_text(document),
            "order": self.order(document),
            "cells": [
                *(self.order_day(document), self.invoice(document), document.reference, document.customer or "-"),
                *(self.amount(document), self.payment(document), self.store(document), self.age(document)),
            ],
        }

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Add the four parts of the page: the order, the draft, the invoice and the history."""
        document: OrderSync | None = context.get("original")
        if document is not None:
            shown = page_context(request, document)
            context = {
                "buttons": self.buttons(request, document),
                "may_have_evidence": self.may_have_evidence(request),
                "state": self.state_label(document),
                "amount": self.amount(document),
                "to_settle": to_settle.text(document, document.to_settle).translated(),
                **shown,
                **context,
            }
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(SyncEvent)
class SyncEventAdmin(ScopedModelAdmin):
    """The history, newest first."""

    tenant_path = "tenant"
    readonly = True
    empty_text = gettext_lazy(
        "Nothing has happened yet. This list will show calls, decisions and the steps of all orders."
    )
    list_display = ("at", "kind", "document", "what", "who")
    related = ("document", "actor")
    list_filter = ("kind",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("at", "kind", "document", "who", "what", "data")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncEvent]:
        """Do not load large columns and password hashes."""
        bulky = (f"document__{name}" for name in BULKY)
        return super().get_queryset(request).defer(*bulky, "sent", "answered", "seal", "actor__password")

    @display(description=gettext_lazy("text"))
    def what(self, obj: SyncEvent) -> str:
        """Show what happened."""
        return event_in_words(obj)

    @display(description=gettext_lazy("who"))
    def who(self, obj: SyncEvent) -> str:
        """Show the person; empty when the connector did it."""
        return str(obj.actor or "")
