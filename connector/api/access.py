"""Who may see figures and details of the installation: this machine, or a request with METRICS_TOKEN."""

import hmac

from django.conf import settings
from django.http import HttpRequest

LOOPBACK = {"127.0.0.1", "::1"}
# Requests through a proxy on this machine also come from a loopback address, but a proxy says for whom it asks.
OF_A_PROXY = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


def may_see_figures(request: HttpRequest) -> bool:
    """Whether the request has the token; without one in the settings, whether it comes from this machine itself."""
    if not settings.METRICS_TOKEN:
        return request.META.get("REMOTE_ADDR") in LOOPBACK and not any(name in request.META for name in OF_A_PROXY)
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
