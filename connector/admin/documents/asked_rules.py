"""Addresses of the page of rules that ask for certain rows: the rules that use a code, or a new rule, filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.models import Connection, MasterData

ANCHOR = "asked"
CONDITIONS = ("line", "country", "rate")  # of a rule that is filled in
SECTIONS = ("rules", "vat")
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """The kind and code that rules use, or the section and condition of a new rule."""

    kind: str = ""
    code: str = ""
    section: str = ""
    when: Mapping[str, str] = field(default_factory=dict)

    @property
    def note(self) -> str:
        """What the new version is for, as a proposal."""
        if self.section:
            return _("A held order needs this rule.")
        kind = MasterData.Kind(self.kind).label
        return _("%(kind)s %(code)s can no longer be used.") % {"kind": kind, "code": self.code}


def uses_page(connection: Connection, kind: str, code: str) -> str:
    """Return the address of a connection's rules that use a code."""
    return _page(connection, uses=f"{kind}:{code}")


def new_rule_page(connection: Connection, section: str, **when: str) -> str:
    """Return the address of the rules of a connection with a new one, with this condition."""
    return _page(connection, add=section, **{key: value for key, value in when.items() if value})


def _page(connection: Connection, **query: str) -> str:
    address = reverse("admin:connector_connection_rules", args=[connection.pk])
    return f"{address}?{urlencode(query)}#{ANCHOR}"


def read(query: QueryDict) -> Asked | None:
    """Return what an address asks for; None when it asks for nothing that there is."""
    kind, _colon, code = str(query.get("uses", "")).partition(":")
    if kind in MasterData.Kind.values and code:
        return Asked(kind, code[:LONGEST])
    section = str(query.get("add", ""))
    if section not in SECTIONS:
        return None
    given = {key: str(query.get(key, "")).replace("\x00", "")[:LONGEST] for key in CONDITIONS}
    return Asked(section=section, when={key: value for key, value in given.items() if value})
