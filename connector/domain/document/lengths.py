"""How long Exact takes its texts, and how a longer one is shortened. Exact's reference gives none: these are assumed.

Exact counts a character outside the basic plane, such as most emoji, as two.
"""

import hashlib
from string import whitespace
from typing import Final

LONGEST_REFERENCE: Final = 30  # YourRef
LONGEST_PAYMENT_REFERENCE: Final = 25
LONGEST_DESCRIPTION: Final = 60  # of a document and of a line; a description of an item has 60
LONGEST_ITEM_CODE: Final = 30
LONGEST_NAME: Final = 50  # of an account; of a contact person's first name, and of the last name
LONGEST_EMAIL: Final = 128
LONGEST_PHONE: Final = 50
LONGEST_NUMBER: Final = 50  # a VAT number, a chamber of commerce number, a Peppol id
LONGEST_LINE: Final = 100  # a line of an address, and a city
LONGEST_POSTCODE: Final = 20
_MARK_DIGITS = 6
_LAST_OF_ONE_UNIT = 0xFFFF
# What joins two characters, as emoji of several people are joined, must not be the last one.
_JOINS = f"{whitespace}\u200c\u200d"


def length(text: str) -> int:
    """Return the length of a text as Exact counts it."""
    return len(text) + sum(ord(each) > _LAST_OF_ONE_UNIT for each in text)


def cut(text: str, longest: int) -> str:
    """Return as much of the text's beginning as Exact takes."""
    kept = text[:longest]
    while length(kept) > longest:
        kept = kept[:-1]
    return kept.rstrip(_JOINS)


def shorten(text: str) -> str:
    """Return the text; one that is too long for a description is cut and ends with an ellipsis."""
    return text if length(text) <= LONGEST_DESCRIPTION else f"{cut(text, LONGEST_DESCRIPTION - 1)}…"


def shorten_reference(reference: str, longest: int = LONGEST_REFERENCE) -> str:
    """Return our reference; one that is too long keeps its end, after a mark made of the whole: it is unique still.

    `WEBSHOPNL1-12345678-C7654321` in 25 characters is `3F52CA-12345678-C7654321`: the order's and the refund's number
    stay. What is searched for in Exact is shortened in the same way.
    """
    if len(reference) <= longest:
        return reference
    mark = hashlib.sha256(reference.encode()).hexdigest()[:_MARK_DIGITS].upper()
    return f"{mark}-{reference[_MARK_DIGITS + 1 - longest :].removeprefix('-')}"
