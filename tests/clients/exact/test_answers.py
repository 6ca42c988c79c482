"""What Exact's answers mean."""

import pytest

from connector.clients import errors
from tests.clients.exact.test_client import INVOICE, client_of
from tests.clients.scripted import Script, reply


def test_a_refusal_without_a_reason_says_so_in_its_own_sentence() -> None:
    with pytest.raises(errors.Rejected) as caught:
        client_of(Script(reply({"error": {"message": {"value": ""}}}, 400))).create_invoice(INVOICE)
    assert caught.value.words == "Exact refused the request and gave no reason"
    assert (caught.value.messages, caught.value.detail) == ((), "")
