"""The ledger and the history: to look at. Only flow/ledger changes a document's state."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timesince import timesince
from unfold.decorators import display

from connector.admin.document_actions import DocumentActionsMixin
from connector.admin.explained import PAGE_NAMES, explain_document
from connector.admin.labels import label
from connector.domain.money import plain, tidy
from connector.domain.states import State
from connector.models import OrderSync, SyncEvent
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
HISTORY_SHOWN = 100


def money(amount: Decimal | None, currency: str) -> str:
    """Write an amount with at least two decimals and its currency; nothing for None."""
    return "" if amount is None else f"{plain(tidy(amount, 2))} {currency}".strip()


@admin.register(OrderSync)
class OrderSyncAdmin(DocumentActionsMixin):
    """Every document: where it stands, why, and what would be or was posted."""

    tenant_path = "connection__store__tenant"
    readonly = True
    list_display = (
        "state_label",
        "reason_text",
        "order",
        "customer",
        "amount",
        "exact_number",
        "connection",
        "age",
    )
    list_display_links = ("state_label", "order")
    related = ("connection__store", "connection__division", "division", "rules")
    list_filter = ("state", "reason", ("connection", ScopedRelatedFilter))
    search_fields = ("order_id__exact", "exact_number__exact", "email__exact")
    search_help_text = "An order id, Exact invoice number or e-mail address, in full."
    sortable_by = ()
    ordering = ("-id",)
    change_form_template = "admin/connector/document.html"
    fieldsets = (
        (None, {"fields": ("state_label", "reason_text", "message")}),
        ("Order", {"fields": ("order", "customer", "email", "amount", "connection", "changed")}),
        ("Exact", {"fields": ("division", "reference", "exact_number", "exact_id", "step", "posted_at")}),
        ("Work", {"fields": ("attempts", "next_attempt_at", "sent_at", "created_at", "updated_at", "rules")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderSync]:
        """Leave the bulky columns for the page that shows them."""
        return super().get_queryset(request).defer("order_data", "draft")

    @display(description="state")
    def state_label(self, obj: OrderSync) -> str:
        """Colour the state."""
        return label(obj.state, obj.get_state_display(), STATE_COLOURS)

    @display(description="reason")
    def reason_text(self, obj: OrderSync) -> str:
        """Say why it is held or skipped."""
        return obj.get_reason_display()

    @display(description="order")
    def order(self, obj: OrderSync) -> str:
        """Show the order's id as the store writes it, and which document of it this is."""
        plainly = obj.kind == "invoice" and obj.sequence == 1
        return str(obj.order_id) if plainly else f"{obj.order_id} · {obj.kind} {obj.sequence}"

    @display(description="total")
    def amount(self, obj: OrderSync) -> str:
        """Show the total with its currency."""
        return money(obj.total, obj.currency)

    @display(description="age")
    def age(self, obj: OrderSync) -> str:
        """Say how long ago we first heard of it."""
        return timesince(obj.created_at, depth=1)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add the draft and the newest of the history below the fields."""
        document: OrderSync = self.get_object(request, unquote(object_id))
        events = list(document.events.select_related("actor").order_by("-id")[: HISTORY_SHOWN + 1])
        shown = {
            "draft": document.draft or {},
            "events": events[:HISTORY_SHOWN],
            "more_events": len(events) > HISTORY_SHOWN,
            "history_shown": HISTORY_SHOWN,
            "buttons": self.buttons(request, document),
            **_explained(document),
        }
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))


def _explained(document: OrderSync) -> dict[str, Any]:
    """Say in plain words why a document is held, and link the page that mends it."""
    if not document.reason:
        return {}
    told, url = explain_document(document)
    return {"explanation": told, "mend_url": url, "mend_page": PAGE_NAMES.get(told.where, "")}


@admin.register(SyncEvent)
class SyncEventAdmin(ScopedModelAdmin):
    """Everything that happened, newest first."""

    tenant_path = "tenant"
    readonly = True
    list_display = ("at", "kind", "document", "text", "who")
    related = ("document", "actor")
    list_filter = ("kind",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("at", "kind", "document", "who", "text", "data")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncEvent]:
        """Load of the document and the person what names them."""
        return super().get_queryset(request).defer("document__order_data", "document__draft", "actor__password")

    @display(description="who")
    def who(self, obj: SyncEvent) -> str:
        """Name the person; nothing when the connector did it."""
        return str(obj.actor or "")
