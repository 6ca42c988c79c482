"""Why a customer has an account, in words."""

from connector.admin.customers.reasons import reason_in_words
from connector.domain.customer.likeness import Reason


def test_every_reason_has_words() -> None:
    assert [reason for reason in Reason if reason_in_words(reason.value) == reason.value] == []


def test_what_a_person_typed_stays() -> None:
    assert reason_in_words("A namesake.") == "A namesake."
