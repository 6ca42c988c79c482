"""Divisions: their budgets, the endpoints that Exact refuses, and their master data as lists."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from unfold.decorators import display

from connector.admin import code_lists
from connector.flow.clock import database_now
from connector.flow.consent import keep_alive
from connector.flow.outbound import rate_limits
from connector.models import Division
from tenants.scoped_admin import ScopedModelAdmin


def calls_used_today(division: Division, now: Any) -> str:
    used = keep_alive.calls_today(division, now)
    return "not known today" if used is None else f"{used} of {division.day_calls_limit}"


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
        ("Limits", {"fields": ("closed_until", "refusing", "minute_left", "day_left", "for_later")}),
        ("Master data", {"fields": ("master_data_at",)}),
    )

    @display(description="refusing endpoints")
    def refusing(self, obj: Division) -> str:
        """Name what is not called for now, with the page on which one call can be let through."""
        closed = obj.breakers.filter(open_until__isnull=False).order_by("endpoint")
        told = ((reverse("admin:connector_breaker_change", args=[each.pk]), each.endpoint) for each in closed)
        return format_html_join("", '<div><a class="text-primary-600 underline" href="{}">{}</a></div>', told) or "none"

    @display(description="calls left this minute")
    def minute_left(self, obj: Division) -> str:
        """Say what is left, by our own count and Exact's answers."""
        minute = rate_limits.minute_of(obj, database_now())
        return f"{minute.left} of {minute.limit}; {rate_limits.KEPT:.0%} is never used"

    @display(description="calls left today")
    def day_left(self, obj: Division) -> str:
        """Say what is left until midnight UTC."""
        day = rate_limits.day_of(obj, database_now())
        return f"{day.left} of {day.limit}; {rate_limits.LIVE_SHARE:.0%} is for live orders only"

    @display(description="of these for bulk re-posts and backfill")
    def for_later(self, obj: Division) -> str:
        """Say how many calls what is not urgent may still take today."""
        return str(rate_limits.left_for_later(obj, database_now()))

    def get_urls(self) -> list[Any]:
        """Add where a long list of codes is searched."""
        view = self.admin_site.admin_view(self.codes_view)
        vars(view)["model_admin"] = self
        return [path("<path:object_id>/codes/<slug:name>/", view, name="connector_division_codes"), *super().get_urls()]

    def codes_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Answer a type-ahead with the codes of one kind, as select2 reads it."""
        division = self.get_object(request, unquote(object_id))
        if name not in code_lists.KINDS:
            raise Http404("There is no such list.")
        found = code_lists.find(division, name, request.GET.get("q", "").replace("\x00", "").strip())
        return JsonResponse({"results": [{"id": code, "text": label} for code, label in found]})
