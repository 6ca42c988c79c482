"""The closed lists of Exact's validation texts.

Exact refuses input with HTTP 500 as well as 400. A 500 is a clear refusal when every message is on the list of
validation texts. After any other 500 it is unknown whether something was written. The language is that of the user who
consented. Public logs have Dutch and English texts; where they have only one of the two, the other one is assumed.

Every pattern begins where the message begins: what a message quotes, such as a product's or a customer's name, decides
nothing.
"""

import re

_WRONG = (
    r"(?:Verplicht|Mandatory|Ongeldig|Invalid|Ongeldige referentie|Invalid reference|Onbekend|Unknown|"
    r"Niet toegestaan|Not allowed|Not permitted): "
)
_PERIOD_NAME = r"(?:(?:financi[eë]le |financial |reporting )?(?:periode|period)|boekjaar|(?:fiscal|financial) year)"
_PERIOD_SHUT = r"(?:afgesloten|gesloten|geblokkeerd|vergrendeld|niet open|closed|blocked|locked|not open)"
_NO_PERIOD = [
    rf"{_WRONG}{_PERIOD_NAME}(?: \([^()]*\))?(?: ?[:-] ?[\d /.-]+)?",
    rf"(?:de |het |deze |dit |the |this )?{_PERIOD_NAME}(?: [\d/.-]+)*(?: is|:)? (?:reeds |al |already )?{_PERIOD_SHUT}"
    r"(?: ?[:-]? ?[\d /.-]+)?",
    rf"{_PERIOD_SHUT}: {_PERIOD_NAME}(?: ?[:-]? ?[\d /.-]+)?",
    r"the financial year cannot be changed",
    r"het boekjaar kan niet worden gewijzigd",
]
_KNOWN = [
    *_NO_PERIOD,
    rf"{_WRONG}.+",
    r"Gegeven bestaat reeds",
    r"Data already exists",
    r"(?:.+: )?(?:Bestaat reeds|Already exists)",
    r"(?:.+: )?(?:Reeds verwerkt|Already processed)",
    r"(?:(?:Reeds |Al |Already )?(?:In gebruik|In use)): .+",
    r".+: (?:(?:Reeds|Al) in gebruik|In gebruik|(?:Already )?in use)",
    r"(?:Te lang|Too long|Te kort|Too short|Te groot|Too large|Te veel|Too many): .+",
    r".+: (?:Te lang|Too long)(?: \([^()]*\))?",
    r"(?:Geblokkeerd|Blocked|Afgesloten|Closed|Niet actief|Not active|Inactief|Inactive): .+",
    r"(?:Bestaat niet|Does not exist|Niet gevonden|Not found|Ontbreekt|Missing|Niet uniek|Not unique): .+",
    r"(?:De |The )?(?:boeking|entry|transaction|journal entry)(?: is)? (?:niet in evenwicht|not (?:in )?balanced?|"
    r"unbalanced|out of balance)\b.*",
    r"(?:Niet in evenwicht|Not in balance|Not balanced|Unbalanced): .+",
    r"Factuurnummer verplicht",
    r"(?:Kan niet verwijderen|Cannot delete): .+",
    r"Error processing request stream\. .+",
    r"Error encountered in converting the value from request payload .+",
]
_VALIDATION, _PERIOD = (
    re.compile("|".join(rf"(?:{pattern}\.?)" for pattern in patterns), re.IGNORECASE)
    for patterns in (_KNOWN, _NO_PERIOD)
)


def is_validation(messages: tuple[str, ...]) -> bool:
    """Whether every message is a known refusal of the request's content."""
    return bool(messages) and all(_VALIDATION.fullmatch(message) for message in messages)


def lacks_period(messages: tuple[str, ...]) -> bool:
    """Whether a message says that no open period takes the date. A name that a message quotes does not count."""
    return any(_PERIOD.fullmatch(message) for message in messages)


def messages_of(answer: object) -> tuple[str, ...] | None:
    """The sentences of Exact's error envelope, which joins them with line breaks; None without an envelope."""
    error = answer.get("error") if isinstance(answer, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    value = message.get("value") if isinstance(message, dict) else message
    if not isinstance(value, str):
        return None
    return tuple(line.strip() for line in value.splitlines() if line.strip())
