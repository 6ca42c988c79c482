"""The address for BigCommerce's webhooks. The order of the checks and every status are part of the interface."""

from uuid import UUID

import structlog
from django.db import Error as DatabaseError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, UnsupportedMediaType
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from connector.api.webhook_requests import Malformed, NotStored, Refused, read_body
from connector.clients.bigcommerce.webhook import HEADERS, BadShape
from connector.flow.inbox.receive import NotAuthentic, receive
from connector.flow.inbox.rejected_counts import refusals
from connector.flow.inbox.webhook_store import WebhookStore, find_store
from connector.problems.calls import in_words
from tenants.unreadable import UnreadableSecret

log = structlog.get_logger(__name__)

# What a delivery may prove itself with, by its name in the request.
PROOF = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in HEADERS}


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
        body = read_body(request)
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
