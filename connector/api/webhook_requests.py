"""What the addresses for webhooks have in common: how a body is read, and how a request is refused."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from gunicorn.http.errors import ParseException
from rest_framework.exceptions import APIException
from rest_framework.request import Request

LARGEST_BODY = 64 * 1024


class TooLarge(APIException):
    """The body is over 64 KiB."""

    status_code = 413
    default_detail = gettext_lazy("The body is larger than 64 KiB.")


class NotStored(APIException):
    """The delivery could not be stored. Its sender sends it again."""

    status_code = 503
    default_detail = gettext_lazy("The delivery could not be stored; send it again.")


class Refused(APIException):
    """The proof is missing or wrong."""

    status_code = 401
    default_detail = gettext_lazy("The delivery is not proved.")


class Malformed(APIException):
    """The delivery is authentic, but it does not have its sender's shape."""

    status_code = 400


def read_body(request: Request) -> bytes:
    """Read the body up to the size limit. Raises TooLarge and Malformed."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not (declared.isascii() and declared.isdecimal()):
        raise Malformed(_("The length of the body is not a number."))
    if int(declared) > LARGEST_BODY:
        raise TooLarge
    try:
        if declared == "0" and request.META.get("wsgi.input_terminated"):
            # A proxy may send the body in chunks without a length. Django would read that as an empty body.
            body = request.META["wsgi.input"].read(LARGEST_BODY + 1)
        else:
            body = request._request.body
    except (OSError, ParseException):  # the connection broke off, or a chunk is none
        raise Malformed(_("The body broke off.")) from None
    if len(body) > LARGEST_BODY:
        raise TooLarge
    if len(body) < int(declared):
        raise Malformed(_("The body broke off."))
    return bytes(body)
