"""The invoice's header: reference, day, currency, journal, payment condition and remarks."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from connector.domain.document.codes import Code
from connector.domain.document.lengths import LONGEST_PAYMENT_REFERENCE, shorten, shorten_reference
from connector.domain.document.result import Problem, problem
from connector.domain.order.model import Address
from connector.domain.rules.chart import SALES_JOURNAL
from connector.domain.rules.context import TranslationContext
from connector.domain.rules.rule_book import first_match

_CHECKED = "checked for form and check digits only; whether it is registered was not looked up."


@dataclass(frozen=True, slots=True)
class Header:
    """The header's texts and codes, under the names that Draft has for them."""

    order_id: str
    reference: str
    order_date: date
    currency: str
    description: str
    payment_condition: str
    payment_reference: str
    journal: str
    remarks: str
    notes: str


def read_header(context: TranslationContext) -> Header:
    """Return the header. `check_header` must have found no problem."""
    order = context.order
    reference = f"{context.settings.prefix}-{order.id}"
    return Header(
        order_id=order.id,
        reference=shorten_reference(reference),
        order_date=order.created.astimezone(ZoneInfo(context.settings.time_zone)).date(),
        currency=order.currency,
        description=shorten(f"Order {order.id}"),
        payment_condition=_payment_condition(context),
        payment_reference=shorten_reference(reference, LONGEST_PAYMENT_REFERENCE),
        journal=context.settings.journal,
        remarks="\n".join(f"Also delivered to: {_one_line(address)}" for address in order.ship_to[1:]),
        notes=f"VAT number {context.vat_number}: {_CHECKED}" if context.vat_number else "",
    )


def check_header(context: TranslationContext) -> list[Problem]:
    """Return the problems of the journal, the currency and the payment condition."""
    found = (_journal_problem(context), _currency_problem(context), _payment_problem(context))
    return [each for each in found if each]


def _journal_problem(context: TranslationContext) -> Problem | None:
    code = context.settings.journal
    journal = context.chart.journals.get(code)
    if journal is None:
        return problem(Code.JOURNAL_MISSING, journal=code)
    if journal.type != SALES_JOURNAL:
        return problem(Code.JOURNAL_NOT_SALES, journal=code)
    if journal.blocked:
        return problem(Code.JOURNAL_BLOCKED, journal=code)
    return None


def _currency_problem(context: TranslationContext) -> Problem | None:
    currency = context.order.currency
    journal = context.chart.journals.get(context.settings.journal)
    if currency != context.settings.home_currency and currency not in context.chart.currencies:
        return problem(Code.CURRENCY_MISSING, currency=currency)
    if journal and journal.currency not in {"", currency}:
        return problem(
            Code.CURRENCY_NOT_OF_JOURNAL, currency=currency, journal=journal.code, journal_currency=journal.currency
        )
    if context.digits > context.kept_digits:
        return problem(Code.CURRENCY_DECIMALS, currency=currency, digits=context.digits, kept=context.kept_digits)
    return None


def _payment_condition(context: TranslationContext) -> str:
    rule = first_match(context.rules.payment, context.order_facts)
    return rule.code if rule else ""


def _payment_problem(context: TranslationContext) -> Problem | None:
    code = _payment_condition(context)
    if not code or code in context.chart.payment_conditions:
        return None
    return problem(Code.PAYMENT_CONDITION_MISSING, payment_condition=code, method=context.order.payment_method)


def _one_line(address: Address) -> str:
    company = address.company if address.company != address.name else ""
    town = f"{address.postcode} {address.city}".strip()
    parts = (address.name, company, address.street_1, address.street_2, town, address.state, address.country)
    return ", ".join(part for part in parts if part)
