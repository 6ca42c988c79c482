"""The contact person of a company's account, who is made once.

CustomerLink says that one is wanted before the POST. After an unclear answer, and after a process that died, the
account's contact persons are read before the POST is repeated, because Exact would make a second one.
"""

from datetime import timedelta

from django.conf import settings

from connector.clients import errors
from connector.clients.exact.accounts import contacts_of, create_contact
from connector.clients.exact.bodies import ContactIn
from connector.clients.exact.client import ExactClient
from connector.clients.wording import marked as _
from connector.domain.customer.names import same_name
from connector.domain.customer.written import WrittenContact
from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.flow.clock import database_now
from connector.flow.customer.account import links
from connector.flow.customer.both_ways import events
from connector.flow.customer.both_ways.events import Kind, Origin
from connector.flow.customer.copies import missing
from connector.flow.hold import refusal, texts
from connector.models import CustomerLink
from connector.problems.catalogue import EXACT


def make_contact(row: CustomerLink, contact: WrittenContact | None, client: ExactClient, *, asked: bool) -> None:
    """Make the contact person that the link wants, if it wants one. `asked`: an earlier try may have made it.

    One that Exact refuses is noted and no more wanted. Raises AccountGone, and the client's errors.
    """
    if row.contact_asked_at is None:
        return
    if contact is None:  # the order has no person any more
        links.write(row, contact_asked_at=None)
        return
    found = _landed(row, contact, client) if asked else ""
    made = found or _create(row, contact, client)
    links.write(row, contact_id=made, contact_asked_at=None)


def _create(row: CustomerLink, contact: WrittenContact, client: ExactClient) -> str:
    """Return the id of a new contact person; "" when Exact refuses it."""
    sent = ContactIn(
        account=row.account_id,
        first_name=contact.first_name,
        last_name=contact.last_name,
        email=contact.email,
        phone=contact.phone,
        language=contact.language,
    )
    try:
        return create_contact(client, sent)
    except errors.OutcomeUnknown as error:
        links.write(row, contact_asked_at=database_now())
        text = _("It is not clear whether Exact made the contact person. Exact is asked first. %(error)s")
        raise errors.unavailable_after(error, text) from None
    except errors.Rejected as error:
        if missing.is_named_by(error):
            missing.raise_if_gone(row.division, row.account_id, client)
        name = f"{contact.first_name} {contact.last_name}"
        why = problem(Code.CONTACT_REFUSED, name=name, **refusal(EXACT, error, texts(sent)))
        events.note(row, Kind.REFUSED, Origin.ORDER, after={"contact_person": name}, problems=to_json((why,)))
        return ""


def _landed(row: CustomerLink, contact: WrittenContact, client: ExactClient) -> str:
    """Return the id of the account's contact person with the name; "" when there is none.

    Raises the client's errors: Unavailable until the settle time is over.
    """
    asked_at = row.contact_asked_at or database_now()
    if database_now() < asked_at + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS):
        raise errors.Unavailable(_("It is not clear yet whether Exact made the contact person. Exact is asked soon."))
    name = f"{contact.first_name} {contact.last_name}"
    found = contacts_of(client, row.account_id)
    return next((each.id for each in found if same_name(f"{each.first_name} {each.last_name}", name)), "")
