"""Store, ExactGrant, Division and Connection. Provisioning makes them; an owner changes what is harmless."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from unfold.decorators import display

from connector.admin.credentials import CredentialsAdmin
from connector.admin.labels import label
from connector.domain.schedule import BadSchedule, Schedule
from connector.models import Connection, Division, ExactGrant, Store
from connector.models.connections import Health, Mode
from tenants.scoped_admin import ScopedForm, ScopedModelAdmin, ScopedRelatedFilter

HEALTH_COLOURS = {Health.ACTIVE.value: "success", Health.RECONNECT.value: "danger"}
MODE_COLOURS = {Mode.LIVE.value: "success", Mode.APPROVAL.value: "info", Mode.SHADOW.value: "warning"}


@admin.register(Store)
class StoreAdmin(CredentialsAdmin):
    """The BigCommerce stores."""

    tenant_path = "tenant"
    secrets = ("client_secret", "access_token", "hook_secret")
    list_display = ("name", "store_hash", "prefix", "webhook_auth", "health")
    ordering = ("name", "id")
    editable = ("name", "webhook_auth")
    fieldsets = (
        (None, {"fields": ("name", "store_hash", "prefix", "health")}),
        ("Webhook", {"fields": ("webhook_address", "webhook_auth")}),
        ("API account", {"fields": ("client_id", "credentials")}),
        ("From the store", {"fields": ("currency", "country", "timezone", "prices_include_tax")}),
    )

    @display(description="state")
    def health(self, obj: Store) -> str:
        """Colour the state."""
        return label(obj.state, obj.get_state_display(), HEALTH_COLOURS)

    @display(description="address")
    def webhook_address(self, obj: Store) -> str:
        """Show where BigCommerce delivers to."""
        return f"{settings.PUBLIC_URL}{reverse('bigcommerce-webhook', args=[obj.webhook_uuid])}"


@admin.register(ExactGrant)
class ExactGrantAdmin(CredentialsAdmin):
    """The consents on Exact Online."""

    tenant_path = "tenant"
    secrets = ("client_secret", "webhook_secret", "access_token", "refresh_token")
    list_display = ("name", "region", "health", "refreshed_at")
    ordering = ("name", "id")
    editable = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "region", "health")}),
        ("App registration", {"fields": ("client_id", "credentials")}),
        ("Tokens", {"fields": ("consented_at", "refreshed_at", "access_expires_at", "refresh_expires_at")}),
    )

    @display(description="state")
    def health(self, obj: ExactGrant) -> str:
        """Colour the state."""
        return label(obj.state, obj.get_state_display(), HEALTH_COLOURS)


@admin.register(Division)
class DivisionAdmin(ScopedModelAdmin):
    """The Exact administrations; all of it is Exact's."""

    tenant_path = "grant__tenant"
    readonly = True
    list_display = ("code", "name", "country", "currency", "grant")
    related = ("grant",)
    ordering = ("code", "id")
    fieldsets = (
        (None, {"fields": ("code", "name", "grant", "region", "country", "currency")}),
        ("Limits", {"fields": ("closed_until", "minute_calls_left", "day_calls_left")}),
        ("Master data", {"fields": ("master_data_at",)}),
    )


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
class ConnectionAdmin(ScopedModelAdmin):
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
