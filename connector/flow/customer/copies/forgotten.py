"""Customers whose personal data was removed: it does not come back, unless the customer orders again.

`flow/records/forget.py` removes the data and sets the marks: an event of the customer, and `forgotten_at` in the link,
in the store's customer and in the copies of accounts. An order that was placed before stays bare, whatever is read of
it again. A later order takes the marks away.

What writes copies or links locks the store or the division first, and reads the marks after that. `forget` locks both.
So what was read or matched before a customer was forgotten is not written after that. Rows are locked in one order,
so that nobody waits for one who waits for them: the store, matches, documents with the head of their chain, the
division, links and copies.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from connector.domain.customer.customer import Customer, customer_of
from connector.domain.order.model import Order
from connector.flow.clock import database_now
from connector.flow.order.fetch import Fetched
from connector.models import Connection, CustomerEvent, CustomerLink, DirectoryAccount, Division, Store, StoreCustomer

PERSONAL_OF_ACCOUNT: Final = (
    *("name", "name_key", "email", "phone", "phone_key", "language", "address", "address_line1", "address_line2"),
    *("postcode", "postcode_key", "city", "state", "chamber_of_commerce", "peppol_id"),
)
"""Columns of the copy of an account that stay empty. Its VAT number and country stay: they prove how VAT was booked."""
PERSONAL_OF_CUSTOMER: Final = (
    *("email", "first_name", "last_name", "company", "phone", "language", "vat_number", "vat_number_field"),
    *("chamber_of_commerce", "peppol_id"),
)
"""Texts of the copy of a store's customer that stay empty. So does the address book."""


def as_kept(connection: Connection, fetched: Fetched) -> Fetched:
    """Return the order, marked when the ledger keeps it bare: its customer was forgotten after it was placed."""
    if not connection.store.has_forgotten:
        return fetched
    customer = _customer_of(connection, fetched.order)
    if not customer.key:
        return fetched
    since = CustomerEvent.objects.filter(
        store=connection.store_id,
        customer_key__in=customer.keys,
        kind=CustomerEvent.Kind.FORGOTTEN,
        at__gt=fetched.order.created,
    )
    return replace(fetched, is_bare=True) if since.exists() else fetched


def lock_store(store_id: int) -> bool:
    """Let no customer of the store be forgotten until the transaction ends. Returns whether one was before."""
    rows = Store.objects.select_for_update(no_key=True).filter(pk=store_id)
    return any(rows.values_list("has_forgotten", flat=True))


def lock_divisions(ids: Iterable[int]) -> bool:
    """Let no customer with an account there be forgotten until the transaction ends. Returns whether one was before."""
    rows = Division.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk")
    return any(rows.values_list("has_forgotten", flat=True))


def empty_accounts(division: Division, accounts: Collection[DirectoryAccount]) -> None:
    """Empty what is personal in copies of accounts, not saved yet, where all customers of an account are forgotten.

    It belongs into the transaction that saves them.
    """
    if not lock_divisions([division.pk]):
        return
    ids = forgotten_accounts(division, [account.account_id for account in accounts])
    for account in accounts:
        if account.account_id in ids:
            empty_account(account)


def forgotten_accounts(division: Division, account_ids: Iterable[str]) -> set[str]:
    """Return which of these accounts belong to nobody but customers who are forgotten, or had such a customer before a
    person took them away."""
    named = {"division": division, "account_id__in": list(account_ids)}
    of_accounts, copies = CustomerLink.objects.filter(**named), DirectoryAccount.objects.filter(**named)
    marked = [rows.filter(forgotten_at__isnull=False) for rows in (of_accounts, copies)]
    found = {account_id for rows in marked for account_id in rows.values_list("account_id", flat=True)}
    if not found:
        return found
    others = of_accounts.filter(account_id__in=found, forgotten_at=None).values_list("account_id", flat=True)
    return found - set(others)


def empty_account(account: DirectoryAccount) -> None:
    """Empty what is personal in a copy of an account, and mark it. A SearchCode stays where it is one of ours."""
    account.forgotten_at = account.forgotten_at or database_now()
    for name in PERSONAL_OF_ACCOUNT:
        setattr(account, name, "")
    ours = CustomerLink.objects.filter(division=account.division, account_id=account.account_id)
    codes = {code.upper() for code in ours.values_list("search_code", flat=True)}
    if account.search_code not in codes and not _is_ours(account):
        account.search_code = ""


def _is_ours(account: DirectoryAccount) -> bool:
    """Whether its SearchCode is that of a customer from whom a person took it away. Without it a second account would
    be made."""
    links = CustomerLink.objects.filter(division=account.division, account_id="")
    return bool(account.search_code) and links.filter(search_code__iexact=account.search_code).exists()


def empty_customers(rows: Mapping[str, StoreCustomer], known: Mapping[str, StoreCustomer]) -> None:
    """Empty what is personal in copies of a store's customers, not saved yet, of those who are known as forgotten."""
    for key, row in rows.items():
        if key in known and known[key].forgotten_at is not None:
            empty_customer(row)


def empty_customer(customer: StoreCustomer) -> None:
    """Empty what is personal in a copy of a store's customer."""
    for name in PERSONAL_OF_CUSTOMER:
        setattr(customer, name, "")
    customer.addresses, customer.group_id = [], None


def _customer_of(connection: Connection, order: Order) -> Customer:
    return customer_of(order, connection.store.prefix, connection.vat_number_fields, connection.placeholder_emails)
