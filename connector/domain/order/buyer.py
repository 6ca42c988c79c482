"""The buyer of an order: whether there is a company, and whether a marketplace took the buyer's data away."""

import unicodedata

from connector.domain.order.model import Address

# What people type into the field for a company when they have none: Dutch, English, German, French. Only letters and
# digits are compared.
_NO_COMPANY = frozenset(
    {
        *("", "0", "00", "000", "x", "xx", "xxx", "no", "none", "nil", "null", "na", "notapplicable", "nocompany"),
        *("private", "privateperson", "privateindividual", "individual", "personal", "consumer", "home"),
        *("nvt", "nietvantoepassing", "nee", "geen", "geenbedrijf", "prive", "particulier", "consument", "thuis"),
        *("kein", "keine", "keinefirma", "nein", "privat", "privatperson", "privatkunde", "entfallt"),
        *("non", "aucun", "aucune", "sansobjet", "particuliere", "personnel", "neant"),
    }
)
# What marketplaces and privacy tools write instead of a person's data.
_REDACTED = frozenset(
    {
        *("redacted", "anonymized", "anonymised", "anonymous", "pseudonymized", "scrubbed", "gdpr"),
        *("geanonimiseerd", "anonymisiert", "anonymisee", "anonymise"),
    }
)
_EMPTIED = _REDACTED | {"removed", "deleted", "hidden", "erased", "withheld", "masked", "user", "customer", "buyer"}
_MASKS = "*#█■▇•●"


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents and punctuation."""
    letters = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in letters).split()


def company_name(text: str) -> str:
    """Return what was typed as a company; "" when it says that there is none: `-`, `n/a`, `N.v.t.`, `privé`."""
    return "" if "".join(plain_words(text)) in _NO_COMPANY else text


def is_redacted(address: Address) -> bool:
    """Whether a marketplace took the buyer's data away: name, street or e-mail address is masked, or all are empty."""
    name = f"{address.first_name} {address.last_name}".strip()
    if not any((name, address.company, address.street_1, address.email)):
        return True
    return any(map(_is_masked, (name, address.company, address.street_1))) or _is_masked_email(address.email)


def _is_masked(text: str) -> bool:
    words = plain_words(text)
    if any(mask * 2 in text for mask in _MASKS) or (text and set("".join(words)) == {"x"} and len(text) > 2):
        return True
    return bool(_REDACTED.intersection(words)) and _EMPTIED.issuperset(words)


def _is_masked_email(email: str) -> bool:
    local, _, domain = email.partition("@")
    if any(mask * 2 in local for mask in _MASKS) or domain.casefold().endswith(".invalid"):
        return True
    return bool(_REDACTED.intersection([*plain_words(local), *plain_words(domain)[:1]]))
