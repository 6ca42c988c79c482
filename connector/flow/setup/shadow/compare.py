"""Finds the document that was typed in for each draft, compares the two, and adds up what came of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from connector.clients.exact.period import Booked, CodeSum
from connector.domain.choices import DocumentForm, DocumentKind
from connector.domain.document.match import Match, Sign, match
from connector.domain.document.shadow import Compared, Side, Sum, add_up, compare
from connector.domain.document.states import State
from connector.domain.money import plain
from connector.flow.inbox.backfill.compare import typed_in
from connector.flow.inbox.backfill.read import columns
from connector.flow.setup.shadow.drafts import Shown, shown
from connector.models import Connection, DirectoryAccount, MasterData, OrderSync, ShadowDocument, ShadowRun

KEPT: Final = 200
"""So many rows of a list are kept. The counts are of all."""
_SOME: Final = 500


def row_of(run: ShadowRun, found: Booked) -> ShadowDocument:
    """Return the row that keeps a document of Exact until it is compared, not saved."""
    sums: dict[str, Any] = {}
    if found.complete:
        sums = {name: _written(getattr(found, of)) for name, of in _SUMS.items()}
    return ShadowDocument(run=run, payment_condition=found.payment_condition[:20], **sums, **columns(found))


_SUMS: Final = {"vat_codes": "codes", "gl_accounts": "gl_accounts", "cost_centers": "cost_centers"}


def _written(sums: Iterable[CodeSum]) -> dict[str, list[str]]:
    return {each.code: [plain(each.net), plain(each.vat)] for each in sums}


def result_of(run: ShadowRun, renew: Callable[[], None]) -> dict[str, Any]:
    """Compare the drafts with the documents that the run has read. `renew` prolongs the run's lease.

    Returns the summary, the differences, and the numbers and names of what has no counterpart, as JSON.
    """
    return _Comparison(run, renew).result()


@dataclass(slots=True)
class _Comparison:
    run: ShadowRun
    renew: Callable[[], None]
    documents: dict[str, ShadowDocument] = field(init=False)
    names: Mapping[str, str] = field(init=False)
    gl_codes: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.documents = {row.exact_id: row for row in self.run.documents_read.all()}
        division = self.run.connection.division_id
        listed = DirectoryAccount.objects.filter(division=division).values_list("account_id", "code", "name")
        wanted = {row.account for row in self.documents.values()}
        self.names = {
            key.casefold(): f"{code.strip()} {name}"
            for key, code, name in listed.iterator()
            if key.casefold() in wanted
        }
        accounts = MasterData.objects.filter(division=division, kind=MasterData.Kind.GL_ACCOUNT)
        self.gl_codes = {key.casefold(): code for key, code in accounts.values_list("exact_id", "code")}

    def result(self) -> dict[str, Any]:
        connection = self.run.connection
        typed = typed_in(connection, list(self.documents.values()), (), self.renew)
        drafts: dict[int, Shown] = {}
        for some in shown(connection, self.run.since):
            drafts |= {each.placed.id: each for each in some}
            self.renew()
        found = match([each.placed for each in drafts.values()], typed)
        claims = Counter(key for each in found.values() for key, _sign in each.documents)
        pairs = [self._pair(drafts[order], each) for order, each in found.items() if _is_one(each, claims)]
        unclear = [order for order, each in found.items() if each.documents and not _is_one(each, claims)]
        without = [order for order, each in found.items() if not each.documents]
        held = _held(connection)
        by_hand = [self.documents[each.id] for each in typed if each.id not in claims and not self._is_early(each.id)]
        return {
            "summary": add_up(pairs, unclear=len(unclear), held=held).to_json(),
            "drafts": len(drafts),
            "held": held,
            "differences": self._differences(pairs, drafts)[:KEPT],
            "differ": sum(bool(pair.differences) for pair in pairs),
            "unclear": [len(unclear), _rows(unclear, drafts)],
            "without": [len(without), _rows(without, drafts)],
            "no_order": [len(by_hand), [_shown_document(row) for row in by_hand[:KEPT]]],
        }

    def _pair(self, draft: Shown, found: Match) -> Compared:
        (key, _sign) = found.documents[0]
        row, side = self.documents[key], draft.side
        ours = replace(side, accounts=frozenset(map(self._name, side.accounts)))
        return compare(draft.placed.id, row.number or key, ours, self._side(row), sure=found.is_sure)

    def _side(self, row: ShadowDocument) -> Side:
        accounts = _read(row.gl_accounts)
        return Side(
            currency=row.currency,
            gross=row.amount,
            vat_codes=_read(row.vat_codes),
            gl_accounts=accounts and {self.gl_codes.get(key, key): each for key, each in accounts.items()},
            cost_centers=_read(row.cost_centers),
            accounts=frozenset({self._name(row.account)} if row.account else ()),
            dated=row.dated,
            payment_condition=row.payment_condition,
            form=(DocumentForm.SALES_ENTRY if row.is_entry else DocumentForm.SALES_INVOICE).value,
        )

    def _name(self, account: str) -> str:
        return self.names.get(account.casefold(), account.casefold())

    def _is_early(self, key: str) -> bool:
        """Whether a document is of before the drafts. It was read because a document may be dated late or early."""
        dated = self.documents[key].dated
        return dated is not None and dated < self.run.since

    def _differences(self, pairs: Iterable[Compared], drafts: Mapping[int, Shown]) -> list[dict[str, Any]]:
        return [
            {
                "order": pair.order_id,
                "document": drafts[pair.order_id].document,
                "version": drafts[pair.order_id].rules,
                "in_exact": pair.document,
                "sure": pair.sure,
                "field": str(each.field),
                "ours": each.ours,
                "theirs": each.theirs,
                "rules": list(each.rules),
            }
            for pair in pairs
            for each in pair.differences
        ]


def _is_one(found: Match, claims: Mapping[str, int]) -> bool:
    """Whether an order has one document, which may be no other order's."""
    if found.is_sure:
        return True
    return len(found.documents) == 1 and claims[found.documents[0][0]] == 1 and found.documents[0][1] != Sign.SHARED


def _read(sums: Mapping[str, list[str]] | None) -> dict[str, Sum] | None:
    """Read kept sums, without those under which there is no money."""
    if sums is None:
        return None
    found = {code: Sum(Decimal(net), Decimal(vat)) for code, (net, vat) in sums.items()}
    return {code: each for code, each in found.items() if each.net or each.vat}


def _held(connection: Connection) -> int:
    rows = OrderSync.objects.filter(connection=connection, state=State.BLOCKED, kind=DocumentKind.INVOICE)
    return rows.order_by()[:_SOME].count()


def _rows(orders: Iterable[int], drafts: Mapping[int, Shown]) -> list[dict[str, Any]]:
    shown_first = sorted(orders, reverse=True)[:KEPT]
    placed = [drafts[order] for order in shown_first]
    return [
        {
            "order": each.placed.id,
            "document": each.document,
            "day": each.placed.day.isoformat(),
            "amount": plain(each.placed.total),
            "currency": each.placed.currency,
        }
        for each in placed
    ]


def _shown_document(row: ShadowDocument) -> dict[str, Any]:
    return {
        "number": row.number or row.exact_id,
        "day": row.dated.isoformat() if row.dated else "",
        "amount": "" if row.amount is None else plain(row.amount.quantize(Decimal("0.01"))),
        "currency": row.currency,
        "texts": f"{row.your_ref} {row.description}".strip(),
    }
