"""What a customer and an account have in common, and how sure a match is."""

from dataclasses import replace
from itertools import pairwise

from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer, buyer
from connector.domain.customer.likeness import Reason, has_other_number, has_place, is_namesake, score
from connector.domain.order.model import Address

HOME = Address("Vera", "Dijk", postcode="9000", country="BE", phone="0475 12 34 56", email="vera@shopper.example")
VERA = buyer("5", HOME, "NLS", "", ())
SAME = Account("id-1", "1", "Vera Dijk", email=VERA.email, phone_key="+32475123456", postcode_key="9000", country="BE")
STRANGER = Account("id-2", "2", "Bob Visser")
STEPS = [
    *(Reason.LINK, Reason.SEARCH_CODE, Reason.VAT_NUMBER, Reason.EMAIL_AND_NAME, Reason.NAME_AND_POSTCODE),
]


def test_a_surer_reason_stays_surer_whatever_else_is_the_same() -> None:
    for upper, lower in pairwise(STEPS):
        assert score(upper, VERA, STRANGER) > score(lower, VERA, SAME)


def test_each_further_detail_in_common_adds_a_point() -> None:
    scores = [
        score(Reason.NAME_AND_POSTCODE, VERA, replace(SAME, email=email, phone_key=phone))
        for email, phone in (("", ""), (VERA.email, ""), (VERA.email, SAME.phone_key))
    ]
    assert scores == [62, 63, 64]
    assert score(Reason.NAME_AND_POSTCODE, VERA, SAME, doubtful=True) == 32
    assert score(Reason.LINK, VERA, SAME) == 100


def test_a_place_is_any_of_the_customers_addresses() -> None:
    work = Address(postcode="1234 AB", country="NL")
    both = buyer("5", HOME, "NLS", "", (), others=[work])
    assert has_place(both, replace(SAME, postcode_key="1234AB", country="NL"))
    assert not has_place(VERA, replace(SAME, postcode_key="1234AB", country="NL"))
    assert has_place(VERA, replace(SAME, country=""))


def test_a_number_is_another_one_only_when_both_have_one() -> None:
    numbered = replace(VERA, vat_number="BE0123456749")
    assert has_other_number(numbered, replace(SAME, vat_number="BE0403019261"))
    assert not has_other_number(numbered, SAME)
    assert not has_other_number(VERA, replace(SAME, vat_number="BE0403019261"))


def test_a_person_of_the_name_with_another_e_mail_address_and_another_phone_may_be_another_person() -> None:
    other = replace(SAME, email="other@shopper.example", phone_key="+32475123457")
    assert is_namesake(VERA, other)
    for known in (replace(other, email=""), replace(other, phone_key=""), replace(other, email=VERA.email)):
        assert not is_namesake(VERA, known)
    assert not is_namesake(VERA, replace(other, phone_key=SAME.phone_key))
    firm: Customer = replace(VERA, company="Gentse Fietsen BV")
    assert not is_namesake(firm, other)
