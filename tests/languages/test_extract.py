"""The texts that gettext is asked for are found in code and templates."""

import pytest

from tests.languages.extract import in_python, in_template


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("One.")', [("One.",)]),
        ('_("One %(n)s. " "Two.") % {"n": 1}', [("One %(n)s. Two.",)]),
        ('x = {"a": gettext_lazy("One.")}', [("One.",)]),
        ('english("One.")', [("One.",)]),
        ('ngettext("%(n)s day", "%(n)s days", n)', [("%(n)s day", "%(n)s days")]),
        ("_(error.words)", []),
        ('log("One.")', []),
    ],
)
def test_in_code(source: str, found: list[tuple[str, ...]]) -> None:
    assert list(in_python(source)) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{% translate 'One' %}", [("One",)]),
        ('{% translate "It\'s one" as it %}', [("It's one",)]),
        ('{% include "x.html" with title=_("One") %}', [("One",)]),
        ("{% blocktranslate %}{{ n }} left{% endblocktranslate %}", [("%(n)s left",)]),
        (
            "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            [("%(n)s day", "%(n)s days")],
        ),
        ("<p>One</p>", []),
    ],
)
def test_in_a_template(source: str, found: list[tuple[str, ...]]) -> None:
    assert list(in_template(f"{{% load i18n %}}{source}")) == found
