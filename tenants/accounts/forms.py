"""The forms of the log-in, with the labels that the portal's other pages use."""

from typing import Any

from allauth.account import forms
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _

from tenants.typed import ADDRESS_LENGTH, validate_name


def _limit(field: Any) -> None:
    """Let a longer address than a column holds be an error of its field."""
    field.max_length = ADDRESS_LENGTH
    field.validators.append(MaxLengthValidator(ADDRESS_LENGTH))


class LogInForm(forms.LoginForm):
    """Asks for e-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        _limit(self.fields["login"])


class ResetPasswordForm(forms.ResetPasswordForm):
    """Asks where the link to a new password goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        _limit(self.fields["email"])


class ChangeAddressForm(forms.AddEmailForm):
    """Asks for the address that takes the place of the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
        _limit(self.fields["email"])


class AddPasskeyForm(AddWebAuthnForm):
    """Asks for a name, and whether the passkey takes the place of the password too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].validators.append(validate_name)
        self.fields["passwordless"].label = _("Log in with it alone")
        self.fields["passwordless"].help_text = _("Without a password. It must then ask for a finger, a face or a PIN.")
