"""The calls about customers, their addresses and form fields, as V3 answers them.

Known: ten customers a call, 413 above; an address that would become like another one stays as it is and is left out of
the answer; three writes at once. Assumed: a call is taken as a whole or not at all; the texts of the errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from connector.sandbox.bigcommerce.customers import ADDRESS_TEXTS, CUSTOMER_TEXTS, OTHER_FIELDS
from connector.sandbox.bigcommerce.lists import BadQuery, Json, Query, moment, read
from connector.sandbox.bigcommerce.state import Store

MOST_CUSTOMERS = 10
INCLUDED = ("addresses", "storecredit", "attributes", "formfields", "shopper_profile_id", "segment_ids")
SORTS = ("date_created", "date_modified", "last_name")
REQUIRED = ("email", "first_name", "last_name")


class TooMany(ValueError):
    """More rows than a call may have: the answer is 413."""


class NotValid(ValueError):
    """A row that is refused: the answer is 422. `errors` has what is wrong by its place."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("not valid")
        self.errors = errors


def found_customers(store: Store, query: Query) -> list[Json]:
    """The customers that pass the filters, sorted, without what `include` may add. Raises BadQuery."""
    rows = list(store.customers.values())
    if "id:in" in query:
        rows = [store.customers[number] for number in sorted(_ids(query, "id:in")) if number in store.customers]
    if "email:in" in query:
        emails = {text.strip().lower() for text in query["email:in"].split(",")}
        rows = [row for row in rows if row["email"].lower() in emails]
    rows = _since(rows, query, "date_modified")
    name, _, direction = query.get("sort", "").partition(":")
    if name and (name not in SORTS or direction not in ("asc", "desc")):
        raise BadQuery("The field 'sort' is invalid.")
    return sorted(rows, key=lambda row: (row.get(name, ""), row["id"]), reverse=direction == "desc")


def as_answered(store: Store, rows: Iterable[Json], query: Query) -> list[Json]:
    """The customers with what `include` names. Raises BadQuery for an unknown name."""
    included = [name for name in query.get("include", "").split(",") if name]
    if unknown := set(included) - set(INCLUDED):
        raise BadQuery(f"include is invalid: {', '.join(sorted(unknown))}.")
    books = store.books() if "addresses" in included else {}
    found = []
    for row in rows:
        more: Json = {}
        if "addresses" in included:
            mine = books.get(row["id"], [])
            more["addresses"] = [address_answered(each, fields="formfields" in included) for each in mine]
        if "formfields" in included:
            more["form_fields"] = named_values(store.form_fields.get(row["id"], {}))
        found.append(row | more)
    return found


def found_addresses(store: Store, query: Query) -> list[Json]:
    """The addresses that pass the filters. Raises BadQuery."""
    rows = list(store.addresses.values())
    for name in ("customer_id", "id"):
        if f"{name}:in" in query:
            wanted = _ids(query, f"{name}:in")
            rows = [row for row in rows if row[name] in wanted]
    return rows


def address_answered(row: Json, *, fields: bool) -> Json:
    """An address, with its form fields or without."""
    plain = {name: value for name, value in row.items() if name != "form_fields"}
    return plain | {"form_fields": named_values(row["form_fields"])} if fields else plain


def named_values(fields: Mapping[str, Any]) -> list[Json]:
    """Form fields as V3 lists them."""
    return [{"name": name, "value": value} for name, value in fields.items()]


def update_customers(store: Store, rows: list[Any]) -> list[Json]:
    """Change customers. Raises TooMany, and NotValid for the first row that is refused: then nothing is changed."""
    if len(rows) > MOST_CUSTOMERS:
        raise TooMany
    emails = {row["email"].lower(): number for number, row in store.customers.items()}
    for place, row in enumerate(rows):
        number = _number(store.customers, row, place)
        _check_texts(row, place, CUSTOMER_TEXTS, required=REQUIRED)
        if "email" in row and emails.setdefault(row["email"].lower(), number) != number:
            raise NotValid({f"{place}.email": "The email is already in use."})
    return [
        store.change_customer(
            row["id"],
            form_fields=_form_fields(row),
            **{name: row[name] for name in (*CUSTOMER_TEXTS, *OTHER_FIELDS) if name in row},
        )
        for row in rows
    ]


def update_addresses(store: Store, rows: list[Any]) -> list[Json]:
    """Change addresses; the answer leaves out those that stay as they are, because there is one like them already.

    Raises NotValid.
    """
    for place, row in enumerate(rows):
        _number(store.addresses, row, place)
        _check_texts(row, place, ADDRESS_TEXTS, required=("first_name", "last_name", "address1", "city"))
    changed = []
    for row in rows:
        present = store.addresses[row["id"]]
        fields = {name: row[name] for name in ADDRESS_TEXTS if name in row}
        mine = [each for each in store.addresses.values() if each["customer_id"] == present["customer_id"]]
        becomes = _core(present | fields)
        others = [each for each in mine if fields or each is not present]
        if any(_core(each) == becomes for each in others):
            continue
        changed.append(store.change_address(row["id"], form_fields=_form_fields(row), **fields))
    return changed


def update_form_fields(store: Store, rows: list[Any]) -> list[Json]:
    """Set form fields of customers and addresses, by the deprecated call. Raises NotValid."""
    for place, row in enumerate(rows):
        about = "address_id" if isinstance(row, dict) and "address_id" in row else "customer_id"
        known = store.addresses if about == "address_id" else store.customers
        if not isinstance(row, dict) or row.get(about) not in known or not isinstance(row.get("name"), str):
            raise NotValid({f"{place}": "The form field value was not valid."})
    for row in rows:
        if "address_id" in row:
            store.change_address(row["address_id"], form_fields={row["name"]: row.get("value")})
        else:
            store.change_customer(row["customer_id"], form_fields={row["name"]: row.get("value")})
    return rows


def _number(known: Mapping[int, Json], row: object, place: int) -> int:
    number = row.get("id") if isinstance(row, dict) else None
    if not isinstance(number, int) or number not in known:
        raise NotValid({f"{place}.id": "The id is missing or unknown."})
    return number


def _check_texts(row: Json, place: int, lengths: Mapping[str, int], *, required: Iterable[str]) -> None:
    for name in lengths.keys() & row.keys():
        value = row[name]
        if not isinstance(value, str) or len(value) > lengths[name] or (name in required and not value.strip()):
            raise NotValid({f"{place}.{name}": f"The {name} is not valid."})
    if "email" in row and "@" not in row["email"]:
        raise NotValid({f"{place}.email": "The email is not valid."})


def _form_fields(row: Json) -> dict[str, Any]:
    return {field["name"]: field.get("value") for field in row.get("form_fields") or []}


def _core(address: Json) -> tuple[str, ...]:
    return tuple(address[name] for name in ADDRESS_TEXTS)


def _ids(query: Query, name: str) -> set[int]:
    return read(query, name, lambda text: {int(each) for each in text.split(",")}) or set()


def _since(rows: list[Json], query: Query, name: str) -> list[Json]:
    low, high = read(query, f"{name}:min", moment), read(query, f"{name}:max", moment)
    # The rows' own times have one form, so they compare as texts.
    least, most = (f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else "" for at in (low, high))
    return [row for row in rows if row[name] >= least and (not most or row[name] <= most)]
