"""What a person says of an order that may have been typed into Exact by hand: it is this document, or it is none."""

from django.utils.translation import gettext as _

from connector.flow.actions.documents import re_post
from connector.flow.actions.link import link_by_id
from connector.flow.actions.transaction import NotPossible
from connector.models import BackfillOrder, OrderSync
from tenants.models import User


def it_is(row: BackfillOrder, exact_id: str, actor: User | None, reason: str) -> None:
    """Link the order's document to one of those that it may be. Raises NotPossible, as `link` does."""
    document = _document(row)
    if exact_id not in {key for key, _sign in row.found}:
        raise NotPossible(_("This is none of the documents that the order may be. Link it by its number instead."))
    read = row.run.documents_read.filter(exact_id=exact_id).first()
    link_by_id(document, exact_id, actor, reason, is_entry=read is not None and read.is_entry)


def it_is_not(row: BackfillOrder, actor: User | None, reason: str) -> None:
    """Post the order, after live ones: Exact does not have it. Raises NotPossible."""
    re_post(_document(row), actor, reason, low_priority=True)


def _document(row: BackfillOrder) -> OrderSync:
    if row.document is None or row.outcome != BackfillOrder.Outcome.LIKELY:
        raise NotPossible(_("There is nothing to decide about this order."))
    return row.document
