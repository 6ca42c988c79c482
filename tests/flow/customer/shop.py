"""A connection with customers and accounts in our copies: what matching reads."""

from typing import Any

from connector.domain.customer.names import name_key
from connector.domain.customer.postcodes import postcode_key
from connector.flow.customer.matching import outcomes
from connector.flow.customer.matching.match import Outcome, customers_of, match
from connector.models import Connection, CustomerLink, CustomerMatch, DirectoryAccount, StoreCustomer
from tests.factories import ConnectionFactory, DirectoryAccountFactory, StoreCustomerFactory

NUMBER = "BE0400000185"  # with right check digits


class Shop:
    """A live connection whose store's prefix is NLS."""

    def __init__(self, **settings: Any) -> None:
        self.connection: Connection = ConnectionFactory.create(store__prefix="NLS", **settings)

    def customer(self, key: str, name: str = "Jane Doe", *, postcode: str = "", **fields: Any) -> StoreCustomer:
        """A person of the store; a company where one is given."""
        first, _, last = name.partition(" ")
        given = {"first_name": first, "last_name": last, "email": f"shopper{key}@customers.example", **fields}
        book = [{"id": int(key), "postcode": postcode, "country": "NL", "city": "Houtmeer"}] if postcode else []
        return StoreCustomerFactory.create(store=self.connection.store, customer_key=key, addresses=book, **given)

    def account(self, name: str = "Jane Doe", *, postcode: str = "", **fields: Any) -> DirectoryAccount:
        """An account of the division, as the directory keeps it."""
        place = {"postcode": postcode, "postcode_key": postcode_key(postcode, "NL"), "country": "NL"}
        return DirectoryAccountFactory.create(
            division=self.connection.division, name=name, name_key=name_key(name), **{**place, **fields}
        )

    def match(self, **options: Any) -> Outcome:
        """Match all customers; nothing is written."""
        return match(self.connection, customers_of(self.connection), **options)

    def keep(self) -> outcomes.Kept:
        """Match all customers, and write what it came to."""
        return outcomes.keep(self.connection, self.match().others, None)

    def links(self) -> dict[str, str]:
        """The account of each customer who has one."""
        rows = CustomerLink.objects.filter(store=self.connection.store).exclude(account_id="")
        return dict(rows.values_list("customer_key", "account_id"))

    def found(self, key: str) -> CustomerMatch:
        """What a customer without a link came to."""
        return CustomerMatch.objects.get(customer__store=self.connection.store, customer__customer_key=key)
