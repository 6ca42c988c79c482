"""Suspended organisations: their people read one sentence in place of every page of the portal."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenants.scope import scope

# These lead away from it: to another organisation, and out.
OPEN = ("admin:choose_tenant", "admin:logout")


def guard(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Show a member of a suspended organisation that it is so. Superusers see its pages and may change nothing."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.PORTAL_PAGES) and request.path not in map(reverse, OPEN):
            mine = scope(request)
            if mine.tenant is not None and mine.tenant.suspended and not mine.superuser:
                others = [one.tenant for one in mine.memberships if not one.tenant.suspended]
                return render(
                    request, "account/suspended.html", {"name": mine.tenant.name, "others": others}, status=403
                )
        return get_response(request)

    return answer
