"""What an accepted webhook costs: processor time as a multiple of a bare view of the framework, in the same run."""

import hashlib
import hmac
import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import override_settings
from django.urls import include, path, reverse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from connector.models import Delivery, Division, Store
from connector.sandbox.bigcommerce.webhook_sender import body_of
from tests.bench.table import Table
from tests.factories import ConnectionFactory

ROUNDS, CALLS = 7, 150
SECRET = "the-secret-of-the-floor"
BODY = body_of("abc123", "1000001", 250, "store/order/created", at=1_700_000_000)


class Floor(APIView):
    """The least that a webhook can be: a view of the framework, an HMAC over the body, and one INSERT by hand."""

    authentication_classes = []
    permission_classes = []

    def post(self, request: Request) -> Response:
        """Compare the signature and store the body."""
        body = request._request.body
        right = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, request.headers.get("X-Signature", "")):
            return Response(status=401)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO floor (body) VALUES (%s)", [body.decode()])
        return Response(status=200)


urlpatterns = [path("", include("config.urls")), path("floor/", Floor.as_view())]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=__name__)
def test_a_webhook(table: Table) -> None:
    """The floor, a delivery, and one that wakes its lane take turns; for each one the quickest round counts."""
    store: Store = ConnectionFactory.create(store__store_hash="abc123").store
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE floor (body text)")
    signed = hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()
    address = reverse("bigcommerce-webhook", args=[store.webhook_uuid])
    floor = sender("/floor/", HTTP_X_SIGNATURE=signed)
    deliver = sender(address, HTTP_X_CONNECTOR_SECRET=store.hook_secret)
    lanes = Division.objects.all()
    seconds: dict[str, list[float]] = {"floor": [], "stored": [], "woken": []}
    try:
        for _ in range(ROUNDS):
            seconds["floor"].append(seconds_of(floor))
            lanes.update(woken_at=None)
            deliver()
            seconds["stored"].append(seconds_of(deliver))
            seconds["woken"].append(seconds_of(deliver, before=lambda: lanes.update(woken_at=None)))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE floor")
    assert Delivery.objects.count() == ROUNDS * (2 * CALLS + 1)
    least = {name: min(rounds) for name, rounds in seconds.items()}
    bare = least["floor"]
    table.add("a webhook, times the processor time of a bare view", least["stored"] / bare, goal=1.6)
    table.add("a webhook that wakes its lane, times the same", least["woken"] / bare, goal=2.2)


def sender(address: str, **headers: str) -> Callable[[], None]:
    """Make what sends the body to an address, through the same application that the web server calls."""
    application = WSGIHandler()
    answers: list[str] = []

    def start(status: str, _headers: object, _error: object = None, /) -> Callable[[bytes], object]:
        answers.append(status)
        return io.BytesIO().write

    def send() -> None:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": address,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(BODY)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(BODY),
            **headers,
        }
        response = application(environ, start)
        b"".join(response)
        assert answers.pop() == "200 OK"

    return send


def seconds_of(call: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """The processor time (seconds) of one call, without what comes before it."""
    spent = 0.0
    for _ in range(CALLS):
        before()
        began = time.process_time()
        call()
        spent += time.process_time() - began
    return spent / CALLS
