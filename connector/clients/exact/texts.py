"""The closed lists of Exact's validation texts.

Exact refuses input with HTTP 500 as well as 400. A 500 is a clear refusal when every message is on the list of
validation texts. After any other 500 it is unknown whether something was written. The language is that of the user who
consented. Public logs have Dutch and English texts; where they have only one of the two, the other one is assumed.

Every pattern begins where the message begins: what a message quotes, such as a product's or a customer's name, decides
nothing.
"""

import re

_WRONG = (
    r"(?:Verplicht|Mandatory|Ongeldig|Invalid|Onjuist|Incorrect|Ongeldige referentie|Invalid reference|Onbekend|"
    r"Unknown|Niet toegestaan|Not allowed|Not permitted): "
)
_PERIOD_NAME = (
    r"(?:(?:(?:financi[eë]le |financial |reporting |accounting |posting )?(?:periode|period))|boek(?:ings)?periode|"
    r"boekjaar|(?:fiscal|financial) year)"
)
_PERIOD_SHUT = (
    r"(?:afgesloten|gesloten|geblokkeerd|vergrendeld|niet (?:open|geopend|actief|gevonden)|bestaat niet|onbekend|"
    r"ontbreekt|closed|blocked|locked|not (?:open|opened|active|found)|does not exist|unknown|missing)"
)
_DATES = r"(?: ?[:-]? ?[\d /.-]+)?"
_ALREADY = r"(?:reeds |al |already )?"
_NO_PERIOD = [
    rf"{_WRONG}{_PERIOD_NAME}(?: \([^()]*\))?(?: ?[:-] ?[\d /.-]+)?",
    rf"(?:de |het |deze |dit |the |this )?{_PERIOD_NAME}(?: [\d/.-]+)*(?: is|:)? {_ALREADY}{_PERIOD_SHUT}{_DATES}",
    rf"{_PERIOD_SHUT}: {_PERIOD_NAME}{_DATES}",
    rf"(?:geen|no) (?:open |geopende )?{_PERIOD_NAME}(?: gevonden| found| beschikbaar| available)?{_DATES}",
    rf"(?:de )?(?:factuur|boek)?datum valt buiten (?:het |de |een )?(?:open )?{_PERIOD_NAME}{_DATES}",
    rf"(?:the )?(?:invoice |entry )?date (?:is|falls) outside (?:the |an? )?(?:open )?{_PERIOD_NAME}{_DATES}",
    r"the financial year cannot be changed",
    r"het boekjaar kan niet worden gewijzigd",
]
NO_PERIOD = "|".join(_NO_PERIOD)
"""The texts that tell that no open period takes the date. For explanations; `lacks_period` decides."""
# What a field or a record is called, and what is wrong with it, when a sentence begins with its name.
_NAMED = (
    r"(?:btw-?(?:code|percentage|nummer)|vat (?:code|percentage|number)|artikel|item|relatie|klant|debiteur|account|"
    r"customer|debtor|grootboekrekening|g/?l[ -]?account|kostenplaats|cost cent(?:re|er)|kostendrager|cost unit|"
    r"dagboek|journal|betalingsconditie|payment condition|valuta|currency|land|country|lay-?out|postcode|"
    r"e-?mail(?:-?adres| address)?|(?:factuur|boek)?datum|(?:(?:invoice|entry) )?date|eenheid|unit|wisselkoers|"
    r"exchange rate|zoekcode|search code|(?:uw|your) ref(?:\.|erentie|erence)?)"
)
STATE = (
    r"(?:ongeldig|onbekend|verplicht|onjuist|niet (?:toegestaan|actief|gevonden|geldig)|geblokkeerd|inactief|"
    r"bestaat niet|ontbreekt|verlopen|vervallen|invalid|incorrect|unknown|mandatory|required|blocked|inactive|"
    r"not (?:allowed|permitted|active|found|valid)|does not exist|missing|expired)"
)
NUMBER_IN_USE = (
    r"(?:het |the )?(?:[a-z]{0,20}nummer|(?:[a-z]{1,12} )?number)(?: [\w./-]{1,30})?(?:"
    rf"(?: is)? {_ALREADY}(?:in gebruik|gebruikt|niet uniek|in use|used|not unique)|"
    r" bestaat (?:al|reeds)| already exists)"
)
TOO_LONG = (
    r"(?:[^:;.()]|\bref\.){1,60} (?:is (?:te lang|too long)|mag (?:maximaal|niet meer dan) \d+ (?:tekens|karakters)\b|"
    r"may (?:have|contain) (?:at most|no more than) \d+ characters\b)|"
    r"(?:maximale? lengte|maximum (?:lengte|length))(?: (?:is )?(?:overschreden|exceeded))?\b"
)
UNBALANCED = (
    r"(?:de |the )?(?:verkoop)?(?:boeking|journaalpost|(?:sales |journal )?entry|transaction)(?: is)? "
    r"(?:niet in (?:evenwicht|balans)|not (?:in )?balanced?|unbalanced|out of balance)\b|"
    r"(?:debet en credit|debit and credit)(?: zijn| are)? (?:niet gelijk|ongelijk|not equal|unequal)\b|"
    r"(?:totaal |total )?(?:debet|debit)(?: is)? (?:niet gelijk|ongelijk|not equal|unequal) (?:aan|to)\b"
)
_THE, _WHICH, _VALUE = "(?:de |het |the )?", "(?: [^:;]{1,40}?)?", "(?:waarde voor |value for )?"
_KNOWN = [
    *_NO_PERIOD,
    rf"{_WRONG}.+",
    rf"{_THE}{_NAMED}{_WHICH}(?: is|:)? {_ALREADY}{STATE}(?: \([^()]*\))?(?:: [^:;]+| (?:op|on|per) [\d/.-]+)?",
    rf"{_THE}{_NAMED}{_WHICH}(?: is)? (?:geen|not an?) (?:klant|verkoopartikel|customer|sales item)(?:: .+)?",
    rf"{_THE}{_NAMED}{_WHICH} (?:bestaat (?:al|reeds)|already exists|(?:is )?{_ALREADY}(?:in gebruik|in use))(?:: .+)?",
    rf"{_THE}{_NAMED}{_WHICH} (?:(?:mag|kan) niet worden gebruikt|(?:cannot|may not) be used)(?: .+)?",
    rf"(?:ongeldige?|onbekende?|onjuiste?|geblokkeerde|invalid|incorrect|unknown|blocked) {_VALUE}{_NAMED}(?:[: ].*)?",
    rf"(?:geen|no) {_NAMED} (?:gevonden|found)(?:[: ].*)?",
    r"(?:deze |this )?(?:combinatie|combination)(?: is)? (?:niet toegestaan|not allowed)(?:[: ].*)?",
    rf"{_THE}(?:btw-periode|vat period)(?: [\d/.-]+)*(?: is|:)? {_ALREADY}{_PERIOD_SHUT}{_DATES}",
    rf"(?!.*\b(?:error|fout|server|service|exception)\b)[^:;.]{{1,60}}: (?:[^:;.]{{1,40}} - )?{STATE}(?: \([^()]*\))?",
    rf"{NUMBER_IN_USE}(?:[: ].*)?",
    rf"(?:{TOO_LONG})(?:[:( ].*)?",
    rf"(?:{UNBALANCED}).*",
    r"Gegeven bestaat reeds",
    r"Data already exists",
    r"(?:.+: )?(?:Bestaat reeds|Already exists)",
    r"(?:.+: )?(?:Reeds verwerkt|Already processed)",
    r"(?:(?:Reeds |Al |Already )?(?:In gebruik|In use)): .+",
    r".+: (?:(?:Reeds|Al) in gebruik|In gebruik|(?:Already )?in use)",
    r"(?:Bestaat (?:al|reeds)|Already exists): .+",
    r"(?:Te lang|Too long|Te kort|Too short|Te groot|Too large|Te veel|Too many): .+",
    r".+: (?:Te lang|Too long)(?: \([^()]*\))?",
    r"(?:Geblokkeerd|Blocked|Afgesloten|Closed|Niet actief|Not active|Inactief|Inactive): .+",
    r"(?:Bestaat niet|Does not exist|Niet gevonden|Not found|Ontbreekt|Missing|Niet uniek|Not unique): .+",
    r"(?:Niet in evenwicht|Not in balance|Not balanced|Unbalanced): .+",
    r"(?:Geen verkoopartikel|Not a sales item)\b.*",
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
