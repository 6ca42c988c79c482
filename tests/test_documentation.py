"""What README, CONTRIBUTING and docs/ claim: links lead somewhere, and what they name exists."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
CHANGES = ROOT / "CHANGELOG.md"  # names files of its time
PAGES = [README, CHANGES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LAYERS = "flow|problems|domain|admin|api|models|clients|sandbox|management"


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The headings as a browser's addresses name them."""
    heads = re.findall(r"^#+ (.+)$", text_of(page), re.M)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


def test_the_readme_is_one_page() -> None:
    assert len(text_of(README).splitlines()) <= 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_wrapped_at_100_columns(page: Path) -> None:
    assert not [line for line in text_of(page).splitlines() if len(line) > 100]


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_a_page_is_found_from_the_readme(page: Path) -> None:
    assert f"]({page.relative_to(ROOT)})" in text_of(README)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_the_pages_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text_of(page))
    for path, anchor in links:
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


@pytest.mark.parametrize("page", [page for page in PAGES if page != CHANGES], ids=lambda page: page.name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = re.findall(rf"`(?:connector/)?((?:{LAYERS})/[\w/.]*)`", text_of(page))
    named = [f"connector/{path}" for path in named]
    named += re.findall(r"`((?:tests|config|tenants|docs)/[\w/.]+|[\w.-]+\.(?:toml|lock|yaml))`", text_of(page))
    assert not [path for path in named if not (ROOT / path).exists()]


def test_the_architecture_names_the_packages_that_are_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = text_of(ROOT / "docs" / "architecture.md").lower()
    built_on = page[page.index("## what is built on") : page.index("## data: what is kept")]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[~=<>\[]", each)[0].lower() for each in wanted}
    missing = {name for name in names if name.replace("psycopg", "psycopg 3") not in built_on}
    assert not missing
    gone = {"time-machine", "responses", "freezegun"}
    assert not [name for name in gone - names if name in built_on]


@pytest.mark.parametrize("package", ["flow", "domain", "admin", "api"])
def test_the_architecture_lists_every_folder_and_file(package: str) -> None:
    (block,) = re.findall(rf"^{package}/\n((?:  .*\n)+)", text_of(ARCHITECTURE), re.M)
    listed = re.findall(r"(?<!\S)([a-z_0-9]+(?:/|\.py))(?!\S)", block)
    folder = ROOT / "connector" / package
    there = [f"{path.parent.name}/" for path in folder.glob("*/__init__.py")]
    there += [path.name for path in folder.glob("*.py") if path.stem != "__init__"]
    assert sorted(listed) == sorted(there)


def test_the_architecture_names_every_layer_and_every_package_with_one_door() -> None:
    page = text_of(ARCHITECTURE)
    layers = " ".join(page[page.index("## The layers") : page.index("## The chapters")].split())
    packages = {path.parent.name for path in (ROOT / "connector").glob("*/__init__.py")} - {"migrations"}
    assert not [name for name in packages if not re.search(rf"\b{name}\b", layers)]
    doors = re.findall(r'^name = "(\w+) has one door: ([\w.]+)', text_of(ROOT / "pyproject.toml"), re.M)
    assert len(doors) >= 3
    said = [f"`{module.replace('.', '/')}.py` alone imports `{package}`" for package, module in doors]
    assert not [sentence for sentence in said if sentence not in layers]


def test_the_glossary_has_twenty_lines() -> None:
    page = text_of(ARCHITECTURE)
    glossary = page[page.index("## Glossary") : page.index("## The layers")]
    assert len(re.findall(r"^\|", glossary, re.M)) <= 20  # with its head
    assert (
        len(re.findall(r"^\| \w+(?: \(\w+\))? = ", glossary, re.M)) == 3
    )  # pairs of words for one thing, and no fourth


def test_every_variable_of_the_settings_is_explained() -> None:
    variables = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text(encoding="utf-8"))
    assert len(variables) > 15
    page = text_of(ROOT / "docs" / "environment.md")
    assert not [name for name in variables if f"- `{name}` (" not in page]


def test_every_command_is_explained() -> None:
    page = text_of(ROOT / "docs" / "commands.md")
    commands = [path.stem for path in (ROOT / "connector" / "management" / "commands").glob("[a-z]*.py")]
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert not [name for name in commands if f"- `{name}" not in page]
    assert not [name for name in targets if name != "help" and f"`make {name}`" not in page]
