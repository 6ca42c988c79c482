"""Tries again what one cause holds, when a person has put it right in Exact or in the store."""

from django.utils.translation import gettext as _

from connector.clients.errors import ClientError
from connector.domain.document.states import LONGEST_REASON, State
from connector.flow.actions import bulk_repost
from connector.flow.actions.transaction import NotPossible
from connector.flow.invoice import booking_date
from connector.flow.ledger import held_causes
from connector.flow.order.master_rows import read_again
from connector.flow.outbound import clients
from connector.models import BulkRun, MasterData, OrderSync
from connector.problems.calls import in_words
from connector.problems.references import of_problem
from connector.problems.titles import title
from tenants.models import User

MOST = 1000  # documents that are looked at


def same_cause(document: OrderSync) -> list[int]:
    """Return the keys of the held documents of the connection that have this document's cause, it included."""
    rows = OrderSync.objects.filter(connection=document.connection_id, state=State.BLOCKED).order_by("pk")
    wanted = held_causes.key_of(document)
    return [row.pk for row in rows.only(*held_causes.NEEDED)[:MOST] if held_causes.key_of(row) == wanted]


def try_again(document: OrderSync, actor: User | None) -> BulkRun:
    """Read again from Exact what the cause of a held document names, then re-post all that it holds, one first.

    Raises NotPossible when Exact does not answer, or the document is not held any more.
    """
    keys = same_cause(document) if document.state == State.BLOCKED else []
    if keys:
        _read_again(document)
    reason = _("Put right: %(cause)s") % {"cause": title(document.code, document.params, document.reason)}
    tenant = document.connection.store.tenant
    return bulk_repost.start(tenant, OrderSync.objects.filter(pk__in=keys), actor, reason[:LONGEST_REASON])


def _read_again(document: OrderSync) -> None:
    named = {each for problem in document.causes for each in of_problem(problem)}
    kinds = {kind for kind, _code in named}
    if not kinds & set(MasterData.Kind.values):
        return
    division = document.connection.division
    items = {code for kind, code in named if kind == MasterData.Kind.ITEM and code}
    try:
        read_again(division, clients.exact_client(division.grant, division.code), kinds, items=items)
    except ClientError as error:
        raise NotPossible(_("The master data could not be read. %(error)s") % {"error": in_words(error)}) from None
    if MasterData.Kind.PERIOD in kinds:
        booking_date.reopen(division)
