"""From the accounts in Exact that may fit a customer to the one that does.

The ladder: our SearchCode, the VAT number, the e-mail address with the same name, a new account. An order with a VAT
number goes to no account with another number. An account without one is given it, where that is allowed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from connector.domain.choices import CompleteVat
from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.names import same_name
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem

SEARCH_CODE, VAT_NUMBER, EMAIL = "SearchCode", "VAT number", "e-mail address"
_SAME, _RELATED = 0, 1  # how close an account is to the customer


@dataclass(frozen=True, slots=True)
class Link:
    """The account that orders under one of the customer's keys go to. `name` is the customer's name in them; "" when
    it was not kept."""

    key: str
    account_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """The customer's account. `key` is the customer's key that it is linked under, `by` what it was found by.

    `give_number`: the account has no VAT number, and is given that of the order first.
    """

    account: Account
    by: str
    key: str
    give_number: bool = False


@dataclass(frozen=True, slots=True)
class Create:
    """No account is the customer's, so one is made with the SearchCode of `key`."""

    key: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """A customer with a key, the accounts that have something in common with the customer, and what is allowed.

    `links` are those of the customer's keys; their accounts are among `accounts`. Accounts that end before `today` have
    ended.
    """

    customer: Customer
    accounts: Sequence[Account]
    links: Sequence[Link]
    complete_vat: CompleteVat
    today: date

    def choose(self) -> Found | Create | Problem:
        """Return the customer's account, or that one is made, or why a person must decide."""
        ours = [account for account in self.accounts if self._is_ours(account)]
        for several, by in ((ours, SEARCH_CODE), (self.accounts, VAT_NUMBER)):
            if bearing := [account for account in several if self._bears_number(account)]:
                return self._take(bearing, by)
        if fitting := self._closest(account for account in ours if not self._has_other_number(account)):
            return self._take(fitting, SEARCH_CODE)
        if foreign := [account for account in ours if self._is_somebody_elses(account)]:
            return self._not_proven(foreign[0])
        named = [account for account in self.accounts if self._has_email_and_name(account)]
        if fitting := self._closest(account for account in named if not self._has_other_number(account)):
            return self._take(fitting, EMAIL)
        return self._other_number([*ours, *named]) or self._create(ours)

    def _is_ours(self, account: Account) -> bool:
        return self._link(account) is not None or self._has_our_code(account)

    def _link(self, account: Account) -> Link | None:
        return next((link for link in self.links if link.account_id == account.id), None)

    def _bears_number(self, account: Account) -> bool:
        return bool(self.customer.vat_number) and account.vat_number == self.customer.vat_number

    def _has_other_number(self, account: Account) -> bool:
        number = self.customer.vat_number
        return bool(number and account.vat_number) and account.vat_number != number

    def _has_email(self, account: Account) -> bool:
        return bool(self.customer.email) and account.email == self.customer.email

    def _has_email_and_name(self, account: Account) -> bool:
        names = (self.customer.name, self.customer.person)
        return self._has_email(account) and any(same_name(account.name, name) for name in names)

    def _is_somebody_elses(self, account: Account) -> bool:
        """Whether only our SearchCode, or a link without a name, says that it is the customer's."""
        unknown = not self._linked_as(account) and self._closeness(account) is None
        return unknown and not self._has_email(account)

    def _linked_as(self, account: Account) -> str:
        """The customer's name in the orders that went to it before; "" when that is not known."""
        link = self._link(account)
        return link.name if link else ""

    def _closeness(self, account: Account) -> int | None:
        """How close one of our accounts is to the customer; None when it is another party's.

        A company needs its own account, or that of the person who orders. A person who is registered has the account
        of the registration. Guests have the account with their name.
        """
        customer, linked_as = self.customer, self._linked_as(account)
        if same_name(account.name, customer.name) or same_name(linked_as, customer.name):
            return _SAME
        known = bool(linked_as) or self._has_email(account)
        if customer.company:
            known = self._is_the_persons(account, linked_as)
        elif not customer.registered:
            known = known and not customer.person
        return _RELATED if known else None

    def _is_the_persons(self, account: Account, linked_as: str) -> bool:
        """Whether a company takes the account of the person who orders for it.

        It does not when other orders went there: two companies would share it. A consumer's account is the company's
        when the order has a VAT number, because the account is given that.
        """
        person = self.customer.person
        is_alone = not linked_as or (bool(self.customer.vat_number) and same_name(linked_as, person))
        return is_alone and same_name(account.name, person)

    def _closest(self, accounts: Iterable[Account]) -> list[Account]:
        ranked = [(rank, account) for account in accounts if (rank := self._closeness(account)) is not None]
        return [account for rank, account in ranked if rank == min(rank for rank, _ in ranked)]

    def _take(self, accounts: Sequence[Account], by: str) -> Found | Problem:
        """The only account, or that of them which is open, or which the customer had before."""
        best = min(map(self._preference, accounts))
        found = [account for account in accounts if self._preference(account) == best]
        if len(found) > 1:
            return problem(
                Code.ACCOUNTS_ALIKE,
                amount=len(found),
                by=by,
                accounts=", ".join(map(str, found)),
                search_code=self._code(self._free_key()),
            )
        (account,) = found
        return account.why_unusable(self.today) or self._with_number(Found(account, by, self._key_of(account)))

    def _preference(self, account: Account) -> tuple[bool, bool, int]:
        """What is smaller is preferred: open accounts, then linked ones, then that of the particular company."""
        place = self.customer.keys.index(self._key_of(account)) if self._is_ours(account) else 0
        return account.is_closed(self.today), self._link(account) is None, -place

    def _with_number(self, found: Found) -> Found | Problem:
        account, number = found.account, self.customer.vat_number
        if not number or account.vat_number:
            return found
        made = self.customer.made(account.search_code)
        if self.complete_vat == CompleteVat.ALL or (self.complete_vat == CompleteVat.OURS and made):
            return replace(found, give_number=True)
        return problem(Code.ACCOUNT_WITHOUT_NUMBER, account=account, vat_number=number)

    def _other_number(self, accounts: Iterable[Account]) -> Problem | None:
        """The problem of an account that is the customer's by name, but not by VAT number."""
        for account in accounts:
            if self._has_other_number(account) and self._closeness(account) == _SAME:
                numbers = {"theirs": account.vat_number, "vat_number": self.customer.vat_number}
                return problem(Code.ACCOUNT_HAS_OTHER_NUMBER, account=account, **numbers)
        return None

    def _create(self, ours: Iterable[Account]) -> Create | Problem:
        if self.customer.redacted:
            return problem(Code.BUYER_REDACTED)
        key = self._free_key()
        if not self.customer.name:
            return problem(Code.CUSTOMER_WITHOUT_NAME, search_code=self._code(key))
        holders = (each for each in ours if self._key_of(each) == key or each.search_code == self._code(key))
        holder = next(holders, None)
        return self._search_code_taken(holder) if holder else Create(key)

    def _key_of(self, account: Account) -> str:
        """The key that the account is linked under, or is to be."""
        if link := self._link(account):
            return link.key
        for key in self.customer.keys:
            if self._code(key) == account.search_code:
                return key
        used = {link.key for link in self.links}
        return next((key for key in self.customer.keys if key not in used), self.customer.keys[-1])

    def _free_key(self) -> str:
        """The first key that leads to no account, else the last one."""
        used = {self._key_of(account) for account in self.accounts if self._is_ours(account)}
        return next((key for key in self.customer.keys if key not in used), self.customer.keys[-1])

    def _code(self, key: str) -> str:
        return self.customer.search_code(key).upper()

    def _not_proven(self, account: Account) -> Problem:
        """The problem of an account that neither the customer's name nor the e-mail address leads to."""
        if self.customer.redacted:
            return problem(Code.BUYER_REDACTED)
        if self._has_our_code(account):
            return self._search_code_taken(account)
        return problem(Code.LINK_NOT_PROVEN, account=account, search_code=self._code(self._key_of(account)))

    def _search_code_taken(self, account: Account) -> Problem:
        code = account.search_code if self._has_our_code(account) else self._code(self._key_of(account))
        return problem(Code.SEARCH_CODE_TAKEN, account=account, search_code=code)

    def _has_our_code(self, account: Account) -> bool:
        return account.search_code in map(self._code, self.customer.keys)
