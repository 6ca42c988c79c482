"""Which account is a customer's, as far as the ledger and the copy of the division's accounts tell."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from connector.clients.exact.client import ExactClient
from connector.domain.choices import CompleteVat, CustomerStrategy
from connector.domain.customer.account import UNUSABLE, Account
from connector.domain.customer.customer import Customer, customer_of
from connector.domain.customer.ladder import Create, Found, Ladder, Several, why_none
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.order.model import Order
from connector.flow.clock import database_now
from connector.flow.customer.account.links import Rows, link_of, name_of, rows_of
from connector.flow.customer.copies import directory
from connector.flow.hold import Hold
from connector.models import Connection, CustomerMatch


def customer_for(connection: Connection, order: Order) -> Customer:
    """Return who an order is for, under the connection's settings."""
    return customer_of(order, connection.store.prefix, connection.vat_number_fields, connection.placeholder_emails)


def strategy_for(connection: Connection, customer: Customer) -> CustomerStrategy:
    """Return how the customer's account is found."""
    return CustomerStrategy(connection.customer_strategy if customer.registered else connection.guest_strategy)


def choose(
    connection: Connection, customer: Customer, rows: Rows | None = None
) -> tuple[Found | Create | Several | Problem, bool]:
    """Return the decision without a call, and whether the copy has every account that is linked.

    `rows` are the customer's, where they were read already.
    """
    rows = rows or rows_of(connection, customer)
    linked = [*rows.links, *rows.as_guest]
    found = directory.candidates(connection.division, customer, [row.account_id for row in linked])
    apart = {account_id for row in rows.own for account_id in row.not_accounts}
    accounts = [account for account in found if account.id not in apart]
    known = {account.id for account in accounts}
    unknown = {row.account_id: row for row in linked if row.account_id not in known}
    ladder = Ladder(
        customer,
        [*accounts, *(Account(row.account_id, row.account_code, row.account_name) for row in unknown.values())],
        [link_of(row) for row in rows.links],
        CompleteVat(connection.complete_vat),
        today(connection),
        as_guest=[link_of(row) for row in rows.as_guest],
        promote=connection.promote_prospects,
    )
    choice = ladder.choose()
    if isinstance(choice, Several) and _is_said_to_be_new(connection, customer):
        choice = replace(ladder, is_new=True).choose()
    if isinstance(choice, Create):
        # A person took this account away from the customer. With a second account of its SearchCode none is found.
        code = customer.search_code(choice.key)
        taken = (account for account in found if account.id in apart and account.search_code == code.upper())
        if (account := next(taken, None)) is not None:
            return problem(Code.SEARCH_CODE_TAKEN, account=account, search_code=code), True
    return choice, not unknown


def _is_said_to_be_new(connection: Connection, customer: Customer) -> bool:
    """Whether a person chose that none of the accounts in question is the customer's. Only a doubt asks for it."""
    chosen = CustomerMatch.objects.filter(division=connection.division, choice=CustomerMatch.NEW_ACCOUNT)
    return chosen.filter(customer__store=connection.store, customer__customer_key=customer.key).exists()


def found_or_to_make(
    connection: Connection, customer: Customer, client: ExactClient, rows: Rows | None = None
) -> Found | Create:
    """Return the account, or how it is to be made. Raises Hold when a person must decide, and the client's errors.

    An account that takes no document, as far as the copy tells, holds the order without a call while the copy is
    fresh. In every other doubt the accounts are read: only Exact knows whether somebody made or corrected one since.
    """
    rows = rows or rows_of(connection, customer)
    choice, all_known = choose(connection, customer, rows)
    if not all_known or _is_doubtful(connection, choice, rows):
        directory.pull(connection.division, client)
        choice, _all_known = choose(connection, customer, rows)
    if isinstance(choice, Several | Problem):
        raise Hold((choice.problem if isinstance(choice, Several) else choice,))
    if isinstance(choice, Create) and strategy_for(connection, customer) == CustomerStrategy.MATCH:
        raise Hold((not_found(customer, choice),))
    return choice


def not_found(customer: Customer, choice: Create) -> Problem:
    """Return the problem of a connection that makes no accounts."""
    return problem(Code.CUSTOMER_NOT_FOUND, search_code=customer.search_code(choice.key), name=customer.name)


def today(connection: Connection) -> date:
    """Return the day in the store's time zone."""
    return database_now().astimezone(ZoneInfo(connection.store.timezone)).date()


def _is_doubtful(connection: Connection, choice: Found | Create | Several | Problem, rows: Rows) -> bool:
    """Whether somebody may have made or corrected the account in Exact since the accounts were read."""
    why = why_none(choice)
    if why and why.code in UNUSABLE:
        return not directory.is_fresh(connection.division)
    if not isinstance(choice, Found):
        return True
    unproven = [row.account_id for row in rows.links if not name_of(row)]
    return choice.give_number or choice.promote or choice.account.id in unproven
