"""Connections. Provisioning makes them; an owner changes what is harmless."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from unfold.decorators import display

from connector.admin.connection_actions import ConnectionActionsMixin
from connector.admin.labels import label
from connector.domain.schedule import BadSchedule, Schedule
from connector.models import Connection
from connector.models.connections import Mode
from tenants.scoped_admin import ScopedForm, ScopedRelatedFilter

MODE_COLOURS = {Mode.LIVE.value: "success", Mode.APPROVAL.value: "info", Mode.SHADOW.value: "warning"}


class ConnectionForm(ScopedForm):
    """The few settings that a person may change here, checked as a whole."""

    def clean_schedule(self) -> str:
        """Take a schedule: `immediate`, `every:15m`, `daily:02:30 window=22:00-06:00` …"""
        text = str(self.cleaned_data["schedule"])
        try:
            Schedule.parse(text)
        except BadSchedule as error:
            raise ValidationError(str(error)) from None
        return text

    def check_row(self, row: Any) -> None:
        """Refuse to print without a template, besides what the database refuses."""
        if row.finalize and not row.invoice_template:
            raise ValidationError({"finalize": "There is no invoice template to print with; provision one first."})
        super().check_row(row)


@admin.register(Connection)
class ConnectionAdmin(ConnectionActionsMixin):
    """Store → Division. Exact's codes stay as provisioned, where they are checked against the division."""

    tenant_path = "store__tenant"
    form = ConnectionForm
    list_display = ("store", "division", "how", "schedule", "finalize")
    related = ("store", "division")
    list_filter = ("mode", ("division", ScopedRelatedFilter))
    ordering = ("store__name", "id")
    editable = ("mode", "schedule", "finalize", "test_orders", "refunds", "cancellations", "edits")
    fieldsets = (
        (None, {"fields": ("store", "division", "mode", "schedule", "start_date")}),
        ("Invoice", {"fields": ("document", "journal", "finalize", "invoice_template", "invoice_date")}),
        ("Orders", {"fields": ("post_statuses", "test_orders", "refunds", "cancellations", "edits")}),
        ("Customers", {"fields": ("customer_strategy", "guest_strategy", "collective_account", "vat_number_fields")}),
        (
            "Items",
            {
                "fields": (
                    "item_strategy",
                    "item_default",
                    "item_shipping",
                    "item_handling",
                    "item_wrapping",
                    "item_fee",
                    "item_gift_certificate",
                    "item_rounding",
                )
            },
        ),
        ("Amounts", {"fields": ("rounding_limit", "rounding_gl_account", "vat_rounding")}),
    )

    @display(description="mode")
    def how(self, obj: Connection) -> str:
        """Colour the mode."""
        return label(obj.mode, obj.get_mode_display(), MODE_COLOURS)
