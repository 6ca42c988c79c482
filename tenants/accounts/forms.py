"""The forms of the log-in, with the labels that the portal's other pages use."""

from typing import Any

from allauth.account import forms
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext as _


class LogInForm(forms.LoginForm):
    """Asks for e-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")


class ResetPasswordForm(forms.ResetPasswordForm):
    """Asks where the link to a new password goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")


class ChangeAddressForm(forms.AddEmailForm):
    """Asks for the address that takes the place of the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class AddPasskeyForm(AddWebAuthnForm):
    """Asks for a name, and whether the passkey takes the place of the password too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["passwordless"].label = _("Log in with it alone")
        self.fields["passwordless"].help_text = _("Without a password. It must then ask for a finger, a face or a PIN.")
