"""Makes an account in Exact, at most once.

The intent is committed in CustomerLink before the POST, and after an unclear answer Exact is searched by our SearchCode
before the POST is repeated.
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from connector.clients import errors
from connector.clients.exact.bodies import AccountIn
from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Account as ExactAccount
from connector.clients.wording import marked as _
from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.likeness import Reason
from connector.domain.customer.written import Buyer, WrittenAccount, values_of, written
from connector.domain.document.codes import Code
from connector.domain.document.result import to_json
from connector.flow.clock import database_now
from connector.flow.customer.account import links, ordered
from connector.flow.customer.account.addresses import invoice_mark
from connector.flow.customer.account.beside import holding_nothing
from connector.flow.customer.account.contacts import make_contact
from connector.flow.customer.both_ways import events
from connector.flow.customer.both_ways.events import Kind, Origin
from connector.flow.customer.copies import directory
from connector.flow.hold import Hold, refusal, texts
from connector.models import Connection, CustomerLink
from connector.problems.catalogue import EXACT
from tenants.models import User

# So often Exact is searched for an account that it may have made: when the answer cannot be read, and when none comes.
MOST_UNREADABLE, MOST_WITHOUT_ANSWER = 3, 12
_CERTAIN = 100


def make_account(
    connection: Connection,
    buyer: Buyer,
    key: str,
    client: ExactClient,
    *,
    row: CustomerLink | None,
    origin: str = Origin.ORDER,
    actor: User | None = None,
) -> CustomerLink:
    """Create the account with the SearchCode of `key`, and return its link. `row` is that of an earlier try, or None.

    A company's account gets its contact person. `actor` began the run that makes it. Raises Hold when Exact refuses the
    account, AccountGone when the customer was linked meanwhile, and the client's errors.
    """
    began, customer, text = database_now(), buyer.customer, written(buyer, connection.account_rules)
    made = _landed(row, customer, client) if row and row.sent_at else None
    reason = Reason.SEARCH_CODE
    if row is None or made is None:
        row = _intend(connection, customer, key, row)
        made, reason = _create(row, buyer, text.account, client), Reason.CREATED
    directory.keep(connection.division, [made], began)
    also: dict[str, object] = {
        **ordered.newly_linked(connection, customer, key, buyer.address),
        "addresses": {invoice_mark(buyer.address): ""},  # it is the visiting address
        "linked_at": row.sent_at,  # what was sent is of that time
        "contact_asked_at": row.sent_at if text.contact else None,
    }
    links.keep(row, customer, Account(made.id, made.code, made.name), reason, _CERTAIN, **also)
    problems = to_json([cut.as_problem() for cut in text.cuts])
    after = values_of(text.account, text.contact)
    events.note(row, Kind.CREATED, origin, actor, after=after, problems=problems)
    with holding_nothing(row.pk):
        make_contact(row, text.contact, client, asked=False)
    return row


def _intend(connection: Connection, customer: Customer, key: str, link: CustomerLink | None) -> CustomerLink:
    """Commit the intent to create the account. Raises Unavailable when somebody has just linked the customer."""
    if link is not None:
        links.write(link, sent_at=database_now())
        return link
    row = CustomerLink(store=connection.store, division=connection.division, customer_key=key)
    row.search_code, row.sent_at = customer.search_code(key), database_now()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise errors.Unavailable(_("Somebody has just linked this customer. The account is looked up again.")) from None
    return row


def _create(link: CustomerLink, buyer: Buyer, account: WrittenAccount, client: ExactClient) -> ExactAccount:
    sent = _account_in(link, account)
    try:
        return client.create_account(sent)
    except errors.OutcomeUnknown as error:
        text = _("It is not clear whether Exact made the account. Exact is searched for it first. %(error)s")
        raise errors.unavailable_after(error, text) from None
    except errors.Rejected as error:
        links.write(link, sent_at=None)
        details = refusal(EXACT, error, texts(sent, buyer.address))
        raise Hold(Code.ACCOUNT_REFUSED, name=buyer.customer.name, **details) from None
    except errors.ClientError:
        links.write(link, sent_at=None)  # these classes say that nothing was written
        raise


def _account_in(link: CustomerLink, account: WrittenAccount) -> AccountIn:
    return AccountIn(
        search_code=link.search_code,
        name=account.name,
        email=account.email,
        phone=account.phone,
        language=account.language,
        vat_number=account.vat_number,
        chamber_of_commerce=account.chamber_of_commerce,
        peppol_id=account.peppol_id,
        payment_condition=account.payment_condition,
        vat_code=account.vat_code,
        classification=account.classification,
        address_line1=account.address.address_line1,
        address_line2=account.address.address_line2,
        postcode=account.address.postcode,
        city=account.address.city,
        country=account.address.country,
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
    links.write(link, failed_searches=0 if is_last else tries)
    if is_last:
        details = refusal(EXACT, error, [link.search_code, customer.name])
        named = {"name": customer.name, "search_code": link.search_code, "tries": tries}
        raise Hold(Code.ACCOUNT_SEARCH_GAVE_UP, **named, **details) from None
