"""The form of document that a connection never used: when Exact refuses to list it, a run goes on without it.

A copy by hand may have either form, so both are asked for. What a connection used, or may use, must be listed.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from connector.clients.errors import EndpointClosed, Forbidden
from connector.domain.choices import DocumentForm, DocumentKind
from connector.flow.reconcile.notes import Notes
from connector.models import Connection, OrderSync
from connector.models.document_words import FORM_NAMES

T = TypeVar("T")


def unless_refused(connection: Connection, notes: Notes, form: str, ask: Callable[[], T], nothing: T) -> T:
    """Return what Exact answers; `nothing` when it refuses a form that the connection never used, which is noted.

    A refused form is not asked for again by the run. Raises ClientError.
    """
    if form in notes.refused:
        return nothing
    try:
        return ask()
    except (Forbidden, EndpointClosed):
        if _is_used(connection, form):
            raise
    notes.refused.append(form)
    return nothing


def in_words(figures: Mapping[str, Any]) -> str:
    """Return what a person reads of what was not looked at, by a run's figures; "" when all was."""
    return " ".join(filter(None, (_refused(figures), _by_reference(figures))))


def _by_reference(figures: Mapping[str, Any]) -> str:
    if not figures.get("by_reference"):
        return ""
    return _(
        "So much was changed in the division that changes were looked for by our reference alone. Of a document with "
        "another one a change is found when its month is compared."
    )


def _refused(figures: Mapping[str, Any]) -> str:
    names = ", ".join(str(FORM_NAMES[DocumentForm(form)]) for form in figures.get("refused", ()))
    if not names:
        return ""
    text = _("%(form)s: Exact refuses to list them. The connection never made one; a copy by hand would not be found.")
    return text % {"form": names}


def _is_used(connection: Connection, form: str) -> bool:
    """Whether the connection makes documents that are listed so, or has one in Exact. A receipt has no form."""
    entries = form == DocumentForm.SALES_ENTRY  # Exact lists direct invoices among the sales invoices
    of_form = Q(form=DocumentForm.SALES_ENTRY) if entries else ~Q(form=DocumentForm.SALES_ENTRY)
    made = OrderSync.objects.filter(of_form, connection=connection).exclude(kind=DocumentKind.RECEIPT)
    makes = (connection.document == DocumentForm.SALES_ENTRY) is entries
    return makes or made.exclude(exact_id="").exists()
