"""The description of one setting of a connection. All settings are in `settings_table`."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db.models import Field

from connector.domain.choices import Choice
from connector.flow.setup.provision.schema import Check, choice
from connector.models import Connection

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# The kind of code that names a customer's account. It is not master data.
ACCOUNT = "account"


class Shown(Enum):
    """How the form shows what is no code, choice, number or short text."""

    DAY = "day"
    SCHEDULE = "schedule"
    LINES = "lines"  # texts, one a line
    STATUSES = "statuses"  # the shop's order statuses, to tick
    ACCOUNT_RULES = "account_rules"  # what a new account gets, a rule in a row
    COUNTRY_ACCOUNTS = "country_accounts"  # an account for each country


def one_of(enumeration: type[Choice]) -> Check:
    """Return the check of a value of an enumeration."""
    return choice(*(member.value for member in enumeration))


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `name` is its place in the provision file, such as `items.fee`; `column` is on the connection.

    `check` reads the file's value. `kind` is the kind of Exact code that it takes: the division must have the code,
    and the form lists the codes. `shown_as` is how the form shows it. `brief` is its name in the heading of its folded
    group, which always says its value then; without one the heading says it only when it is not the default.
    `required`: the file must have it. `on_form`: a person can change it in the portal.
    """

    name: str
    column: str
    check: Check
    label: "_StrPromise"
    help: "_StrPromise | str" = ""
    brief: "_StrPromise | str" = ""
    kind: str = ""
    shown_as: Shown | None = None
    required: bool = False
    on_form: bool = True

    @property
    def place(self) -> tuple[str, str]:
        """The key of the object that contains it in the file, "" for none, and its own key."""
        group, _, name = self.name.rpartition(".")
        return group, name

    def default(self) -> Any:
        """Return the column's default, for a file without this setting."""
        field = Connection._meta.get_field(self.column)
        assert isinstance(field, Field)
        return field.get_default()

    def of(self, connection: Connection) -> Any:
        """Return the connection's value of this setting."""
        return getattr(connection, self.column)


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that are together on the connection's page, folded under a title. The first has none and is open."""

    title: "_StrPromise | str"
    settings: tuple[Setting, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a person can change in the portal."""
        return tuple(setting.column for setting in self.settings if setting.on_form)
