"""What a client says of a failed call reaches a person in the person's own language, with its values."""

import pytest

from connector.clients import errors
from connector.clients.strict_json import Unreadable
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.flow.hold import refusal
from connector.models import Store
from connector.problems import calls
from connector.problems.catalogue import EXACT, sentence
from tenants.fields import SecretField
from tenants.unreadable import UnreadableSecret

DUTCH = {
    "Exact refused the right to do this: %(reason)s": "Exact weigert dit recht: %(reason)s",
    "The answer could not be read: %(why)s": "Het antwoord is onleesbaar: %(why)s",
    "%(name)s is missing": "%(name)s ontbreekt",
    "No %(noun)s %(number)s": "Geen %(noun)s %(number)s",
    "invoice": "factuur",
    "It is not clear. %(error)s": "Onduidelijk. %(error)s",
    "The stored %(field)s of %(noun)s cannot be decrypted: the SECRET_KEY or SALT_KEY that encrypted it is missing. "
    "Put it back, in SECRET_KEY_FALLBACKS or SALT_KEY.": "Opgeslagen %(field)s van %(noun)s is onleesbaar.",
    "store": "winkel",
}
FORBIDDEN = errors.Forbidden(
    "Exact refused the right to do this: %(reason)s",
    reason="NoDivisionAccess",
    given={"reason": "NoDivisionAccess"},
    endpoint="crm/Accounts",
    status=403,
    detail="Geen toegang",
)
UNREAD = errors.UnexpectedResponse(
    "The answer could not be read: %(why)s", given={"why": "%(name)s is missing", "name": "ID"}, endpoint="current/Me"
)
OF_THE_FLOW = errors.Unavailable("Exact does not show 100 % of it yet.")
NAMED = errors.Unavailable("No %(noun)s %(number)s", given={"noun": "invoice", "number": "7"})
AFTER = errors.unavailable_after(UNREAD, "It is not clear. %(error)s")
SAID = [
    (FORBIDDEN, "Exact weigert dit recht: NoDivisionAccess (crm/Accounts, HTTP 403): Geen toegang"),
    (UNREAD, "Het antwoord is onleesbaar: ID ontbreekt (current/Me)"),
    (NAMED, "Geen factuur 7"),
    (AFTER, "Onduidelijk. Het antwoord is onleesbaar: ID ontbreekt (current/Me)"),
    (OF_THE_FLOW, "Exact does not show 100 % of it yet."),
]


@pytest.fixture
def dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "gettext", lambda words: DUTCH.get(words, words))


def kept(error: errors.ClientError) -> Problem:
    return problem(Code.CALL_FAILED, **refusal(EXACT, error, []))


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(("error", "said"), SAID)
def test_the_sentence_is_translated_and_then_completed(error: errors.ClientError, said: str) -> None:
    assert calls.in_words(error) == said


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(("error", "said"), SAID)
def test_a_problem_is_written_from_what_it_kept(error: errors.ClientError, said: str) -> None:
    assert sentence(kept(error)) == said.removesuffix(".") + "."


@pytest.mark.parametrize("error", [error for error, _said in SAID])
def test_without_a_translation_it_is_the_english_sentence(error: errors.ClientError) -> None:
    assert (
        sentence(kept(error)).removesuffix(".")
        == calls.in_words(error).removesuffix(".")
        == str(error).removesuffix(".")
    )


@pytest.mark.parametrize("error", [error for error, _said in SAID])
def test_a_problem_keeps_the_english_sentence_as_before(error: errors.ClientError) -> None:
    assert kept(error).params["error"] == str(error)


@pytest.mark.parametrize("text", ["Ongeldig: Grootboekrekening (Geblokkeerd)", "Ongeldig: Grootboekrekening.", "Wat?"])
def test_what_a_vendor_said_ends_before_the_next_sentence_begins(text: str) -> None:
    ended = text if text.endswith((".", "?")) else f"{text}."
    refused = Problem(Code.REFUSED, "", {"error": text})
    assert sentence(refused) == f"{ended} Fix the cause, then re-post."


def test_a_problem_of_before_has_its_sentence_only() -> None:
    old = Problem(Code.CALL_FAILED, "", {"error": "Exact is not available (HTTP 503)"})
    assert sentence(old) == "Exact is not available (HTTP 503)."


@pytest.mark.usefixtures("dutch")
def test_other_errors_have_the_words_that_they_were_raised_with() -> None:
    assert calls.in_words(Unreadable("%(name)s is missing", name="ID")) == "ID ontbreekt"
    assert calls.in_words(ValueError("no number")) == "no number"


def test_what_a_worker_says_of_a_credential_is_read_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    field = Store._meta.get_field("access_token")
    assert isinstance(field, SecretField)
    with pytest.raises(UnreadableSecret) as raised:
        field.unsealed("gAAAA", 1)
    params = problem(Code.CALL_FAILED, **calls.kept_fault(raised.value)).params
    assert calls.kept_in_words(params) == str(raised.value)
    assert "access token of store cannot be decrypted" in str(raised.value)
    monkeypatch.setattr(calls, "gettext", lambda words: DUTCH.get(words, words))
    dutch = "Opgeslagen access token van winkel is onleesbaar."
    assert (calls.kept_in_words(params), calls.in_words(raised.value)) == (dutch, dutch)
