"""A person's action that calls vendors, or changes which account a customer has, holds the division's lease.

So one process at a time writes there. A person waits some seconds at most.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from connector.clients.errors import ClientError
from connector.flow import leases
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.lane import due, wakeup
from connector.flow.outbound.clients import LaneClients
from connector.models import Division
from connector.problems.calls import in_words

# A lane that is at work ends its turn, or its next call, within some seconds.
PATIENCE_SECONDS, LOOK_EVERY = 5.0, 0.25


@contextmanager
def held(division_id: int) -> Iterator[LaneClients]:
    """Hold a division's lease for a person's action.

    Raises NotPossible when the division is busy, or a vendor does not answer.
    """
    lease = _lease(division_id)
    try:
        division = Division.objects.select_related("grant__tenant").get(pk=division_id)
        yield LaneClients(division, lease)
    except leases.LeaseLost:
        raise _busy() from None
    except ClientError as error:
        raise NotPossible(in_words(error)) from None
    finally:
        leases.release(lease)
        if due.has_work(division_id, database_now()):  # it came meanwhile, and found the lease taken
            wakeup.hand_back(division_id)


def _lease(division_id: int) -> leases.Lease:
    until = time.monotonic() + PATIENCE_SECONDS
    while (lease := leases.acquire(Division, division_id)) is None:
        if time.monotonic() >= until:
            raise _busy()
        time.sleep(LOOK_EVERY)
    return lease


def _busy() -> NotPossible:
    return NotPossible(_("The connector is at work in this division. Try again in a moment."))
