"""Items: found by their code, made, and deleted. An item that somebody made is never changed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from connector.clients.exact import records
from connector.clients.exact.bodies import ItemIn
from connector.clients.exact.calls import DivisionCalls
from connector.clients.exact.master import KINDS, MasterRecord, read_record
from connector.clients.exact.wire import Row, guid, quoted, read_one
from connector.clients.strict_json import Unreadable
from connector.clients.wording import marked as _

_ITEMS = "logistics/Items"
_LINES = "salesinvoice/SalesInvoiceLines"
# In one look-up. A letter of some scripts takes six characters of an address.
MOST_CODES = 8


def items_with_codes(division: DivisionCalls, codes: Sequence[str]) -> Iterator[MasterRecord]:
    """The items with these codes, without regard to case, eight a call: the address must not grow too long. Those that
    Exact does not have are left out.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=LogisticsItems"""
    left = iter(dict.fromkeys(codes))
    while batch := list(islice(left, MOST_CODES)):
        where = " or ".join(f"Code eq {quoted(code)}" for code in batch)
        yield from division.pages(_ITEMS, KINDS["item"].select, _read, where)


def create_item(division: DivisionCalls, item: ItemIn) -> MasterRecord:
    """Make an item. Exact refuses a code that it has. What the answer leaves out is taken from what was sent. Raises
    OutcomeUnknown also when the answer has another code: then look for ours.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=LogisticsItems"""
    body = item.body()

    def read(answer: object) -> MasterRecord:
        present = {key: value for key, value in division.own(read_one(answer)).items() if value is not None}
        made = _read({**body, **present})
        if made.code.casefold() != item.code.casefold():
            raise Unreadable(_("the item has another code than the one sent"))
        return made

    return division.post(_ITEMS, body, read)


def is_on_an_invoice(division: DivisionCalls, item_id: str) -> bool:
    """Whether a line of any invoice has the item.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SalesInvoiceSalesInvoiceLines"""
    where, one = f"Item eq {guid(item_id)}", {"$top": "1"}
    return any(division.pages(_LINES, "ID,Division", lambda row: records.required(row, "ID"), where, more=one))


def delete_item(division: DivisionCalls, item_id: str) -> None:
    """Delete an item. Raises NotFound when it no longer exists, which counts as an error at Exact: look for it first.
    Raises Rejected when it is used.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=LogisticsItems"""
    division.delete(f"{_ITEMS}({guid(item_id)})")


def _read(row: Row) -> MasterRecord:
    records.required(row, "ID")
    found = read_record("item", row, datetime.now(UTC).date())
    assert found is not None  # only a layout is ever none
    return found
