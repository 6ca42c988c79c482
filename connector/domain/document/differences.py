"""How a document in Exact differs from what was meant, as facts. `connector.problems.differences` has their words."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from connector.domain.document.result import Params


class Differs(StrEnum):
    """What differs. The ledger keeps these values, so they stay what they are.

    Each names its parameters: mostly `theirs`, in Exact, and `ours`, which was meant; "" is none.
    """

    TOTAL = "total"
    VAT = "vat"
    NET = "net"
    CURRENCY = "currency"
    LINES = "lines"  # how many there are
    ITEM = "item"  # and those below, of line `number`
    GL_ACCOUNT = "gl_account"
    COST_CENTER = "cost_center"
    COST_UNIT = "cost_unit"
    VAT_CODE = "vat_code"
    VAT_OF_CODE = "vat_of_code"  # under the VAT code `code`
    NET_OF_CODE = "net_of_code"
    SENT_VAT = "sent_vat"  # `vat`, which was sent with a line, is on none
    TOTAL_OF_ORDER = "total_of_order"  # where there is no draft to compare with
    CURRENCY_OF_ORDER = "currency_of_order"
    VAT_OF_LINE = "vat_of_line"  # line `number` goes from `before` to `after`
    ROUNDING_OF_LINE = "rounding_of_line"


_ALL: Final = frozenset(Differs)
_BEGINS: Final = '[{"differs": '


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact: what differs, and the values that complete its words."""

    what: Differs
    params: Params


def difference(what: Differs, /, **params: object) -> Difference:
    """Return a difference with its values as texts and whole numbers."""
    return Difference(what, {name: each if isinstance(each, int) else str(each) for name, each in params.items()})


def as_param(found: Iterable[Difference]) -> str:
    """Write differences as the parameter of a problem; "" for none."""
    rows = [{"differs": str(each.what), "params": dict(each.params)} for each in found]
    return json.dumps(rows) if rows else ""


def of_param(text: str) -> tuple[Difference, ...] | None:
    """Read what `as_param` wrote, less what is not known any more; None for words, as earlier releases kept them."""
    if not text.startswith(_BEGINS):
        return None
    known = (row for row in json.loads(text) if row["differs"] in _ALL)
    return tuple(Difference(Differs(row["differs"]), row["params"]) for row in known)
