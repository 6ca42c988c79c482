"""Each request has an id: every line of the log about it bears it, and the answer says it in `X-Request-ID`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from structlog import contextvars

from connector.flow import trace


def named(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Give a request its id, for as long as it is answered."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        contextvars.clear_contextvars()  # a thread answers one request after another
        given = trace.new_id()
        with contextvars.bound_contextvars(request=given):
            response = get_response(request)
        response["X-Request-ID"] = given
        return response

    return answer
