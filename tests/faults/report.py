"""What a run tells: plain values, for they cross from process to process."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Breach:
    """Something that must not be. `heading`: lost, duplicate, difference, or limit."""

    heading: str
    text: str


@dataclass
class Report:
    """What came of a run."""

    seed: int
    told: str
    document: str
    kind: str
    point: str
    orders: int = 0
    breaches: list[Breach] = field(default_factory=list)
    pointed: bool = False  # the fault point struck
    faulted: bool = False  # the far side's fault struck
    held: Counter[str] = field(default_factory=Counter)  # visible exceptions before a person mended them
    turns: int = 0
