"""Makes customers and accounts from a seed, and knows which account is whose.

A party is a person or a company. It may have an account in Exact, one customer in the store or two: 10 % of the
customers are the second registration of a party. 5 % have two accounts that fit, so that nobody can tell which one is
right. The other accounts are found by one reason of the ladder each; what the other rungs compare is written otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

FIRST = ("Anouk", "Björn", "Chloé", "Daan", "Élise", "Finn", "Greta", "Hugo", "Inès", "Joris", "Karin", "Łucja")
LAST = ("Akkerman", "Bosveld", "Çelik", "Dubois", "Engelen", "Faber", "Girard", "Hoekstra", "Ivens", "Jansma")
TRADES = ("Rijwielen", "Vélos", "Fietshuis", "Cycles", "Outdoor", "Sport", "Bäckerei", "Kwekerij")
RUNGS = ("search_code", "vat_number", "email_and_name", "name_and_postcode", "new")
WEIGHTS = (15, 15, 25, 15, 30)
DUPLICATES, AMBIGUOUS = 0.10, 0.05


@dataclass(slots=True)
class Party:
    """A person or a company. `found_by` says how its account is found; "new": it has none, "ambiguous": it has two."""

    number: int
    found_by: str
    first: str
    last: str
    company: str = ""
    vat_number: str = ""
    customers: list[int] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.company or f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        return f"party{self.number}@customers.example"

    @property
    def postcode(self) -> str:
        """A postcode of the Netherlands that no other party has."""
        letters = "ABCDEGHJKLMNPRSTUVWXZ"
        area, at = divmod(self.number, len(letters))
        return f"{1000 + area % 9000} {letters[at]}{letters[(at + area // 9000) % len(letters)]}"

    @property
    def phone(self) -> str:
        return f"020 {7000000 + self.number:07d}"


@dataclass(slots=True)
class World:
    """All parties. Their customers and accounts have their ids once they are placed in the fakes."""

    parties: list[Party]
    twice: list[Party]

    @property
    def ambiguous(self) -> list[Party]:
        return [party for party in self.parties if party.found_by == "ambiguous"]

    def party_of_customer(self) -> dict[str, Party]:
        return {str(each): party for party in self.parties for each in party.customers}

    def party_of_account(self) -> dict[str, Party]:
        return {each: party for party in self.parties for each in party.accounts}


def generate(customers: int, seed: int = 16) -> World:
    """Return a world with so many customers."""
    rng = Random(seed)
    second, ambiguous = round(customers * DUPLICATES), round(customers * AMBIGUOUS)
    count = customers - second
    rungs = [*("ambiguous",) * ambiguous, *rng.choices(RUNGS, WEIGHTS, k=count - ambiguous)]
    rng.shuffle(rungs)
    parties = [_party(rng, number, found_by) for number, found_by in enumerate(rungs, start=1)]
    # A person who registers twice is known by name and postcode, a company by its VAT number.
    fit = [party for party in parties if party.found_by != "ambiguous"]
    return World(parties, rng.sample(fit, second))


def _party(rng: Random, number: int, found_by: str) -> Party:
    company = found_by == "vat_number" or rng.random() < 0.3
    party = Party(number, found_by, rng.choice(FIRST), rng.choice(LAST))
    if company:
        party.company = f"{rng.choice(TRADES)} {rng.choice(LAST)} {number}"
        party.vat_number = _belgian(number)
    return party


def _belgian(number: int) -> str:
    """A VAT number with right check digits, that no other party has."""
    base = 4_000_000 + number
    return f"BE0{base:07d}{97 - base % 97:02d}"


def customers_of(world: World) -> Iterator[tuple[Party, dict[str, Any]]]:
    """Yield each customer as the store's fake takes it: first those who registered once, then the second ones."""
    for party in world.parties:
        yield party, _customer(party, party.email, party.company and f"{party.company} B.V.")
    for party in world.twice:
        name = party.company and f"{party.company.upper()} bv"
        yield party, _customer(party, f"other{party.number}@customers.example", name)


def _customer(party: Party, email: str, company: str) -> dict[str, Any]:
    person = {"first_name": party.first, "last_name": party.last, "company": company, "phone": party.phone}
    place = {"address1": f"Proefstraat {party.number}", "city": "Houtmeer", "postal_code": party.postcode}
    fields = {"VAT number": party.vat_number} if party.vat_number else {}
    address = {**person, **place, "country_code": "NL"}
    return {**person, "email": email, "addresses": [address], "form_fields": fields}


def accounts_of(party: Party, prefix: str) -> Iterator[dict[str, Any]]:
    """Yield the accounts that Exact has of a party, as its fake takes them. Only what its reason compares is alike."""
    place = {"AddressLine1": f"Proefstraat {party.number}", "City": "Houtmeer", "Country": "NL"}
    otherwise = {"Email": f"old{party.number}@accounts.example", "Postcode": "9999 ZZ"}
    spelled = _otherwise(party.name)
    match party.found_by:
        case "search_code":
            code = f"{prefix}-{party.customers[0]}"
            yield {**place, **otherwise, "Name": spelled, "SearchCode": code}
        case "vat_number":
            number = f"{party.vat_number[:2]} {party.vat_number[2:6]}.{party.vat_number[6:9]}.{party.vat_number[9:]}"
            yield {**place, **otherwise, "Name": f"Account {party.number}", "VATNumber": number}
        case "email_and_name":
            yield {**place, **otherwise, "Name": spelled, "Email": party.email.upper()}
        case "name_and_postcode":
            postcode = party.postcode.replace(" ", "").lower()
            yield {**place, "Name": spelled, "Postcode": postcode, "Phone": f"+31 {party.phone[1:]}"}
        case "ambiguous":
            for _each in range(2):
                yield {**place, **otherwise, "Name": spelled, "Email": party.email}


def _otherwise(name: str) -> str:
    """The name without accents, in capitals."""
    return name.upper().translate(str.maketrans("ÖÉÈÇÄŁ", "OEECAL"))
