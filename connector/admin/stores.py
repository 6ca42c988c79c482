"""The BigCommerce stores."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from unfold.decorators import display

from connector.admin.credentials import CredentialsAdmin, CredentialsForm, typed
from connector.admin.labels import HEALTH_COLOURS, label
from connector.clients import errors
from connector.clients.bigcommerce.answers import STORE_HASH
from connector.clients.bigcommerce.client import StoreInfo
from connector.flow import alerts
from connector.flow.inbox import webhooks
from connector.flow.lane import wakeup
from connector.flow.setup import store_info
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, Store

ANSWER_WITHIN = 10.0  # seconds: the person who saves is waiting
TOLD_BY_THE_STORE = ("currency", "country", "timezone", "prices_include_tax", "state")


class StoreForm(CredentialsForm):
    """An access token is tried before it is stored."""

    new_client_secret = typed("Of the store-level API account.")
    new_access_token = typed("It is tried before it is saved.")
    info: StoreInfo | None = None

    def clean_store_hash(self) -> str:
        """Take it with or without what stands before it in the API path."""
        given = str(self.cleaned_data["store_hash"]).strip().strip("/").rpartition("/")[2]
        if not STORE_HASH.fullmatch(given):
            raise ValidationError("The part after /stores/ in the API path: 4 to 20 of a-z and 0-9.")
        return given

    def clean(self) -> dict[str, Any]:
        """Ask the store who it is, when there is a token to try."""
        cleaned = super().clean()
        token = str(cleaned.get("new_access_token") or "")
        if token and not self.errors:
            store_hash = cleaned.get("store_hash") or self.instance.store_hash
            try:
                self.info = store_info.store_info(self.instance.tenant, store_hash, token, deadline=ANSWER_WITHIN)
            except Refused as refusal:
                raise ValidationError(str(refusal)) from None
        return cleaned

    def columns(self) -> list[str]:
        """Add what the store told of itself."""
        return [*super().columns(), *(TOLD_BY_THE_STORE if self.info else ())]

    def save(self, commit: bool = True) -> Any:
        """Write down what the store told of itself; it answered, so it is connected."""
        if self.info:
            store_info.describe(self.instance, self.info)
        return super().save(commit)


@admin.register(Store)
class StoreAdmin(CredentialsAdmin):
    """Where orders come from, and the API account that reads them."""

    tenant_path = "tenant"
    related = ("tenant",)
    form = StoreForm
    secrets = ("client_secret", "access_token", "hook_secret", "hook_secret_previous")
    list_display = ("name", "store_hash", "prefix", "webhook_auth", "health")
    ordering = ("name", "id")
    editable = ("name", "webhook_auth", "client_id", "new_client_secret", "new_access_token")
    fieldsets = (
        (None, {"fields": ("name", "store_hash", "prefix", "health")}),
        ("Webhook", {"fields": ("webhook_address", "webhook_auth")}),
        ("API account", {"fields": ("client_id", "credentials", "new_client_secret", "new_access_token")}),
        ("From the store", {"fields": ("currency", "country", "timezone", "prices_include_tax")}),
    )
    fieldsets_when_new = (
        (None, {"fields": ("name", "store_hash", "prefix", "webhook_auth")}),
        ("API account", {"fields": ("client_id", "new_client_secret", "new_access_token")}),
    )

    @display(description="state")
    def health(self, obj: Store) -> str:
        """Colour the state."""
        return label(obj.state, obj.get_state_display(), HEALTH_COLOURS)

    @display(description="address")
    def webhook_address(self, obj: Store) -> str:
        """Show where BigCommerce delivers to."""
        return f"{settings.PUBLIC_URL}{reverse('bigcommerce-webhook', args=[obj.webhook_uuid])}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Let what waited for a working token go on."""
        super().save_model(request, obj, form, change)
        if form.info is None:
            return
        alerts.close_alert(obj.tenant, alerts.about(obj))
        wakeup.wake(Connection.objects.filter(store=obj).values_list("division_id", flat=True).distinct())
        # Hooks belong to the API account. Afterwards: the database is not kept waiting for BigCommerce.
        transaction.on_commit(lambda: _make_hooks(request, obj.pk))


def _make_hooks(request: HttpRequest, store_id: int) -> None:
    if not webhooks.possible():
        messages.warning(request, "PUBLIC_URL is not a public https address, so BigCommerce cannot tell us of orders.")
        return
    try:
        webhooks.repair(Store.objects.get(pk=store_id))
    except errors.ClientError as error:
        messages.warning(request, f"The store is saved, but its hooks could not be made; repair them later. {error}")
