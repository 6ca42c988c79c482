"""The address for BigCommerce's webhooks. The order of the checks and every status are part of the interface."""

from uuid import UUID

import structlog
from django.db import Error as DatabaseError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from gunicorn.http.errors import ParseException
from rest_framework.exceptions import APIException, NotFound, UnsupportedMediaType
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from connector.clients.bigcommerce.webhook import HEADERS, BadShape
from connector.flow.inbox.receive import NotAuthentic, receive
from connector.flow.inbox.rejected_counts import refusals
from connector.flow.inbox.webhook_store import WebhookStore, find_store
from connector.problems.calls import in_words
from tenants.unreadable import UnreadableSecret

log = structlog.get_logger(__name__)

LARGEST_BODY = 64 * 1024
# What a delivery may prove itself with, by its name in the request.
PROOF = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in HEADERS}


class TooLarge(APIException):
    """The body is over 64 KiB."""

    status_code = 413
    default_detail = gettext_lazy("The body is larger than 64 KiB.")


class NotStored(APIException):
    """The delivery could not be stored. BigCommerce sends it again."""

    status_code = 503
    default_detail = gettext_lazy("The delivery could not be stored; send it again.")


class Refused(APIException):
    """The proof is missing or wrong."""

    status_code = 401
    default_detail = gettext_lazy("The delivery carries neither our secret nor a right signature.")


class Malformed(APIException):
    """The delivery is authentic, but it does not have BigCommerce's shape."""

    status_code = 400


class BigCommerceWebhook(APIView):
    """One address per store: 404, 405, 415, 413, 401, 400, 401, then 200 with an empty body."""

    authentication_classes = []
    permission_classes = []
    parser_classes = []
    renderer_classes = [JSONRenderer]
    http_method_names = ["post"]
    store: WebhookStore | None = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Look up the store before any other check, even before the method. Raises NotFound and NotStored."""
        try:
            self.store = find_store(UUID(str(kwargs["webhook_uuid"])))
        except DatabaseError as error:
            log.error("store_not_read", error=type(error).__name__)
            raise NotStored from None
        if self.store is None:
            raise NotFound(_("No store has this address."))

    def post(self, request: Request, webhook_uuid: UUID) -> HttpResponse:
        """Take one delivery into the inbox. Raises UnsupportedMediaType, TooLarge, Refused, Malformed and NotStored."""
        assert self.store is not None
        if (request.content_type or "").partition(";")[0].strip().lower() != "application/json":
            raise UnsupportedMediaType(request.content_type or "none")
        body = _body(request)
        proof = {name: request.META[key] for name, key in PROOF.items() if key in request.META}
        try:
            receive(self.store, proof, body)
        except NotAuthentic as error:
            raise Refused(str(error)) from None
        except BadShape as error:
            raise Malformed(in_words(error)) from None
        except (DatabaseError, UnreadableSecret) as error:
            log.error("delivery_not_stored", store=self.store.store_hash, error=type(error).__name__)
            raise NotStored from None
        refusals.settle()
        return HttpResponse(content_type="text/plain")

    def handle_exception(self, exc: Exception) -> Response:
        """Answer as usual, and count the refusal when the store is known."""
        response = super().handle_exception(exc)
        if self.store is not None:
            refusals.count(self.store.store_id, response.status_code)
        return response


def _body(request: Request) -> bytes:
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
