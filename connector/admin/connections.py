"""Connections. Provisioning makes them; an owner changes what is harmless."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.decorators import display

from connector.admin.connection_actions import ConnectionActionsMixin
from connector.admin.labels import label
from connector.domain.schedule import BadSchedule, Schedule, next_release
from connector.flow import ledger
from connector.flow.leases import database_now
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
    related = ("store__tenant", "division")
    list_filter = ("mode", ("division", ScopedRelatedFilter))
    ordering = ("store__name", "id")
    editable = ("mode", "schedule", "finalize", "test_orders", "refunds", "cancellations", "edits")
    fieldsets = (
        (None, {"fields": ("store", "division", "mode", "schedule", "next_run", "start_date")}),
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

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Write what was changed and nothing that a worker wrote meanwhile; going live leaves what shadow mode saw."""
        if not form.changed_data:
            return
        was = Connection.objects.values_list("mode", flat=True).get(pk=obj.pk)
        obj.save(update_fields=form.changed_data)
        if was == Mode.SHADOW and obj.mode in {Mode.APPROVAL, Mode.LIVE}:
            ledger.leave_shadow(obj)

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
