"""The ladder to the customer's account: a link, our SearchCode, the VAT number, the e-mail address with the name, the
name with the postcode, a new one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.domain.choices import CompleteVat
from connector.domain.customer.account import UNUSABLE, Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.ladder import Create, Found, Ladder, Link, Several, why_none
from connector.domain.customer.likeness import Reason
from connector.domain.customer.postcodes import Place
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem

GENT, OTHER = "BE0123456749", "BE0403019261"
TODAY = date(2026, 11, 29)
VERA = Customer("NLS", "5", True, "Vera Dijk", "", "vera@shopper.example", "")
FIETSEN = replace(VERA, company="Gentse Fietsen BV")
HOME = frozenset({Place("BE", "9000")})
GUEST = replace(VERA, key="Gab12", registered=False)


def account(number: int = 1, name: str = "Vera Dijk", **fields: Any) -> Account:
    return Account(f"id-{number}", str(number), name, **fields)


def choose(
    customer: Customer,
    *accounts: Account,
    links: Sequence[Link] = (),
    complete_vat: CompleteVat = CompleteVat.OURS,
) -> Found | Create | Several | Problem:
    return Ladder(customer, accounts, links, complete_vat, TODAY).choose()


def found(choice: Found | Create | Several | Problem) -> tuple[str, str, str]:
    """The account, what it was found by, and the key that it is linked under."""
    assert isinstance(choice, Found), choice
    return choice.account.id, choice.reason, choice.key


def held(choice: Found | Create | Several | Problem) -> Code:
    why = why_none(choice)
    assert why is not None, choice
    return why.code


class TestWithoutVatNumber:
    def test_the_account_with_our_search_code_goes_first(self) -> None:
        ours = account(1, search_code="NLS-5", email=VERA.email)
        assert found(choose(VERA, account(2, email=VERA.email), ours)) == ("id-1", Reason.SEARCH_CODE, "5")

    def test_an_account_with_the_e_mail_address_and_the_name_is_the_customers(self) -> None:
        assert found(choose(VERA, account(email=VERA.email))) == ("id-1", Reason.EMAIL_AND_NAME, "5")
        fietsen = account(name="GENTSE FIETSEN", email=VERA.email)
        assert found(choose(FIETSEN, fietsen)) == ("id-1", Reason.EMAIL_AND_NAME, "5")

    @pytest.mark.parametrize("name", ["Andere NV", "Vera van Dijk", ""])
    def test_an_e_mail_address_alone_joins_nobody(self, name: str) -> None:
        assert choose(FIETSEN, account(name=name, email=VERA.email)) == Create("5")

    def test_an_account_with_the_name_and_the_postcode_is_the_customers(self) -> None:
        at_home = account(email="old@shopper.example", postcode_key="9000", country="BE")
        assert found(choose(replace(VERA, places=HOME), at_home)) == ("id-1", Reason.NAME_AND_POSTCODE, "5")
        assert found(choose(replace(VERA, places=HOME), replace(at_home, country="")))[0] == "id-1"
        for other in (replace(at_home, postcode_key="9001"), replace(at_home, country="LU")):
            assert choose(replace(VERA, places=HOME), other) == Create("5")
        assert choose(VERA, replace(at_home, postcode_key="")) == Create("5")
        assert choose(replace(VERA, places=HOME, person="Vera van Dijk"), at_home) == Create("5")

    def test_the_e_mail_address_goes_before_the_postcode(self) -> None:
        at_home = account(1, postcode_key="9000", country="BE")
        assert found(choose(replace(VERA, places=HOME), at_home, account(2, email=VERA.email)))[0] == "id-2"

    def test_a_namesake_at_the_postcode_is_for_a_person_to_tell(self) -> None:
        vera = replace(VERA, places=HOME, phone_keys=frozenset({"+32475123456"}))
        other = account(1, email="other@shopper.example", phone_key="+32475999999", postcode_key="9000", country="BE")
        choice = choose(vera, other)
        assert held(choice) == Code.ACCOUNT_OF_NAMESAKE
        assert isinstance(choice, Several)
        assert [(each.account.id, each.score, each.reason) for each in choice.candidates] == [
            ("id-1", 31, Reason.NAME_AND_POSTCODE)
        ]
        hers = replace(account(2), postcode_key="9000", country="BE")
        assert found(choose(vera, other, hers))[0] == "id-2"
        firm = replace(vera, company="Gentse Fietsen BV")
        assert found(choose(firm, replace(other, name="Gentse Fietsen")))[0] == "id-1"

    def test_a_person_can_say_that_the_customer_is_new(self) -> None:
        both = [account(number, email=VERA.email) for number in (1, 2)]
        assert held(choose(VERA, *both)) == Code.ACCOUNTS_ALIKE
        assert Ladder(VERA, both, (), CompleteVat.OURS, TODAY, is_new=True).choose() == Create("5")
        ours = replace(both[0], search_code="NLS-5")
        assert found(Ladder(VERA, [ours], (), CompleteVat.OURS, TODAY, is_new=True).choose())[0] == "id-1"

    def test_a_guest_who_registers_keeps_the_account_whatever_its_details_became(self) -> None:
        as_guest = [Link(GUEST.key, "id-1", "Vera Dijk")]
        renamed = account(name="V.D. Holding", email="boek@holding.example")
        ladder = Ladder(VERA, [renamed, account(2, email=VERA.email)], (), CompleteVat.OURS, TODAY, as_guest)
        assert found(ladder.choose()) == ("id-1", Reason.EMAIL_AND_NAME, "5")
        another = replace(ladder, customer=replace(VERA, person="Bob Visser"))
        assert another.choose() == Create("5")

    def test_a_name_alone_joins_nobody(self) -> None:
        assert choose(VERA, account(email="other@shopper.example")) == Create("5")

    def test_an_account_with_a_vat_number_may_serve_an_order_without(self) -> None:
        assert found(choose(VERA, account(email=VERA.email, vat_number=GENT)))[0] == "id-1"

    def test_a_linked_account_stays_the_customers_whatever_its_name_became(self) -> None:
        links = [Link("5", "id-1", "Gentse Fietsen BV")]
        assert found(choose(FIETSEN, account(name="GF Holding"), links=links)) == ("id-1", Reason.LINK, "5")
        assert found(choose(VERA, account(name="GF Holding"), links=links)) == ("id-1", Reason.LINK, "5")

    def test_another_company_of_the_same_login_has_an_account_of_its_own(self) -> None:
        links = [Link("5", "id-1", "Alfa BV")]
        alfa = account(name="Alfa BV", search_code="NLS-5", email=VERA.email)
        (_, second) = FIETSEN.keys
        assert choose(FIETSEN, alfa, links=links) == Create(second)
        fietsen = account(2, "Gentse Fietsen BV", search_code=f"NLS-{second}".upper(), email=VERA.email)
        assert found(choose(FIETSEN, alfa, fietsen, links=links)) == ("id-2", Reason.SEARCH_CODE, second)
        assert found(choose(VERA, alfa, fietsen, links=links))[0] == "id-1"

    def test_another_company_has_its_own_account_also_where_no_link_is_left(self) -> None:
        alfa = account(name="Alfa BV", search_code="NLS-5", email=VERA.email)
        assert choose(FIETSEN, alfa) == Create(FIETSEN.keys[1])

    def test_another_guest_of_the_same_e_mail_address_has_an_account_of_their_own(self) -> None:
        links = [Link(GUEST.key, "id-1", "Ann Bakker")]
        ann = account(name="Ann Bakker", search_code=f"NLS-{GUEST.key}".upper(), email=GUEST.email)
        assert choose(GUEST, ann, links=links) == Create(GUEST.keys[1])
        assert found(choose(replace(GUEST, person="Ann Bakker"), ann, links=links))[0] == "id-1"
        assert found(choose(replace(GUEST, person=""), ann, links=links))[0] == "id-1"

    @pytest.mark.parametrize("customer", [VERA, GUEST])
    def test_two_companies_do_not_share_the_account_of_the_person_who_orders_for_them(self, customer: Customer) -> None:
        code = f"NLS-{customer.key}".upper()
        vera = account(search_code=code, email=VERA.email)
        links = [Link(customer.key, "id-1", "Vera Dijk")]
        for company in ("Alfa BV", "Beta BV"):
            firm = replace(customer, company=company)
            assert choose(firm, vera, links=links) == Create(firm.keys[1])
        assert found(choose(customer, vera, links=links)) == ("id-1", Reason.LINK, customer.key)

    def test_a_company_takes_the_account_of_its_person_when_no_other_order_went_there(self) -> None:
        vera = account(email=VERA.email)
        assert found(choose(FIETSEN, vera)) == ("id-1", Reason.EMAIL_AND_NAME, "5")
        links = [Link("5", "id-1", "Gentse Fietsen BV")]
        assert found(choose(FIETSEN, vera, links=links)) == ("id-1", Reason.LINK, "5")
        assert found(choose(VERA, vera, links=links)) == ("id-1", Reason.LINK, "5")
        other = replace(VERA, company="Andere NV")
        assert choose(other, vera, links=links) == Create(other.keys[1])

    @pytest.mark.parametrize(
        ("customer", "fields"),
        [
            (FIETSEN, {"name": "Gentse Fietsen"}),
            (FIETSEN, {"name": "Vera Dijk"}),
            (VERA, {"name": "Vera Dijk"}),
            (VERA, {"name": "V.D. Holding", "email": VERA.email}),
        ],
    )
    def test_a_link_from_before_names_were_kept_serves_whom_the_account_names(
        self, customer: Customer, fields: dict[str, Any]
    ) -> None:
        assert found(choose(customer, account(**fields), links=[Link("5", "id-1", "")]))[0] == "id-1"

    @pytest.mark.parametrize("customer", [VERA, FIETSEN, replace(FIETSEN, vat_number=GENT)])
    def test_such_a_link_to_an_account_of_another_name_and_e_mail_address_is_held(self, customer: Customer) -> None:
        links, stranger = [Link("5", "id-1", "")], account(name="Andere NV", email="boek@andere.example")
        choice = choose(customer, stranger, links=links, complete_vat=CompleteVat.ALL)
        assert held(choice) == Code.LINK_NOT_PROVEN
        assert isinstance(choice, Several)
        assert choice.problem.params == {"account": "1 Andere NV", "search_code": "NLS-5"}
        right = account(2, customer.name, search_code="NLS-5")
        assert found(choose(customer, stranger, right, links=links)) == ("id-2", Reason.SEARCH_CODE, "5")
        assert held(choose(customer, replace(stranger, search_code="NLS-5"), links=links)) == Code.SEARCH_CODE_TAKEN

    def test_such_a_link_to_another_companys_account_gets_no_number_of_this_one(self) -> None:
        links, other = [Link("5", "id-1", "")], account(name="Andere NV", email=VERA.email)
        firm = replace(FIETSEN, vat_number=GENT)
        for customer in (FIETSEN, firm):
            assert choose(customer, other, links=links, complete_vat=CompleteVat.ALL) == Create(customer.keys[1])

    def test_an_account_with_our_search_code_and_nothing_else_of_the_customer_is_held(self) -> None:
        stranger = account(name="Andere NV", search_code="NLS-5", email="boek@andere.example")
        assert held(choose(VERA, stranger)) == Code.SEARCH_CODE_TAKEN
        assert held(choose(VERA, stranger, account(2, email=VERA.email))) == Code.SEARCH_CODE_TAKEN
        assert found(choose(VERA, replace(stranger, email=VERA.email)))[0] == "id-1"
        assert found(choose(VERA, replace(stranger, name="V. Dijk", email=VERA.email)))[0] == "id-1"

    def test_no_account_is_made_for_a_buyer_without_any_name(self) -> None:
        nobody = replace(VERA, person="", email="")
        assert held(choose(nobody)) == Code.CUSTOMER_WITHOUT_NAME
        assert choose(replace(nobody, email=VERA.email)) == Create("5")
        assert found(choose(nobody, account(), links=[Link("5", "id-1", "Vera Dijk")]))[0] == "id-1"

    def test_no_account_is_made_with_a_search_code_that_another_has(self) -> None:
        second = FIETSEN.keys[1]
        other = account(name="Andere NV", search_code=f"NLS-{second}".upper())
        choice = choose(FIETSEN, other, links=[Link("5", "id-1", "Andere NV")])
        assert held(choice) == Code.SEARCH_CODE_TAKEN
        assert isinstance(choice, Several)
        assert choice.problem.params["search_code"] == other.search_code

    def test_two_accounts_alike_are_held_and_the_search_code_tells_them_apart(self) -> None:
        both = account(1, email=VERA.email), account(2, email=VERA.email)
        assert held(choose(VERA, *both)) == Code.ACCOUNTS_ALIKE
        assert found(choose(VERA, both[0], replace(both[1], search_code="NLS-5")))[0] == "id-2"

    def test_of_two_accounts_alike_the_one_that_the_customer_had_before_is_taken(self) -> None:
        ours, other = account(1, search_code="NLS-5"), account(2, search_code="NLS-5")
        assert held(choose(VERA, ours, other)) == Code.ACCOUNTS_ALIKE
        links = [Link("5", "id-2", "Vera Dijk")]
        assert found(choose(VERA, ours, other, links=links)) == ("id-2", Reason.LINK, "5")

    def test_of_two_accounts_alike_the_one_that_is_open_is_taken(self) -> None:
        ended = account(1, email=VERA.email, ends=date(2026, 11, 28))
        assert found(choose(VERA, ended, account(2, email=VERA.email)))[0] == "id-2"

    def test_an_account_that_replaces_an_ended_one_gets_our_search_code(self) -> None:
        links = [Link("5", "id-1", "Vera Dijk")]
        ended = account(1, ends=date(2026, 11, 28))
        assert held(choose(VERA, ended, links=links)) == Code.ACCOUNT_ENDED
        new = account(2, search_code="NLS-5")
        assert found(choose(VERA, ended, new, links=links)) == ("id-2", Reason.SEARCH_CODE, "5")


class TestWithVatNumber:
    customer = replace(FIETSEN, vat_number=GENT)

    def test_the_account_with_the_number_is_the_customers_whatever_its_name(self) -> None:
        bearing = account(2, "GF Holding", vat_number=GENT)
        assert found(choose(self.customer, account(1, email=VERA.email), bearing)) == ("id-2", Reason.VAT_NUMBER, "5")

    def test_a_link_that_was_made_for_a_consumer_is_looked_at_again(self) -> None:
        links = [Link("5", "id-1", "Vera Dijk")]
        consumer = account(1, search_code="NLS-5")
        bearing = account(2, "Gentse Fietsen", vat_number=GENT)
        second = self.customer.keys[1]
        assert found(choose(self.customer, consumer, bearing, links=links)) == ("id-2", Reason.VAT_NUMBER, second)
        links.append(Link(second, "id-2", "Gentse Fietsen BV"))
        assert found(choose(self.customer, consumer, bearing, links=links)) == ("id-2", Reason.LINK, second)

    @pytest.mark.parametrize(
        ("complete_vat", "ours", "theirs"),
        [(CompleteVat.OURS, True, False), (CompleteVat.ALL, True, True), (CompleteVat.NEVER, False, False)],
    )
    def test_an_account_without_a_number_is_given_it_where_that_is_allowed(
        self, complete_vat: CompleteVat, ours: bool, theirs: bool
    ) -> None:
        for code, allowed in (("NLS-5", ours), ("", theirs)):
            empty = account(name="Gentse Fietsen", search_code=code, email=VERA.email)
            choice = choose(self.customer, empty, complete_vat=complete_vat)
            if allowed:
                assert isinstance(choice, Found)
                assert choice.give_number
            else:
                assert held(choice) == Code.ACCOUNT_WITHOUT_NUMBER

    def test_a_consumers_account_that_we_made_is_given_the_number_of_the_firm(self) -> None:
        choice = choose(self.customer, account(search_code="NLS-5"), links=[Link("5", "id-1", "Vera Dijk")])
        assert isinstance(choice, Found)
        assert choice.give_number

    def test_a_consumers_account_is_given_no_number_when_another_firm_orders_there(self) -> None:
        links = [Link("5", "id-1", "Andere NV")]
        vera = account(search_code="NLS-5", email=VERA.email)
        assert choose(self.customer, vera, links=links) == Create(self.customer.keys[1])

    def test_an_account_of_the_same_e_mail_address_with_another_number_is_another_firms(self) -> None:
        assert choose(self.customer, account(name="Andere NV", vat_number=OTHER, email=VERA.email)) == Create("5")
        linked = [Link("5", "id-1", "Andere NV")]
        second = Create(self.customer.keys[1])
        assert choose(self.customer, account(name="Andere NV", vat_number=OTHER), links=linked) == second

    @pytest.mark.parametrize("search_code", ["", "NLS-5"])
    def test_an_account_of_the_same_firm_with_another_number_is_held(self, search_code: str) -> None:
        same = account(name="Gentse Fietsen", search_code=search_code, vat_number=OTHER, email=VERA.email)
        assert held(choose(self.customer, same)) == Code.ACCOUNT_HAS_OTHER_NUMBER
        assert found(choose(self.customer, same, account(2, "New", vat_number=GENT)))[0] == "id-2"

    def test_a_person_who_orders_with_another_number_has_another_account(self) -> None:
        person = replace(VERA, vat_number=GENT)
        links = [Link("5", "id-1", "Alfa BV")]
        assert choose(person, account(name="Alfa BV", vat_number=OTHER), links=links) == Create(person.keys[1])

    def test_several_accounts_with_the_number_are_held_and_ours_is_taken(self) -> None:
        both = account(1, "One", vat_number=GENT), account(2, "Two", vat_number=GENT)
        assert held(choose(self.customer, *both)) == Code.ACCOUNTS_ALIKE
        assert found(choose(self.customer, both[0], replace(both[1], search_code="NLS-5")))[0] == "id-2"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"blocked": True}, Code.ACCOUNT_BLOCKED),
        ({"ends": date(2026, 11, 28)}, Code.ACCOUNT_ENDED),
        ({"status": "P"}, Code.ACCOUNT_PROSPECT),
        ({"status": "S"}, Code.ACCOUNT_SUSPECT),
        ({"status": "A"}, Code.ACCOUNT_NO_CUSTOMER),
        ({"status": ""}, Code.ACCOUNT_NO_CUSTOMER),
    ],
)
def test_an_account_that_takes_no_document_is_held_by_its_name(fields: dict[str, Any], code: Code) -> None:
    closed = account(7, email=VERA.email, search_code="NLS-5", **fields)
    for links in ([], [Link("5", "id-7", "Vera Dijk")]):
        choice = choose(VERA, closed, links=links)
        assert held(choice) == code
        assert isinstance(choice, Several)
        assert choice.problem.params["account"] == "7 Vera Dijk"


@pytest.mark.parametrize("status", ["P", "S"])
def test_a_prospect_becomes_a_customer_where_that_is_allowed(status: str) -> None:
    prospect = account(email=VERA.email, status=status)
    choice = Ladder(VERA, [prospect], (), CompleteVat.OURS, TODAY, promote=True).choose()
    assert isinstance(choice, Found)
    assert choice.promote
    for closed in (replace(prospect, blocked=True), replace(prospect, ends=date(2026, 1, 1))):
        assert held(Ladder(VERA, [closed], (), CompleteVat.OURS, TODAY, promote=True).choose()) in UNUSABLE
    customer = account(2, email=VERA.email)
    assert found(Ladder(VERA, [prospect, customer], (), CompleteVat.OURS, TODAY, promote=True).choose())[0] == "id-2"
    other = Ladder(VERA, [replace(prospect, status="A")], (), CompleteVat.OURS, TODAY, promote=True)
    assert held(other.choose()) == Code.ACCOUNT_NO_CUSTOMER


def test_candidates_come_best_first_and_are_what_the_problem_names() -> None:
    vera = replace(VERA, places=HOME)
    far, near = account(1, email=VERA.email), account(2, email=VERA.email, postcode_key="9000", country="BE")
    choice = choose(vera, far, near)
    assert isinstance(choice, Several)
    assert [(each.account.id, each.score) for each in choice.candidates] == [("id-2", 83), ("id-1", 82)]
    assert {each.reason for each in choice.candidates} == {Reason.EMAIL_AND_NAME}


def test_an_account_is_open_on_its_last_day() -> None:
    assert found(choose(VERA, account(email=VERA.email, ends=TODAY)))[0] == "id-1"


def test_a_redacted_buyer_gets_no_account_and_keeps_the_one_of_the_registration() -> None:
    hidden = replace(VERA, person="", email="", redacted=True)
    assert held(choose(hidden)) == Code.BUYER_REDACTED
    assert found(choose(hidden, account(), links=[Link("5", "id-1", "Vera Dijk")]))[0] == "id-1"
    assert held(choose(hidden, account(), links=[Link("5", "id-1", "")])) == Code.BUYER_REDACTED
    assert found(choose(replace(hidden, vat_number=GENT), account(2, vat_number=GENT)))[0] == "id-2"
