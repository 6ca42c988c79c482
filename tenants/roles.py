"""Sets of roles. Each set contains the one before it."""

from tenants.models import Role

OWNERS = frozenset({Role.OWNER})
ACCOUNTANTS = OWNERS | {Role.ACCOUNTANT}
OPERATORS = ACCOUNTANTS | {Role.OPERATOR}
