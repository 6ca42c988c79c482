"""What one setting of a connection is; the table of them all is `settings_table`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Field

from connector.flow.setup.provision.schema import Check
from connector.models import Connection

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ACCOUNT = "account"
"""The kind of a code that names a customer's account, which is no master data."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `name` is its place in the provision file, such as `items.fee`; `column` is the connection's.

    `check` reads the file's value. `kind` is the kind of Exact's codes that it takes: the division must have the code,
    and the form lists them. `required`: the file cannot leave it out. `on_form`: a person can change it in the portal.
    """

    name: str
    column: str
    check: Check
    label: "_StrPromise"
    help: "_StrPromise | str" = ""
    kind: str = ""
    required: bool = False
    on_form: bool = True

    @property
    def place(self) -> tuple[str, str]:
        """The key of the file's object that it stands in, "" for none, and its own key."""
        group, _, name = self.name.rpartition(".")
        return group, name

    def default(self) -> Any:
        """Return what the setting is when the file leaves it out: the column's default."""
        field = Connection._meta.get_field(self.column)
        assert isinstance(field, Field)
        return field.get_default()

    def of(self, connection: Connection) -> Any:
        """Return what the setting is on a connection."""
        return getattr(connection, self.column)


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that stand together on the connection's page; the first group has no title."""

    title: "_StrPromise | str"
    settings: tuple[Setting, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a person can change in the portal."""
        return tuple(setting.column for setting in self.settings if setting.on_form)
