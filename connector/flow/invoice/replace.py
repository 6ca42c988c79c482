"""Replaces the open invoice of a re-posted document whose draft has changed.

An invoice is deleted only while it is open and has our reference. It counts as deleted only when Exact does not have
it any more. A person decides about everything else.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext_noop

from connector.clients import errors
from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Invoice
from connector.domain.choices import DocumentForm
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, as_param, problem
from connector.domain.document.states import State, Step
from connector.domain.invoice.draft import CREDIT_NOTE, CREDIT_OF, TYPE_OF
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.invoice import exact_document
from connector.flow.ledger import transitions, unclear
from connector.models import OrderSync
from connector.models.kept_words import english

FORGOTTEN: Mapping[str, Any] = {
    "exact_id": "",
    "exact_number": "",
    "exact_data": None,
    "replace_requested": False,
    "step": Step.CREATE,
}


def forget(document: OrderSync) -> None:
    """Remove an invoice that Exact does not have any more from the ledger, so that another one is created."""
    transitions.note(
        document,
        english("%(Document)s is not in Exact any more.") % {"Document": document.said_title},
        data=kept(document),
        **FORGOTTEN,
    )


def delete(document: OrderSync, invoice: Invoice, client: ExactClient, *, without_rate: bool = False) -> None:
    """Delete the open invoice, check that it is gone, and let the document be created again.

    `without_rate`: it was made when Exact had no exchange rate; otherwise the order or the rules have changed since.
    Raises Hold when the invoice may not be deleted, and the client's errors.
    """
    _check_deletable(document, invoice)
    text = (
        english("About to delete %(document)s, which is open: it was made when Exact had no exchange rate.")
        if without_rate
        else english("About to delete %(document)s, which is open: the order or the rules changed since it was made.")
    ) % {"document": document.said_title}
    transitions.move(document, State.POSTING, text, step=Step.PRINT, sent_at=database_now(), not_found_count=0)
    _delete(document, client)
    _go_on_without(document)


def withdraw(document: OrderSync, invoice: Invoice, client: ExactClient) -> None:
    """Delete the open invoice that differs from the draft, and check that it is gone. The state does not change.

    The document is marked before the call. After an unclear answer the mark makes the next turn check the deletion
    instead of printing. Raises Hold when the invoice may not be deleted, and the client's errors.
    """
    _check_deletable(document, invoice)
    transitions.note(
        document,
        english("About to delete %(document)s, which differs from the draft.") % {"document": document.said_title},
        replace_requested=True,
    )
    _delete(document, client)
    transitions.note(
        document, english("Deleted %(document)s.") % {"document": document.said_title}, data=kept(document), **FORGOTTEN
    )


def delete_unwanted(document: OrderSync, invoice: Invoice, client: ExactClient) -> None:
    """Delete the open invoice that a person does not want, and check that it is gone. The state does not change.

    Raises Hold when the invoice may not be deleted, and the client's errors.
    """
    _check_deletable(document, invoice)
    text = english("About to delete %(document)s, as a person decided.") % {"document": document.said_title}
    transitions.note(document, text)
    _delete(document, client)


def resolve(document: OrderSync, client: ExactClient) -> None:
    """Check an unclear deletion. An invoice that is still there is tried again.

    Raises the client's errors, and Hold when its deletion was refused twice with the same text or tried three times.
    """
    if exact_document.read(document, client) is None:
        _go_on_without(document)
    else:
        unclear.raise_if_not_to_be_sent(document)
        not_deleted = problem(Code.NOT_DELETED, **exact_document.in_exact(document))
        transitions.move(document, State.WAITING, (not_deleted,))


def no_longer_due(document: OrderSync, why: Problem) -> Hold:
    """Return the hold of an order for which no invoice is due any more while Exact has one."""
    return Hold(Code.NO_LONGER_DUE, why=as_param(why), **exact_document.in_exact(document))


def _delete(document: OrderSync, client: ExactClient) -> None:
    with suppress(errors.NotFound):  # a person deleted it before
        client.delete_invoice(document.exact_id)
    if exact_document.read(document, client) is not None:
        raise errors.OutcomeUnknown(gettext_noop("Exact answered that the invoice is deleted, and still shows it."))


def _check_deletable(document: OrderSync, invoice: Invoice) -> None:
    if invoice.is_final:
        raise Hold(Code.FINAL_AND_CHANGED, **exact_document.in_exact(document))
    invoiced = TYPE_OF[DocumentForm(document.form)]
    wanted = {CREDIT_OF[invoiced], CREDIT_NOTE} if document.is_credit else {invoiced}
    if invoice.type not in wanted or invoice.your_ref.casefold() != document.reference.casefold():
        raise Hold(
            Code.FOREIGN_REFERENCE,
            found=invoice.your_ref,
            reference=document.reference,
            **exact_document.in_exact(document),
        )


def _go_on_without(document: OrderSync) -> None:
    deleted = problem(Code.DELETED, **exact_document.in_exact(document))
    transitions.move(document, State.WAITING, (deleted,), data=kept(document), **FORGOTTEN)


def kept(document: OrderSync) -> dict[str, str]:
    """Return what the history keeps of the invoice that leaves the row."""
    return {"exact_id": document.exact_id, "exact_number": document.exact_number}
