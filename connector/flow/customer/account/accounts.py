"""Finds the customer's account of an order: linked before, else matched in the division's directory, else created.

Which account it is decides `domain/customer/ladder.py`.
"""

from dataclasses import dataclass

from connector.clients.exact.client import ExactClient
from connector.domain.choices import CustomerStrategy
from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.ladder import Create, Found, why_none
from connector.domain.customer.written import written
from connector.domain.document.result import Problem
from connector.domain.order.model import Address, Order
from connector.flow.customer.account import again, correct, links, ordered
from connector.flow.customer.account.addresses import Book, invoice_address
from connector.flow.customer.account.beside import holding_nothing
from connector.flow.customer.account.buyers import buyer_of
from connector.flow.customer.account.choice import choose, customer_for, found_or_to_make, not_found, strategy_for
from connector.flow.customer.account.collective import (
    collective_account,
    known_collective_account,
    uses_collective_account,
    why_not_collective,
)
from connector.flow.customer.account.contacts import make_contact
from connector.flow.customer.account.delivery import delivery_address
from connector.flow.customer.account.make_account import make_account
from connector.flow.customer.copies import missing
from connector.flow.hold import Hold
from connector.models import Connection, CustomerLink


@dataclass(frozen=True, slots=True)
class Party:
    """Exact's account and delivery address for an order. An empty address means the account's own."""

    account_id: str
    address_id: str


def find_or_create_account(
    connection: Connection, order: Order, client: ExactClient, *, listed: str = "", delivered: bool = True
) -> Party:
    """Find or create the account, and the delivery address when the document is `delivered`.

    `listed` is a VAT code of the document that is for the EU sales list. A known customer at a known address costs no
    call. A customer whose account is deleted in Exact is matched again. Raises Hold when a person must decide, and the
    client's errors.
    """
    customer = customer_for(connection, order)
    if uses_collective_account(connection, customer, order):
        return Party(collective_account(connection, customer, listed, client), "")
    if nobody := customer.why_nobody():
        raise Hold((nobody,))
    try:
        return _own_account(connection, customer, order, client, delivered)
    except missing.AccountGone:
        return _own_account(connection, customer, order, client, delivered)


def raise_if_no_account(connection: Connection, order: Order, client: ExactClient, *, listed: str = "") -> None:
    """Raise Hold when no account could be found or made for the order. Exact may be read, and nothing is written.

    Raises the client's errors.
    """
    customer = customer_for(connection, order)
    if uses_collective_account(connection, customer, order):
        collective_account(connection, customer, listed, client)
    elif nobody := customer.why_nobody():
        raise Hold((nobody,))
    else:
        found_or_to_make(connection, customer, client)


def known_account(connection: Connection, order: Order) -> Account | None:
    """Return the account that the order goes to, as far as the ledger and the directory tell; None when they do not."""
    customer = customer_for(connection, order)
    if not customer.key:
        return None
    choice, _all_known = choose(connection, customer)
    return choice.account if isinstance(choice, Found) else None


def why_no_account(connection: Connection, order: Order, *, listed: str = "") -> Problem | None:
    """Return why no account would take the order, as far as the settings, the ledger and the directory tell.

    None also means that only Exact can tell. `listed` is a VAT code of the document that is for the EU sales list.
    """
    customer = customer_for(connection, order)
    if uses_collective_account(connection, customer, order):
        account = known_collective_account(connection, customer)
        return why_not_collective(connection, customer, listed, account) if account else None
    if nobody := customer.why_nobody():
        return nobody
    choice, all_known = choose(connection, customer)
    if isinstance(choice, Create) and strategy_for(connection, customer) == CustomerStrategy.MATCH:
        return not_found(customer, choice) if connection.division.accounts_timestamp else None
    return why_none(choice) if all_known else None


def _own_account(
    connection: Connection, customer: Customer, order: Order, client: ExactClient, delivered: bool
) -> Party:
    """Return the customer's own account. Raises AccountGone, Hold and the client's errors."""
    link = _linked(connection, customer, order, client)
    if not delivered:
        return Party(link.account_id, "")
    book = Book(link, client)
    with holding_nothing(link.pk):
        invoice_address(book, order.billing)
    return Party(link.account_id, delivery_address(book, order))


def _linked(connection: Connection, customer: Customer, order: Order, client: ExactClient) -> CustomerLink:
    """Return the link to the customer's account. Raises Hold when a person must decide, and the client's errors."""
    rows = links.rows_of(connection, customer)
    again.take_up(connection, customer, rows, order, client)
    choice = found_or_to_make(connection, customer, client, rows)
    if isinstance(choice, Create):
        buyer = buyer_of(connection, customer, order)
        return make_account(connection, buyer, choice.key, client, row=rows.under(choice.key))
    link = link_to(connection, customer, choice, client, rows, billing=order.billing)
    if due := ordered.differing(connection, customer, link, order.billing):
        links.write(link, **due)
    if link.contact_asked_at:
        contact = written(buyer_of(connection, customer, order)).contact
        with holding_nothing(link.pk):
            make_contact(link, contact, client, asked=True)
    return link


def link_to(
    connection: Connection,
    customer: Customer,
    found: Found,
    client: ExactClient,
    rows: links.Rows,
    *,
    billing: Address | None = None,
) -> CustomerLink:
    """Return the link to an account that was found, after it was corrected where that is needed.

    `billing` is the address in the order that asks for it: a new link is compared soon.
    Raises AccountGone, Hold when Exact refuses the correction, and the client's errors.
    """
    if found.promote:
        correct.promote(connection.division, found.account, client)
    if found.give_number:
        correct.give_number(connection.division, found.account, customer.vat_number, client)
    row = rows.under(found.key) or links.link_under(connection, customer, found.key)
    new = ordered.newly_linked(connection, customer, found.key, billing) if billing else {}
    links.keep(row, customer, found.account, found.reason, found.score, **new)
    if found.give_number and customer.name:  # a consumer's account is the company's from now on
        links.write(row, name=customer.name[:200])
    return row
