"""Finds the items that a draft lacks by their codes, and makes those that Exact does not have, each at most once.

The intent is committed in ItemLink before the POST, and after an unclear answer Exact is searched by the code before
the POST is repeated. An item that somebody made is never changed.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from connector.clients import errors
from connector.clients.exact.bodies import ItemIn
from connector.clients.exact.client import ExactClient
from connector.clients.exact.items import create_item, items_with_codes
from connector.clients.exact.master import MasterRecord
from connector.clients.wording import marked as _
from connector.domain.document.codes import Code
from connector.domain.document.result import Held
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.rules.chart import Chart
from connector.domain.rules.item_code import key_of
from connector.flow import fault_points
from connector.flow.clock import database_now
from connector.flow.hold import Hold, refusal
from connector.flow.order.known_items import links_of, of_line, with_known_items
from connector.models import Connection, ItemLink, MasterData
from connector.problems.catalogue import EXACT

Kind = MasterData.Kind


@dataclass(frozen=True, slots=True)
class Work:
    """What the making of items needs. `renew` prolongs the lane's lease between the calls."""

    connection: Connection
    order_id: int
    client: ExactClient
    renew: Callable[[], object]


def with_all_items(draft: Draft, chart: Chart, work: Work) -> Draft:
    """Return the draft with an item on each line. Known items cost no call.

    Raises Hold when an item cannot be used or made, and the client's errors: Unavailable until the settle time of an
    unclear answer is over.
    """
    division = work.connection.division
    known = with_known_items(draft, division, chart)
    if isinstance(known, Held):
        raise Hold(known.problems)
    if not known.new_lines:
        return known
    links = links_of(known, division)
    for link in links.values():
        _raise_if_unsettled(link)
    lines = {key_of(line.item_code): line for line in known.new_lines}
    found = {key_of(each.code): each for each in items_with_codes(work.client, [x.item_code for x in lines.values()])}
    ids = {}
    for key, line in lines.items():
        link = links.get(key) or _new_link(line, work)
        record = found.get(key)
        ids[line.new_sku] = _adopt(link, line, record, work) if record else _make(link, line, work)
    return known.with_items(ids)


def _raise_if_unsettled(link: ItemLink) -> None:
    """Raise Unavailable while a request to make the item may still be on its way."""
    if link.sent_at is None or link.item_id:
        return
    if database_now() < link.sent_at + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS):
        raise errors.Unavailable(_("It is not clear yet whether Exact made an item. Exact is searched for it soon."))


def _adopt(link: ItemLink, line: DraftLine, record: MasterRecord, work: Work) -> str:
    """Keep the item that Exact has, and return its id. Raises Hold when it is not sold.

    One that a request of ours may have made is ours.
    """
    ours = link.made or (link.sent_at is not None and not link.item_id)
    _keep(link, record, made=ours)
    if not record.data.get("is_sales", True) or record.data.get("ended"):
        why = of_line(line, Code.ITEM_NOT_SOLD, item=record.code)
        raise Hold((why,))
    return record.exact_id


def _make(link: ItemLink, line: DraftLine, work: Work) -> str:
    """Make the item, and return its id. Raises Hold when Exact refuses it, and the client's errors."""
    body = _item_in(line, work.connection)
    _write(link, sent_at=database_now(), item_id="", taken_back_at=None)  # the intent
    work.renew()
    fault_points.reach("before_post")
    try:
        record = create_item(work.client, body)
    except errors.OutcomeUnknown as error:
        text = _("It is not clear whether Exact made the item. Exact is searched for it first. %(error)s")
        raise errors.unavailable_after(error, text) from None
    except errors.Rejected as error:
        return _refused(link, line, error, body, work)
    except errors.ClientError:
        _write(link, sent_at=None)  # these classes say that nothing was written
        raise
    fault_points.reach("posted_before_record")
    _keep(link, record, made=True)
    return record.exact_id


def _refused(link: ItemLink, line: DraftLine, error: errors.Rejected, body: ItemIn, work: Work) -> str:
    """Take the item that somebody has just made with this code. Raises Hold when there is none."""
    _write(link, sent_at=None)
    if record := next(items_with_codes(work.client, [body.code]), None):
        return _adopt(link, line, record, work)
    sent = [value for value in astuple(body) if isinstance(value, str) and value]
    raise Hold(
        Code.ITEM_REFUSED, item=line.item_code, sku=line.new_sku, **refusal(EXACT, error, [*sent, line.new_sku])
    ) from None


def _item_in(line: DraftLine, connection: Connection) -> ItemIn:
    """Return what is sent. Raises Hold when the division lacks a code of the connection's settings."""
    group = _code(connection, Kind.ITEM_GROUP, connection.item_new_group)
    unit = _code(connection, Kind.UNIT, connection.item_new_unit)
    vat_code = _code(connection, Kind.VAT_CODE, connection.item_new_vat_code)
    return ItemIn(
        code=line.item_code,
        description=line.new_name or line.item_code,
        group_id=group.exact_id if group else "",
        unit=unit.code if unit else "",
        vat_code=vat_code.code if vat_code else "",
        stock=connection.item_new_stock,
    )


def _code(connection: Connection, kind: str, code: str) -> MasterData | None:
    if not code:
        return None
    found = connection.division.master_data.filter(kind=kind, code=code).first()
    if found is None:
        raise Hold(Code.NEW_ITEM_CODE_MISSING, listed=kind, code=code)
    return found


def _new_link(line: DraftLine, work: Work) -> ItemLink:
    return ItemLink(
        division=work.connection.division,
        code_key=key_of(line.item_code),
        code=line.item_code,
        sku=line.new_sku,
        name=line.new_name,
        order_id=work.order_id,
    )


def _keep(link: ItemLink, record: MasterRecord, *, made: bool) -> None:
    """Write the item, and add it to the master data, so that the next order has it from there."""
    now = database_now()
    with transaction.atomic():
        _write(link, code=record.code, item_id=record.exact_id, made=made, found_at=now, taken_back_at=None)
        MasterData.objects.update_or_create(
            division=link.division,
            kind=Kind.ITEM,
            code=record.code[:100],
            defaults={"name": record.name[:255], "exact_id": record.exact_id, "data": record.data},
        )


def _write(link: ItemLink, **fields: Any) -> None:
    """Set columns and save them. Raises Unavailable when another order has just begun the same."""
    for name, value in fields.items():
        setattr(link, name, value)
    try:
        with transaction.atomic():
            link.save(update_fields=list(fields) if link.pk else None)
    except IntegrityError:
        raise errors.Unavailable(_("Another order brings the same item. It is looked up again.")) from None
