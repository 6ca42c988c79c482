"""What both sides changed, until a person decides or both agree again."""

from connector.domain.choices import FieldGroup
from connector.domain.customer.in_step import Step
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import events
from connector.flow.customer.both_ways.events import Kind
from connector.flow.customer.both_ways.pairs import Pair
from connector.models import CustomerConflict


def keep(pair: Pair, origin: str) -> None:
    """Open the conflicts of a comparison, and close those that are none any more."""
    for group, made in pair.moves.items():
        known = pair.conflicts.get(group)
        if made.step == Step.CONFLICT:
            _open(pair, group, known, origin)
        elif known is not None and group not in pair.stays:
            known.decided_at = database_now()
            known.save(update_fields=["decided_at"])


def _open(pair: Pair, group: FieldGroup, known: CustomerConflict | None, origin: str) -> None:
    store, exact = dict(pair.store.of(group)), dict(pair.exact.of(group))
    if known is not None:
        if (known.store_values, known.exact_values) != (store, exact):
            known.store_values, known.exact_values = store, exact
            known.save(update_fields=["store_values", "exact_values"])
        return
    pair.conflicts[group] = CustomerConflict.objects.create(
        link=pair.link, group=group, store_values=store, exact_values=exact
    )
    events.note(pair.link, Kind.CONFLICT, origin, group=group, before=store, after=exact)
