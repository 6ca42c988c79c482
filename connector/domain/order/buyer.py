"""The buyer of an order: whether there is a company, and whether a marketplace took the buyer's data away."""

import unicodedata

from connector.domain.order.model import Address

# What people and programs write into the field for a company when there is none, in the languages of the shops' own
# countries and of their neighbours. Only letters and digits are compared.
_NO_COMPANY = frozenset(
    {
        *("", "0", "00", "000", "0000", "x", "xx", "xxx", "no", "none", "nil", "null", "undefined", "nan", "na"),
        *("notapplicable", "nocompany", "nocompanyname", "nobusiness", "company", "companyname", "self", "myself"),
        *("private", "privateperson", "privateindividual", "privatecustomer", "privateuse", "individual", "personal"),
        *("consumer", "home", "residential", "unknown", "blank", "mr", "mrs"),
        *("nvt", "nietvantoepassing", "nee", "geen", "geenbedrijf", "geenbedrijfsnaam", "bedrijf", "bedrijfsnaam"),
        *("prive", "privepersoon", "particulier", "consument", "thuis", "zelf", "ikzelf", "nihil", "niet", "zonder"),
        *("leeg", "onbekend", "dhr", "deheer", "mevr", "mevrouw"),
        *("kein", "keine", "keinefirma", "keineangabe", "nein", "privat", "privatperson", "privatkunde"),
        *("entfallt", "firma", "ohne", "unbekannt", "herr", "frau"),
        *("sans", "inconnu", "monsieur", "madame"),
        *("non", "aucun", "aucune", "sansobjet", "particuliere", "personnel", "neant", "societe"),
        *("ninguno", "ninguna", "noaplica", "particular", "nessuno", "nessuna", "privato", "brak", "ingen"),
    }
)
# Words of which several together say the same: `geen firma`, `pas de société`, `Particuliere klant`.
_NO = frozenset(
    {
        *("no", "not", "none", "without", "geen", "niet", "zonder", "kein", "keine", "ohne", "sans", "pas", "aucun"),
        *("aucune", "sin", "ninguna", "nessun", "nessuna", "ingen"),
    }
)
_COMPANY = frozenset(
    {
        *("a", "an", "company", "business", "firm", "organisation", "organization", "een", "bedrijf", "bedrijfsnaam"),
        *("onderneming", "organisatie", "firma", "unternehmen", "de", "societe", "entreprise", "empresa", "azienda"),
        *("ditta", "given", "provided", "available"),
    }
)
_PRIVATE = frozenset(
    {"private", "personal", "prive", "particulier", "particuliere", "privat", "privater", "privato", "residential"}
)
_PERSON = frozenset(
    {
        *("person", "individual", "customer", "client", "buyer", "use", "address", "persoon", "klant", "koper"),
        *("gebruik", "adres", "kunde", "kaufer", "personne", "cliente"),
    }
)
# What marketplaces and privacy tools write instead of a person's data.
_REDACTED = frozenset(
    {
        *("redacted", "anonymized", "anonymised", "anonymous", "pseudonymized", "scrubbed", "gdpr"),
        *("removed", "deleted", "erased", "withheld"),
        *("geanonimiseerd", "verwijderd", "anonymisiert", "geloscht", "anonymisee", "anonymise", "supprime"),
    }
)
# Words that say so only beside others: `Data protected`.
_HIDING = frozenset({"hidden", "masked", "protected"})
_EMPTIED = frozenset(
    {
        *_REDACTED,
        *_HIDING,
        *("user", "customer", "buyer", "account", "data", "name", "details", "info", "information", "personal", "pii"),
        *("by", "on", "for", "due", "to", "of", "request", "privacy", "reasons", "avg", "dsgvo", "rgpd"),
        *("naam", "gegevens", "persoonsgegevens", "klant", "kunde", "daten"),
    }
)
# Abbreviations that are names without their points.
_NO_NAME = frozenset({"n/a", "n.a.", "n.b.", "n.v.t.", "k.a.", "s.o."})
_MASKS = "*#█■▇•●"


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents and punctuation."""
    letters = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in letters).split()


def company_name(text: str) -> str:
    """Return what was typed as a company; "" when it says that there is none: `-`, `n/a`, `N.v.t.`, `privé`."""
    words = plain_words(text)
    is_none = "".join(words) in _NO_COMPANY or text.casefold() in _NO_NAME or _says_none(set(words))
    return "" if is_none else text


def _says_none(words: set[str]) -> bool:
    """Whether the words say together that there is no company, or that the buyer is a private person."""
    no_company = words & _NO and words & _COMPANY and words <= _NO | _COMPANY
    return bool(no_company or (words & _PRIVATE and words <= _PRIVATE | _PERSON))


def person_name(text: str) -> str:
    """Return what was typed as a person's first or last name; "" when there is no letter in it, and for `n/a`.

    A word may be a name: there are people who are called No, Na and Self. A mask stays: it tells that data was removed.
    """
    is_name = any(each.isalnum() or each in _MASKS for each in text)
    return text if is_name and text.casefold() not in _NO_NAME else ""


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
    hides = _REDACTED.intersection(words) or (len(words) > 1 and _HIDING.intersection(words))
    return bool(hides) and _EMPTIED.issuperset(words)


def _is_masked_email(email: str) -> bool:
    local, _, domain = email.partition("@")
    if any(mask * 2 in local for mask in _MASKS) or domain.casefold().endswith(".invalid"):
        return True
    if len(local) > 3 and set(local.casefold()) == {"x"}:
        return True
    return bool(_REDACTED.intersection([*plain_words(local), *plain_words(domain)[:1]]))
