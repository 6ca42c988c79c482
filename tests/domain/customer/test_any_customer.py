"""What holds for any customer and any accounts in Exact, however they are mixed."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.choices import CompleteVat
from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.ladder import Create, Found, Ladder, Link, Several
from connector.domain.customer.likeness import Reason
from connector.domain.customer.postcodes import Place

GENT, OTHER = "BE0123456749", "BE0403019261"
TODAY = date(2026, 11, 29)
NAMES = st.sampled_from(["", "Vera Dijk", "Bob Visser", "Gentse Fietsen BV", "Gentse fietsen", "Andere NV"])
NUMBERS = st.sampled_from(["", GENT, OTHER])
POSTCODES, PHONES = st.sampled_from(["", "9000", "1234AB"]), st.sampled_from(["", "+32475123456", "+31612345678"])
EMAILS = st.sampled_from(["", "vera@shopper.example", "boek@firm.example"])


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    registered = draw(st.booleans())
    email, number = draw(EMAILS), draw(NUMBERS)
    key = "5" if registered else "G" + (email or number or "none")
    customer = Customer("NLS", key, registered, draw(NAMES), draw(NAMES), email, number, redacted=draw(st.booleans()))
    places = frozenset(Place("BE", each) for each in draw(st.sets(POSTCODES, max_size=2)) if each)
    return replace(customer, places=places, phone_keys=frozenset(draw(st.sets(PHONES, max_size=2)) - {""}))


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
            draw(PHONES),
            draw(POSTCODES),
            draw(st.sampled_from(["BE", "BE", "NL", ""])),
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    taken = draw(st.lists(st.sampled_from(accounts), max_size=2, unique=True)) if accounts else []
    links = [Link(key, each.id, draw(NAMES)) for key, each in zip(customer.keys, taken, strict=False)]
    seen = draw(st.sampled_from(accounts)) if accounts and customer.guest_keys else None
    as_guest = [Link(customer.guest_keys[0], seen.id, draw(NAMES))] if seen else []
    promote = draw(st.booleans())
    return Ladder(customer, accounts, links, draw(st.sampled_from(CompleteVat)), TODAY, as_guest, promote)


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
        why = account.why_unusable(TODAY)
        assert choice.promote == (why is not None)
        assert why is None or (ladder.promote and account.status in {"P", "S"})
        assert choice.key in customer.keys
        linked = any(link.account_id == account.id for link in ladder.links)
        ours = account.search_code in {customer.search_code(key).upper() for key in customer.keys}
        bears = bool(customer.vat_number) and account.vat_number == customer.vat_number
        was_guest = any(link.account_id == account.id for link in ladder.as_guest)
        mailed = customer.email == account.email != "" and account.name
        placed = any(account.postcode_key == place.postcode for place in customer.places) and account.name
        assert linked or ours or bears or mailed or was_guest or placed


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
    assert ladder.choose() == replace(ladder, accounts=accounts, links=links).choose()


@given(ladders())
def test_a_customer_comes_to_the_same_account_again(ladder: Ladder) -> None:
    """Once it is linked, and has the number if it is given one."""
    choice = ladder.choose()
    if isinstance(choice, Found):
        number, status = choice.account.vat_number or ladder.customer.vat_number, "C"
        now = replace(choice.account, vat_number=number, status=status)
        accounts = [now if each.id == now.id else each for each in ladder.accounts]
        kept = [link for link in ladder.links if choice.key != link.key and link.account_id != now.id]
        before = next((link.name for link in ladder.links if link.account_id == now.id and link.name), "")
        links = [*kept, Link(choice.key, now.id, before or ladder.customer.name)]
        again = replace(ladder, accounts=accounts, links=links).choose()
        assert isinstance(again, Found), again
        assert again.account == now
        assert again.reason == Reason.LINK
        assert not again.give_number
        assert not again.promote


@given(ladders(), NAMES, st.booleans())
def test_a_placeholder_address_matches_nobody_else(ladder: Ladder, name: str, registered: bool) -> None:
    """Such a customer has no e-mail address: no account is found by it."""
    nobody = replace(ladder.customer, email="", vat_number="", registered=registered)
    choice = replace(ladder, customer=nobody, links=(), as_guest=()).choose()
    by_others = {Reason.SEARCH_CODE, Reason.NAME_AND_POSTCODE}
    assert not isinstance(choice, Found) or choice.reason in by_others


@given(ladders())
def test_a_person_gets_each_account_that_is_in_question_with_a_score(ladder: Ladder) -> None:
    choice = ladder.choose()
    if isinstance(choice, Several):
        assert choice.candidates
        assert {each.account for each in choice.candidates} <= set(ladder.accounts)
        scores = [each.score for each in choice.candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= each <= 100 for each in scores)


@given(ladders())
def test_an_account_where_a_person_says_that_there_is_none_is_new_or_was_linked(ladder: Ladder) -> None:
    choice = replace(ladder, is_new=True).choose()
    if isinstance(choice, Found):
        assert choice.reason in {Reason.LINK, Reason.SEARCH_CODE}
