"""The items that were found or made for SKUs before. Exact is not called.

A product whose SKU is the code of an item has it from the master data. This is for the others: items that are newer
than the master data, and those whose code is not the SKU as it stands.
"""

from collections.abc import Iterator, Mapping

from connector.domain.document.codes import Code
from connector.domain.document.result import Held, Problem, problem
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.rules.chart import Chart
from connector.domain.rules.item_code import key_of
from connector.models import Division, ItemLink


def with_known_items(draft: Draft, division: Division, chart: Chart) -> Draft | Held:
    """Return the draft with the items that are known, or why one of them cannot be used.

    Lines whose item must be looked for in Exact stay as they are. Makes a query when there is any line without an item.
    """
    if not draft.new_lines:
        return draft
    links = links_of(draft, division)
    problems = tuple(_problems(draft, links, chart))
    if problems:
        return Held(problems)
    known = {link.sku: item_id for link in links.values() if (item_id := _present(link, division, chart))}
    return draft.with_items(known)


def links_of(draft: Draft, division: Division) -> dict[str, ItemLink]:
    """Return what is kept of the items that the draft's lines lack, by the keys of their codes."""
    keys = {key_of(line.item_code) for line in draft.new_lines}
    return {link.code_key: link for link in ItemLink.objects.filter(division=division, code_key__in=keys)}


def _problems(draft: Draft, links: Mapping[str, ItemLink], chart: Chart) -> Iterator[Problem]:
    for line in draft.new_lines:
        link = links.get(key_of(line.item_code))
        if link is None:
            continue
        item = chart.items.get(link.code)
        if link.sku != line.new_sku:
            yield of_line(line, Code.ITEM_CODE_SHARED, item=link.code, sku=line.new_sku, other=link.sku)
        elif link.item_id and item and not item.sellable:
            yield of_line(line, Code.ITEM_NOT_SOLD, item=link.code)


def of_line(line: DraftLine, code: Code, /, **params: object) -> Problem:
    """Return a problem of a line of a draft, which does not say where it goes."""
    return problem(code, line=line.key, name=line.new_name, **params)


def _present(link: ItemLink, division: Division, chart: Chart) -> str:
    """Return the item's id when Exact had it at the last pull, or has had it since; else ""."""
    pulled = division.master_data_at
    if item := chart.items.get(link.code):
        return item.id
    is_newer = link.found_at is not None and (pulled is None or link.found_at > pulled)
    return link.item_id if is_newer else ""
