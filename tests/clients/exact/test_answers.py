"""Which answer of Exact means what, for a read and for a write."""

from datetime import UTC, datetime

import pytest

from connector.clients import errors
from connector.clients.errors import ClientError, Interrupted, NotSent
from connector.clients.transport import Response
from tests.clients.exact.test_client import INVOICE, client_of, stored
from tests.clients.scripted import Script, reply

HTML = reply(b"<html>maintenance</html>", kind="text/html; charset=utf-8")
NO_ENVELOPE = reply(b"bad request", 400, "text/plain")
BOTH: list[tuple[Response | ClientError, type[ClientError]]] = [
    (reply(b"", 403), errors.Forbidden),
    (reply(b"", 404), errors.NotFound),
    (reply(b"", 429), errors.RateLimited),
    (stored("error_400_two_messages", 400), errors.Rejected),
    (NotSent("refused"), errors.NotSent),
]
READS: list[tuple[Response | ClientError, type[ClientError]]] = [
    (HTML, errors.Unavailable),
    (reply(b'{"d": {'), errors.UnexpectedResponse),
    (reply({"x": 1}), errors.UnexpectedResponse),
    (reply(b"", 204, "text/plain"), errors.UnexpectedResponse),
    (reply(b"", 302), errors.UnexpectedResponse),
    (NO_ENVELOPE, errors.UnexpectedResponse),
    (reply(b"", 405), errors.UnexpectedResponse),
    (reply(b"", 408), errors.Unavailable),
    (stored("error_500_validation", 500), errors.Unavailable),
    (stored("error_500_unknown", 500), errors.Unavailable),
    (reply(b"<html>", 503, "text/html"), errors.Unavailable),
    (Interrupted("reset"), errors.Unavailable),
]
WRITES: list[tuple[Response | ClientError, type[ClientError]]] = [
    (stored("error_500_validation", 500), errors.Rejected),
    (stored("error_500_unknown", 500), errors.OutcomeUnknown),
    (stored("error_500_validation", 502), errors.OutcomeUnknown),
    (HTML, errors.OutcomeUnknown),
    (reply(b'{"d": {'), errors.OutcomeUnknown),
    (reply({"d": {"results": []}}, 201), errors.OutcomeUnknown),
    (reply(b"", 204), errors.OutcomeUnknown),
    (reply(b"", 302), errors.OutcomeUnknown),
    (NO_ENVELOPE, errors.OutcomeUnknown),
    (reply(b"", 405), errors.OutcomeUnknown),
    (reply(b"", 408), errors.OutcomeUnknown),
    (reply(b"", 500), errors.OutcomeUnknown),
    (reply(b"", 504), errors.OutcomeUnknown),
    (Interrupted("reset"), errors.OutcomeUnknown),
]


@pytest.mark.parametrize(("answer", "kind"), BOTH + READS)
def test_reads_fail_by_consequence(answer: Response | ClientError, kind: type[ClientError]) -> None:
    script = Script(answer)
    with pytest.raises(ClientError) as caught:
        client_of(script).find_invoices("SHOP-1042", 8020)
    check(caught.value, kind, script)


@pytest.mark.parametrize(("answer", "kind"), BOTH + WRITES)
def test_writes_fail_by_consequence(answer: Response | ClientError, kind: type[ClientError]) -> None:
    script = Script(answer)
    with pytest.raises(ClientError) as caught:
        client_of(script).create_invoice(INVOICE)
    check(caught.value, kind, script)


def check(error: ClientError, kind: type[ClientError], script: Script) -> None:
    assert type(error) is kind
    assert error.endpoint == "salesinvoice/SalesInvoices"
    (call,) = script.calls
    assert call.error.startswith(f"{kind.__name__}: ")
    assert call.status == error.status


def test_a_refusal_without_a_reason_says_so_in_its_own_sentence() -> None:
    with pytest.raises(errors.Rejected) as caught:
        client_of(Script(reply({"error": {"message": {"value": ""}}}, 400))).create_invoice(INVOICE)
    assert caught.value.words == "Exact refused the request and gave no reason"
    assert (caught.value.messages, caught.value.detail) == ((), "")


def test_every_message_of_a_refusal_is_kept() -> None:
    with pytest.raises(errors.Rejected) as caught:
        client_of(Script(stored("error_400_two_messages", 400))).create_invoice(INVOICE)
    assert caught.value.messages == ("Verplicht: Factuur voor", "Verplicht: Besteld door")
    assert str(caught.value) == (
        "Exact refused the request (salesinvoice/SalesInvoices, HTTP 400): "
        "Verplicht: Factuur voor; Verplicht: Besteld door"
    )


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(b"", 403, headers={"Reason": "NoDivisionAccess"}), "NoDivisionAccess"),
        (
            reply(b"Forbidden - Application Scope Violated. Cannot read 'crm.accounts' scope.", 403, "text/plain"),
            "crm.accounts",
        ),
        (
            reply(
                {"error": {"message": {"value": "Cannot manage 'sales.invoices' scope."}}},
                403,
                headers={"Reason": "Scope"},
            ),
            "sales.invoices",
        ),
        (reply(b"<html>", 403, "text/html"), ""),
    ],
)
def test_what_is_forbidden_says_why(answer: Response, reason: str) -> None:
    with pytest.raises(errors.Forbidden) as caught:
        client_of(Script(answer)).me()
    assert caught.value.reason == reason


MINUTE, DAY = datetime(2026, 3, 2, 10, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)


def ms(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


@pytest.mark.parametrize(
    ("headers", "until", "scope"),
    [
        ({"X-RateLimit-Minutely-Reset": ms(MINUTE), "X-RateLimit-Minutely-Remaining": "0"}, MINUTE, "minute"),
        ({"X-RateLimit-Reset": ms(DAY), "X-RateLimit-Remaining": "0"}, DAY, "day"),
        ({"X-RateLimit-Reset": ms(DAY)}, DAY, "day"),
        ({"X-RateLimit-Minutely-Reset": ms(MINUTE), "X-RateLimit-Reset": ms(DAY)}, MINUTE, "minute"),
        (
            {
                "X-RateLimit-Minutely-Reset": ms(MINUTE),
                "X-RateLimit-Reset": ms(DAY),
                "X-RateLimit-Remaining": "0",
            },
            DAY,
            "day",
        ),
        ({}, None, ""),
        ({"X-RateLimit-Minutely-Reset": "99999999999999"}, None, "minute"),
        ({"X-RateLimit-Minutely-Reset": "1772445660"}, None, "minute"),
        ({"X-RateLimit-Minutely-Reset": "soon"}, None, ""),
    ],
)
def test_a_used_up_limit_says_which_and_until_when(headers: dict[str, str], until: datetime | None, scope: str) -> None:
    with pytest.raises(errors.RateLimited) as caught:
        client_of(Script(reply(b"", 429, "text/plain", headers))).me()
    assert (caught.value.until, caught.value.scope) == (until, scope)


def test_limits_are_reported_with_the_call() -> None:
    headers = {
        "X-RateLimit-Limit": "5000",
        "X-RateLimit-Remaining": "4712",
        "X-RateLimit-Reset": ms(DAY),
        "X-RateLimit-Minutely-Limit": "60",
        "X-RateLimit-Minutely-Remaining": "58",
        "X-RateLimit-Minutely-Reset": ms(MINUTE),
    }
    script = Script(stored("me", headers=headers), stored("me"))
    client_of(script).me()
    client_of(script).me()
    limits = script.calls[0].limits
    assert limits is not None
    assert (limits.minute_left, limits.minute_limit, limits.minute_reset) == (58, 60, MINUTE)
    assert (limits.day_left, limits.day_limit, limits.day_reset) == (4712, 5000, DAY)
    assert script.calls[1].limits is None
