"""The ledger and the history: to look at. Only flow/ledger changes a document's state."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from unfold.decorators import display

from connector.admin.documents.actions import DocumentActionsMixin
from connector.admin.documents.page import BULKY, money, page_context
from connector.admin.documents.state_counts import chips
from connector.admin.labels import label
from connector.domain.choices import DocumentKind
from connector.domain.document.states import State
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


class ToSettle(admin.SimpleListFilter):
    """Invoices of which a part was paid by store credit or gift certificate, and no receipt settles it."""

    title = "to settle by hand"
    parameter_name = "to_settle"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the one choice."""
        return [("1", "Yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrderSync]) -> QuerySet[OrderSync]:
        """Keep those with an amount."""
        return queryset.filter(to_settle__isnull=False) if self.value() else queryset


@admin.register(OrderSync)
class OrderSyncAdmin(DocumentActionsMixin):
    """Every document: where it stands, why, and what would be or was posted."""

    tenant_path = "connection__store__tenant"
    readonly = True
    empty_text = (
        "No order is here yet. One comes in when its store reports it: the connection must have been made before the "
        "order was placed or changed, and the store's webhooks must be in order (Test connection says so)."
    )
    list_display = (
        "state_label",
        "reason_text",
        "order",
        "customer",
        "amount",
        "payment",
        "invoice",
        "connection",
        "age",
    )
    list_display_links = ("state_label", "order")
    related = ("connection__store__tenant", "connection__division__grant", "division", "rules")
    list_filter = ("state", "reason", ("connection", ScopedRelatedFilter), "change_pending", ToSettle, "kind")
    change_list_template = "admin/connector/ledger.html"
    search_fields = ("order_id__exact", "exact_number__exact", "email__exact")
    search_help_text = "An order id, Exact invoice number or e-mail address, in full."
    sortable_by = ()
    ordering = ("-id",)
    change_form_template = "admin/connector/document.html"
    fieldsets = (
        (
            "Particulars",
            {
                "classes": ("collapse",),
                "fields": (
                    *("connection", "division", "rules", "reference", "exact_id", "step", "posted_at"),
                    *("attempts", "next_attempt_at", "sent_at", "created_at", "updated_at"),
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderSync]:
        """Leave the bulky columns for the page that shows them."""
        return super().get_queryset(request).defer(*BULKY)

    @display(description="state")
    def state_label(self, obj: OrderSync) -> str:
        """Colour the state."""
        return label(obj.state, obj.get_state_display(), STATE_COLOURS)

    @display(description="reason")
    def reason_text(self, obj: OrderSync) -> str:
        """Say why it is held or skipped, and of a posted one whether its order changed since."""
        return "changed after posting" if obj.change_pending and obj.state == State.POSTED else obj.get_reason_display()

    @display(description="order")
    def order(self, obj: OrderSync) -> str:
        """Show the order's id as the store writes it, and which document of it this is."""
        plainly = obj.kind == DocumentKind.INVOICE and obj.sequence == 1
        return str(obj.order_id) if plainly else f"{obj.order_id} · {obj.kind} {obj.sequence}"

    @display(description="total")
    def amount(self, obj: OrderSync) -> str:
        """Show the total with its currency."""
        return money(obj.total, obj.currency)

    @display(description="payment")
    def payment(self, obj: OrderSync) -> str:
        """Show how the payment stood when the order was last read, and what is to be settled by hand."""
        by_hand = f"to settle by hand: {money(obj.to_settle, obj.currency)}" if obj.to_settle else ""
        return ", ".join(filter(None, (obj.payment_status, by_hand)))

    @display(description="invoice")
    def invoice(self, obj: OrderSync) -> str:
        """Show the number that Exact gave it."""
        return obj.exact_number

    @display(description="age")
    def age(self, obj: OrderSync) -> str:
        """Say how long ago we first heard of it, and when a waiting one is tried again."""
        now = timezone.now()
        told = timesince(obj.created_at, now, depth=1)
        if obj.state != State.WAITING or obj.next_attempt_at is None:
            return told
        again = f"in {timeuntil(obj.next_attempt_at, now, depth=1)}" if obj.next_attempt_at > now else "now"
        return f"{told}, again {again}"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Add the counts per state above the list."""
        counted = [(chip, STATE_COLOURS.get(chip.state, "") if chip.number != "0" else "") for chip in chips(request)]
        return super().changelist_view(request, {"chips": counted, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Add the four parts of the page: the order, the draft, the invoice and the history."""
        document: OrderSync | None = context.get("original")
        if document is not None:
            shown = page_context(request, document)
            context = {
                "buttons": self.buttons(request, document),
                "state": self.state_label(document),
                "amount": self.amount(document),
                "to_settle": money(document.to_settle, document.currency),
                **shown,
                **context,
            }
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(SyncEvent)
class SyncEventAdmin(ScopedModelAdmin):
    """Everything that happened, newest first."""

    tenant_path = "tenant"
    readonly = True
    empty_text = "Nothing has happened yet: calls, decisions and every step of every order will stand here."
    list_display = ("at", "kind", "document", "text", "who")
    related = ("document", "actor")
    list_filter = ("kind",)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("at", "kind", "document", "who", "text", "data")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncEvent]:
        """Load of the document and the person what names them."""
        bulky = (f"document__{name}" for name in BULKY)
        return super().get_queryset(request).defer(*bulky, "actor__password")

    @display(description="who")
    def who(self, obj: SyncEvent) -> str:
        """Name the person; nothing when the connector did it."""
        return str(obj.actor or "")
