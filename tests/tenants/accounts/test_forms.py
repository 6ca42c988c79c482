"""The forms of the log-in: an address that no column holds is an error of its field, and the labels are ours."""

from collections.abc import Callable
from typing import Any

import pytest

from tenants.accounts.forms import ChangeAddressForm, LogInForm, ResetPasswordForm
from tenants.models import User
from tenants.typed import ADDRESS_LENGTH

LONG = f"{'a' * ADDRESS_LENGTH}@acme.example"


@pytest.mark.parametrize(
    ("fill_in", "field", "label"),
    [
        (lambda typed, person: LogInForm(typed), "login", "E-mail"),
        (lambda typed, person: ResetPasswordForm(typed), "email", "E-mail"),
        (lambda typed, person: ChangeAddressForm(person, typed), "email", "New e-mail address"),
    ],
)
def test_an_address_is_asked_for_in_our_words_and_fits_its_column(
    fill_in: Callable[..., Any], field: str, label: str, alice: User
) -> None:
    form = fill_in({field: LONG, "password": "x"}, alice)
    assert form.fields[field].label == label
    assert any(f"at most {ADDRESS_LENGTH} characters" in error for error in form.errors[field])
