"""Takes accounts that were deleted in Exact out of the directory: the list of changes does not name them.

Exact lists what was deleted in the last two months, of every kind, by a timestamp of its own. The customers of such an
account are matched again when they next need one.
"""

from collections.abc import Callable, Iterator
from itertools import islice

import structlog

from connector.clients.exact import accounts
from connector.clients.exact.accounts import Deleted
from connector.clients.exact.client import ExactClient
from connector.flow.customer.copies import missing
from connector.models import CustomerLink, DirectoryAccount, Division

log = structlog.get_logger(__name__)

BATCH = 1000


def take_out(division: Division, client: ExactClient, tell: Callable[[int], object] = lambda count: None) -> int:
    """Forget every account that was deleted since this was last done. Return how many were known.

    It belongs after `directory.pull`, in a run: an order does not need it. `tell` gets how many were forgotten, after
    each: one may cost two calls. What `tell` raises ends it. What was interrupted goes on with the batch that it was
    at. Raises the client's errors.
    """
    count = 0
    records = accounts.deleted_since(client, division.deleted_timestamp)
    while batch := list(islice(records, BATCH)):
        for _account in _forget(division, batch, client):
            count += 1
            tell(count)
        division.deleted_timestamp = max(division.deleted_timestamp, *(record.timestamp for record in batch))
        division.save(update_fields=["deleted_timestamp"])
    if count:
        log.info("deleted_accounts_forgotten", division=division.code, accounts=count)
    return count


def _forget(division: Division, batch: list[Deleted], client: ExactClient) -> Iterator[str]:
    ids = {spelling for record in batch if record.account_id for spelling in _spellings(record.account_id)}
    known = {
        *DirectoryAccount.objects.filter(division=division, account_id__in=ids).values_list("account_id", flat=True),
        *CustomerLink.objects.filter(division=division, account_id__in=ids).values_list("account_id", flat=True),
    }
    for account_id in sorted(known):
        missing.forget(division, account_id, client)
        yield account_id


def _spellings(account_id: str) -> tuple[str, str]:
    """An id as it came, and in lower case, as Exact commonly writes ids."""
    return account_id, account_id.lower()
