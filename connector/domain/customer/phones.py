"""One form of a phone number, whatever its spelling and country. Facts: the numbering plans in `phonenumbers`."""

import re

import phonenumbers

_BETWEEN = re.compile(r"[/;,|]")  # two numbers in one field


def phone_key(text: str, country: str) -> str:
    """Return a number in E.164, such as +31201234567; "" for a text that is no number anybody can have.

    A number without its country's code is read as one of `country` (ISO 3166-1 alpha-2, "" when unknown). What stands
    after it, such as an extension or a second number, does not count.
    """
    written = text.strip()
    first = _BETWEEN.split(written)[0]
    return next(filter(None, (_key(each, country) for each in (written, first, *_abroad(first)))), "")


def _abroad(written: str) -> list[str]:
    """The number with a plus for the 00 that is dialled in most countries before the country's code."""
    return [f"+{written[2:]}"] if written.startswith("00") else []


def _key(written: str, country: str) -> str:
    try:
        number = phonenumbers.parse(written, country.upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
