"""How a store is called: at its own address, with its token, and what the answer lacks is named."""

import pytest

from connector.clients import errors
from connector.clients.wording import BadValue
from tests.clients.bigcommerce.test_client import TOKEN, client_of
from tests.clients.scripted import Script, reply


def test_a_get_goes_to_the_store_with_its_token_and_is_read_by_the_caller() -> None:
    script = Script(reply({"time": 5}))
    client = client_of(script)
    assert client.get("v2/time", lambda answer: answer, "v2/time", "", {"a": "b"}) == {"time": 5}
    (sent,) = script.sent
    assert sent.full_url == "https://api.bigcommerce.com/stores/abc123/v2/time?a=b"
    assert (sent.headers["X-Auth-Token"], TOKEN in sent.secrets) == (TOKEN, True)


def test_a_right_that_is_missing_is_named() -> None:
    with pytest.raises(errors.Forbidden) as caught:
        client_of(Script(reply({}, 403))).get("v2/orders", lambda answer: answer, "v2/orders", "store_v2_orders")
    assert caught.value.reason == "store_v2_orders"


def test_a_hash_that_could_lead_elsewhere_is_refused() -> None:
    with pytest.raises(BadValue):
        client_of(Script(), "../abc")
