"""The subscriptions of our app to Exact's webhooks, in one division."""

from dataclasses import dataclass

from connector.clients.exact import records
from connector.clients.exact.calls import DivisionCalls
from connector.clients.exact.wire import Row, guid, read_one, text
from connector.clients.rows import Odd

ACCOUNTS = "Accounts"
_PATH = "webhooks/WebhookSubscriptions"
_SELECT = "ID,Topic,CallbackURL,Division"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A topic and the address to which Exact tells of it."""

    id: str
    topic: str
    callback_url: str


def subscriptions(division: DivisionCalls, odd: Odd | None = None) -> list[Subscription]:
    """The subscriptions of this app in the division. `odd` gets those that cannot be read.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=WebhooksWebhookSubscriptions"""
    return list(division.pages(_PATH, _SELECT, _read, odd=odd))


def subscribe(division: DivisionCalls, topic: str, callback_url: str) -> str:
    """Subscribe to a topic and return the subscription's id. About a second later Exact posts an empty body to the
    address, which must be answered with 200 or 201. Raises Rejected when the topic has one already.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=WebhooksWebhookSubscriptions"""
    return division.post(
        _PATH,
        {"Topic": topic, "CallbackURL": callback_url},
        lambda found: records.required_id(division.own(read_one(found)), "ID"),
    )


def unsubscribe(division: DivisionCalls, subscription_id: str) -> None:
    """Delete a subscription. Raises NotFound when there is none, which counts as an error at Exact.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=WebhooksWebhookSubscriptions"""
    division.delete(f"{_PATH}({guid(subscription_id)})")


def _read(row: Row) -> Subscription:
    return Subscription(records.required_id(row, "ID"), text(row, "Topic"), text(row, "CallbackURL"))
