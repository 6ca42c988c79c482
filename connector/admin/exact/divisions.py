"""The pages of the divisions: call budgets, closed endpoints, and the search in their master data."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin import code_lists
from connector.flow.clock import database_now
from connector.flow.consent import keep_alive
from connector.flow.outbound import rate_limits
from connector.models import Division
from tenants.scoped_admin import ScopedModelAdmin


def calls_used_today(division: Division, now: Any) -> str:
    """Return how many calls of the day are used."""
    used = keep_alive.calls_today(division, now)
    if used is None:
        return _("not known today")
    return _("%(number)s of %(total)s") % {"number": used, "total": division.day_calls_limit}


@admin.register(Division)
class DivisionAdmin(ScopedModelAdmin):
    """Exact's administrations. All data comes from Exact."""

    tenant_path = "grant__tenant"
    readonly = True
    list_display = ("code", "name", "country", "currency", "grant")
    related = ("grant",)
    ordering = ("code", "id")
    fieldsets = (
        (None, {"fields": ("code", "name", "grant", "region", "country", "currency")}),
        (gettext_lazy("Limits"), {"fields": ("closed_until", "refusing", "minute_left", "day_left", "for_later")}),
        (gettext_lazy("Master data"), {"fields": ("master_data_at",)}),
    )

    @display(description=gettext_lazy("refusing endpoints"))
    def refusing(self, obj: Division) -> str:
        """Show the closed endpoints, each with a link to the page that allows one call."""
        closed = obj.breakers.filter(open_until__isnull=False).order_by("endpoint")
        rows = ((reverse("admin:connector_breaker_change", args=[row.pk]), row.endpoint) for row in closed)
        return format_html_join("", '<div><a class="text-primary-600 underline" href="{}">{}</a></div>', rows) or _(
            "none"
        )

    @display(description=gettext_lazy("calls left this minute"))
    def minute_left(self, obj: Division) -> str:
        """Show the calls left this minute, from our own count and Exact's answers."""
        minute = rate_limits.minute_of(obj, database_now())
        text = _("%(left)s of %(limit)s; %(share)s is never used")
        return text % {"left": minute.left, "limit": minute.limit, "share": f"{rate_limits.KEPT:.0%}"}

    @display(description=gettext_lazy("calls left today"))
    def day_left(self, obj: Division) -> str:
        """Show the calls left until midnight UTC."""
        day = rate_limits.day_of(obj, database_now())
        text = _("%(left)s of %(limit)s; %(share)s is for live orders only")
        return text % {"left": day.left, "limit": day.limit, "share": f"{rate_limits.LIVE_SHARE:.0%}"}

    @display(description=gettext_lazy("of these for bulk re-posts and backfill"))
    def for_later(self, obj: Division) -> str:
        """Show how many calls are left today for work that is not urgent."""
        return str(rate_limits.calls_for_low_priority(obj, database_now()))

    def get_urls(self) -> list[Any]:
        """Add the address at which a long list of codes is searched."""
        view = self.admin_site.admin_view(self.codes_view)
        vars(view)["model_admin"] = self
        return [path("<path:object_id>/codes/<slug:name>/", view, name="connector_division_codes"), *super().get_urls()]

    def codes_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Answer a search with the codes of one kind, as JSON for select2. Raises Http404 for an unknown kind."""
        division = self.get_object(request, unquote(object_id))
        if name not in code_lists.KINDS:
            raise Http404(_("There is no such list."))
        found = code_lists.find(division, name, request.GET.get("q", "").replace("\x00", "").strip())
        return JsonResponse({"results": [{"id": code, "text": label} for code, label in found]})
