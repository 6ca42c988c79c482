"""The code that an item gets in Exact: its SKU, as far as Exact takes it.

Exact compares codes without regard to case (assumed), so two SKUs that differ in nothing else have the same key.
"""

import hashlib
import unicodedata

from connector.domain.document.lengths import LONGEST_ITEM_CODE, cut, length

_MARK_DIGITS = 6
_BLANK, _UNSEEN = "Z", "C"  # the first letters of Unicode's categories


def item_code(sku: str) -> str:
    """Return the code for a SKU; "" when nothing of the SKU can be seen.

    Characters that are not seen are left out, and blanks in a row are one. All others stay, of any script: an
    apostrophe at the beginning too, for `'0123` and `0123` are two SKUs. A longer SKU keeps its beginning, before a
    mark made of the whole, so that it is unique still.
    """
    seen = _seen(sku)
    if length(seen) <= LONGEST_ITEM_CODE:
        return seen
    mark = hashlib.sha256(seen.encode()).hexdigest()[:_MARK_DIGITS].upper()
    return f"{cut(seen, LONGEST_ITEM_CODE - _MARK_DIGITS - 1)}-{mark}"


def key_of(code: str) -> str:
    """Return the same text for all codes that are one code in Exact."""
    return unicodedata.normalize("NFC", code).casefold()


def _seen(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if each.isspace() or unicodedata.category(each)[0] == _BLANK else each for each in composed)
    kept = "".join(each for each in spaced if unicodedata.category(each)[0] != _UNSEEN)
    return unicodedata.normalize("NFC", " ".join(kept.split()))
