"""Finds the customer's account: linked before, else matched in the division's directory, else created.

Which account it is decides `domain/customer/ladder.py`. An account is created at most once. The intent is committed in
CustomerLink before the POST, and after an unclear answer Exact is searched by our SearchCode before the POST is
repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from connector.clients import errors
from connector.clients.exact.bodies import AccountIn
from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Account as ExactAccount
from connector.clients.wording import marked as _
from connector.domain.choices import CompleteVat, CustomerStrategy
from connector.domain.customer.account import UNUSABLE, Account
from connector.domain.customer.customer import Customer, customer_of
from connector.domain.customer.ladder import Create, Found, Ladder, Link
from connector.domain.customer.names import fitting
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.order.model import Address, Order
from connector.flow.clock import database_now
from connector.flow.customer import again, directory, missing
from connector.flow.customer.delivery import delivery_address
from connector.flow.hold import Hold, refusal, texts
from connector.models import Connection, CustomerLink
from connector.problems.catalogue import EXACT

# So often Exact is searched for an account that it may have made: when the answer cannot be read, and when none comes.
MOST_UNREADABLE, MOST_WITHOUT_ANSWER = 3, 12


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
    if uses_collective_account(connection, customer):
        return Party(_collective_account(connection, customer, listed, client), "")
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
    if uses_collective_account(connection, customer):
        _collective_account(connection, customer, listed, client)
    elif nobody := customer.why_nobody():
        raise Hold((nobody,))
    else:
        _found_or_to_make(connection, customer, _links(connection, customer), client)


def known_account(connection: Connection, order: Order) -> Account | None:
    """Return the account that the order goes to, as far as the ledger and the directory tell; None when they do not."""
    customer = customer_for(connection, order)
    if not customer.key:
        return None
    choice, _all_known = _choose(connection, customer, _links(connection, customer))
    return choice.account if isinstance(choice, Found) else None


def why_no_account(connection: Connection, order: Order, *, listed: str = "") -> Problem | None:
    """Return why no account would take the order, as far as the settings, the ledger and the directory tell.

    None also means that only Exact can tell. `listed` is a VAT code of the document that is for the EU sales list.
    """
    customer = customer_for(connection, order)
    if uses_collective_account(connection, customer):
        account = directory.by_code(connection.division, connection.collective_account)
        return _why_not_collective(connection, customer, listed, account) if account else None
    if nobody := customer.why_nobody():
        return nobody
    choice, all_known = _choose(connection, customer, _links(connection, customer))
    if isinstance(choice, Create) and strategy_for(connection, customer) == CustomerStrategy.MATCH:
        return _not_found(customer, choice) if connection.division.accounts_timestamp else None
    return choice if isinstance(choice, Problem) and all_known else None


def customer_for(connection: Connection, order: Order) -> Customer:
    """Return who an order is for, under the connection's settings."""
    return customer_of(order, connection.store.prefix, connection.vat_number_fields, connection.placeholder_emails)


def strategy_for(connection: Connection, customer: Customer) -> CustomerStrategy:
    """Return how the customer's account is found."""
    return CustomerStrategy(connection.customer_strategy if customer.registered else connection.guest_strategy)


def uses_collective_account(connection: Connection, customer: Customer) -> bool:
    """Whether the order goes to the collective account: by its strategy, or because it has no customer of its own."""
    if strategy_for(connection, customer) == CustomerStrategy.COLLECTIVE:
        return True
    return not customer.key and not customer.redacted and bool(connection.collective_account)


def _collective_account(connection: Connection, customer: Customer, listed: str, client: ExactClient) -> str:
    """Return Exact's id of the collective account. Raises Hold when it cannot be used, and the client's errors."""
    division, code = connection.division, connection.collective_account
    account = directory.by_code(division, code)
    if account is None or (account.why_unusable(_today(connection)) and not directory.is_fresh(division)):
        directory.pull(division, client)
        account = directory.by_code(division, code)
    if account is None:
        raise Hold(Code.COLLECTIVE_ACCOUNT_MISSING, account=code)
    if why := _why_not_collective(connection, customer, listed, account):
        raise Hold((why,))
    return account.id


def _why_not_collective(connection: Connection, customer: Customer, listed: str, account: Account) -> Problem | None:
    """Return why the collective account cannot take an order; None when it can."""
    number = customer.vat_number
    if unusable := account.why_unusable(_today(connection)):
        return unusable
    if listed and account.vat_number != number:
        return problem(Code.COLLECTIVE_WITHOUT_NUMBER, account=account, vat_code=listed, vat_number=number)
    if number and account.vat_number not in {"", number}:
        return problem(Code.ACCOUNT_HAS_OTHER_NUMBER, account=account, theirs=account.vat_number, vat_number=number)
    return None


def _own_account(
    connection: Connection, customer: Customer, order: Order, client: ExactClient, delivered: bool
) -> Party:
    """Return the customer's own account. Raises AccountGone, Hold and the client's errors."""
    link = _linked(connection, customer, order, client)
    return Party(link.account_id, delivery_address(link, order, client) if delivered else "")


def _linked(connection: Connection, customer: Customer, order: Order, client: ExactClient) -> CustomerLink:
    """Return the link to the customer's account. Raises Hold when a person must decide, and the client's errors."""
    rows = _rows(connection, customer)
    again.take_up(rows, order, client)
    links = [row for row in rows if row.account_id]
    choice = _found_or_to_make(connection, customer, links, client)
    if isinstance(choice, Create):
        begun = next((row for row in rows if row.customer_key == choice.key), None)
        return _make(connection, customer, choice, order, client, link=begun)
    if choice.give_number:
        _give_number(connection, customer, choice.account, client)
    known = next((link for link in links if link.customer_key == choice.key), None)
    link = _keep_link(known or _link_under(connection, customer, choice.key), customer, choice.account, choice.by)
    if choice.give_number and customer.name:  # a consumer's account is the company's from now on
        _set(link, name=customer.name[:200])
    return link


def _found_or_to_make(
    connection: Connection, customer: Customer, links: Sequence[CustomerLink], client: ExactClient
) -> Found | Create:
    """Return the account, or how it is to be made. Raises Hold when a person must decide, and the client's errors.

    An account that takes no document, as far as the copy tells, holds the order without a call while the copy is
    fresh. In every other doubt the accounts are read: only Exact knows whether somebody made or corrected one since.
    """
    choice, all_known = _choose(connection, customer, links)
    if not all_known or _is_doubtful(connection, choice, links):
        directory.pull(connection.division, client)
        choice, _all_known = _choose(connection, customer, links)
    if isinstance(choice, Problem):
        raise Hold((choice,))
    if isinstance(choice, Create) and strategy_for(connection, customer) == CustomerStrategy.MATCH:
        raise Hold((_not_found(customer, choice),))
    return choice


def _not_found(customer: Customer, choice: Create) -> Problem:
    return problem(Code.CUSTOMER_NOT_FOUND, search_code=customer.search_code(choice.key), name=customer.name)


def _is_doubtful(connection: Connection, choice: Found | Create | Problem, links: Sequence[CustomerLink]) -> bool:
    """Whether somebody may have made or corrected the account in Exact since the accounts were read."""
    if isinstance(choice, Problem) and choice.code in UNUSABLE:
        return not directory.is_fresh(connection.division)
    unproven = [link.account_id for link in links if not _name_of(link)]
    return not isinstance(choice, Found) or choice.give_number or choice.account.id in unproven


def _links(connection: Connection, customer: Customer) -> Sequence[CustomerLink]:
    """The links of the customer's keys that lead to an account."""
    return [row for row in _rows(connection, customer) if row.account_id]


def _rows(connection: Connection, customer: Customer) -> Sequence[CustomerLink]:
    """The rows of the customer's keys: links, and those for which an account may have been asked for."""
    found = CustomerLink.objects.filter(
        store=connection.store, division=connection.division, customer_key__in=customer.keys
    )
    rows = list(found)
    for row in rows:
        row.store, row.division = connection.store, connection.division  # not to be loaded again
    return rows


def _choose(
    connection: Connection, customer: Customer, links: Sequence[CustomerLink]
) -> tuple[Found | Create | Problem, bool]:
    """Return the decision, and whether the directory has every account that is linked."""
    accounts = directory.candidates(connection.division, customer, [link.account_id for link in links])
    known = {account.id for account in accounts}
    unknown = [link for link in links if link.account_id not in known]
    ladder = Ladder(
        customer,
        [*accounts, *(Account(link.account_id, link.account_code, link.account_name) for link in unknown)],
        [Link(link.customer_key, link.account_id, _name_of(link)) for link in links],
        CompleteVat(connection.complete_vat),
        _today(connection),
    )
    return ladder.choose(), not unknown


def _name_of(link: CustomerLink) -> str:
    """The customer's name when the account was linked. An account that we made had it too."""
    return link.name or (link.account_name if link.matched_by == "created" else "")


def _today(connection: Connection) -> date:
    return database_now().astimezone(ZoneInfo(connection.store.timezone)).date()


def _link_under(connection: Connection, customer: Customer, key: str) -> CustomerLink:
    link, _made = CustomerLink.objects.get_or_create(
        store=connection.store,
        division=connection.division,
        customer_key=key,
        defaults={"search_code": customer.search_code(key)},
    )
    return link


def _give_number(connection: Connection, customer: Customer, account: Account, client: ExactClient) -> None:
    """Enter the order's VAT number in Exact.

    Raises AccountGone, Hold when Exact refuses it, and the client's errors: Unavailable after an unclear answer.
    """
    number = customer.vat_number
    missing.raise_if_gone(connection.division, account.id, client)
    try:
        client.give_vat_number(account.id, number)
    except errors.OutcomeUnknown as error:
        # This may be repeated: the account is read again first.
        text = _("It is not clear whether Exact has the account's VAT number. %(error)s")
        raise errors.unavailable_after(error, text) from None
    except errors.Rejected as error:
        details = refusal(EXACT, error, [number, account.name])
        raise Hold(Code.VAT_NUMBER_REFUSED, account=account, vat_number=number, **details) from None
    directory.keep_vat_number(connection.division, account.id, number)


def _make(
    connection: Connection,
    customer: Customer,
    choice: Create,
    order: Order,
    client: ExactClient,
    *,
    link: CustomerLink | None,
) -> CustomerLink:
    """Create the account, at most once. `link` is the row of an earlier try, if there is one.

    Raises Hold when Exact refuses it, and the client's errors.
    """
    made, by = (_landed(link, customer, client), "search code") if link and link.sent_at else (None, "")
    if link is None or made is None:
        link = _intend(connection, customer, choice.key, link)
        made, by = _create(link, customer, order.billing, client), "created"
    directory.keep(connection.division, [made])
    return _keep_link(link, customer, Account(made.id, made.code, made.name), by)


def _intend(connection: Connection, customer: Customer, key: str, link: CustomerLink | None) -> CustomerLink:
    """Commit the intent to create the account. Raises Unavailable when somebody has just linked the customer."""
    if link is not None:
        _set(link, sent_at=database_now())
        return link
    row = CustomerLink(store=connection.store, division=connection.division, customer_key=key)
    row.search_code, row.sent_at = customer.search_code(key), database_now()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise errors.Unavailable(_("Somebody has just linked this customer. The account is looked up again.")) from None
    return row


def _create(link: CustomerLink, customer: Customer, billing: Address, client: ExactClient) -> ExactAccount:
    sent = _account_in(link, customer, billing)
    try:
        return client.create_account(sent)
    except errors.OutcomeUnknown as error:
        text = _("It is not clear whether Exact made the account. Exact is searched for it first. %(error)s")
        raise errors.unavailable_after(error, text) from None
    except errors.Rejected as error:
        _set(link, sent_at=None)
        details = refusal(EXACT, error, texts(sent, billing))
        raise Hold(Code.ACCOUNT_REFUSED, name=customer.name, **details) from None
    except errors.ClientError:
        _set(link, sent_at=None)  # these classes say that nothing was written
        raise


def _account_in(link: CustomerLink, customer: Customer, billing: Address) -> AccountIn:
    return AccountIn(
        name=fitting(customer.name),
        search_code=link.search_code,
        email=customer.email,
        phone=billing.phone,
        vat_number=customer.vat_number,
        address_line1=billing.street_1,
        address_line2=billing.street_2,
        postcode=billing.postcode,
        city=billing.city,
        country=billing.country,
    )


def _landed(link: CustomerLink, customer: Customer, client: ExactClient) -> ExactAccount | None:
    """Search Exact for the account after an unclear POST; None when it was not made.

    Raises Hold when several are found or the search failed too often, and the client's errors: Unavailable until the
    settle time is over.
    """
    settled = (link.sent_at or database_now()) + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS)
    if database_now() < settled:
        text = _("It is not clear yet whether Exact made the account. Exact is searched for it soon.")
        raise errors.Unavailable(text)
    try:
        found = client.accounts_by_search_code(link.search_code)
    except (errors.UnexpectedResponse, errors.Unavailable) as error:
        _raise_if_failed_too_often(link, customer, error)
        raise
    if len(found) > 1:
        raise Hold(Code.ACCOUNTS_OF_ONE_SEARCH_CODE, amount=len(found), search_code=link.search_code)
    return next(iter(found), None)


def _raise_if_failed_too_often(
    link: CustomerLink, customer: Customer, error: errors.UnexpectedResponse | errors.Unavailable
) -> None:
    """Count a search that failed. Raises Hold at the last one; a person's re-post searches as often again."""
    tries = link.failed_searches + 1
    is_last = tries >= (MOST_UNREADABLE if isinstance(error, errors.UnexpectedResponse) else MOST_WITHOUT_ANSWER)
    _set(link, failed_searches=0 if is_last else tries)
    if is_last:
        details = refusal(EXACT, error, [link.search_code, customer.name])
        named = {"name": customer.name, "search_code": link.search_code, "tries": tries}
        raise Hold(Code.ACCOUNT_SEARCH_GAVE_UP, **named, **details) from None


def _keep_link(link: CustomerLink, customer: Customer, account: Account, by: str) -> CustomerLink:
    """Write the link when it leads to another account than before, or when the customer's name was not kept."""
    if link.account_id != account.id:
        kept = {"account_id": account.id, "account_code": account.code, "account_name": account.name[:200]}
        _set(link, **kept, matched_by=by, name=customer.name[:200], addresses={}, sent_at=None, failed_searches=0)
    elif not link.name:
        _set(link, name=customer.name[:200])
    return link


def _set(link: CustomerLink, **fields: object) -> None:
    for name, value in fields.items():
        setattr(link, name, value)
    link.save(update_fields=list(fields))
