"""Reading a request body as strictly as the OData layer does: shape, property names and types.

Properties that are read-only are ignored and added to `ignored`, so that a test can require that a client sends none.
The real service accepts Status and InvoiceDate in a POST.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from connector.sandbox.exact.metadata import ENTITIES, Entity, Property
from connector.sandbox.exact.odata import GUID, read_datetime
from connector.sandbox.exact.state import LINES, Row
from connector.sandbox.exact.texts import NO_TOP_LEVEL, ApiError
from connector.sandbox.http.messages import Incoming

# Read-only in the reference, but accepted in recorded POSTs.
ACCEPTED = {("salesinvoice/SalesInvoices", "InvoiceDate")}
NESTED = {
    "SalesInvoiceLines": LINES,
    "SalesEntryLines": "salesentry/SalesEntryLines",
    "BankEntryLines": "financialtransaction/BankEntryLines",
}
INTEGERS = {"Byte": 2**8, "Int16": 2**15, "Int32": 2**31, "Int64": 2**63}


def read_body(request: Incoming, entity: Entity, verb: str, ignored: list[str]) -> Row:
    """The typed values of a POST ("P") or PUT ("U"); nulls of a POST are left out. Raises ApiError (400)."""
    if "json" not in request.headers.text("Content-Type").lower():
        raise ApiError(400, NO_TOP_LEVEL)
    try:
        body = json.loads(request.body.decode("utf-8"), parse_float=Decimal)
    except ValueError as error:
        raise ApiError(400, NO_TOP_LEVEL) from error
    return read_values(body, entity, verb, ignored)


def read_values(body: object, entity: Entity, verb: str, ignored: list[str]) -> Row:
    """Like read_body, from parsed JSON. Raises ApiError (400)."""
    if not isinstance(body, dict):
        raise ApiError(400, NO_TOP_LEVEL)
    row: Row = {}
    for name, value in body.items():
        found = entity.properties.get(name)
        if found is None:
            raise ApiError(
                400,
                f"Error processing request stream. The property name '{name}' specified for type "
                f"'{entity.model}' is not valid.",
            )
        if verb not in found.verbs and (entity.endpoint, name) not in ACCEPTED:
            ignored.append(f"{entity.endpoint} {name}")
        elif value is not None:
            row[name] = _nested(found, value, ignored) if found.is_collection else _convert(found, value)
        elif verb == "U":
            row[name] = None
    return row


def _nested(prop: Property, value: object, ignored: list[str]) -> list[Row]:
    if prop.name not in NESTED:
        raise ApiError(400, f"The sandbox does not know {prop.name}.")
    if not isinstance(value, list):
        raise ApiError(400, NO_TOP_LEVEL)
    return [read_values(line, ENTITIES[NESTED[prop.name]], "P", ignored) for line in value]


def _convert(prop: Property, value: object) -> object:
    try:
        return CONVERT.get(prop.type, _integer(prop.type))(value)
    except (ValueError, InvalidOperation) as error:
        raise ApiError(
            400,
            f"Error encountered in converting the value from request payload for property '{prop.name}' "
            f"to type '{prop.type}', which is the property's expected type. "
            "See inner exception for more detail.",
        ) from error


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("no text")


def _guid(value: object) -> str:
    if GUID.fullmatch(_text(value)):
        return _text(value).lower()
    raise ValueError("no GUID")


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("no boolean")


def _double(value: object) -> Decimal:
    """A number, or a number as text, which recordings show is accepted."""
    if isinstance(value, int | str | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        if number.is_finite():
            return number
    raise ValueError("no finite number")


def _integer(edm: str) -> Callable[[object], int]:
    limit = INTEGERS.get(edm, 2**31)

    def convert(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not -limit <= value < limit:
            raise ValueError("no integer")
        return value

    return convert


CONVERT: dict[str, Callable[[object], object]] = {
    "String": _text,
    "Guid": _guid,
    "Boolean": _boolean,
    "Double": _double,
    "DateTime": lambda value: read_datetime(_text(value)),
    "Binary": _text,
}
