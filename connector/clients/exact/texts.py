"""The closed list of Exact's validation texts.

Exact refuses input with HTTP 500 as well as 400. A 500 is a clear refusal when every message is on this list.
After any other 500 it is unknown whether something was written. The language is that of the user who consented.
Public logs have Dutch and English texts; where they have only one of the two, the other one is assumed.
"""

import re

_KNOWN = [
    r"(?:Verplicht|Mandatory): .+",
    r"(?:Ongeldig|Invalid): .+",
    r"(?:Ongeldige referentie|Invalid reference): .+",
    r"(?:Onbekend|Unknown): .+",
    r"Gegeven bestaat reeds\.?",
    r"Data already exists\.?",
    r"(?:.+: )?(?:Bestaat reeds|Already exists)\.?",
    r"(?:.+: )?(?:Reeds verwerkt|Already processed)\.?",
    r"Factuurnummer verplicht\.?",
    r"The financial year cannot be changed\.?",
    r"(?:Kan niet verwijderen|Cannot delete): .+",
    r"Error processing request stream\. .+",
    r"Error encountered in converting the value from request payload .+",
]
_VALIDATION = re.compile("|".join(f"(?:{pattern})" for pattern in _KNOWN), re.IGNORECASE)


def is_validation(messages: tuple[str, ...]) -> bool:
    """Whether every message is a known refusal of the request's content."""
    return bool(messages) and all(_VALIDATION.fullmatch(message) for message in messages)


def messages_of(answer: object) -> tuple[str, ...] | None:
    """The sentences of Exact's error envelope, which joins them with line breaks; None without an envelope."""
    error = answer.get("error") if isinstance(answer, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    value = message.get("value") if isinstance(message, dict) else message
    if not isinstance(value, str):
        return None
    return tuple(line.strip() for line in value.splitlines() if line.strip())
