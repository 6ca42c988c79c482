"""A call is sent, read and recorded once; whatever fails becomes the error of its consequence."""

from collections.abc import Mapping

import pytest

from connector.clients.calls import Caller
from connector.clients.errors import (
    ClientError,
    Interrupted,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from connector.clients.strict_json import Unreadable
from connector.clients.transport import Limits, Request, Response, Upstream
from tests.clients.scripted import Script, reply

SECRET = "-".join(["a", "long", "secret"])
REQUEST = Request("GET", "https://shop.example/orders", secrets=(SECRET,))
LIMITS = Limits(left=5)


def limits(headers: Mapping[str, str]) -> Limits:
    return LIMITS


def caller(script: Script) -> Caller:
    return Caller(script, Upstream.BIGCOMMERCE, script.calls.append, limits)


def failing(script: Script, error: Exception | None, *, write: bool = False) -> ClientError:
    """The error of a call whose answer is read with an error."""

    def read(response: Response) -> None:
        if error:
            raise error

    with pytest.raises(ClientError) as caught:
        caller(script).call(REQUEST, read, endpoint="v2/orders", deadline=3, write=write)
    return caught.value


def test_an_answer_is_read_and_its_call_recorded_with_the_budget() -> None:
    script = Script(reply({"id": 1}))
    assert caller(script).call(REQUEST, Response.json, endpoint="v2/orders", deadline=3, write=False) == {"id": 1}
    (call,) = script.calls
    assert (call.upstream, call.method, call.endpoint, call.status) == ("bigcommerce", "GET", "v2/orders", 200)
    assert (call.limits, call.error, call.unclear) == (LIMITS, "", False)
    assert script.deadlines == [3]


def test_what_the_gate_refuses_is_no_call() -> None:
    def closed(endpoint: str) -> None:
        raise RateLimited(f"{endpoint} waits")

    script = Script()
    shut = Caller(script, Upstream.BIGCOMMERCE, script.calls.append, limits, closed)
    with pytest.raises(RateLimited, match="v2/orders waits"):
        shut.call(REQUEST, Response.json, endpoint="v2/orders", deadline=3, write=False)
    assert (script.sent, script.calls) == ([], [])


@pytest.mark.parametrize(("write", "kind"), [(False, UnexpectedResponse), (True, OutcomeUnknown)])
def test_an_answer_that_cannot_be_read_leaves_a_write_open(write: bool, kind: type[ClientError]) -> None:
    script = Script(reply({}))
    error = failing(script, Unreadable("a list was expected"), write=write)
    assert type(error) is kind
    assert "a list was expected" in str(error)
    assert [(call.status, call.unclear) for call in script.calls] == [(200, write)]


@pytest.mark.parametrize(("write", "kind"), [(False, Unavailable), (True, OutcomeUnknown)])
def test_a_cut_leaves_a_write_open(write: bool, kind: type[ClientError]) -> None:
    script = Script(Interrupted("The connection was cut"))
    assert type(failing(script, None, write=write)) is kind
    assert [(call.status, call.unclear, call.limits) for call in script.calls] == [(0, write, None)]


def test_an_error_has_its_endpoint_and_status_and_no_secret() -> None:
    script = Script(reply({}, 404))
    error = failing(script, NotFound("None of that", detail=f"not {SECRET}"))
    assert (type(error), error.endpoint, error.status, error.detail) == (NotFound, "v2/orders", 404, "not ***")
    assert [(call.error.split(":")[0], call.detail) for call in script.calls] == [("NotFound", "not ***")]


def test_an_endpoint_that_the_reader_knows_better_is_kept() -> None:
    assert failing(Script(reply({})), NotFound("None", endpoint="v2/fees")).endpoint == "v2/fees"
