"""From the accounts in Exact that may fit a customer to the one that does.

The ladder: a link, our SearchCode, the VAT number, the e-mail address with the same name, the name with the same
postcode, a new account. Orders and the pull of all customers go up the same one. A customer with a VAT number comes to
no account with another number. An account without one is given it, where that is allowed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from connector.domain.choices import CompleteVat
from connector.domain.customer.account import TO_PROMOTE, Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.likeness import (
    Reason,
    bears_number,
    has_email,
    has_name,
    has_other_number,
    has_place,
    is_namesake,
    score,
)
from connector.domain.customer.names import same_name
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem

_SAME, _RELATED = 0, 1  # how close an account is to the customer


@dataclass(frozen=True, slots=True)
class Link:
    """The account that orders under one of the customer's keys go to. `name` is the customer's name in them; "" when
    it was not kept."""

    key: str
    account_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that may be the customer's, how sure that is (0 to 100), and why."""

    account: Account
    score: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Found:
    """The customer's account. `key` is the customer's key that it is linked under, `reason` what it was found by.

    `give_number`: the account has no VAT number, and is given the customer's first. `promote`: it is a prospect or a
    suspect, and is made a customer first.
    """

    account: Account
    reason: Reason
    score: int
    key: str
    give_number: bool = False
    promote: bool = False


@dataclass(frozen=True, slots=True)
class Create:
    """No account is the customer's, so one is made with the SearchCode of `key`."""

    key: str


@dataclass(frozen=True, slots=True)
class Several:
    """A person must decide: `problem` says why, `candidates` are the accounts that it is about, best first.

    There may be one alone: it is blocked, or has another VAT number.
    """

    problem: Problem
    candidates: tuple[Candidate, ...]


def why_none(choice: Found | Create | Several | Problem) -> Problem | None:
    """Return why there is no account; None when there is one, or one is made."""
    if isinstance(choice, Several):
        return choice.problem
    return choice if isinstance(choice, Problem) else None


@dataclass(frozen=True, slots=True)
class Ladder:
    """A customer with a key, the accounts that have something in common with the customer, and what is allowed.

    `links` are those of the customer's keys, `as_guest` those of the keys that the customer had as a guest; their
    accounts are among `accounts`. Accounts that end before `today` have ended. `promote`: prospects and suspects
    become customers. `is_new`: a person said that none of the accounts that are only like the customer is the
    customer's.
    """

    customer: Customer
    accounts: Sequence[Account]
    links: Sequence[Link]
    complete_vat: CompleteVat
    today: date
    as_guest: Sequence[Link] = ()
    promote: bool = False
    is_new: bool = False

    def choose(self) -> Found | Create | Several | Problem:
        """Return the customer's account, or that one is made, or why a person must decide."""
        accounts = sorted(self.accounts, key=lambda each: (each.code, each.id))
        links = sorted(self.links, key=lambda each: each.key)
        return replace(self, accounts=accounts, links=links)._climb()

    def _climb(self) -> Found | Create | Several | Problem:
        customer = self.customer
        ours = [account for account in self.accounts if self._is_ours(account)]
        others = [] if self.is_new else self.accounts
        for several, reason in ((ours, Reason.SEARCH_CODE), (others, Reason.VAT_NUMBER)):
            if bearing := [account for account in several if bears_number(customer, account)]:
                return self._take(bearing, reason)
        if fitting := self._closest(account for account in ours if not has_other_number(customer, account)):
            return self._take(fitting, Reason.SEARCH_CODE)
        if foreign := [account for account in ours if self._is_somebody_elses(account)]:
            return self._not_proven(foreign[0])
        return (self._alike(ours) if not self.is_new else None) or self._create(ours)

    def _alike(self, ours: Sequence[Account]) -> Found | Several | None:
        """What the accounts come to that only the party's details lead to; None when there is none."""
        named = [account for account in self.accounts if self._has_email_and_name(account)]
        if fitting := self._closest(account for account in named if not has_other_number(self.customer, account)):
            return self._take(fitting, Reason.EMAIL_AND_NAME)
        return self._other_number([*ours, *named]) or self._placed()

    def _placed(self) -> Found | Several | None:
        """What the accounts come to that have the customer's name and postcode; None when there is none."""
        customer = self.customer
        placed = [each for each in self.accounts if has_name(customer, each) and has_place(customer, each)]
        here = [account for account in placed if not has_other_number(customer, account)]
        if sure := [account for account in here if not is_namesake(customer, account)]:
            return self._take(sure, Reason.NAME_AND_POSTCODE)
        return self._namesakes(here) or self._other_number(placed)

    def _is_ours(self, account: Account) -> bool:
        return self._link(account) is not None or self._has_our_code(account)

    def _link(self, account: Account) -> Link | None:
        return next((link for link in self.links if link.account_id == account.id), None)

    def _has_email_and_name(self, account: Account) -> bool:
        """Whether the e-mail address and the name are the customer's, or were so when the customer was a guest."""
        names = (self.customer.name, self.customer.person)
        named = has_email(self.customer, account) and any(same_name(account.name, name) for name in names)
        return named or bool(self._name_as_guest(account))

    def _name_as_guest(self, account: Account) -> str:
        """The customer's name in the orders that went to the account while the customer was a guest; else ""."""
        names = (self.customer.name, self.customer.person)
        kept = (link.name for link in self.as_guest if link.account_id == account.id)
        return next((name for name in kept if any(same_name(name, each) for each in names)), "")

    def _is_somebody_elses(self, account: Account) -> bool:
        """Whether only our SearchCode, or a link without a name, says that it is the customer's."""
        unknown = not self._linked_as(account) and self._closeness(account) is None
        return unknown and not has_email(self.customer, account)

    def _linked_as(self, account: Account) -> str:
        """The customer's name in the orders that went to it before; "" when that is not known."""
        link = self._link(account)
        return link.name if link else self._name_as_guest(account)

    def _closeness(self, account: Account) -> int | None:
        """How close one of our accounts is to the customer; None when it is another party's.

        A company needs its own account, or that of the person who orders. A person who is registered has the account
        of the registration. Guests have the account with their name.
        """
        customer, linked_as = self.customer, self._linked_as(account)
        if same_name(account.name, customer.name) or same_name(linked_as, customer.name):
            return _SAME
        known = bool(linked_as) or has_email(self.customer, account)
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

    def _take(self, accounts: Sequence[Account], reason: Reason) -> Found | Several:
        """The only account, or that of them which is open, or which the customer had before."""
        best = min(map(self._preference, accounts))
        found = [account for account in accounts if self._preference(account) == best]
        if len(found) > 1:
            text = ", ".join(map(str, found))
            code = self._code(self._free_key())
            alike = problem(Code.ACCOUNTS_ALIKE, amount=len(found), by=reason, accounts=text, search_code=code)
            return self._ask(alike, found, reason)
        (account,) = found
        by = Reason.LINK if self._link(account) else reason
        return self._usable(Found(account, by, score(by, self.customer, account), self._key_of(account)))

    def _usable(self, found: Found) -> Found | Several:
        """The account when it takes documents, perhaps after it was made a customer or given the VAT number."""
        why = found.account.why_unusable(self.today)
        if why and why.code in TO_PROMOTE and self.promote:
            found = replace(found, promote=True)
        elif why:
            return self._ask(why, [found.account], found.reason)
        return self._with_number(found)

    def _ask(self, why: Problem, accounts: Iterable[Account], reason: Reason, *, doubtful: bool = False) -> Several:
        """Let a person decide about these accounts."""
        several = [
            Candidate(account, score(reason, self.customer, account, doubtful=doubtful), reason) for account in accounts
        ]
        return Several(why, tuple(sorted(several, key=lambda each: (-each.score, each.account.code, each.account.id))))

    def _preference(self, account: Account) -> tuple[bool, bool, int]:
        """What is smaller is preferred: open accounts, then linked ones, then that of the particular company."""
        place = self.customer.keys.index(self._key_of(account)) if self._is_ours(account) else 0
        is_new = self._link(account) is None and not self._name_as_guest(account)
        return account.is_closed(self.today), is_new, -place

    def _with_number(self, found: Found) -> Found | Several:
        account, number = found.account, self.customer.vat_number
        if not number or account.vat_number:
            return found
        made = self.customer.made(account.search_code)
        if self.complete_vat == CompleteVat.ALL or (self.complete_vat == CompleteVat.OURS and made):
            return replace(found, give_number=True)
        why = problem(Code.ACCOUNT_WITHOUT_NUMBER, account=account, vat_number=number)
        return self._ask(why, [account], found.reason)

    def _namesakes(self, accounts: Sequence[Account]) -> Several | None:
        """The problem of accounts at the customer's postcode whose name may be another person's."""
        if not accounts:
            return None
        params = {"accounts": ", ".join(map(str, accounts)), "search_code": self._code(self._free_key())}
        return self._ask(problem(Code.ACCOUNT_OF_NAMESAKE, **params), accounts, Reason.NAME_AND_POSTCODE, doubtful=True)

    def _other_number(self, accounts: Iterable[Account]) -> Several | None:
        """The problem of an account that is the customer's by name, but not by VAT number."""
        for account in accounts:
            if has_other_number(self.customer, account) and self._closeness(account) == _SAME:
                numbers = {"theirs": account.vat_number, "vat_number": self.customer.vat_number}
                why = problem(Code.ACCOUNT_HAS_OTHER_NUMBER, account=account, **numbers)
                return self._ask(why, [account], self._reason_of(account), doubtful=True)
        return None

    def _reason_of(self, account: Account) -> Reason:
        """What leads to an account that is not the customer's for certain."""
        if self._link(account):
            return Reason.LINK
        if self._has_our_code(account):
            return Reason.SEARCH_CODE
        return Reason.EMAIL_AND_NAME if self._has_email_and_name(account) else Reason.NAME_AND_POSTCODE

    def _create(self, ours: Iterable[Account]) -> Create | Several | Problem:
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

    def _not_proven(self, account: Account) -> Several | Problem:
        """The problem of an account that neither the customer's name nor the e-mail address leads to."""
        if self.customer.redacted:
            return problem(Code.BUYER_REDACTED)
        if self._has_our_code(account):
            return self._search_code_taken(account)
        why = problem(Code.LINK_NOT_PROVEN, account=account, search_code=self._code(self._key_of(account)))
        return self._ask(why, [account], Reason.LINK, doubtful=True)

    def _search_code_taken(self, account: Account) -> Several:
        code = account.search_code if self._has_our_code(account) else self._code(self._key_of(account))
        why = problem(Code.SEARCH_CODE_TAKEN, account=account, search_code=code)
        return self._ask(why, [account], Reason.SEARCH_CODE, doubtful=True)

    def _has_our_code(self, account: Account) -> bool:
        return account.search_code in map(self._code, self.customer.keys)
