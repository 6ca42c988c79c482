"""The numbers of a company in public registers, as a customer writes them: chamber of commerce, and Peppol.

The form is checked, and the check digits where python-stdnum knows them. Whether a number is registered is not.
Facts: the Peppol code list of participant identifier schemes, for the schemes' numbers.
"""

import re
from collections.abc import Callable, Mapping

from stdnum import ean
from stdnum.be import vat as be_enterprise
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret
from stdnum.no import orgnr as no_orgnr
from stdnum.se import orgnr as se_orgnr

Check = Callable[[str], object]

# What people write before the number: `KvK-nummer 12345678`.
_LABEL = re.compile(r"^(?:KVK|KBO|BCE|RCS|SIREN|SIRET|HR|COC|NUMMER|NUMBER|NR|NO|N)+(?=\d)")
_NUMBER = re.compile(r"(?=.*\d)[A-Z0-9]{4,20}")
_PEPPOL = re.compile(r"(?:ISO6523-ACTORID-UPIS::)?(\d{4}):([A-Z0-9._-]{1,45})")


def _digits(count: int) -> Check:
    def check(number: str) -> None:
        if not re.fullmatch(rf"\d{{{count}}}", number, re.ASCII):
            raise ValidationError

    return check


def _global_location(number: str) -> None:
    _digits(13)(number)
    ean.validate(number)


def _french(number: str) -> None:
    (siret if len(number) == 14 else siren).validate(number)


def _vat_of(country: str) -> Check:
    return lambda number: eu_vat.validate(number if number.startswith(country) else f"{country}{number}")


_BY_COUNTRY: Mapping[str, Check] = {
    "NL": _digits(8),
    "BE": be_enterprise.validate,
    "FR": _french,
    "NO": no_orgnr.validate,
    "SE": se_orgnr.validate,
}
_BY_SCHEME: Mapping[str, Check] = {
    "0002": siren.validate,
    "0007": se_orgnr.validate,
    "0009": siret.validate,
    "0088": _global_location,
    "0106": _digits(8),
    "0190": _digits(20),
    "0192": no_orgnr.validate,
    "0208": be_enterprise.validate,
    "9925": _vat_of("BE"),
    "9930": _vat_of("DE"),
    "9944": _vat_of("NL"),
    "9957": _vat_of("FR"),
}


def chamber_number(text: str, country: str) -> str:
    """Return a number of a chamber of commerce without separators, in capitals; "" when its form is wrong.

    The Netherlands, Belgium, France, Norway and Sweden are checked by their own rules. Elsewhere it is 4 to 20 letters
    and digits, of which one is a digit.
    """
    plain = "".join(each for each in text.upper() if each.isalnum())
    number = _LABEL.sub("", plain)
    if country == "BE":
        number = number.removeprefix("BE")
    return number if _NUMBER.fullmatch(number) and _passes(_BY_COUNTRY.get(country), number) else ""


def peppol_id(text: str) -> str:
    """Return a Peppol id as `<scheme>:<number>`, such as `0106:12345678`; "" when its form is wrong."""
    found = _PEPPOL.fullmatch("".join(text.upper().split()))
    return f"{found[1]}:{found[2]}" if found and _passes(_BY_SCHEME.get(found[1]), found[2]) else ""


def _passes(check: Check | None, number: str) -> bool:
    try:
        if check is not None:
            check(number)
    except ValidationError:
        return False
    return True
