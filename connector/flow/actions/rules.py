"""What a person may do with a version of the rules besides editing them."""

from django.utils.translation import gettext as _

from connector.flow.actions.transaction import NotPossible, require_reason
from connector.flow.setup import codes, rule_versions
from connector.models import RuleVersion
from connector.models.kept_words import english
from tenants.models import User


def use_again(version: RuleVersion, actor: User | None, reason: str) -> RuleVersion | None:
    """Make a new version that is a copy of an old one; None when it equals the rules in force.

    Raises NotPossible without a reason, or when the division lacks a code of the old rules.
    """
    require_reason(reason)
    connection, filed = version.connection, rule_versions.as_filed(version)
    problems = codes.rule_problems(filed, codes.known_of(connection.division), connection.document)
    if missing := [text for _place, text in problems]:
        text = _("These rules cannot be used again: %(problems)s")
        raise NotPossible(text % {"problems": " ".join(sorted(set(missing)))})
    present = rule_versions.in_force(connection)
    note = english("Version %(number)s again: %(reason)s") % {"number": version.number, "reason": reason}
    try:
        return rule_versions.put_in_force(
            connection, filed, author=actor, note=note, seen=present.number if present else 0
        )
    except rule_versions.Overtaken as error:
        raise NotPossible(str(error)) from None
