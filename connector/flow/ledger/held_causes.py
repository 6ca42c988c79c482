"""The cause that several held documents share, by which pages, mails and bulk re-posts group them."""

from connector.domain.document.causes import cause_of
from connector.models import OrderSync

NEEDED = ("division_id", "reason", "message", "code", "params", "problems")
"""The fields of a document that name its cause."""


def key_of(document: OrderSync) -> str:
    """Return what documents that are held by the same cause have in common.

    Documents that were held before there were codes have only the reason: one canary shows what is in the way now.
    """
    return f"{document.division_id}|{document.reason}|{cause_of(document.causes)}"
