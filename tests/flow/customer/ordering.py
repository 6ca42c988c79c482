"""What the tests of customers do: place an order, and look at the accounts in Exact."""

from tests.acme import DIVISION, Acme

ANNA = 1001  # placed by customer 201, anna@shopper.example
NUMBER = {"name": "VAT number", "value": "NL800123451B01"}


def accounts_named(acme: Acme, search_code: str) -> list[dict[str, object]]:
    return [account for account in acme.sandbox.exact.accounts(DIVISION) if account.get("SearchCode") == search_code]


def post(acme: Acme, order_id: int) -> None:
    acme.ring(order_id)
    acme.drain()


def annas(acme: Acme, **fields: object) -> str:
    """Make an account of the customer by hand, and return its id."""
    return acme.sandbox.exact.add_account(DIVISION, Name="Anna de Wit", Email="anna@shopper.example", **fields)


def bear_number(acme: Acme, order_id: int) -> None:
    """Let the order bear a VAT number."""
    acme.sandbox.stores.store("nlshop1").orders[order_id].order["billing_address"]["form_fields"] = [NUMBER]
