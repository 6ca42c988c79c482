"""Has a worker propose a mapping, and keeps the proposal for the page that shows it.

It is kept in the cache for a day: nothing decides by it, and it can be made once more. A proposal that was asked for
and did not come is asked for again by the page.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from django.core.cache import cache

from connector.clients import errors
from connector.domain.rules.propose.proposal import Candidate, Confidence, Proposal, Reason, Why
from connector.flow import stopping
from connector.flow.clock import database_now
from connector.flow.isolate import isolate
from connector.flow.lane import wakeup
from connector.flow.setup import progress
from connector.flow.setup.proposals.propose import Proposed, propose
from connector.flow.setup.provision.schema import Unfit
from connector.models import Division, Store
from connector.problems.calls import kept, kept_fault, kept_in_words, kept_sentence
from tenants.unreadable import UnreadableSecret

DAYS_OF_ORDERS = 90
KEPT_FOR = timedelta(days=1)
# After so long without an answer the worker has died, or its wake-up was lost.
PATIENCE = timedelta(minutes=5)


def ask(store: Store, division: Division) -> None:
    """Have a worker propose, in the caller's transaction, unless one was asked a short time ago."""
    if cache.add(_key(store, division), {"asked": True}, PATIENCE.total_seconds()):
        wakeup.wake_proposal(division.pk)


def ask_again(store: Store, division: Division) -> None:
    """Forget the proposal, and have a worker make it once more."""
    cache.delete(_key(store, division))
    ask(store, division)


def make(division_id: int) -> None:
    """Propose the mapping of a division and the store of its organisation, unless nobody waits for it.

    Raises Stopped when it goes on in another process.
    """
    division = Division.objects.select_related("grant__tenant").filter(pk=division_id).first()
    if division is None:
        return
    found = progress.read(division.grant.tenant).store
    if found is None or "asked" not in cache.get(_key(found, division), {}):
        return
    store = Store.objects.select_related("tenant").get(pk=found.pk)
    keep = partial(_keep, store, division)
    isolate(
        lambda: keep(_answer(store, division)),
        "proposal_failed",
        show=lambda error: keep({"problem": kept_fault(error)}),
        division=division.code,
    )
    stopping.raise_if_asked()


def _answer(store: Store, division: Division) -> dict[str, Any]:
    """Return the proposal as it is kept, or why there is none; nothing when a stop came between."""
    try:
        return _as_json(propose(store, division, days=DAYS_OF_ORDERS, tell=_nobody))
    except stopping.Stopped:
        return {}
    except (errors.ClientError, UnreadableSecret) as error:
        return {"problem": kept(error)}
    except Unfit as error:
        return {"problem": kept_sentence(error.words, error.given, error.behind)}


def _keep(store: Store, division: Division, answer: dict[str, Any]) -> None:
    if answer:
        kept_at = {"at": database_now().isoformat()}
        cache.set(_key(store, division), {**answer, **kept_at}, KEPT_FOR.total_seconds())


def made(store: Store, division: Division) -> Proposed | None:
    """Return the proposal; None when there is none yet."""
    found = cache.get(_key(store, division), {})
    return Proposed(found["connection"], tuple(map(_from_json, found["proposals"]))) if "connection" in found else None


def problem(store: Store, division: Division) -> str:
    """Return why nothing could be proposed; "" while that is not known."""
    found = cache.get(_key(store, division), {})
    return kept_in_words(found["problem"]) if "problem" in found else ""


def _key(store: Store, division: Division) -> str:
    return f"proposal:{store.pk}:{division.pk}"


def _as_json(found: Proposed) -> dict[str, Any]:
    return {
        "connection": found.connection,
        "proposals": [
            {
                "key": each.key,
                "value": each.value,
                "why": each.reason.why.value,
                "params": dict(each.reason.params),
                "confidence": each.confidence.value,
                "others": [(other.code, other.name) for other in each.alternatives],
            }
            for each in found.proposals
        ],
    }


def _from_json(row: dict[str, Any]) -> Proposal:
    others = tuple(Candidate(code, name) for code, name in row["others"])
    reason = Reason(Why(row["why"]), row["params"])
    return Proposal(row["key"], row["value"], reason, Confidence(row["confidence"]), others)


def _nobody(line: str) -> None:
    """Tell nobody: the page says only that a worker is at it."""
