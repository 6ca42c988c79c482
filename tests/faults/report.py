"""The report of a run: plain values, as it goes from process to process."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Breach:
    """One thing that is wrong. `heading`: lost, duplicate, difference, or limit."""

    heading: str
    text: str


@dataclass
class Report:
    """The result of a run."""

    seed: int
    plan: str
    document: str
    kind: str
    point: str
    orders: int = 0
    breaches: list[Breach] = field(default_factory=list)
    point_struck: bool = False  # the fault point struck
    fault_struck: bool = False  # the vendor's fault struck
    held: Counter[str] = field(default_factory=Counter)  # visible exceptions before a person fixed them
    turns: int = 0
