"""Connections: every setting of theirs, changed by who keeps the books."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest
from unfold.decorators import display

from connector.admin.connection_form import ConnectionForm
from connector.admin.labels import label
from connector.admin.new_connection import AddingMixin
from connector.domain.timing.schedule import Schedule, next_release
from connector.flow import dispatch, new_settings
from connector.flow.clock import database_now
from connector.models import Connection
from connector.models.connections import Mode
from tenants.roles import ACCOUNTANTS
from tenants.scoped_admin import ScopedRelatedFilter

MODE_COLOURS = {Mode.LIVE.value: "success", Mode.APPROVAL.value: "info", Mode.SHADOW.value: "warning"}
SETTINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Invoice", ("document", "journal", "finalize", "invoice_template", "invoice_date", "closed_period")),
    ("Orders", ("post_statuses", "test_orders")),
    (
        "Customers",
        (
            "customer_strategy",
            "guest_strategy",
            "collective_account",
            "customer_direction",
            "vat_number_fields",
        ),
    ),
    (
        "Items",
        (
            "item_strategy",
            "item_default",
            "item_shipping",
            "item_handling",
            "item_wrapping",
            "item_fee",
            "item_gift_certificate",
            "item_rounding",
        ),
    ),
    ("Amounts", ("vat_rounding", "force_vat", "rounding_limit", "rounding_gl_account", "gift_certificates")),
    (
        "After an order was invoiced",
        ("refunds", "order_refund_vat", "cancellations", "edits", "credit_sign"),
    ),
    (
        "Payments",
        ("payments", "receipt_journal", "receivable_account", "gift_certificate_account", "store_credit_account"),
    ),
)
HOW = ("mode", "schedule", "start_date")
FIXED = ("store", "division", "next_run")


@admin.register(Connection)
class ConnectionAdmin(AddingMixin):
    """Store → Division, with every setting that decides what is posted."""

    tenant_path = "store__tenant"
    form = ConnectionForm
    change_roles = ACCOUNTANTS
    list_display = ("store", "division", "how", "schedule", "finalize")
    related = ("store__tenant", "division__grant")
    list_filter = ("mode", ("division", ScopedRelatedFilter))
    ordering = ("store__name", "id")
    editable = (*HOW, *(name for _, names in SETTINGS for name in names))
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("store", "division", "mode", "schedule", "next_run", "start_date")}),
        *((title, {"fields": names}) for title, names in SETTINGS),
    )
    fieldsets_when_new = (
        (None, {"fields": ("store", "division", *HOW)}),
        ("Rules", {"fields": ("copy_rules_from",)}),
        *fieldsets[1:],
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask of a new one which rules it begins with."""
        return super().get_fieldsets(request, obj) if obj else self.fieldsets_when_new

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the two sides as they were chosen."""
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        return super().get_readonly_fields(request, obj) if obj else tuple(name for name in shown if name in FIXED)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Write what was changed and nothing that a worker wrote meanwhile; then let it take effect."""
        if not change:
            self.begin(request, obj, form.cleaned_data.get("copy_rules_from"))
            return
        if not form.changed_data:
            return
        was = Connection.objects.values_list("mode", flat=True).get(pk=obj.pk)
        written = list(form.changed_data)
        if obj.mode != Mode.OFF:
            obj.paused_mode = ""  # there is nothing to resume any more
            written.append("paused_mode")
        obj.save(update_fields=written)
        new_settings.take_effect(obj, mode_before=was, changed=True)
        dispatch.wake([obj.division_id])

    @display(description="next run")
    def next_run(self, obj: Connection) -> str:
        """Say when the schedule lets the next orders go, in the organisation's time."""
        if obj.mode == Mode.OFF:
            return "Never: it is switched off."
        zone = ZoneInfo(obj.store.tenant.timezone)
        moment = next_release(Schedule.parse(obj.schedule), database_now(), zone)
        if moment is None:
            return "When somebody presses Run now."
        return f"{moment.astimezone(zone):%a %d %b %Y, %H:%M} ({zone.key})"

    @display(description="mode")
    def how(self, obj: Connection) -> str:
        """Colour the mode."""
        return label(obj.mode, obj.get_mode_display(), MODE_COLOURS)
