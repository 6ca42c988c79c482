"""What is carried over between two sides. For any values and rules: nothing bounces, nothing goes a wrong way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.choices import CustomerConflicts, CustomerDirection, FieldGroup, FieldOwner
from connector.domain.customer.details import Details, fingerprints, same
from connector.domain.customer.in_step import Move, Rules, Side, Step, after, base_after, bases, decide, move

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
GENERATED = settings(max_examples=400, deadline=None, derandomize=True)
HOME = {"street_1": "Kade 1", "postcode": "1012AB", "city": "Utrecht", "country": "NL"}
STORE = Details(
    names={"first_name": "Vera", "last_name": "Dijk", "company": ""},
    contact={"email": "v@dijk.example", "phone": "0612345678"},
    addresses=HOME,
)
EXACT = replace(STORE, names={"name": "Vera Dijk"})


def rules(owner: str = "newest", direction: str = "both", conflicts: str = "person") -> Rules:
    return Rules(FieldOwner(owner), CustomerDirection(direction), CustomerConflicts(conflicts))


def sides(store: Details = STORE, exact: Details = EXACT, /, **times: datetime) -> tuple[Side, Side]:
    """Two sides that were in step, and have this now."""
    of_store, of_exact = bases(STORE, EXACT)
    return Side(store, of_store, times.get("store")), Side(exact, of_exact, times.get("exact"))


def with_email(side: Details, email: str) -> Details:
    return side.with_group(FieldGroup.CONTACT, {**side.contact, "email": email})


def step_of(store: Side, exact: Side, by: Rules, *, make_equal: bool = False) -> Step:
    return decide(FieldGroup.CONTACT, store, exact, by, make_equal=make_equal)


@pytest.mark.parametrize(
    ("owner", "of_store", "of_exact"),
    [
        ("store", Step.TO_EXACT, Step.LEAVE),
        ("exact", Step.LEAVE, Step.TO_STORE),
        ("newest", Step.TO_EXACT, Step.TO_STORE),
        ("nobody", Step.LEAVE, Step.LEAVE),
    ],
)
def test_a_change_of_the_owner_is_carried_over(owner: str, of_store: Step, of_exact: Step) -> None:
    assert step_of(*sides(with_email(STORE, "new@dijk.example")), rules(owner)) == of_store
    assert step_of(*sides(STORE, with_email(EXACT, "new@dijk.example")), rules(owner)) == of_exact


def test_what_differed_when_they_were_linked_stays() -> None:
    other = with_email(EXACT, "other@dijk.example")
    never_compared = Side(STORE, {}), Side(other, {})
    compared = Side(STORE, fingerprints(STORE)), Side(other, fingerprints(other))
    for store, exact in (never_compared, compared):
        assert step_of(store, exact, rules("store")) == Step.LEAVE
        assert step_of(store, exact, rules("store"), make_equal=True) == Step.TO_EXACT


@pytest.mark.parametrize(
    ("conflicts", "times", "step"),
    [
        ("person", {"store": NOON, "exact": NOON + timedelta(hours=1)}, Step.CONFLICT),
        ("newest", {"store": NOON, "exact": NOON + timedelta(hours=1)}, Step.TO_STORE),
        ("newest", {"store": NOON + timedelta(hours=1), "exact": NOON}, Step.TO_EXACT),
        ("newest", {"store": NOON}, Step.CONFLICT),
    ],
)
def test_both_changed(conflicts: str, times: dict[str, datetime], step: Step) -> None:
    both = sides(with_email(STORE, "one@dijk.example"), with_email(EXACT, "two@dijk.example"), **times)
    assert step_of(*both, rules(conflicts=conflicts)) == step
    assert step_of(*both, rules("store", conflicts=conflicts)) == Step.TO_EXACT


def with_phone(side: Details, phone: str) -> Details:
    return side.with_group(FieldGroup.CONTACT, {**side.contact, "phone": phone})


@pytest.mark.parametrize("conflicts", ["person", "newest"])
def test_two_parts_that_changed_on_two_sides_are_no_conflict_and_each_goes_its_way(conflicts: str) -> None:
    store, exact = sides(
        with_email(STORE, "new@dijk.example"),
        with_phone(EXACT, "+31611111111"),
        store=NOON + timedelta(hours=1),
        exact=NOON,
    )
    by = rules(conflicts=conflicts)
    first = move(FieldGroup.CONTACT, store, exact, by)
    assert first == Move(Step.TO_EXACT, {"email": "new@dijk.example", "phone": "+31611111111"}, waits=frozenset({1}))
    found = after(FieldGroup.CONTACT, first, store.details, exact.details)
    bases_then = (
        base_after(FieldGroup.CONTACT, first, each.base["contact"], now)
        for each, now in zip((store, exact), found, strict=True)
    )
    store, exact = (Side(now, {"contact": base}) for now, base in zip(found, bases_then, strict=True))
    second = move(FieldGroup.CONTACT, store, exact, by)
    assert second == Move(Step.TO_STORE, {"email": "new@dijk.example", "phone": "+31611111111"})


def test_the_newest_side_decides_about_the_part_that_both_changed_alone() -> None:
    both = with_phone(with_email(EXACT, "two@dijk.example"), "+31611111111")
    store, exact = sides(with_email(STORE, "one@dijk.example"), both, store=NOON + timedelta(hours=1), exact=NOON)
    found = move(FieldGroup.CONTACT, store, exact, rules(conflicts="newest"))
    assert found == Move(Step.TO_EXACT, {"email": "one@dijk.example", "phone": "+31611111111"}, waits=frozenset({1}))


def test_an_address_book_that_is_empty_is_no_change() -> None:
    emptied = replace(STORE, addresses={})
    for owner in ("store", "newest"):
        assert decide(FieldGroup.ADDRESSES, *sides(emptied), rules(owner)) == Step.LEAVE
    moved = replace(EXACT, addresses={**HOME, "street_1": "Gracht 7"})
    assert decide(FieldGroup.ADDRESSES, *sides(emptied, moved), rules("newest")) == Step.TO_STORE


def test_both_changed_to_the_same() -> None:
    both = sides(with_email(STORE, "one@dijk.example"), with_email(EXACT, "ONE@dijk.example"))
    assert step_of(*both, rules()) == Step.SAME


@pytest.mark.parametrize("direction", ["to_store", "none"])
def test_the_direction_narrows_the_owner(direction: str) -> None:
    changed = sides(with_email(STORE, "new@dijk.example"))
    assert step_of(*changed, rules("store", direction)) == Step.LEAVE


def test_a_phone_number_that_nobody_changed_stays() -> None:
    other = EXACT.with_group(FieldGroup.CONTACT, {"email": "v@dijk.example", "phone": "0209999999"})
    store = Side(with_email(STORE, "new@dijk.example"), fingerprints(STORE))
    exact = Side(other, fingerprints(other))
    found = move(FieldGroup.CONTACT, store, exact, rules("store"))
    assert found == Move(Step.TO_EXACT, {"email": "new@dijk.example", "phone": "0209999999"})


def test_a_number_that_was_taken_out_is_taken_out_on_the_other_side() -> None:
    store = STORE.with_group(FieldGroup.CONTACT, {"email": "v@dijk.example", "phone": ""})
    found = move(FieldGroup.CONTACT, *sides(store), rules("store"))
    assert found == Move(Step.TO_EXACT, {"email": "v@dijk.example", "phone": ""})


def test_making_equal_empties_nothing() -> None:
    """Nobody took it out: the store never had it."""
    store = Side(STORE.with_group(FieldGroup.CONTACT, {"email": "", "phone": ""}), {})
    exact = Side(EXACT, {})
    assert move(FieldGroup.CONTACT, store, exact, rules("store"), make_equal=True).step == Step.LEAVE
    given = move(FieldGroup.CONTACT, store, exact, rules("newest"), make_equal=True)
    assert given == Move(Step.TO_STORE, EXACT.contact)


def test_a_name_of_one_word_waits_for_a_person() -> None:
    exact = EXACT.with_group(FieldGroup.NAMES, {"name": "Madonna"})
    assert move(FieldGroup.NAMES, *sides(STORE, exact), rules("exact")) == Move(Step.LEAVE, unfit=True)


def test_the_store_has_no_payment_condition() -> None:
    exact = EXACT.with_group(FieldGroup.PAYMENT_CONDITION, {"payment_condition": "30"})
    store = STORE.with_group(FieldGroup.PAYMENT_CONDITION, {"payment_condition": "14"})
    for owner in FieldOwner:
        assert move(FieldGroup.PAYMENT_CONDITION, *sides(STORE, exact), rules(owner)).step == Step.LEAVE
    assert move(FieldGroup.PAYMENT_CONDITION, *sides(store, exact), rules("store")).step == Step.TO_EXACT
    assert move(FieldGroup.PAYMENT_CONDITION, *sides(store, exact), rules("exact")).step == Step.LEAVE


WORDS = st.sampled_from(["", "Vera", "Vera Dijk", "DIJK  BV", "Dijk BV", "L" * 70, "Ёлка 🎄", "مريم علي"])
PLACES = st.fixed_dictionaries(
    {
        "street_1": st.sampled_from(["", "Kade 1", "kade  1", "S" * 300]),
        "postcode": st.sampled_from(["", "1012 AB", "1012ab", "75001"]),
        "city": st.sampled_from(["", "Utrecht", "Paris"]),
        "state": st.sampled_from(["", "UT", "Utrecht"]),
        "country": st.sampled_from(["", "NL", "FR"]),
    }
)
CONTACTS = st.fixed_dictionaries(
    {
        "email": st.sampled_from(["", "v@dijk.example", "V@DIJK.example", "w@dijk.example"]),
        "phone": st.sampled_from(["", "0612345678", "+31 6 12345678", "12", "0209999999"]),
    }
)
NUMBERS = st.fixed_dictionaries({"vat_number": st.sampled_from(["", "NL001234567B01", "nl 0012345 67 b01", "x1"])})
CONDITIONS = st.fixed_dictionaries({"payment_condition": st.sampled_from(["", "14", "30"])})
REST = {"contact": CONTACTS, "addresses": PLACES, "vat_number": NUMBERS, "payment_condition": CONDITIONS}
STORES = st.builds(
    Details, names=st.fixed_dictionaries({"first_name": WORDS, "last_name": WORDS, "company": WORDS}), **REST
)
EXACTS = st.builds(Details, names=st.fixed_dictionaries({"name": WORDS}), **REST)
TIMES = st.sampled_from([None, NOON, NOON + timedelta(hours=1)])
RULES = st.builds(
    Rules, st.sampled_from(FieldOwner), st.sampled_from(CustomerDirection), st.sampled_from(CustomerConflicts)
)


def side_of(details: st.SearchStrategy[Details]) -> st.SearchStrategy[Side]:
    earlier: st.SearchStrategy[dict[str, str]] = st.one_of(st.just({}), details.map(fingerprints))
    return st.builds(Side, details, earlier, TIMES)


@given(st.sampled_from(FieldGroup), side_of(STORES), side_of(EXACTS), RULES, st.booleans())
@GENERATED
def test_nothing_bounces_and_nothing_goes_a_forbidden_way(
    group: FieldGroup, store: Side, exact: Side, by: Rules, make_equal: bool
) -> None:
    made = move(group, store, exact, by, make_equal=make_equal)
    assert not (made.step == Step.TO_EXACT and by.direction not in {CustomerDirection.BOTH, CustomerDirection.TO_EXACT})
    assert not (made.step == Step.TO_STORE and by.direction not in {CustomerDirection.BOTH, CustomerDirection.TO_STORE})
    assert not (made.step == Step.TO_EXACT and by.owner in {FieldOwner.EXACT, FieldOwner.NOBODY})
    assert not (made.step == Step.TO_STORE and by.owner in {FieldOwner.STORE, FieldOwner.NOBODY})
    if made.step == Step.CONFLICT or made.unfit:
        return  # both wait as they are
    store_after, exact_after = after(group, made, store.details, exact.details)
    later = now_in_step(store_after, exact_after)
    for again in (False, True):
        repeated = move(group, *later, by, make_equal=again and make_equal)
        assert repeated.step in {Step.SAME, Step.LEAVE}, repeated


@given(st.sampled_from(FieldGroup), STORES, EXACTS)
@GENERATED
def test_what_was_cut_for_exact_is_no_change(group: FieldGroup, store: Details, exact: Details) -> None:
    """Exact holds less than was sent. The next comparison finds no change under any rule."""
    made = move(group, Side(store, {}), Side(exact, {}), rules("store"), make_equal=True)
    if made.step != Step.TO_EXACT:
        return
    store_after, exact_after = after(group, made, store, exact)
    assert group == FieldGroup.CONTACT or same(group, store_after, exact_after)
    for owner in FieldOwner:
        assert move(group, *now_in_step(store_after, exact_after), rules(owner)).step in {Step.SAME, Step.LEAVE}


def now_in_step(store: Details, exact: Details) -> tuple[Side, Side]:
    of_store, of_exact = bases(store, exact)
    return Side(store, of_store, NOON), Side(exact, of_exact, NOON)


def test_an_own_write_that_comes_back_is_no_change() -> None:
    store, exact_side = sides(with_email(STORE, "New@dijk.example"))
    made = move(FieldGroup.CONTACT, store, exact_side, rules())
    exact = EXACT.with_group(FieldGroup.CONTACT, {**made.values, "email": "new@dijk.example"})  # as Exact writes it
    same_store, written = now_in_step(store.details, exact)
    assert move(FieldGroup.CONTACT, same_store, written, rules()).step == Step.SAME
