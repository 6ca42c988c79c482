"""Which account is a customer's, as far as the ledger and the copy of the division's accounts tell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from connector.clients.exact.client import ExactClient
from connector.domain.choices import CompleteVat, CustomerStrategy
from connector.domain.customer.account import UNUSABLE, Account
from connector.domain.customer.customer import Customer, customer_of
from connector.domain.customer.ladder import Candidate, Create, Found, Ladder, Link, Several, why_none
from connector.domain.customer.likeness import Reason, bears_number
from connector.domain.customer.sharing import is_the_same, may_have
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.order.model import Order
from connector.flow.clock import database_now
from connector.flow.customer.account.holders import holders_of, like_another
from connector.flow.customer.account.links import Rows, link_of, name_of, rows_of
from connector.flow.customer.copies import directory
from connector.flow.hold import Hold
from connector.models import Connection, CustomerMatch

_SURE = frozenset({Reason.LINK, Reason.CHOSEN})


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
    apart = {account_id for row in rows.own for account_id in row.not_accounts}
    rows = replace(rows, as_guest=[row for row in rows.as_guest if row.account_id not in apart])
    linked, chosen = [*rows.links, *rows.as_guest], rows.chosen
    wanted = [row.account_id for row in linked] + ([chosen.account_id] if chosen else [])
    found = directory.candidates(connection.division, customer, wanted)
    accounts = [account for account in found if account.id not in apart]
    known = {account.id for account in accounts}
    unknown = {row.account_id: row for row in linked if row.account_id not in known}
    accounts += [Account(row.account_id, row.account_code, row.account_name) for row in unknown.values()]
    choice = _climb(connection, customer, accounts, rows, chosen)
    if isinstance(choice, Create):
        # A person took this account away from the customer. With a second account of its SearchCode none is found.
        code = customer.search_code(choice.key)
        taken = (account for account in found if account.id in apart and account.search_code == code.upper())
        if (account := next(taken, None)) is not None:
            return problem(Code.SEARCH_CODE_TAKEN, account=account, search_code=code), True
    return _left_to_holder(connection, customer, choice), not unknown


def _climb(
    connection: Connection, customer: Customer, accounts: Sequence[Account], rows: Rows, chosen: Link | None
) -> Found | Create | Several | Problem:
    """Ask the ladder. The account that a person chose counts as linked already."""
    has_chosen = chosen is not None and any(account.id == chosen.account_id for account in accounts)
    ladder = Ladder(
        customer,
        accounts,
        [*map(link_of, rows.links), *([chosen] if chosen and has_chosen else [])],
        CompleteVat(connection.complete_vat),
        today(connection),
        as_guest=[link_of(row) for row in rows.as_guest],
        promote=connection.promote_prospects,
        is_new=chosen is not None and chosen.account_id == CustomerMatch.NEW_ACCOUNT,
    )
    choice = ladder.choose()
    if chosen is not None and isinstance(choice, Found) and choice.account.id == chosen.account_id:
        return replace(choice, reason=Reason.CHOSEN)
    return choice


def _left_to_holder(
    connection: Connection, customer: Customer, choice: Found | Create | Several | Problem
) -> Found | Create | Several | Problem:
    """Let a person decide about an account that another registered customer of the store has.

    As in a pull, but for an account with the customer's VAT number: the number must stand on the invoice's account. And
    whom an order led there by a number alone does not keep the account from the customer whose name it has. A guest may
    be the customer who has it, unless both name and e-mail address are others.
    """
    if not isinstance(choice, Found) or choice.reason in _SURE:
        return choice
    if bears_number(customer, choice.account):
        return choice
    holders = holders_of(connection, [choice.account.id], but_by=[Reason.VAT_NUMBER]).get(choice.account.id, ())
    if not customer.registered:
        return choice if all(is_the_same(customer, holder) for holder in holders) else _not_the_guests(customer, choice)
    is_own = any(holder.key == customer.key for holder in holders)
    is_right = is_own or all(may_have(customer, holder) for holder in holders)
    return choice if is_right else like_another(choice)


def _not_the_guests(guest: Customer, found: Found) -> Found | Several:
    """Let a person decide about a registered customer's account, unless our SearchCode says that it is the guest's."""
    if found.reason == Reason.SEARCH_CODE:
        return found
    code = guest.search_code(found.key)
    why = problem(Code.ACCOUNT_OF_REGISTERED, account=str(found.account).strip(), search_code=code)
    return Several(why, (Candidate(found.account, found.score, found.reason),))


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
