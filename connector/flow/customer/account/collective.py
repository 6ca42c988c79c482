"""The account that orders go to which have no customer of their own: that of the country, else the one for all."""

from connector.clients.exact.client import ExactClient
from connector.domain.choices import CustomerStrategy
from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.order.model import Order
from connector.flow.customer.account.choice import strategy_for, today
from connector.flow.customer.account.guests import is_below_threshold
from connector.flow.customer.copies import directory
from connector.flow.hold import Hold
from connector.models import Connection


def uses_collective_account(connection: Connection, customer: Customer, order: Order | None = None) -> bool:
    """Whether the order goes to a collective account: by its strategy, because it has no customer of its own, or
    because the guest's orders are too few. Without the `order` the last is not asked."""
    if strategy_for(connection, customer) == CustomerStrategy.COLLECTIVE:
        return True
    if customer.redacted or not collective_code(connection, customer):
        return False
    return not customer.key or (order is not None and is_below_threshold(connection, customer, order))


def collective_code(connection: Connection, customer: Customer) -> str:
    """Return the code of the collective account of the customer's country, else of the one for all; "" for none."""
    by_country = connection.collective_by_country.get(customer.country, "").strip()
    return by_country or connection.collective_account.strip()


def collective_codes(connection: Connection) -> set[str]:
    """Return the codes of all collective accounts of a connection."""
    codes = (connection.collective_account, *connection.collective_by_country.values())
    return {code.strip() for code in codes} - {""}


def known_collective_account(connection: Connection, customer: Customer) -> Account | None:
    """Return the collective account as the directory has it; None when it has it not."""
    return directory.by_code(connection.division, collective_code(connection, customer))


def collective_account(connection: Connection, customer: Customer, listed: str, client: ExactClient) -> str:
    """Return Exact's id of the collective account. Raises Hold when it cannot be used, and the client's errors."""
    division = connection.division
    account = known_collective_account(connection, customer)
    if account is None or (account.why_unusable(today(connection)) and not directory.is_fresh(division)):
        directory.pull(division, client)
        account = known_collective_account(connection, customer)
    if account is None:
        raise Hold(Code.COLLECTIVE_ACCOUNT_MISSING, account=collective_code(connection, customer))
    if why := why_not_collective(connection, customer, listed, account):
        raise Hold((why,))
    return account.id


def why_not_collective(connection: Connection, customer: Customer, listed: str, account: Account) -> Problem | None:
    """Return why the collective account cannot take an order; None when it can."""
    number = customer.vat_number
    if unusable := account.why_unusable(today(connection)):
        return unusable
    if listed and account.vat_number != number:
        return problem(Code.COLLECTIVE_WITHOUT_NUMBER, account=account, vat_code=listed, vat_number=number)
    if number and account.vat_number not in {"", number}:
        return problem(Code.ACCOUNT_HAS_OTHER_NUMBER, account=account, theirs=account.vat_number, vat_number=number)
    return None
