"""Exact's side of a run: every document of ours found and compared, and those with our reference that we don't know."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

from connector.clients.exact import period
from connector.clients.exact.client import MOST_IDS, ExactClient
from connector.clients.exact.period import SALES_ENTRIES, SALES_INVOICES, Booked
from connector.clients.rows import OddRow
from connector.domain.choices import DocumentForm
from connector.domain.document.reconcile import BUCKET_OF, Finding, Kind, Remedy, Side, compare, money
from connector.domain.document.states import State
from connector.domain.invoice.draft import CREDIT_OF
from connector.domain.timing.days import Days, runs_of
from connector.flow.customer.copies import directory
from connector.flow.outbound.within_budget import Tell, within_budget
from connector.flow.reconcile import ledger
from connector.flow.reconcile.ledger import Facts
from connector.flow.reconcile.notes import Notes
from connector.flow.reconcile.numbers import Numbers
from connector.flow.reconcile.other_form import unless_refused
from connector.flow.reconcile.unknown import Unknown
from connector.models import Connection, MasterData, OrderSync, RunDocument

T = TypeVar("T")
CREDITS = frozenset(CREDIT_OF.values())
FINAL = 50
KINDS = {
    DocumentForm.SALES_INVOICE: SALES_INVOICES,
    DocumentForm.SALES_ENTRY: SALES_ENTRIES,
}
# Exact lists direct invoices among the sales invoices.
LISTED_AS = {DocumentForm.DIRECT_INVOICE: DocumentForm.SALES_INVOICE}
# So many documents that are dated outside of the period on one day are read by their day, fewer by their ids.
BY_DAY = 20
# Of so many changed documents, or lines of entries, with the references of others a run reads all; of more only ours.
MOST_CHANGED = 6000
PAGE = 60


OF_MONEY = frozenset({Kind.AMOUNT, Kind.VAT, Kind.CURRENCY})


@dataclass(frozen=True, slots=True)
class Expected:
    """A document that the run expects in Exact: the facts of its order, its business day, and whether a page had it."""

    facts: Facts
    seen: bool = False
    day: date | None = None


class ExactSide:
    """Reads one page at a time into the notes."""

    def __init__(
        self,
        connection: Connection,
        days: Days,
        notes: Notes,
        client: ExactClient,
        *,
        in_store: Callable[[int], Facts | None],
        tell: Tell,
        patience: int,
    ) -> None:
        self.connection = connection
        self.days = days
        self.notes = notes
        self.client = client
        self.prefix = f"{connection.store.prefix}-"
        self._unknown = Unknown(connection, days, notes)
        self._numbers = Numbers(connection, self._read_accounts)
        self._gl_codes: dict[str, str] | None = None
        self._in_store = in_store
        self._tell, self._patience = tell, patience

    def parts(self) -> list[list[str]]:
        """Return what to list, as [form, first day, day after the last].

        The period in both forms, because a copy may have the other one; and other days with many documents of ours.
        """
        rows = RunDocument.objects.filter(run=self.notes.run)
        outside: dict[str, dict[date, int]] = {form: {} for form in sorted(KINDS)}
        dates = rows.values_list("document__form", "document__exact_data__date")
        for its_form, text in dates.iterator(chunk_size=2000):
            form = LISTED_AS.get(DocumentForm(its_form), its_form)
            day = date.fromisoformat(text) if text else self.days.first
            if not self.days.first <= day <= self.days.last:
                outside[form][day] = outside[form].get(day, 0) + 1
        own = (self.days.first, self.days.after)
        return [
            [form, first.isoformat(), after.isoformat()]
            for form, days in outside.items()
            for first, after in [own, *runs_of([day for day, number in days.items() if number > BY_DAY])]
        ]

    def dated(self, part: Sequence[str], link: str) -> str:
        """Read a page of one of the parts; returns the next page's link, "" at the end. Raises ClientError."""
        form, (first, after) = part[0], map(date.fromisoformat, part[1:])
        own = first == self.days.first
        where = period.dated(KINDS[DocumentForm(form)], first, after, self.prefix, undated=own)
        return self._unless_refused(form, partial(self._page, form, where, link, self.days), "")

    def changed(self, since: str, link: str, *, ours: bool) -> str:
        """Read a page of the invoices that were changed since, whatever their date: those with our reference, or all,
        of which one that the ledger knows may have another. Raises ClientError."""
        where = period.changed(period.moment(since), self.prefix if ours else "")
        form = DocumentForm.SALES_INVOICE
        return self._unless_refused(form, partial(self._page, form, where, link), "")

    def changed_entries(self, since: str) -> list[str]:
        """Return the ids of the sales entries that were changed since: with our reference, or known to the ledger.

        Those with another reference are asked for where the connection has entries in Exact. Raises ClientError.
        """
        form, at = DocumentForm.SALES_ENTRY, period.moment(since)
        none: dict[str, str] | None = {}
        rows = OrderSync.objects.filter(connection=self.connection, form=form).exclude(exact_id="")
        if rows.exists():
            every = partial(period.entries_changed, self.client, at, most=MOST_CHANGED)
            found: dict[str, str] | None = self._unless_refused(form, partial(self._ask, every), none)
            if found is not None:
                same = rows.filter(exact_id__in=[*found, *map(str.lower, found)])
                known = {pk.casefold() for pk in same.values_list("exact_id", flat=True)}
                return [pk for pk, ref in found.items() if self._is_ours(ref) or pk.casefold() in known]
            self.notes.by_reference = True
        ask = partial(period.entries_changed, self.client, at, self.prefix)
        return [*(self._unless_refused(form, partial(self._ask, ask), none) or ())]

    def _is_ours(self, reference: str) -> bool:
        return reference.casefold().startswith(self.prefix.casefold())

    def clock(self, before: timedelta) -> str:
        """Return a time by Exact's clock, so long ago; "" when Exact does not say it. Raises ClientError."""
        now = self._ask(self.client.me).server_time
        return "" if now is None else (now - before).isoformat()

    def unseen(self, form: str, after: int) -> int | None:
        """Ask for documents that no page had by their ids; returns behind which to go on, None at the end.

        Raises ClientError.
        """
        forms = [form, *(each for each, listed_as in LISTED_AS.items() if listed_as == form)]
        rows = RunDocument.objects.filter(run=self.notes.run, seen=False, document__form__in=forms, pk__gt=after)
        batch = dict(rows.order_by("pk").values_list("pk", "document_id")[:MOST_IDS])
        if not batch:
            return None
        wanted = {row.pk: row for row in ledger.documents(pk__in=list(batch.values())).select_related("division")}
        self.by_ids(form, [row.exact_id for row in wanted.values()])
        expected = self._expected(wanted)
        for row in wanted.values():
            if row.pk not in self.notes.seen:
                self._gone(row, expected[row.pk])
        return max(batch)

    def by_ids(self, form: str, ids: Sequence[str]) -> None:
        """Read up to twenty documents by their ids. Raises ClientError."""
        self._compare_all(self._ask(partial(period.with_ids, self.client, KINDS[DocumentForm(form)], ids)))

    def _page(self, form: str, where: str, link: str, days: Days | None = None) -> str:
        ask = partial(period.page_of, self.client, KINDS[DocumentForm(form)], where, link, self._odd)
        found, following = self._ask(ask)
        self._compare_all(found, days)
        return following

    def _ask(self, read: Callable[[], T]) -> T:
        answer = within_budget(read, self._tell, self._patience)
        self.notes.run.calls_exact += 1
        return answer

    def _unless_refused(self, form: str, ask: Callable[[], T], nothing: T) -> T:
        return unless_refused(self.connection, self.notes, form, ask, nothing)

    def _read_accounts(self) -> None:
        count = self._ask(partial(directory.pull, self.connection.division, self.client))
        self.notes.run.calls_exact += count // directory.BATCH  # a call brings a thousand

    def _odd(self, row: OddRow) -> None:
        finding = Finding(Kind.STATE, "", str(row), Remedy.EXPLAIN)
        self.notes.differs(finding, order_id=0, reference=row.name, day=None)

    def _compare_all(self, found: Sequence[Booked], days: Days | None = None) -> None:
        """Compare the documents of a page with the ledger's, which are read with two queries.

        With `days`, one without a date is compared only when its order is of these days.
        """
        ids = [each.id for each in found]
        rows = ledger.documents(division_id=self.notes.run.division_id, exact_id__in=[*ids, *map(str.lower, ids)])
        known = {row.exact_id.casefold(): row for row in rows}
        expected = self._expected([row.pk for row in known.values()])
        self._numbers.look_up(known.values(), {each.account for each in found})
        unknown = []
        for booked in found:
            if booked.modified is not None:
                self.notes.newest = max(self.notes.newest, booked.modified.isoformat())
            row = known.get(booked.id.casefold())
            if row is not None and row.connection_id == self.connection.pk:
                if days is None or booked.dated or row.pk in expected or ledger.may_be_of(row, days):
                    self._known(booked, row, expected.get(row.pk))
            elif row is None and self._is_ours(booked.your_ref):
                unknown.append((booked, side_in_exact(booked)))
        self._unknown.take(unknown, days)

    def _expected(self, documents: Collection[int]) -> dict[int, Expected]:
        """Return those of these documents that the run expects."""
        rows = RunDocument.objects.filter(run=self.notes.run, document__in=documents)
        found = rows.values_list("document", "seen", "day", "country", "method")
        return {pk: Expected(Facts(None, None, country, method), seen, day) for pk, seen, day, country, method in found}

    def _known(self, booked: Booked, row: OrderSync, expected: Expected | None) -> None:
        """Compare a document of ours, and count it once when the run expects it."""
        ours = self._with_codes(replace(ledger.side_of(row), vat_number=self._numbers.of_order(row)))
        theirs = self._theirs(booked, row, ours)
        findings = compare(ours, theirs) if row.state == State.POSTED else []
        if row.state == State.SKIPPED:
            findings = [Finding(Kind.STATE, row.state, booked.number or booked.id, Remedy.EXPLAIN)]
        day = (expected.day if expected else None) or ledger.day_of(row, self.days, booked.dated)
        for finding in findings:
            self._differs(finding, booked, row, day, theirs)
        if expected is None:
            expected = self._left_out(booked, row, ours, day)
        if expected is None and row.state in {State.POSTED, State.SKIPPED}:
            self.notes.elsewhere.append(row.pk)
        if expected is None or expected.seen or row.pk in self.notes.seen:
            return
        self.notes.seen.append(row.pk)
        self.notes.counts["documents"] += 1
        in_exact = ledger.entry(theirs, booked.dated, expected.facts, row.currency)
        self.notes.exact.add(in_exact)
        due = [ledger.entry(ours, None, expected.facts, row.currency) for row in ledger.due_in_exact([row])]
        # Of a document that is not posted the difference of its order says it. What is not known is not compared.
        noted = row.state != State.POSTED or ours.vat is None or any(each.kind in OF_MONEY for each in findings)
        self.notes.explain(due, [in_exact], noted=noted)

    def _theirs(self, booked: Booked, row: OrderSync, ours: Side) -> Side:
        """Return a document of ours as Exact has it, as far as it can be compared."""
        theirs = side_in_exact(booked, is_credit=row.is_credit)
        if not booked.complete:
            unread = replace(theirs, codes={}, gl_accounts={})
            theirs = self._with_lines(booked, theirs, row) if ours.codes else unread
        return self._with_codes(replace(theirs, vat_number=self._numbers.of_account(booked.account)))

    def _with_codes(self, side: Side) -> Side:
        """The side with the codes of its GL accounts, as far as they are known: people know no ids."""
        if self._gl_codes is None:
            rows = MasterData.objects.filter(division=self.notes.run.division_id, kind=MasterData.Kind.GL_ACCOUNT)
            self._gl_codes = {key.casefold(): code for key, code in rows.values_list("exact_id", "code")}
        return replace(side, gl_accounts={self._gl_codes.get(key, key): net for key, net in side.gl_accounts.items()})

    def _differs(
        self, finding: Finding, booked: Booked, row: OrderSync, day: date | None, theirs: Side | None = None
    ) -> None:
        """Note a difference of a document that the ledger knows. Without `theirs` its amount is the ledger's."""
        self.notes.differs(
            finding,
            order_id=row.order_id,
            reference=row.reference,
            day=day,
            document=row,
            exact_id=booked.id,
            exact_number=booked.number,
            amount=theirs.gross if theirs else row.total,
            currency=theirs.currency if theirs else row.currency,
        )

    def _left_out(self, booked: Booked, row: OrderSync, ours: Side, of: date | None) -> Expected | None:
        """Look for an order of the period that the store's list did not have; None when it is of another period.

        One that was archived counts on both sides as it was posted. One that is gone has no order any more. Raises
        ClientError.
        """
        if row.is_credit or not ledger.may_be_of(row, self.days, booked.dated):
            return None
        found = self._in_store(row.order_id)
        if found is not None and found.placed is not None and found.placed not in self.days:
            return None
        facts = found or ledger.facts_of(row)
        self.notes.expected[row.pk] = facts
        day = self.days.day_of(facts.placed) if facts.placed else None
        due = [ledger.entry(ours, day, facts, row.currency) for row in ledger.due_in_exact([row])]
        if found is None:
            finding = Finding(Kind.MISSING_ORDER, "", money(row.total, row.currency), Remedy.EXPLAIN)
            self._differs(finding, booked, row, of)
            self.notes.explain([], due, noted=True)
            return Expected(facts)
        if row.sequence == 1:
            self.notes.counts["orders"] += 1
            self.notes.put(BUCKET_OF[State(row.state)], row.reason)
        for each in due:
            self.notes.store.add(each)
        if row.state not in {State.POSTED, State.SKIPPED}:
            finding = Finding(Kind.STATE, row.state, booked.number or booked.id, Remedy.RE_POST)
            self._differs(finding, booked, row, of)
        return Expected(facts)

    def _with_lines(self, booked: Booked, theirs: Side, row: OrderSync) -> Side:
        """The side with the sums of all lines, read by a call of their own: those in the page were not all."""
        read = self.client.entry_lines if row.is_entry else self.client.invoice_lines
        lines = self._ask(partial(read, booked.id))
        codes = period.sums_of((line.vat_code, line.net, line.vat) for line in lines)
        accounts = period.sums_of((line.gl_account.casefold(), line.net, line.vat) for line in lines)
        sign = -1 if theirs.gross != booked.gross else 1
        gl_accounts = {each.code: sign * each.net for each in accounts}
        return replace(theirs, codes=ledger.codes_of_exact(codes, sign), gl_accounts=gl_accounts)

    def _gone(self, row: OrderSync, expected: Expected) -> None:
        """Note a document that Exact does not have any more."""
        facts = expected.facts
        due = [ledger.entry(ledger.side_of(row), None, facts, row.currency) for row in ledger.due_in_exact([row])]
        self.notes.explain(due, [], noted=True)
        if row.state != State.POSTED:
            return
        self.notes.seen.append(row.pk)
        self.notes.differs(
            Finding(Kind.DELETED, money(row.total, row.currency), "", Remedy.POST_AGAIN),
            order_id=row.order_id,
            reference=row.reference,
            day=expected.day or ledger.day_of(row, self.days),
            document=row,
            exact_id=row.exact_id,
            exact_number=row.exact_number,
            amount=row.total,
            currency=row.currency,
        )


def side_in_exact(booked: Booked, *, is_credit: bool = False) -> Side:
    """Return a document of Exact as a side. A credit note is negative, whatever sign Exact gives it."""
    sign = -1 if (is_credit or booked.type in CREDITS) and (booked.gross or 0) > 0 else 1
    return Side(
        currency=booked.currency,
        gross=None if booked.gross is None else sign * booked.gross,
        net=None if booked.net is None else sign * booked.net,
        vat=None if booked.vat is None else sign * booked.vat,
        codes=ledger.codes_of_exact(booked.codes, sign),
        gl_accounts={each.code: sign * each.net for each in booked.gl_accounts},
        account=booked.account,
        invoice_to=booked.invoice_to,
        dated=booked.dated,
        final=booked.status >= FINAL or booked.is_entry,
        your_ref=booked.your_ref,
    )
