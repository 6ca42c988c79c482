"""Whether two names are one party's. Case, accents, punctuation, the order of words and legal forms do not count."""

from connector.domain.document.lengths import LONGEST_NAME, cut
from connector.domain.order.buyer import plain_words

_LEGAL_FORMS = frozenset(
    {
        *("bv", "nv", "vof", "cv", "eenmanszaak", "bvba", "cvba", "vzw", "nvsa", "sanv"),
        *("sprl", "scrl", "asbl", "srl", "sa", "sarl", "sas", "sasu", "eurl", "sci", "snc"),
        *("gmbh", "mbh", "ag", "kg", "kgaa", "ohg", "ug", "gbr", "ek", "se"),
        *("spa", "srls", "sl", "slu", "lda", "ltda", "oy", "oyj", "ab", "as", "asa", "aps"),
        *("ltd", "limited", "plc", "llp", "llc", "inc", "incorporated", "corp", "corporation", "co", "pty"),
        *("spzoo", "sro", "kft", "doo"),
    }
)
# Words of several letters that begin a legal form, with the letters that follow them: `Sp. z o.o.` is SPZOO.
_BEGUN = {("sp", "zoo"): "spzoo"}
# Letters that are no letter with an accent to Unicode.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)


def same_name(one: str, other: str) -> bool:
    """Whether two names are one party's. A name without letters is nobody's. A name may have been cut for Exact."""
    if not _key(one) or not _key(other):
        return False
    return _key(one) == _key(other) or _key(fitting(one)) == _key(fitting(other))


def fitting(name: str) -> str:
    """Return as much of a name as an account in Exact takes."""
    return cut(name, LONGEST_NAME)


def name_key(name: str) -> str:
    """Return a text that is the same for every way to write a party's name; "" for an empty one."""
    return " ".join(_key(name))


def _key(name: str) -> list[str]:
    """The words that tell the party, sorted. Letters that stand alone are one word: B.V. is BV."""
    words = _joined(plain_words(name.casefold().translate(_LETTERS)))
    return sorted(word for word in words if word not in _LEGAL_FORMS) or sorted(words)


def _joined(words: list[str]) -> list[str]:
    found: list[str] = []
    alone = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if alone and is_letter:
            found[-1] += word
        else:
            found.append(word)
        alone = is_letter
        if form := _BEGUN.get((found[-2], found[-1])) if len(found) > 1 else None:
            found[-2:] = [form]
    return found
