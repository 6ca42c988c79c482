"""Goods that Exact refuses to take from a warehouse where they are not.

Nothing is read before the first refusal. Then what lies there is read once for all orders of a turn that take the same
items, and none of them is sent while it is too little: Exact counts each refusal, a look costs only a call. A held
document is looked at again the next day. It is sent once more by itself; after the second refusal a person decides.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from connector.clients.errors import ClientError, Rejected
from connector.clients.exact.client import ExactClient
from connector.clients.exact.stock import positions_of
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.document.states import State
from connector.domain.invoice.draft import DIRECT_CREDIT_NOTE, DIRECT_INVOICE, Draft
from connector.domain.money import ZERO, shortest
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.models import MasterData, OrderSync
from connector.problems.references import named_in

A_DAY = timedelta(days=1)
MOST_REFUSALS = 2
LOOKED_AT = 50  # lines of the history
Pieces = dict[str, Decimal]  # by the ids of items or warehouses, in lower case


@dataclass(slots=True)
class Seen:
    """What a turn has read of the stock, less what it has sold since: the pieces of an item in its warehouses."""

    items: dict[str, Pieces] = field(default_factory=dict)

    def read(self, client: ExactClient, items: Iterable[str]) -> None:
        """Read what was not read yet. Raises ClientError."""
        missing = [item for item in items if item not in self.items]
        found: dict[str, Pieces] = {item: {} for item in missing}
        for position in positions_of(client, missing):
            found.setdefault(position.item, {})[position.warehouse] = position.pieces
        self.items |= found

    def forget(self, draft: Draft) -> None:
        """Read the items of a draft again when they are needed."""
        for item in _asked(draft):
            self.items.pop(item, None)

    def take(self, draft: Draft) -> None:
        """Keep in mind what a document that was made has taken, or brought back."""
        sign = {DIRECT_INVOICE: -1, DIRECT_CREDIT_NOTE: 1}.get(draft.type, 0)
        for item, pieces in _asked(draft).items():
            if draft.warehouse_id.casefold() in self.items.get(item, {}):
                self.items[item][draft.warehouse_id.casefold()] += sign * pieces


def not_there(
    document: OrderSync, draft: Draft | None, client: ExactClient, seen: Seen, error: ClientError
) -> tuple[Problem, ...]:
    """Return what was not there when Exact refused a document; nothing when the refusal has another cause.

    Exact's text for it is not known, so what lies there decides, unless the text names something else than an item.
    """
    if draft is None and document.draft:
        draft = Draft.from_json(document.draft)
    if draft is None or not isinstance(error, Rejected) or draft.type != DIRECT_INVOICE:
        return ()
    if document.state != State.POSTING or named_in(error.detail) - {"item"}:
        return ()
    seen.forget(draft)
    try:
        return _too_little(document, draft, client, seen, refusals=_refusals(document) + 1)
    except ClientError:
        return ()  # the history has the call; the refusal is what the person must read


def raise_if_not_there(document: OrderSync, draft: Draft, client: ExactClient, seen: Seen) -> None:
    """Raise Hold when goods are missing of which Exact refused some before, of this document or another one.

    Makes a query for a document that moves stock, and a call only after such a refusal. Raises ClientError.
    """
    if draft.type != DIRECT_INVOICE:
        return
    refusals = _refusals(document) if document.sent_at else 0
    if not refusals and not any(item in seen.items for item in _asked(draft)) and not _others_wait(document, draft):
        return
    if problems := _too_little(document, draft, client, seen, refusals=refusals):
        raise Hold(problems)


def next_look(problems: Iterable[Problem]) -> datetime | None:
    """Return when a held document is looked at again by itself (UTC); None when only a person sends it again."""
    held = list(problems)
    waits = any(each.code is Code.STOCK_NOT_THERE for each in held) and not is_for_a_person(held)
    return database_now() + A_DAY if waits else None


def is_for_a_person(problems: Iterable[Problem]) -> bool:
    """Whether Exact has refused a document so often for goods that were not there that nothing sends it by itself."""
    stock = [each for each in problems if each.code is Code.STOCK_NOT_THERE]
    return any(int(each.params["refusals"]) >= MOST_REFUSALS for each in stock)


def _too_little(
    document: OrderSync, draft: Draft, client: ExactClient, seen: Seen, *, refusals: int
) -> tuple[Problem, ...]:
    """Return a problem for each item of which too little is there. Raises ClientError."""
    code, place = _warehouse(document, draft)
    asked = _asked(draft)
    seen.read(client, asked)
    codes = {line.item_id.casefold(): line.item_code for line in draft.lines}
    return tuple(
        problem(
            Code.STOCK_NOT_THERE,
            item=codes[item],
            warehouse=code,
            quantity=shortest(pieces),
            there=shortest(seen.items[item].get(place, ZERO)),
            refusals=refusals,
        )
        for item, pieces in asked.items()
        # An item that lies in no warehouse is not kept in stock.
        if place and seen.items[item] and seen.items[item].get(place, ZERO) < pieces
    )


def _warehouse(document: OrderSync, draft: Draft) -> tuple[str, str]:
    """Return code and id of the draft's warehouse: without one Exact takes the main one. Empty when it is not known."""
    if draft.warehouse_id:
        return draft.warehouse, draft.warehouse_id.casefold()
    known = MasterData.objects.filter(division=document.division_id, kind=MasterData.Kind.WAREHOUSE, data__main=True)
    main = known.first()
    return (main.code, main.exact_id.casefold()) if main else ("", "")


def _asked(draft: Draft) -> Pieces:
    found: Pieces = defaultdict(Decimal)
    for line in draft.lines:
        if line.item_id:
            found[line.item_id.casefold()] += abs(line.quantity)
    return dict(found)


def _refusals(document: OrderSync) -> int:
    """How often Exact refused this document for goods that were not there."""
    for data in document.history.order_by("-id").values_list("data", flat=True)[:LOOKED_AT]:
        for each in data.get("problems", ()):
            if each["code"] == Code.STOCK_NOT_THERE:
                return int(each["params"]["refusals"])
    return 0


def _others_wait(document: OrderSync, draft: Draft) -> bool:
    """Whether another document of the division is held for one of the same items."""
    codes = {line.item_code for line in draft.lines}
    held = OrderSync.objects.filter(division=document.division_id, state=State.BLOCKED, code=Code.STOCK_NOT_THERE)
    return held.filter(params__item__in=codes).exists()
