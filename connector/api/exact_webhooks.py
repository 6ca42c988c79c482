"""The address for Exact's webhooks. The order of the checks and every status are part of the interface."""

from uuid import UUID

import structlog
from django.db import Error as DatabaseError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from connector.api.webhook_requests import Malformed, NotStored, Refused, read_body
from connector.clients.exact.webhook import BadShape
from connector.flow.inbox.exact_webhook import NotAuthentic, WebhookDivision, find_division, receive
from connector.problems.calls import in_words
from tenants.unreadable import UnreadableSecret

log = structlog.get_logger(__name__)


class ExactWebhook(APIView):
    """One address per division: 404, 405, 200 for an empty body, 413, 401, 400, 401, then 200 with an empty body.

    The media type is not looked at: the hash proves the body, whatever it is called.
    """

    authentication_classes = []
    permission_classes = []
    parser_classes = []
    renderer_classes = [JSONRenderer]
    http_method_names = ["post"]
    division: WebhookDivision | None = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Look up the division before any other check, even before the method. Raises NotFound and NotStored."""
        try:
            self.division = find_division(UUID(str(kwargs["division_uuid"])))
        except DatabaseError as error:
            log.error("division_not_read", error=type(error).__name__)
            raise NotStored from None
        if self.division is None:
            raise NotFound(_("No division has this address."))

    def post(self, request: Request, division_uuid: UUID) -> HttpResponse:
        """Take one delivery into the inbox, or answer the empty body with which Exact tries a new subscription.

        Raises TooLarge, Refused, Malformed and NotStored.
        """
        assert self.division is not None
        if body := read_body(request):
            self._take(self.division, body)
        return HttpResponse(content_type="text/plain")

    def _take(self, division: WebhookDivision, body: bytes) -> None:
        try:
            receive(division, body)
        except NotAuthentic as error:
            log.warning("delivery_refused", division=division.code, status=Refused.status_code)
            raise Refused(str(error)) from None
        except BadShape as error:
            log.warning("delivery_refused", division=division.code, status=Malformed.status_code)
            raise Malformed(in_words(error)) from None
        except (DatabaseError, UnreadableSecret) as error:
            log.error("delivery_not_stored", division=division.code, error=type(error).__name__)
            raise NotStored from None
