"""Each answer and each field of a comparison has its words, and each field a place where it is put right."""

import pytest

from connector.domain.document.shadow import Answer, Field, Summary
from connector.problems.explanation import PAGES
from connector.problems.shadow import NAMES, PUT_RIGHT, answer


@pytest.mark.parametrize("field", Field)
def test_every_field_has_a_name_and_a_place(field: Field) -> None:
    assert str(NAMES[field])
    assert PUT_RIGHT[field].where in PAGES
    assert str(PUT_RIGHT[field].who).endswith(".")


def test_each_answer_is_a_sentence() -> None:
    assert answer(Summary(Answer.YES, 24, 23)).startswith("Yes: 24 documents were compared")
    assert answer(Summary(Answer.TOO_FEW, 3, 3, missing=17)).endswith("17 more documents must be compared.")
    assert answer(Summary(Answer.TOO_FEW, 19, 3, missing=1)).endswith("1 more document must be compared.")
    assert answer(Summary(Answer.NOT_ALL, 20, 20, unclear=2, held=300)) == (
        "Almost: 20 documents were compared and agree, but not every order was. "
        "Not compared, so look at them: 300 held orders, 2 with several documents in Exact."
    )
    differ = (Field.VAT, Field.GL_ACCOUNT)
    assert (
        answer(Summary(Answer.NO, 3, 3, differ=differ)) == "No: documents differ in VAT by code and Net by GL account."
    )
