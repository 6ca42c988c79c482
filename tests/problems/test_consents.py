"""How a new consent differs from the one in use is written in the language of the reader."""

import pytest

from connector.problems import consents
from connector.problems.consents import Concern, concern

GIVEN = {"user": "Bea", "present": "Anna", "division": "100001 Polderfiets BV"}


@pytest.mark.parametrize("code", Concern)
def test_every_concern_has_words_for_its_values(code: Concern) -> None:
    (text,) = consents.in_words([concern(code, **GIVEN)])
    assert "%(" not in text


def test_a_request_keeps_no_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = concern(Concern.DIVISION_OUT_OF_REACH, division="100001")
    assert kept == {"code": "division_out_of_reach", "params": {"division": "100001"}}
    dutch = {Concern.DIVISION_OUT_OF_REACH: "Administratie %(division)s is buiten bereik."}
    monkeypatch.setattr(consents, "_SENTENCES", dutch)
    assert consents.in_words([kept]) == ["Administratie 100001 is buiten bereik."]


def test_one_of_an_earlier_release_is_a_sentence() -> None:
    assert consents.in_words(["It does not reach division 1."]) == ["It does not reach division 1."]
