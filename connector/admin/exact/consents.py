"""The pages of the consents for Exact Online."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin import display
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import ChoiceField
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminSelectWidget

from connector.admin.credentials import CredentialsAdmin, CredentialsForm, typed
from connector.admin.exact import consent_pages
from connector.admin.exact.divisions import calls_used_today
from connector.admin.labels import HEALTH_COLOURS, label
from connector.clients.exact import oauth
from connector.flow.clock import database_now
from connector.flow.consent import authorize, keep_alive
from connector.flow.setup import new_grant
from connector.models import ConsentRequest, ExactGrant
from connector.models.credentials import Health
from connector.problems.consents import in_words
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin

REGIONS = [(region, f"{region}: {url.removeprefix('https://')}") for region, url in oauth.REGIONS.items()]


class GrantForm(CredentialsForm):
    """The registration of an app at Exact. A consent adds the tokens."""

    region = ChoiceField(
        choices=REGIONS,
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy("Where you log in to Exact Online. An app and its consent work on that site only."),
    )
    new_client_secret = typed(gettext_lazy("From the app's registration in Exact's App Center."))
    new_webhook_secret = typed(
        gettext_lazy(
            "From the same page there. With it Exact reports changed accounts at once; without it they are "
            "read on the schedule."
        )
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "new_webhook_secret" in self.fields:
            self.fields["new_webhook_secret"].required = False

    def save(self, commit: bool = True) -> Any:
        """Save the row. A new consent is not connected yet."""
        if self.instance._state.adding:
            self.instance.state = Health.RECONNECT
        return super().save(commit)


@admin.register(ExactGrant)
class ExactGrantAdmin(CredentialsAdmin):
    """The consents: how long each lasts, and the button for a new one."""

    tenant_path = "tenant"
    related = ("tenant",)
    form = GrantForm
    secrets = ("client_secret", "webhook_secret", "access_token", "refresh_token")
    list_display = ("name", "region", "health", "refreshed_at", "good_until")
    ordering = ("name", "id")
    editable = ("name", "new_client_secret", "new_webhook_secret")
    change_form_template = "admin/connector/grant.html"
    fieldsets = (
        (None, {"fields": ("name", "region", "health")}),
        (
            gettext_lazy("App registration"),
            {"fields": ("client_id", "credentials", "new_client_secret", "new_webhook_secret", "redirect_address")},
        ),
        (gettext_lazy("Consent"), {"fields": ("consented_at", "consented_by", "exact_user_name")}),
        (
            gettext_lazy("Tokens"),
            {"fields": ("access_expires_at", "good_until", "refreshed_at", "next_refresh", "calls_today")},
        ),
    )
    fieldsets_when_new = (
        (None, {"fields": ("name", "region", "client_id", "new_client_secret", "new_webhook_secret")}),
    )

    def get_urls(self) -> list[Any]:
        """Add the pages of a consent."""
        pages = {
            "connect": consent_pages.connect,
            "confirm": consent_pages.confirm,
            "divisions": consent_pages.divisions,
        }
        return [*(self._page(name, view) for name, view in pages.items()), *super().get_urls()]

    def _page(self, name: str, view: consent_pages.Page) -> Any:
        def shown(request: HttpRequest, object_id: str) -> HttpResponse:
            return view(self, request, self.owned(request, object_id))

        guarded = self.admin_site.admin_view(shown)
        vars(guarded)["model_admin"] = self
        return path(f"<path:object_id>/{name}/", guarded, name=f"connector_exactgrant_{name}")

    def owned(self, request: HttpRequest, object_id: str) -> ExactGrant:
        """Return the grant without its credentials.

        Raises Http404 for another tenant's grant, PermissionDenied for a person who is not an owner.
        """
        grant: ExactGrant = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, grant):
            raise PermissionDenied
        return grant

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add the buttons that only an owner gets."""
        shown: dict[str, Any] = {"may_connect": False}
        if self.has_change_permission(request):
            grant = self.get_object(request, unquote(object_id))
            shown = {"may_connect": True, "undecided": consent_pages.waiting(request).filter(grant=grant).exists()}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def set_on(self, obj: Any, name: str) -> datetime | None:
        """For tokens, return the time of the last refresh: each refresh brings a new pair."""
        refreshed: datetime | None = obj.refreshed_at
        return refreshed if refreshed and name.endswith("_token") else super().set_on(obj, name)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Let the app of a consent that was never given be corrected."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.consented_at is not None:
            return fields
        return tuple(name for name in fields if name not in {"region", "client_id"})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let an owner remove a consent without divisions: a wrong one must not stay for ever."""
        return obj is not None and may(request, self.change_roles) and not obj.divisions.exists()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """Name what goes with a consent. The requests for it go too, which nobody deletes by themselves."""
        named, counts, _refused, protected = super().get_deleted_objects(objs, request)
        return named, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove the consent, and close its alert."""
        new_grant.remove(obj)

    @display(description=gettext_lazy("state"))
    def health(self, obj: ExactGrant) -> str:
        """Colour the state. A consent that was never connected gets its own word."""
        if obj.state == Health.RECONNECT and obj.consented_at is None:
            return label(obj.state, _("not connected yet"), HEALTH_COLOURS)
        return label(obj.state, obj.get_state_display(), HEALTH_COLOURS)

    @display(description=gettext_lazy("redirect address"))
    def redirect_address(self, obj: ExactGrant) -> str:
        """Show the address that must be registered with the app."""
        return authorize.redirect_uri() if settings.PUBLIC_URL else _("PUBLIC_URL is not set.")

    @display(description=gettext_lazy("refresh token"))
    def good_until(self, obj: ExactGrant) -> str:
        """Say how long the token lasts when it is not used."""
        days = keep_alive.days_left(obj, database_now()) if obj.state == Health.ACTIVE else None
        if days is None or obj.refresh_expires_at is None:
            return ""
        text = ngettext("%(days)s day left (%(date)s)", "%(days)s days left (%(date)s)", days)
        return text % {"days": days, "date": date_format(obj.refresh_expires_at, "DATE_FORMAT")}

    @display(description=gettext_lazy("next refresh"))
    def next_refresh(self, obj: ExactGrant) -> str:
        """Say when the next pair of tokens is requested."""
        if obj.state == Health.RECONNECT or not obj.access_expires_at or not obj.refresh_expires_at:
            return _("after a new consent")
        latest = obj.refresh_expires_at - keep_alive.IDLE_BELOW
        soonest = localtime(obj.access_expires_at)
        text = _("with the first call after %(time)s; without a call, on %(date)s")
        return text % {"time": f"{soonest:%H:%M:%S}", "date": date_format(localtime(latest), "DATE_FORMAT")}

    @display(description=gettext_lazy("calls used today"))
    def calls_today(self, obj: ExactGrant) -> str:
        """Show how much of each division's budget of the day (UTC) is used, as Exact last reported."""
        now = database_now()
        return format_html_join(
            "", "<div>{}: {}</div>", ((d, calls_used_today(d, now)) for d in obj.divisions.order_by("code"))
        )


@admin.register(ConsentRequest)
class ConsentRequestAdmin(ScopedModelAdmin):
    """The requests of the last days: who pressed Connect to Exact, and who came back from there."""

    tenant_path = "tenant"
    readonly = True
    list_display = ("grant", "user", "created_at", "used_at", "exact_user_name")
    related = ("grant", "user")
    sortable_by = ()
    ordering = ("-id",)
    fields = ("grant", "user", "created_at", "expires_at", "used_at", "exact_user_name", "what_differs")

    @display(description=gettext_lazy("What differs from the consent in use"))
    def what_differs(self, obj: ConsentRequest) -> str:
        """Write what differs, in the reader's language."""
        return " ".join(in_words(obj.concerns))
