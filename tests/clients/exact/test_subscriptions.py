"""Subscriptions to Exact's webhooks against scripted answers."""

import pytest

from connector.clients import errors
from connector.clients.exact import subscriptions
from tests.clients.exact.test_client import ID, ROOT, client_of
from tests.clients.scripted import Script, reply

CALLBACK = "https://portal.example/webhooks/exact/1/"
PATH = f"{ROOT}webhooks/WebhookSubscriptions"


def test_the_subscriptions_of_our_app() -> None:
    row = {"ID": ID, "Topic": "Accounts", "CallbackURL": CALLBACK, "Division": 123456}
    found = subscriptions.subscriptions(client_of(Script(reply({"d": {"results": [row]}}))))
    assert found == [subscriptions.Subscription(ID, "Accounts", CALLBACK)]


def test_a_subscription_is_made_and_deleted() -> None:
    script = Script(reply({"d": {"ID": ID}}, 201), reply(b"", 204))
    client = client_of(script)
    assert subscriptions.subscribe(client, subscriptions.ACCOUNTS, CALLBACK) == ID
    subscriptions.unsubscribe(client, ID)
    assert script.sent[0].json == {"Topic": "Accounts", "CallbackURL": CALLBACK}
    assert (script.sent[1].method, script.sent[1].url) == ("DELETE", f"{PATH}(guid'{ID}')")


def test_an_answer_without_a_usable_id_leaves_the_outcome_open() -> None:
    with pytest.raises(errors.OutcomeUnknown):
        subscriptions.subscribe(client_of(Script(reply({"d": {"ID": "x"}}, 201))), "Accounts", CALLBACK)
