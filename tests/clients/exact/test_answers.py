"""Which answer of Exact means what, for a read and for a write."""

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
