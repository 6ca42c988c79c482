"""Each answer names its request by an id of ours."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from structlog import contextvars

from connector.api.request_ids import named


@pytest.mark.parametrize("given", [{}, {"X-Request-ID": "jane@customer.example"}])
def test_an_id_never_comes_from_outside(client: Client, given: dict[str, str]) -> None:
    said = client.get("/healthz", headers=given).headers["X-Request-ID"]
    assert len(said) == 16
    assert "jane" not in said


def test_a_line_of_the_log_bears_the_id_of_its_own_request(rf: RequestFactory) -> None:
    contextvars.bind_contextvars(request="of-the-one-before", order=1001)
    seen: list[dict[str, object]] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(contextvars.get_contextvars())
        return HttpResponse()

    answer = named(view)(rf.get("/"))
    assert seen == [{"request": answer.headers["X-Request-ID"]}]
    assert contextvars.get_contextvars() == {}
