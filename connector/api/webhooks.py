"""The address for BigCommerce's webhooks. The order of the checks and every status are part of the interface."""

from uuid import UUID

import structlog
from django.db import Error as DatabaseError
from django.http import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, NotFound, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from connector.clients.bigcommerce.webhook import BadShape
from connector.flow.clock import DatabaseClock
from connector.flow.inbox.receive import NotAuthentic, receive
from connector.flow.inbox.rejected_counts import refusals
from connector.models import Store
from connector.problems.calls import in_words
from tenants.fields import UnreadableSecret

log = structlog.get_logger(__name__)

LARGEST_BODY = 64 * 1024


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
    http_method_names = ["post"]
    store: Store

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Look up the store before any other check, even before the method. Raises NotFound and NotStored."""
        try:
            found = Store.objects.annotate(clock=DatabaseClock()).get(webhook_uuid=str(kwargs["webhook_uuid"]))
        except Store.DoesNotExist:
            raise NotFound(_("No store has this address.")) from None
        except (DatabaseError, UnreadableSecret) as error:
            log.error("store_not_read", error=type(error).__name__)
            raise NotStored from None
        self.store, self.now = found, found.clock

    def post(self, request: Request, webhook_uuid: UUID) -> Response:
        """Take one delivery into the inbox. Raises UnsupportedMediaType, TooLarge, Refused, Malformed and NotStored."""
        if (request.content_type or "").partition(";")[0].strip().lower() != "application/json":
            raise UnsupportedMediaType(request.content_type or "none")
        body = _body(request)
        try:
            receive(self.store, request.headers, body, now=self.now)
        except NotAuthentic as error:
            raise Refused(str(error)) from None
        except BadShape as error:
            raise Malformed(in_words(error)) from None
        except DatabaseError as error:
            log.error("delivery_not_stored", store=self.store.store_hash, error=type(error).__name__)
            raise NotStored from None
        refusals.settle()
        return Response(status=200)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer as usual, and count the refusal when the store is known."""
        response = super().handle_exception(exc)
        if hasattr(self, "store"):
            refusals.count(self.store.pk, response.status_code)
        return response


def _body(request: Request) -> bytes:
    """Read the body up to the size limit. Raises TooLarge and Malformed."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdigit() and int(declared) > LARGEST_BODY:
        raise TooLarge
    try:
        if declared == "0" and request.META.get("wsgi.input_terminated"):
            # A proxy may send the body in chunks without a length. Django would read that as an empty body.
            body = request.META["wsgi.input"].read(LARGEST_BODY + 1)
        else:
            body = request._request.body
    except UnreadablePostError:
        raise Malformed(_("The body broke off.")) from None
    if len(body) > LARGEST_BODY:
        raise TooLarge
    return bytes(body)
