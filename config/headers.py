"""What a browser may do with a page: load and run our own files alone, and use no device.

Unfold's pages keep their behaviour in attributes, which its Alpine turns into functions, and set styles on elements. So
they need `unsafe-eval` and `unsafe-inline` for styles, and no other page has them. No page runs a script that stands
in it.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from connector.clients.exact.oauth import REGIONS

# The style that stands in templates/plain.html, which a broken installation shows without any other file.
PLAIN_STYLE = "'sha256-ZuAOzrSdCNVKGqzgUbp0Og3DgWmv6DAd5MDu7ulPPVg='"
NO_DEVICE = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation"),
    *("gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking"),
)
OURS_ALONE = ("clipboard-write", "fullscreen", "publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS = ", ".join([*(f"{name}=()" for name in NO_DEVICE), *(f"{name}=(self)" for name in OURS_ALONE)])


def policy(*, unfold: bool) -> str:
    """Return the content security policy of a page of Unfold's, or of any other page."""
    # A browser holds a form's redirect against `form-action` too, and a consent begins with one to Exact.
    exact = [settings.EXACT_ONLINE_URL] if settings.EXACT_ONLINE_URL else REGIONS.values()
    rules = {
        "default-src": "'none'",
        "script-src": "'self' 'unsafe-eval'" if unfold else "'self'",
        "style-src": "'self' 'unsafe-inline'" if unfold else f"'self' {PLAIN_STYLE}",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": " ".join(["'self'", *exact]),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def of_unfold(request: HttpRequest) -> bool:
    """Whether the page is one of Unfold's."""
    return request.path.startswith(settings.ADMIN_PAGES)


def limit(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Send both headers with every answer, but for the error page of DEBUG, which is Django's own."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not (settings.DEBUG and response.status_code >= 400):
            response.headers.setdefault("Content-Security-Policy", policies[of_unfold(request)])
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    policies = {unfold: policy(unfold=unfold) for unfold in (True, False)}
    return answer
