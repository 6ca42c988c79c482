"""Why a change is not carried over although the rules ask for it. Each is found without a call."""

import re
from datetime import date

from connector.domain.choices import FieldGroup
from connector.domain.customer.account import Account
from connector.domain.customer.details import name_of
from connector.domain.customer.in_step import Move, Step
from connector.domain.document.codes import Code
from connector.domain.document.lengths import LONGEST_EMAIL, length
from connector.domain.document.result import Problem, problem
from connector.domain.order.model import Address
from connector.domain.order.vat_area import EU, vat_area
from connector.domain.order.vat_number import number_at
from connector.flow.customer.both_ways import sides
from connector.flow.customer.both_ways.pairs import Pair

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def of_both_sides(pair: Pair, today: date) -> Problem | None:
    """Return why nothing of this pair is carried over: a side is gone, blocked or ended."""
    if pair.customer.deleted_at is not None:
        return problem(Code.CUSTOMER_DELETED, name=pair.customer.name)
    row = pair.account
    account = Account(row.account_id, row.code, row.name, blocked=row.blocked, ends=row.ends)
    return account.why_unusable(today)


def of_move(pair: Pair, group: FieldGroup, made: Move) -> Problem | None:
    """Return why a group is not written, as far as it can be known before the vendor is asked."""
    if made.unfit:
        return problem(Code.NAME_NOT_DIVIDED, name=name_of(pair.exact.names))
    if pair.is_shared and made.step in {Step.TO_EXACT, Step.TO_STORE, Step.CONFLICT}:
        return problem(Code.ACCOUNT_SHARED, account=f"{pair.account.code} {pair.account.name}")
    if made.step == Step.TO_EXACT:
        return _to_exact(pair, group, made)
    return _to_store(pair, group, made) if made.step == Step.TO_STORE else None


def _to_exact(pair: Pair, group: FieldGroup, made: Move) -> Problem | None:
    values = made.values
    if group == FieldGroup.NAMES and not values["name"]:
        return problem(Code.ACCOUNT_NEEDS_NAME)
    if group == FieldGroup.CONTACT and values["email"] and not _is_email(values["email"]):
        return problem(Code.EMAIL_UNFIT, email=values["email"])
    if group == FieldGroup.VAT_NUMBER and not _fits(values["vat_number"], pair.store.addresses):
        return problem(Code.VAT_NUMBER_UNFIT, vat_number=values["vat_number"])
    return None


def _to_store(pair: Pair, group: FieldGroup, made: Move) -> Problem | None:
    if group == FieldGroup.CONTACT and not _EMAIL.fullmatch(made.values["email"]):
        return problem(Code.STORE_NEEDS_EMAIL)
    if group == FieldGroup.ADDRESSES and not sides.own_address(pair.customer).get("id"):
        return problem(Code.NO_ADDRESS_IN_STORE)
    if group == FieldGroup.VAT_NUMBER and not pair.customer.vat_number_field:
        return problem(Code.NO_FIELD_FOR_NUMBER, vat_number=made.values["vat_number"])
    return None


def _is_email(text: str) -> bool:
    """Whether Exact takes an e-mail address. A part of one that is too long would be another one's."""
    return bool(_EMAIL.fullmatch(text)) and length(text) <= LONGEST_EMAIL


def _fits(number: str, place: object) -> bool:
    """Whether a VAT number has the form and the check digits that its country asks for. None is always right."""
    values = dict(place) if isinstance(place, dict) else {}
    country, postcode = str(values.get("country", "")), str(values.get("postcode", ""))
    address = Address(country=country, postcode=postcode, form_fields=(("number", number),))
    return not number or vat_area(address) not in EU or bool(number_at(address, ("number",)))
