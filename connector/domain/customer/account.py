"""An account in Exact, as far as customers are compared with it, and whether a document can go to it."""

from dataclasses import dataclass
from datetime import date

from connector.domain.customer.names import name_key
from connector.domain.customer.postcodes import Place
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem

CUSTOMER, PROSPECT, SUSPECT = "C", "P", "S"  # Exact's reference, Accounts.Status
TO_PROMOTE = frozenset({Code.ACCOUNT_PROSPECT, Code.ACCOUNT_SUSPECT})  # an account that may become a customer
_NO_CUSTOMER = {PROSPECT: Code.ACCOUNT_PROSPECT, SUSPECT: Code.ACCOUNT_SUSPECT}
# Why a document cannot go to an account, for any customer.
UNUSABLE = frozenset(
    {Code.ACCOUNT_BLOCKED, Code.ACCOUNT_ENDED, Code.ACCOUNT_NO_CUSTOMER, Code.ACCOUNT_PROSPECT, Code.ACCOUNT_SUSPECT}
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account in Exact. `search_code` is in capitals, `email` in lower case, `vat_number` as `normal_vat_number`
    writes it. `ends` is its last day; None when it has no end. `phone_key`, `postcode_key` and `country` are as
    `phones` and `postcodes` write them."""

    id: str
    code: str
    name: str
    search_code: str = ""
    vat_number: str = ""
    email: str = ""
    status: str = CUSTOMER
    blocked: bool = False
    ends: date | None = None
    phone_key: str = ""
    postcode_key: str = ""
    country: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name_key(self) -> str:
        """The name as `names` writes it."""
        return name_key(self.name)

    @property
    def place(self) -> Place:
        """Where its visiting address is."""
        return Place(self.country, self.postcode_key)

    def is_closed(self, today: date) -> bool:
        """Whether it takes no document, because it has ended or is no customer."""
        return self.has_ended(today) or self.status != CUSTOMER

    def has_ended(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.ends is not None and self.ends < today

    def why_unusable(self, today: date) -> Problem | None:
        """Return why a document cannot go to it; None when one can."""
        if self.blocked:
            return problem(Code.ACCOUNT_BLOCKED, account=self)
        if self.has_ended(today):
            return problem(Code.ACCOUNT_ENDED, account=self, day=self.ends)
        if self.status != CUSTOMER:
            return problem(_NO_CUSTOMER.get(self.status, Code.ACCOUNT_NO_CUSTOMER), account=self)
        return None
