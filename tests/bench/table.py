"""A table of measured figures and their goals, as Markdown."""

import sys
from dataclasses import dataclass, field
from datetime import date

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEAD = ("What", "Measured", "Goal", "Result")


@dataclass(frozen=True)
class Line:
    """One figure. A goal is the largest value that passes, or the smallest one with `at_least`."""

    what: str
    measured: float
    goal: float
    unit: str
    at_least: bool

    @property
    def passes(self) -> bool:
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal

    def cells(self) -> tuple[str, str, str, str]:
        bound = "at least" if self.at_least else "at most"
        unit = f" {self.unit}" if self.unit else ""
        return (
            self.what,
            f"{self.measured:.4g}{unit}",
            f"{bound} {self.goal:.4g}{unit}",
            "pass" if self.passes else "short",
        )


@dataclass
class Table:
    """The lines of one run, in the order in which they were measured."""

    lines: list[Line] = field(default_factory=list)

    def add(self, what: str, measured: float, *, goal: float, unit: str = "", at_least: bool = False) -> None:
        """Keep a figure and print it at once, so that a long run shows how far it is."""
        line = Line(what, measured, goal, unit, at_least)
        self.lines.append(line)
        sys.stdout.write(f"\n{': '.join(line.cells()[:2])} ({', '.join(line.cells()[2:])})\n")

    def markdown(self) -> str:
        rows = [HEAD, tuple("---" for _ in HEAD), *(line.cells() for line in self.lines)]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def print(self) -> None:
        if self.lines:
            sys.stdout.write(f"\n{self.markdown()}\n")

    def kept_in(self, page: str, day: date) -> str:
        """Return the page with these lines in the place of the former ones."""
        before, _, rest = page.partition(BEGIN)
        _, _, after = rest.partition(END)
        return f"{before}{BEGIN}\nMeasured on {day.isoformat()}:\n\n{self.markdown()}\n{END}{after}"
