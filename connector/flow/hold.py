"""The one exception that holds a document for a person, and what is kept of a vendor's refusal."""

from collections.abc import Iterable
from dataclasses import astuple

from connector.clients.errors import ClientError
from connector.clients.exact.bodies import AccountIn, AddressIn, ContactIn
from connector.domain.document.causes import without
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, most_serious, problem
from connector.domain.document.states import BlockedReason, SkipReason
from connector.domain.order.model import Address
from connector.problems.calls import kept
from connector.problems.catalogue import sentences


class Hold(Exception):
    """This document needs a person: `problems` say why."""

    def __init__(self, why: Code | tuple[Problem, ...], /, **params: object) -> None:
        self.problems = why if isinstance(why, tuple) else (problem(why, **params),)
        super().__init__(self.problems)

    @property
    def reason(self) -> BlockedReason | SkipReason | None:
        """The ledger's reason: that of the most serious problem."""
        return most_serious(self.problems).reason

    def __str__(self) -> str:
        return sentences(self.problems)


def texts(*sent: AccountIn | AddressIn | ContactIn | Address) -> list[str]:
    """Return all texts in what was sent, and in what it was made of."""
    return [value for each in sent for value in astuple(each) if isinstance(value, str)]


def refusal(vendor: str, error: ClientError, sent: Iterable[str]) -> dict[str, object]:
    """Return what a problem keeps of a vendor's answer.

    `sent` are the names, addresses and numbers of the one document. Without them its vendor's text is the same for
    all that are refused for one fault.
    """
    return {
        "vendor": vendor,
        "status": error.status,
        **kept(error),
        "text": error.detail,
        "endpoint": error.endpoint.partition("(")[0],  # of one record as of the list
        "fault": without(error.detail, sent),
    }
