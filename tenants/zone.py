"""The portal's pages and Get started show and read times in the active organisation's zone. Stored times are UTC."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from tenants.scope import active_tenant

GET_STARTED = "/get-started/"


def in_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer a request for a page of an organisation in its zone; in UTC before one is chosen."""

    def answer(request: HttpRequest) -> HttpResponse:
        pages = (reverse("admin:index"), GET_STARTED)
        tenant = active_tenant(request) if request.path.startswith(pages) else None
        if tenant is None:
            return get_response(request)
        with timezone.override(ZoneInfo(tenant.timezone)):
            return get_response(request)

    return answer
