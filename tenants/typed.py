"""What people type everywhere: names on one line, and e-mail addresses that fit their columns."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ADDRESS_LENGTH = 254  # RFC 5321 lets no longer address be mailed to
# Control characters, the separators of lines and paragraphs, and what turns the direction of writing. Python and
# PostgreSQL read the same pattern.
NOT_IN_A_NAME = r"[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]"
REFUSED = _("A name stands on one line, without tabs or other control characters.")
# Neither PostgreSQL nor UTF-8 has these.
_NEVER_STORED = re.compile(r"[\x00\ud800-\udfff]")
_NOT_IN_A_NAME = re.compile(NOT_IN_A_NAME)


def validate_name(name: str) -> None:
    """Raise ValidationError for a name that would break a mail's subject, or that no database can store."""
    if _NOT_IN_A_NAME.search(name) or _NEVER_STORED.search(name):
        raise ValidationError(REFUSED)


def on_one_line(text: str) -> str:
    """Return a vendor's text or an older name without control characters, blanks in their place."""
    return " ".join(_NEVER_STORED.sub(" ", _NOT_IN_A_NAME.sub(" ", text)).split())


def validate_address(address: str) -> None:
    """Raise ValidationError for what is no e-mail address, or a longer one than a column holds."""
    validate_email(address)
    if len(address) > ADDRESS_LENGTH:
        raise ValidationError(gettext("An e-mail address has at most %(most)s characters.") % {"most": ADDRESS_LENGTH})


def name_constraint(table: str, field: str = "name") -> CheckConstraint:
    """Return the constraint that a table's name stands on one line."""
    pattern = Q(**{f"{field}__regex": NOT_IN_A_NAME})
    return CheckConstraint(condition=~pattern, name=f"{table}_{field}_on_one_line", violation_error_message=REFUSED)
