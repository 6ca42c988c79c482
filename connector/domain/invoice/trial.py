"""A mapping tried with orders: how many would be posted, with each way to treat cents."""

from collections.abc import Sequence
from dataclasses import replace

from connector.domain.choices import PostingSettings
from connector.domain.invoice.draft import Draft
from connector.domain.invoice.translate import translate
from connector.domain.order.model import Order
from connector.domain.rules.chart import Chart
from connector.domain.rules.propose.amounts import LIMIT, Tried
from connector.domain.rules.rule_book import RuleBook


def try_amounts(
    orders: Sequence[Order], settings: PostingSettings, rules: RuleBook, chart: Chart, rounding_account: str
) -> Tried:
    """Return how many of the orders would be posted; `rounding_account` is "" when there is none for rounding."""

    def posted(*, force: bool, account: str) -> int:
        limit = LIMIT if account else settings.rounding_limit
        tried = replace(settings, force_vat=force, rounding_limit=limit, rounding_gl_account=account)
        return sum(isinstance(translate(order, tried, rules, chart), Draft) for order in orders)

    plainly, forced = posted(force=False, account=""), posted(force=True, account="")
    if not rounding_account or plainly == len(orders):
        return Tried(len(orders), plainly, forced, rounded=plainly, both=forced)
    rounded, both = posted(force=False, account=rounding_account), posted(force=True, account=rounding_account)
    return Tried(len(orders), plainly, forced, rounded, both)
