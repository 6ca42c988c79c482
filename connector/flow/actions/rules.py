"""What a person may do with a version of the rules besides editing them."""

from connector.flow.actions.transaction import NotPossible, require_reason
from connector.flow.setup import codes, rule_versions
from connector.models import RuleVersion
from tenants.models import User


def use_again(version: RuleVersion, actor: User | None, reason: str) -> RuleVersion | None:
    """Make a new version that is a copy of an old one; None when nothing differs from what is in force.

    Raises NotPossible, without a reason or when the division lacks what the old rules name.
    """
    require_reason(reason)
    connection, filed = version.connection, rule_versions.as_filed(version)
    problems = codes.rule_problems(filed, codes.known_of(connection.division), connection.document)
    if missing := [text for _, text in problems]:
        raise NotPossible(f"These rules cannot be used again: {' '.join(sorted(set(missing)))}")
    present = rule_versions.in_force(connection)
    note = f"Version {version.number} again: {reason}"
    try:
        return rule_versions.put_in_force(
            connection, filed, author=actor, note=note, seen=present.number if present else 0
        )
    except rule_versions.Overtaken as error:
        raise NotPossible(str(error)) from None
