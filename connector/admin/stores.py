"""The pages of the BigCommerce stores."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import CharField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from connector.admin.credentials import CredentialsAdmin, CredentialsForm, typed
from connector.admin.labels import HEALTH_COLOURS, label
from connector.clients import errors
from connector.clients.bigcommerce.client import StoreInfo
from connector.clients.bigcommerce.credentials_file import read_store_hash
from connector.flow import alerts
from connector.flow.inbox import webhooks
from connector.flow.lane import wakeup
from connector.flow.setup import new_store, store_info
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, Store
from connector.problems.calls import in_words
from tenants.scope import may

ANSWER_WITHIN = 10.0  # seconds: the person who saves is waiting


class StoreForm(CredentialsForm):
    """The form of a store. A new access token is tried before it is stored."""

    store_hash = CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Alone, or the whole API path."),
    )
    new_client_secret = typed(gettext_lazy("From the store-level API account."))
    new_access_token = typed(gettext_lazy("It is tried before it is saved."))
    info: StoreInfo | None = None

    def clean_store_hash(self) -> str:
        """Take the store hash, alone or in the API path. Raises ValidationError."""
        given = read_store_hash(str(self.cleaned_data["store_hash"]))
        if not given:
            raise ValidationError(_("Give the part after /stores/ in the API path: 4 to 20 of a-z and 0-9."))
        return given

    def clean(self) -> dict[str, Any]:
        """Ask the store for its facts when there is a new token. Raises ValidationError when it refuses."""
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
        """Add the columns of the store's facts."""
        return [*super().columns(), *(store_info.columns_of(self.info) if self.info else ())]

    def save(self, commit: bool = True) -> Any:
        """Save the store's facts too. The store answered, so it is connected."""
        if self.info:
            store_info.describe(self.instance, self.info)
        return super().save(commit)


@admin.register(Store)
class StoreAdmin(CredentialsAdmin):
    """The stores, and the API account that reads their orders."""

    tenant_path = "tenant"
    related = ("tenant",)
    form = StoreForm
    secrets = ("client_secret", "access_token", "hook_secret", "hook_secret_previous")
    list_display = ("name", "store_hash", "prefix", "webhook_auth", "health")
    ordering = ("name", "id")
    editable = ("name", "webhook_auth", "client_id", "new_client_secret", "new_access_token")
    fieldsets = (
        (None, {"fields": ("name", "store_hash", "prefix", "health")}),
        (gettext_lazy("Webhook"), {"fields": ("webhook_address", "webhook_auth")}),
        (
            gettext_lazy("API account"),
            {"fields": ("client_id", "credentials", "new_client_secret", "new_access_token")},
        ),
        (gettext_lazy("From the store"), {"fields": ("currency", "country", "timezone", "prices_include_tax")}),
    )
    fieldsets_when_new = (
        (None, {"fields": ("name", "store_hash", "prefix", "webhook_auth")}),
        (gettext_lazy("API account"), {"fields": ("client_id", "new_client_secret", "new_access_token")}),
    )

    class Media:
        css: Mapping[str, Any] = {"all": ["connector/asked.css"]}
        js = ("connector/asked.js",)

    @display(description=gettext_lazy("state"))
    def health(self, obj: Store) -> str:
        """Colour the state."""
        return label(obj.state, obj.get_state_display(), HEALTH_COLOURS)

    @display(description=gettext_lazy("address"))
    def webhook_address(self, obj: Store) -> str:
        """Show the address to which BigCommerce delivers."""
        return f"{settings.PUBLIC_URL}{reverse('bigcommerce-webhook', args=[obj.webhook_uuid])}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let an owner remove a store that is not connected: a wrong one must not stay for ever."""
        return obj is not None and may(request, self.change_roles) and not obj.connections.exists()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove the store, with its hooks."""
        new_store.remove(Store.objects.select_related("tenant").get(pk=obj.pk))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the store, and wake the lanes that waited for a working token."""
        super().save_model(request, obj, form, change)
        if form.info is None:
            return
        alerts.close_alert(obj.tenant, alerts.about(obj))
        wakeup.wake(Connection.objects.filter(store=obj).values_list("division_id", flat=True).distinct())
        # Hooks belong to the API account. They are made after the commit, so no transaction waits for BigCommerce.
        transaction.on_commit(lambda: _make_hooks(request, obj.pk))


def _make_hooks(request: HttpRequest, store_id: int) -> None:
    if not webhooks.possible():
        text = _("PUBLIC_URL is not a public https address, so BigCommerce cannot report orders here.")
        messages.warning(request, text)
        return
    try:
        webhooks.repair(Store.objects.get(pk=store_id))
    except errors.ClientError as error:
        text = _("The store is saved, but its hooks could not be made. Repair them later. %(error)s")
        messages.warning(request, text % {"error": in_words(error)})
