"""The forms of the steps: what was typed stays, a kept secret is not shown, and what is missing is said."""

from connector.onboarding.frame import StepForm, missing, secret, text


class Account(StepForm):
    """A name and a token."""

    name = text("Name", longest=10)
    token = secret("Token")


def test_a_kept_secret_says_so_and_one_with_an_error_does_not() -> None:
    assert "Kept." in Account.filled({}, {}, kept=["token"]).fields["token"].help_text
    refused = Account.filled({}, {"token": ["It is wrong."]}, kept=["token"])
    assert "Kept." not in refused.fields["token"].help_text
    assert refused.errors["token"] == ["It is wrong."]


def test_an_error_about_no_field_is_left_to_the_page() -> None:
    assert not Account.filled({"name": "Shop"}, {"": ["Nothing answers."]}).errors


def test_no_page_shows_a_typed_secret() -> None:
    page = str(Account.filled({"name": "Shop", "token": "t0ken-x"}, {}))
    assert 'value="Shop"' in page
    assert "t0ken-x" not in page


def test_what_was_typed_comes_without_blanks_and_what_is_too_long_not_at_all() -> None:
    form = Account({"name": " Shop ", "token": "t"})
    assert form.texts() == {"name": "Shop", "token": "t"}
    assert Account({"name": "x" * 11}).texts() == {"name": "", "token": ""}


def test_what_is_missing_has_an_example_at_its_field() -> None:
    assert missing({"name": "Shop", "token": ""}, {"name": "Web shop", "token": "a1b2"}).keys() == {"token"}
