"""Connections, with all their settings. Accountants change them."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.admin import display
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.admin.connections import actions, add, backfill_page, shadow_page, test_page
from connector.admin.connections.account_rows import accounts_in_words, rules_in_words
from connector.admin.connections.form import ConnectionForm
from connector.admin.connections.groups import parts
from connector.admin.customers import matches_page, run_page
from connector.admin.documents import tried
from connector.admin.fields.schedule import in_words
from connector.admin.labels import label
from connector.admin.months import page as month_pages
from connector.admin.rules import editor, what_if
from connector.domain.choices import Mode
from connector.domain.document.states import LONGEST_REASON
from connector.domain.timing.schedule import Schedule, next_release
from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.flow.setup import take_effect
from connector.flow.setup.settings_table import GROUPS
from connector.models import Connection
from tenants.roles import ACCOUNTANTS, OWNERS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter

MODE_COLOURS = {Mode.LIVE.value: "success", Mode.APPROVAL.value: "info", Mode.SHADOW.value: "warning"}
HOW, *TITLED = GROUPS
NEXT = HOW.columns.index("schedule") + 1
FIXED = ("store", "division", "next_run")
# What a person who may only look sees instead of a field.
IN_WORDS = {"schedule": "when", "account_rules": "new_accounts", "collective_by_country": "country_accounts"}


@admin.register(Connection)
class ConnectionAdmin(ScopedModelAdmin):
    """Store → Division, with every setting that decides what is posted."""

    tenant_path = "store__tenant"
    form = ConnectionForm
    change_form_template = "admin/connector/connection.html"
    change_roles = ACCOUNTANTS
    list_display = ("store", "division", "how", "when", "finalize")
    related = ("store__tenant", "division__grant")
    list_filter = ("mode", ("division", ScopedRelatedFilter))
    ordering = ("store__name", "id")
    editable = tuple(name for group in GROUPS for name in group.columns)
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("store", "division", *HOW.columns[:NEXT], "next_run", *HOW.columns[NEXT:])}),
        *((group.title, {"fields": group.columns}) for group in TITLED),
    )
    fieldsets_when_new = (
        (None, {"fields": ("store", "division", *HOW.columns)}),
        (_("Rules"), {"fields": ("copy_rules_from",)}),
        *fieldsets[1:],
    )

    def get_urls(self) -> list[Any]:
        """Add a connection's own pages before the admin's, which match every other address."""
        pages: dict[str, Callable[..., HttpResponseBase]] = {
            "do/<slug:name>": actions.act_view,
            "rules": editor.rules_view,
            "what-if": what_if.what_if_view,
            "test": test_page.test_view,
            "backfill": backfill_page.backfill_view,
            "months": month_pages.months_view,
            "month/<slug:month>": month_pages.month_view,
            "shadow": shadow_page.shadow_view,
            "customers": run_page.run_view,
            "matches": matches_page.matches_view,
        }
        return [*(self._page(address, view) for address, view in pages.items()), *super().get_urls()]

    def _page(self, address: str, view: Callable[..., HttpResponseBase]) -> Any:
        guarded = self.admin_site.admin_view(partial(view, self))
        vars(guarded)["model_admin"] = self
        return path(f"<path:object_id>/{address}/", guarded, name=f"connector_connection_{address.partition('/')[0]}")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let an owner add."""
        return may(request, OWNERS)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for the two sides, then show the form. Raises PermissionDenied when the person may not add one."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sides = add.sides_of(self, request)
        return (
            super().add_view(request, form_url, extra_context)
            if sides.is_valid()
            else add.sides_view(self, request, sides)
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        """Give a new connection its two sides."""
        if obj is not None:
            form: type[Any] = super().get_form(request, obj, change=change, **kwargs)
            return form
        form = super().get_form(request, obj, change=change, **{**kwargs, "form": add.NewConnectionForm})
        return add.with_sides(self, request, form)

    def response_add(self, request: HttpRequest, obj: Connection, post_url_continue: str | None = None) -> HttpResponse:
        """Go on to the new connection's page."""
        text = gettext("%(connection)s is connected, in mode %(mode)s.")
        self.message_user(request, text % {"connection": obj, "mode": obj.get_mode_display()})
        return HttpResponseRedirect(reverse("admin:connector_connection_change", args=[obj.pk]))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Show what the person may do with the connection."""
        connection = context.get("original")
        shown = {
            "parts": parts(context["adminform"], TITLED),
            "buttons": actions.buttons_for(request, connection) if connection else [],
            "longest_reason": LONGEST_REASON,
            "in_shadow": connection is not None and connection.mode == Mode.SHADOW,
            "may_test": may(request, test_page.TESTERS),
            **editor.rules_in_force(request, connection),
        }
        return super().render_change_form(request, {**shown, **context}, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for the first rules of a new connection. Say what is typed in words to a person who may only look."""
        if obj is None:
            return self.fieldsets_when_new
        if self.has_change_permission(request, obj):
            return self.fieldsets
        return [
            (title, {"fields": [IN_WORDS.get(name, name) for name in part["fields"]]}) for title, part in self.fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Make the two chosen sides read-only."""
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        return super().get_readonly_fields(request, obj) if obj else tuple(name for name in shown if name in FIXED)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Save only the changed columns, as a worker may have changed others. Then the changes take effect."""
        if not change:
            add.begin(request, obj, form.cleaned_data.get("copy_rules_from"))
            return
        if not form.changed_data:
            return
        was = Connection.objects.values_list("mode", flat=True).get(pk=obj.pk)
        written = list(form.changed_data)
        if obj.mode != Mode.OFF:
            obj.paused_mode = ""  # nothing is left to resume
            written.append("paused_mode")
        obj.save(update_fields=written)
        with tried.watch(obj.store.tenant) as watched:
            take_effect.take_effect(obj, mode_before=was, changed=True)
        vars(request)["tried_page"] = watched.page
        wakeup.wake([obj.division_id])

    def response_change(self, request: HttpRequest, obj: Connection) -> HttpResponse:
        """Go to the documents that the change has sent on again, if there are any."""
        response = super().response_change(request, obj)
        page = vars(request).get("tried_page")
        return HttpResponseRedirect(page) if page else response

    @display(description=_("next run"))
    def next_run(self, obj: Connection) -> str:
        """Say when the schedule releases the next orders, in the organisation's time zone."""
        if obj.mode == Mode.OFF:
            return gettext("Never: the connection is switched off.")
        zone = ZoneInfo(obj.store.tenant.timezone)
        moment = next_release(Schedule.parse(obj.schedule), database_now(), zone)
        if moment is None:
            return gettext("When somebody presses Run now.")
        return f"{date_format(moment.astimezone(zone), 'D d M Y, H:i')} ({zone.key})"

    @display(description=_("schedule"), ordering="schedule")
    def when(self, obj: Connection) -> str:
        """Say in words when orders are posted."""
        return in_words(obj.schedule)

    @display(description=_("what a new account gets"))
    def new_accounts(self, obj: Connection) -> str:
        """Say the rules of a new account in words."""
        return "; ".join(rules_in_words(obj.account_rules))

    @display(description=_("collective account of each country"))
    def country_accounts(self, obj: Connection) -> str:
        """Say the collective account of each country."""
        return "; ".join(accounts_in_words(obj.collective_by_country))

    @display(description=_("mode"))
    def how(self, obj: Connection) -> str:
        """Colour the mode."""
        return label(obj.mode, obj.get_mode_display(), MODE_COLOURS)
