"""A customer of Acme's shop and an account of Acme's division that belong together, over HTTP to both fakes."""

from collections.abc import Mapping
from typing import Any

from connector.flow.clock import database_now
from connector.flow.customer.both_ways.in_step import Result, bring_in_step
from connector.flow.customer.both_ways.read_again import read_accounts
from connector.flow.customer.copies import store_copy
from connector.flow.outbound.clients import LaneClients
from connector.models import Connection, CustomerEvent, CustomerLink, DirectoryAccount, Division, StoreCustomer
from tests.acme import DIVISION, STORE, Acme

HOME: dict[str, Any] = {
    "first_name": "Vera",
    "last_name": "Dijk",
    "address1": "Kade 1",
    "address2": "",
    "postal_code": "1012 AB",
    "city": "Utrecht",
    "state_or_province": "Utrecht",
    "country_code": "NL",
}
VERA: dict[str, Any] = {"email": "vera@dijk.example", "first_name": "Vera", "last_name": "Dijk", "phone": "0612345678"}
ACCOUNT: dict[str, Any] = {
    "Name": "Vera Dijk",
    "Status": "C",
    "Email": "vera@dijk.example",
    "Phone": "+31612345678",
    "AddressLine1": "Kade 1",
    "Postcode": "1012AB",
    "City": "Utrecht",
    "Country": "NL",
}
FIELD = "VAT number"


class Linked:
    """One linked pair. What each side has now is asked from the fakes, and what is due is done as the lane does it."""

    def __init__(
        self, acme: Acme, customer: Mapping[str, Any] | None = None, account: Mapping[str, Any] | None = None
    ) -> None:
        self.acme, self.shop, self.exact = acme, acme.sandbox.stores.store(STORE), acme.sandbox.exact
        fields = {"addresses": [HOME], "form_fields": {FIELD: ""}, **VERA, **(customer or {})}
        self.customer_id: int = self.shop.add_customer(**fields)["id"]
        self.account_id = self.exact.add_account(DIVISION, **{**ACCOUNT, **(account or {})})
        self.clients = LaneClients(Division.objects.select_related("grant__tenant").get(code=DIVISION))
        self.link = CustomerLink.objects.create(
            store=acme.store,
            division=self.clients.division,
            customer_key=str(self.customer_id),
            search_code=f"{acme.store.prefix}-{self.customer_id}",
            account_id=self.account_id,
            account_name="Vera Dijk",
            matched_by="search_code",
        )
        self.step()

    def read(self) -> None:
        """Read both sides into our copies."""
        store = self.acme.store
        store_copy.read_with_ids(store, self.clients.store(store), [str(self.customer_id)])
        read_accounts(self.clients.division, self.clients, [self.account_id], database_now())

    def step(self, *, make_equal: bool = False, origin: str = CustomerEvent.Origin.WEBHOOK) -> Result:
        """Read both sides, and bring them in step."""
        self.read()
        self.link.refresh_from_db()
        return bring_in_step(self.link, self.clients, make_equal=make_equal, origin=origin)

    def settings(self, **columns: object) -> None:
        """Set columns of the connection."""
        Connection.objects.filter(pk=self.acme.connection.pk).update(**columns)

    def in_store(self) -> Mapping[str, Any]:
        """The customer, as the store has it."""
        return self.shop.customers[self.customer_id]

    def address(self) -> Mapping[str, Any]:
        """The customer's first address, as the store has it."""
        return self.shop.books()[self.customer_id][0]

    def account(self) -> Mapping[str, Any]:
        """The account, as Exact has it."""
        return next(row for row in self.exact.accounts(DIVISION) if row["ID"] == self.account_id)

    def change_store(self, **fields: Any) -> None:
        """The shopper changes the customer."""
        self.shop.change_customer(self.customer_id, **fields)

    def change_address(self, **fields: Any) -> None:
        """The shopper changes the first address."""
        self.shop.change_address(self.address()["id"], **fields)

    def change_exact(self, **fields: object) -> None:
        """Somebody changes the account."""
        self.exact.edit(DIVISION, self.account_id, **fields)

    def writes(self) -> int:
        """How many calls changed something on either side."""
        exact = self.exact.calls.count("PUT", "*crm/Accounts*")
        return exact + self.acme.sandbox.stores.calls.count("PUT", "*customers*")

    def events(self, kind: str) -> list[CustomerEvent]:
        """The lines of the history of one kind."""
        return list(CustomerEvent.objects.filter(customer_key=str(self.customer_id), kind=kind).order_by("id"))

    def copies(self) -> tuple[StoreCustomer, DirectoryAccount]:
        """Our copies of both sides."""
        customer = StoreCustomer.objects.get(store=self.acme.store, customer_key=str(self.customer_id))
        return customer, DirectoryAccount.objects.get(account_id=self.account_id)
