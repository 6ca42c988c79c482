"""The ladder to the customer's account: our SearchCode, the VAT number, the e-mail address with the name, a new one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.choices import CompleteVat
from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.ladder import EMAIL, SEARCH_CODE, VAT_NUMBER, Create, Found, Ladder, Link
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem

GENT, OTHER = "BE0123456749", "BE0403019261"
TODAY = date(2026, 11, 29)
VERA = Customer("NLS", "5", True, "Vera Dijk", "", "vera@shopper.example", "")
FIETSEN = replace(VERA, company="Gentse Fietsen BV")
GUEST = replace(VERA, key="Gab12", registered=False)


def account(number: int = 1, name: str = "Vera Dijk", **fields: Any) -> Account:
    return Account(f"id-{number}", str(number), name, **fields)


def choose(
    customer: Customer,
    *accounts: Account,
    links: Sequence[Link] = (),
    complete_vat: CompleteVat = CompleteVat.OURS,
) -> Found | Create | Problem:
    return Ladder(customer, accounts, links, complete_vat, TODAY).choose()


def found(choice: Found | Create | Problem) -> tuple[str, str, str]:
    """The account, what it was found by, and the key that it is linked under."""
    assert isinstance(choice, Found), choice
    return choice.account.id, choice.by, choice.key


def held(choice: Found | Create | Problem) -> Code:
    assert isinstance(choice, Problem), choice
    return choice.code


class TestWithoutVatNumber:
    def test_the_account_with_our_search_code_goes_first(self) -> None:
        ours = account(1, search_code="NLS-5", email=VERA.email)
        assert found(choose(VERA, account(2, email=VERA.email), ours)) == ("id-1", SEARCH_CODE, "5")

    def test_an_account_with_the_e_mail_address_and_the_name_is_the_customers(self) -> None:
        assert found(choose(VERA, account(email=VERA.email))) == ("id-1", EMAIL, "5")
        assert found(choose(FIETSEN, account(name="GENTSE FIETSEN", email=VERA.email))) == ("id-1", EMAIL, "5")

    @pytest.mark.parametrize("name", ["Andere NV", "Vera van Dijk", ""])
    def test_an_e_mail_address_alone_joins_nobody(self, name: str) -> None:
        assert choose(FIETSEN, account(name=name, email=VERA.email)) == Create("5")

    def test_a_name_alone_joins_nobody(self) -> None:
        assert choose(VERA, account(email="other@shopper.example")) == Create("5")

    def test_an_account_with_a_vat_number_may_serve_an_order_without(self) -> None:
        assert found(choose(VERA, account(email=VERA.email, vat_number=GENT)))[0] == "id-1"

    def test_a_linked_account_stays_the_customers_whatever_its_name_became(self) -> None:
        links = [Link("5", "id-1", "Gentse Fietsen BV")]
        assert found(choose(FIETSEN, account(name="GF Holding"), links=links)) == ("id-1", SEARCH_CODE, "5")
        assert found(choose(VERA, account(name="GF Holding"), links=links)) == ("id-1", SEARCH_CODE, "5")

    def test_another_company_of_the_same_login_has_an_account_of_its_own(self) -> None:
        links = [Link("5", "id-1", "Alfa BV")]
        alfa = account(name="Alfa BV", search_code="NLS-5", email=VERA.email)
        (_, second) = FIETSEN.keys
        assert choose(FIETSEN, alfa, links=links) == Create(second)
        fietsen = account(2, "Gentse Fietsen BV", search_code=f"NLS-{second}".upper(), email=VERA.email)
        assert found(choose(FIETSEN, alfa, fietsen, links=links)) == ("id-2", SEARCH_CODE, second)
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
        assert found(choose(customer, vera, links=links)) == ("id-1", SEARCH_CODE, customer.key)

    def test_a_company_takes_the_account_of_its_person_when_no_other_order_went_there(self) -> None:
        vera = account(email=VERA.email)
        assert found(choose(FIETSEN, vera)) == ("id-1", EMAIL, "5")
        links = [Link("5", "id-1", "Gentse Fietsen BV")]
        assert found(choose(FIETSEN, vera, links=links)) == ("id-1", SEARCH_CODE, "5")
        assert found(choose(VERA, vera, links=links)) == ("id-1", SEARCH_CODE, "5")
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
        assert isinstance(choice, Problem)
        assert choice.params == {"account": "1 Andere NV", "search_code": "NLS-5"}
        right = account(2, customer.name, search_code="NLS-5")
        assert found(choose(customer, stranger, right, links=links)) == ("id-2", SEARCH_CODE, "5")
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
        assert isinstance(choice, Problem)
        assert choice.params["search_code"] == other.search_code

    def test_two_accounts_alike_are_held_and_the_search_code_tells_them_apart(self) -> None:
        both = account(1, email=VERA.email), account(2, email=VERA.email)
        assert held(choose(VERA, *both)) == Code.ACCOUNTS_ALIKE
        assert found(choose(VERA, both[0], replace(both[1], search_code="NLS-5")))[0] == "id-2"

    def test_of_two_accounts_alike_the_one_that_the_customer_had_before_is_taken(self) -> None:
        ours, other = account(1, search_code="NLS-5"), account(2, search_code="NLS-5")
        assert held(choose(VERA, ours, other)) == Code.ACCOUNTS_ALIKE
        links = [Link("5", "id-2", "Vera Dijk")]
        assert found(choose(VERA, ours, other, links=links)) == ("id-2", SEARCH_CODE, "5")

    def test_of_two_accounts_alike_the_one_that_is_open_is_taken(self) -> None:
        ended = account(1, email=VERA.email, ends=date(2026, 11, 28))
        assert found(choose(VERA, ended, account(2, email=VERA.email)))[0] == "id-2"

    def test_an_account_that_replaces_an_ended_one_gets_our_search_code(self) -> None:
        links = [Link("5", "id-1", "Vera Dijk")]
        ended = account(1, ends=date(2026, 11, 28))
        assert held(choose(VERA, ended, links=links)) == Code.ACCOUNT_ENDED
        assert found(choose(VERA, ended, account(2, search_code="NLS-5"), links=links)) == ("id-2", SEARCH_CODE, "5")


class TestWithVatNumber:
    customer = replace(FIETSEN, vat_number=GENT)

    def test_the_account_with_the_number_is_the_customers_whatever_its_name(self) -> None:
        bearing = account(2, "GF Holding", vat_number=GENT)
        assert found(choose(self.customer, account(1, email=VERA.email), bearing)) == ("id-2", VAT_NUMBER, "5")

    def test_a_link_that_was_made_for_a_consumer_is_looked_at_again(self) -> None:
        links = [Link("5", "id-1", "Vera Dijk")]
        consumer = account(1, search_code="NLS-5")
        bearing = account(2, "Gentse Fietsen", vat_number=GENT)
        second = self.customer.keys[1]
        assert found(choose(self.customer, consumer, bearing, links=links)) == ("id-2", VAT_NUMBER, second)
        links.append(Link(second, "id-2", "Gentse Fietsen BV"))
        assert found(choose(self.customer, consumer, bearing, links=links)) == ("id-2", SEARCH_CODE, second)

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
        assert isinstance(choice, Problem)
        assert choice.params["account"] == "7 Vera Dijk"


def test_an_account_is_open_on_its_last_day() -> None:
    assert found(choose(VERA, account(email=VERA.email, ends=TODAY)))[0] == "id-1"


def test_a_redacted_buyer_gets_no_account_and_keeps_the_one_of_the_registration() -> None:
    hidden = replace(VERA, person="", email="", redacted=True)
    assert held(choose(hidden)) == Code.BUYER_REDACTED
    assert found(choose(hidden, account(), links=[Link("5", "id-1", "Vera Dijk")]))[0] == "id-1"
    assert held(choose(hidden, account(), links=[Link("5", "id-1", "")])) == Code.BUYER_REDACTED
    assert found(choose(replace(hidden, vat_number=GENT), account(2, vat_number=GENT)))[0] == "id-2"


NAMES = st.sampled_from(["", "Vera Dijk", "Bob Visser", "Gentse Fietsen BV", "Gentse fietsen", "Andere NV"])
NUMBERS = st.sampled_from(["", GENT, OTHER])
EMAILS = st.sampled_from(["", "vera@shopper.example", "boek@firm.example"])


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    registered = draw(st.booleans())
    email, number = draw(EMAILS), draw(NUMBERS)
    key = "5" if registered else "G" + (email or number or "none")
    return Customer("NLS", key, registered, draw(NAMES), draw(NAMES), email, number, redacted=draw(st.booleans()))


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    customer = draw(customers())
    codes = ["", "OTHER", "NLS-99", *(customer.search_code(key).upper() for key in customer.keys)]
    accounts = [
        Account(
            f"id-{number}",
            str(number),
            draw(NAMES),
            draw(st.sampled_from(codes)),
            draw(NUMBERS),
            draw(EMAILS),
            draw(st.sampled_from("CCCCPSA")),
            draw(st.integers(0, 9)) == 0,
            draw(st.sampled_from([None, None, TODAY, date(2026, 1, 1)])),
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    taken = draw(st.lists(st.sampled_from(accounts), max_size=2, unique=True)) if accounts else []
    links = [Link(key, each.id, draw(NAMES)) for key, each in zip(customer.keys, taken, strict=False)]
    return Ladder(customer, accounts, links, draw(st.sampled_from(CompleteVat)), TODAY)


@given(ladders())
def test_an_order_with_a_number_ends_on_no_account_with_another(ladder: Ladder) -> None:
    choice = ladder.choose()
    if isinstance(choice, Found) and (number := ladder.customer.vat_number):
        assert choice.account.vat_number in {"", number}
        assert choice.give_number == (choice.account.vat_number == "")
        assert not (choice.give_number and ladder.complete_vat == CompleteVat.NEVER)


@given(ladders())
def test_what_is_found_takes_documents_and_has_more_than_the_e_mail_address_in_common(ladder: Ladder) -> None:
    choice, customer = ladder.choose(), ladder.customer
    if isinstance(choice, Found):
        account = choice.account
        assert account.why_unusable(TODAY) is None
        assert choice.key in customer.keys
        linked = any(link.account_id == account.id for link in ladder.links)
        ours = account.search_code in {customer.search_code(key).upper() for key in customer.keys}
        bears = bool(customer.vat_number) and account.vat_number == customer.vat_number
        assert linked or ours or bears or (customer.email == account.email != "" and account.name)


@given(ladders())
def test_a_new_account_takes_a_search_code_that_is_free_and_is_made_for_no_redacted_buyer(ladder: Ladder) -> None:
    choice, customer = ladder.choose(), ladder.customer
    if isinstance(choice, Create):
        assert customer.search_code(choice.key).upper() not in {each.search_code for each in ladder.accounts}
        assert choice.key not in {link.key for link in ladder.links}
        assert not customer.redacted


@given(ladders(), st.randoms(use_true_random=False))
def test_the_order_of_the_accounts_decides_nothing(ladder: Ladder, random: Any) -> None:
    accounts, links = list(ladder.accounts), list(ladder.links)
    random.shuffle(accounts)
    random.shuffle(links)
    one, other = ladder.choose(), replace(ladder, accounts=accounts, links=links).choose()
    if isinstance(one, Problem):
        assert isinstance(other, Problem)
        assert one.code == other.code
    else:
        assert one == other


@given(ladders())
def test_a_customer_comes_to_the_same_account_again(ladder: Ladder) -> None:
    """Once it is linked, and has the number if it is given one."""
    choice = ladder.choose()
    if isinstance(choice, Found):
        now = replace(choice.account, vat_number=choice.account.vat_number or ladder.customer.vat_number)
        accounts = [now if each.id == now.id else each for each in ladder.accounts]
        kept = [link for link in ladder.links if choice.key != link.key and link.account_id != now.id]
        links = [*kept, Link(choice.key, now.id, ladder.customer.name)]
        again = replace(ladder, accounts=accounts, links=links).choose()
        assert isinstance(again, Found), again
        assert again.account == now
        assert not again.give_number


@given(ladders(), NAMES, st.booleans())
def test_a_placeholder_address_matches_nobody_else(ladder: Ladder, name: str, registered: bool) -> None:
    """Such a customer has no e-mail address: no account is found by it."""
    nobody = replace(ladder.customer, email="", vat_number="", registered=registered)
    choice = replace(ladder, customer=nobody, links=()).choose()
    assert not isinstance(choice, Found) or choice.by == SEARCH_CODE
