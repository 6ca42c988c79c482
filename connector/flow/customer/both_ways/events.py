"""The history of a customer. A write's line is there before the call, so that what is overwritten is never lost."""

from collections.abc import Iterable, Sequence
from typing import Any

from connector.domain.choices import FieldGroup
from connector.domain.customer.details import Values
from connector.domain.customer.written import cuts_of_change
from connector.domain.document.result import Problem, to_json
from connector.flow.customer.both_ways.pairs import Pair
from connector.models import CustomerEvent, CustomerLink
from tenants.models import User

Kind, Origin = CustomerEvent.Kind, CustomerEvent.Origin


def note(
    link: CustomerLink, kind: str, origin: str, actor: User | None = None, *, save: bool = True, **values: Any
) -> CustomerEvent:
    """Add a line to the history of a link's customer."""
    event = CustomerEvent(
        tenant_id=link.store.tenant_id,
        store_id=link.store_id,
        division_id=link.division_id,
        customer_key=link.customer_key,
        kind=kind,
        origin=origin,
        actor=actor,
        **{"account_id": link.account_id, **values},
    )
    if save:
        event.save(force_insert=True)
    return event


def begin(
    pairs: Iterable[tuple[Pair, FieldGroup, Values]], kind: str, origin: str, actor: User | None
) -> list[CustomerEvent]:
    """Add the lines of a write that is about to be sent: what the side has, and what it gets, group by group."""
    written = [
        note(
            pair.link,
            kind,
            origin,
            actor,
            save=False,
            group=group,
            before=dict(before),
            after=dict(pair.moves[group].values),
            problems=_cuts(pair, group) if kind == Kind.TO_EXACT else [],
        )
        for pair, group, before in pairs
    ]
    return CustomerEvent.objects.bulk_create(written)


def _cuts(pair: Pair, group: FieldGroup) -> list[dict[str, Any]]:
    """What Exact gets shorter than the store has it, or not at all, as the history keeps it."""
    return to_json([cut.as_problem() for cut in cuts_of_change(pair.moves[group].values, pair.store)])


def refuse(events: Sequence[CustomerEvent], why: Problem) -> None:
    """Say that a write was refused: the side has what it had before. What was cut stays in its line."""
    for event in events:
        event.kind = Kind.REFUSED
    _add(events, why, "kind")


def leave_open(events: Sequence[CustomerEvent], why: Problem) -> None:
    """Say that it is not clear whether a write was done."""
    _add(events, why)


def take_back(events: Sequence[CustomerEvent]) -> None:
    """Remove the lines of a write that was certainly not sent."""
    _of(events).delete()


def _add(events: Sequence[CustomerEvent], why: Problem, *also: str) -> None:
    for event in events:
        event.problems = [*event.problems, *to_json((why,))]
    CustomerEvent.objects.bulk_update(events, ["problems", *also])


def _of(events: Sequence[CustomerEvent]) -> Any:
    return CustomerEvent.objects.filter(pk__in=[event.pk for event in events])
