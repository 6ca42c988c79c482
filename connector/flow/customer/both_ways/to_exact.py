"""Writes what is due of one customer to the account in Exact: one call for all groups together."""

from collections.abc import Mapping

from connector.clients.exact import accounts
from connector.clients.exact.client import ExactClient
from connector.domain.choices import FieldGroup
from connector.domain.customer.details import Values
from connector.domain.customer.in_step import Step
from connector.domain.customer.names import name_key
from connector.domain.customer.phones import phone_key
from connector.domain.customer.postcodes import postcode_key
from connector.domain.order.vat_number import normal_vat_number
from connector.flow.clock import database_now
from connector.flow.customer.both_ways.pairs import Pair
from connector.flow.customer.copies import directory
from connector.models import DirectoryAccount

# Our name of a value → Exact's property of an account.
_PROPERTIES: Mapping[str, str] = {
    "name": "Name",
    "email": "Email",
    "phone": "Phone",
    "street_1": "AddressLine1",
    "street_2": "AddressLine2",
    "postcode": "Postcode",
    "city": "City",
    "state": "State",
    "country": "Country",
    "vat_number": "VATNumber",
    "payment_condition": "PaymentConditionSales",
}


def groups_of(pair: Pair) -> list[FieldGroup]:
    """Return the groups that go to Exact."""
    return [group for group, made in pair.moves.items() if made.step == Step.TO_EXACT]


def write(pair: Pair, client: ExactClient) -> None:
    """Send the groups that go to Exact, if anything of them changes. It may be repeated. Raises the client's errors."""
    changes: dict[str, object] = {}
    for group in groups_of(pair):
        changes |= _changes(pair.exact.of(group), pair.moves[group].values)
    if changes:
        accounts.update_account(client, pair.account.account_id, changes)


def keep(pair: Pair) -> None:
    """Write into our copy what the account has now."""
    row, details = pair.account, pair.exact
    place = details.addresses
    kept = {
        "name": details.names["name"][:200],
        "name_key": name_key(details.names["name"])[:200],
        "email": details.contact["email"].strip().lower()[:254],
        "phone": details.contact["phone"][:60],
        "phone_key": phone_key(details.contact["phone"], details.country)[:20],
        "address_line1": place["street_1"][:200],
        "address_line2": place["street_2"][:200],
        "postcode": place["postcode"][:40],
        "postcode_key": postcode_key(place["postcode"], details.country)[:40],
        "city": place["city"][:200],
        "country": place["country"][:2],
        "state": place["state"][:60],
        "address": directory.address_fingerprint(place["street_1"], place["postcode"], place["city"], place["country"]),
        "vat_number": normal_vat_number(details.vat_number["vat_number"], details.country)[:40],
        "payment_condition": details.payment_condition["payment_condition"][:20],
        "written_at": database_now(),
    }
    DirectoryAccount.objects.filter(pk=row.pk).update(**kept)
    for name, value in kept.items():
        setattr(row, name, value)


def _changes(before: Values, after: Values) -> dict[str, object]:
    """What is sent for one group. None empties a property; a country cannot be empty."""
    changed = {name: value for name, value in after.items() if value != before.get(name, "")}
    return {_PROPERTIES[name]: value or None for name, value in changed.items() if value or name != "country"}
