"""Requests of machines are answered at once: no session, no person, no message and no page is looked for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from rest_framework.response import Response


def answer_machines(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Call the view of a machine's address, past all middleware that stands below this in the settings."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(settings.MACHINES):
            return get_response(request)
        try:
            request.resolver_match = match = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response.render() if isinstance(response, Response) else response

    return answer
