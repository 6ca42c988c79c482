"""The house rules that a machine can check, besides import-linter's. `make lint` runs them."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string

from connector.domain.document.stages import Stage
from connector.flow.lane import wakeup
from connector.flow.pipeline.post_document import STAGES
from connector.models import Tally, Worker

ROOT = Path(settings.BASE_DIR)
SOURCES = [
    path
    for path in map(Path, subprocess.check_output(["git", "ls-files", "*.py"], cwd=ROOT, text=True).split())
    if "migrations" not in path.parts
]
DOMAIN = [path for path in SOURCES if path.parts[:2] == ("connector", "domain")]


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len((ROOT / path).read_text().splitlines()) <= 400


def test_no_module_is_called_utils() -> None:
    assert not [path for path in SOURCES if path.stem in {"utils", "helpers", "services", "signals"}]


def floats(source: str) -> list[int]:
    """The lines that know a float: the type's name, a literal of it, or a number divided by a number."""

    def is_float(node: ast.AST) -> bool:
        match node:
            case ast.Name(id="float" | "complex") | ast.Constant(value=float() | complex()):
                return True
            case ast.BinOp(left=ast.Constant(value=int()), op=ast.Div(), right=ast.Constant(value=int())):
                return True
        return False

    return [getattr(node, "lineno", 0) for node in ast.walk(ast.parse(source)) if is_float(node)]


@pytest.mark.parametrize("path", DOMAIN, ids=str)
def test_the_domain_knows_no_float(path: Path) -> None:
    """Money is Decimal from the wire to the wire."""
    assert not floats((ROOT / path).read_text())


@pytest.mark.parametrize(
    "source", ["rate: float = rule.rate", "Decimal(0.21)", "rate = 1e2", "half = 1 / 2", "float(x)"]
)
def test_a_float_in_the_domain_would_be_seen(source: str) -> None:
    assert floats(f"first = 1\n{source}") == [2]


@pytest.mark.parametrize("path", DOMAIN, ids=str)
def test_the_domain_imports_itself_the_standard_library_and_the_check_digits(path: Path) -> None:
    allowed = re.compile(r"(connector\.domain|stdnum)\b")
    found = ast.walk(ast.parse((ROOT / path).read_text()))
    modules = [node.module or "" for node in found if isinstance(node, ast.ImportFrom)]
    assert not [
        name for name in modules if name.split(".")[0] not in sys.stdlib_module_names and not allowed.match(name)
    ]


def test_every_task_that_is_sent_by_name_exists() -> None:
    names = re.findall(r'"(connector\.tasks\.\w+)"', Path(wakeup.__file__).read_text())
    assert names
    for name in names:
        assert callable(import_string(name))


def test_the_only_door_to_the_network_is_the_transport() -> None:
    doors = re.compile(
        r"^\s*(import|from) (requests|urllib3|httpx|aiohttp|socket|http\.client|urllib\.request)\b", re.M
    )
    allowed = {"connector/clients/transport.py", "connector/flow/leases.py"}  # leases asks for the host's name
    found = {
        str(path)
        for path in SOURCES
        if path.parts[0] in {"config", "tenants", "connector"}
        and path.parts[1] != "sandbox"
        and path.parts[1:3] != ("management", "demo")
        and doors.search((ROOT / path).read_text())
    }
    assert found <= allowed


def constructions(source: str) -> set[str]:
    """What a module builds or calls of what makes calls to a vendor."""
    makers = {"Transport", "Caller", "ExactClient", "BigCommerceClient", "GrantTokens", "exchange_code", "refresh"}
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    direct = {func.id for func in calls if isinstance(func, ast.Name)}
    through_a_module = {
        func.attr
        for func in calls
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id != "clients"
    }
    return makers & (direct | through_a_module)


def test_the_vendors_clients_are_made_in_one_place() -> None:
    """So each of them has a gate and a history."""
    factory = "connector/flow/outbound/clients.py"
    expected = {
        factory: {"Transport", "ExactClient", "BigCommerceClient", "GrantTokens", "exchange_code"},
        "connector/flow/outbound/access_tokens.py": {"refresh"},
        "connector/clients/bigcommerce/calls.py": {"Caller"},
        "connector/clients/exact/calls.py": {"Caller"},
        "connector/clients/exact/oauth.py": {"Caller"},
    }
    ours = [path for path in SOURCES if path.parts[0] == "connector" and path.parts[1] != "sandbox"]
    found = {str(path): constructions((ROOT / path).read_text()) for path in ours}
    assert {path: names for path, names in found.items() if names} == expected


# Who may read texts with regular expressions, and which: those of the vendors, of the merchant, or of an operator.
READERS = {
    "connector/admin/safe_cells.py": "what a spreadsheet separates cells by",
    "connector/admin/rules/rows.py": "words that a person types into one field",
    "connector/clients/bigcommerce/answers.py": "store hashes",
    "connector/clients/bigcommerce/credentials_file.py": "what is pasted from a store's control panel",
    "connector/clients/bigcommerce/webhook.py": "scopes, times and ids of BigCommerce's deliveries",
    "connector/clients/bigcommerce/wire.py": "names of BigCommerce's fields, characters in its texts",
    "connector/clients/errors.py": "labelled secrets in a vendor's text",
    "connector/clients/exact/answers.py": "scopes and numbers in Exact's answers",
    "connector/clients/exact/oauth.py": "what is encoded in Exact's tokens",
    "connector/clients/exact/texts.py": "Exact's texts of a validation",
    "connector/clients/exact/webhook.py": "the hash and the words of Exact's deliveries",
    "connector/clients/exact/wire.py": "Exact's dates and ids",
    "connector/clients/strict_json.py": "the texts inside JSON",
    "connector/domain/customer/details.py": "blanks between the numbers of an address",
    "connector/domain/customer/phones.py": "two phone numbers in one field",
    "connector/domain/customer/postcodes.py": "postcodes and codes of countries",
    "connector/domain/customer/registers.py": "numbers of a chamber of commerce, and Peppol ids",
    "connector/domain/document/causes.py": "ids, amounts and names in a vendor's text",
    "connector/domain/document/match.py": "order numbers that people type into Exact",
    "connector/domain/document/scrub.py": "a person's name and addresses in texts of all kinds",
    "connector/domain/order/bare.py": "numbers in BigCommerce's fields",
    "connector/domain/order/texts.py": "what people type into a store",
    "connector/domain/order/vat_area.py": "postcodes",
    "connector/domain/order/vat_number.py": "VAT numbers",
    "connector/domain/timing/as_typed.py": "days and times that people type",
    "connector/domain/timing/schedule.py": "a connection's schedule",
    "connector/flow/customer/both_ways/hindrances.py": "e-mail addresses",
    "connector/flow/customer/copies/directory.py": "blanks between the numbers of an address",
    "connector/flow/customer/copies/missing.py": "Exact's texts of an account that is gone",
    "connector/flow/fault_points.py": "the setting CONNECTOR_FAULT_POINT",
    "connector/flow/records/privacy/subject.py": "the key of a guest",
    "connector/flow/setup/new_store.py": "the name of a store, for its prefix",
    "connector/flow/setup/provision/schema.py": "values of the provision file",
    "connector/problems/references.py": "the references that Exact's texts name",
    "connector/problems/vendor_texts.py": "the vendors' texts that are explained",
    "tenants/typed.py": "names that people type",
}


def test_nothing_reads_our_own_sentences() -> None:
    """What a problem is about stands in its code and parameters. Who imports `re` says above what it reads."""
    ours = [path for path in SOURCES if path.parts[0] in {"connector", "tenants"} and path.parts[1] != "sandbox"]
    uses = re.compile(r"^\s*(import re\b|from re import)", re.M)
    assert {str(path) for path in ours if uses.search((ROOT / path).read_text())} == set(READERS)


CLIENTS = "connector/clients"
EXACT_PAGES = "https://start.exactonline.nl/docs/", "https://support.exactonline.com/"
BIGCOMMERCE_PAGES = ("https://developer.bigcommerce.com/docs/",)
DOCUMENTED = {
    f"{CLIENTS}/exact/client.py": ("ExactClient", EXACT_PAGES),
    f"{CLIENTS}/exact/accounts.py": ("", EXACT_PAGES),
    f"{CLIENTS}/exact/server_time.py": ("", EXACT_PAGES),
    f"{CLIENTS}/exact/subscriptions.py": ("", EXACT_PAGES),
    f"{CLIENTS}/exact/webhook.py": ("", EXACT_PAGES),
    f"{CLIENTS}/exact/calls.py": ("DivisionCalls", EXACT_PAGES),
    f"{CLIENTS}/exact/oauth.py": ("", EXACT_PAGES),
    f"{CLIENTS}/exact/period.py": ("", EXACT_PAGES),
    f"{CLIENTS}/bigcommerce/calls.py": ("StoreCalls", BIGCOMMERCE_PAGES),
    f"{CLIENTS}/bigcommerce/period.py": ("", BIGCOMMERCE_PAGES),
    f"{CLIENTS}/bigcommerce/client.py": ("BigCommerceClient", BIGCOMMERCE_PAGES),
    f"{CLIENTS}/bigcommerce/details.py": ("", BIGCOMMERCE_PAGES),
    f"{CLIENTS}/bigcommerce/webhook.py": ("", BIGCOMMERCE_PAGES),
}


def docstrings(source: str, owner: str) -> dict[str, str]:
    """Return the docstring of each public function: of the class `owner`, or of the module when it is ""."""
    body = ast.parse(source).body
    if owner:
        body = next(node.body for node in body if isinstance(node, ast.ClassDef) and node.name == owner)
    functions = [node for node in body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return {node.name: ast.get_docstring(node) or "" for node in functions}


@pytest.mark.parametrize("path", DOCUMENTED)
def test_every_public_function_of_a_client_links_the_vendors_page(path: str) -> None:
    owner, pages = DOCUMENTED[path]
    found = docstrings((ROOT / path).read_text(), owner)
    assert found
    assert not [name for name, text in found.items() if not any(page in text for page in pages)]


def test_lock_files_carry_hashes_and_no_address() -> None:
    for lock in ROOT.glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=")


def test_models_that_hold_a_tenants_data_lead_to_the_tenant() -> None:
    for model in set(apps.get_app_config("connector").get_models()) - {Tally, Worker}:  # of the installation
        names = {field.name for field in model._meta.get_fields()}
        assert names & {"tenant", "store", "grant", "division", "connection", "version", "run", "link", "customer"}, (
            model
        )


PIPELINE = [path for path in SOURCES if path.parts[1:3] == ("flow", "pipeline")]


def test_no_function_of_the_pipeline_is_above_complexity_8() -> None:
    complexity = ["--select", "C901", "--config", "lint.mccabe.max-complexity=8"]
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", *complexity, *map(str, PIPELINE)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", PIPELINE, ids=str)
def test_a_function_of_the_pipeline_has_at_most_30_lines(path: Path) -> None:
    functions = [node for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 30]
    assert not long


def test_every_stage_has_its_function_in_the_order_of_the_way() -> None:
    assert list(STAGES) == list(Stage)


def test_each_package_names_its_files() -> None:
    """The docstring of `__init__` has a line for each module and folder, and for nothing else."""
    for package in sorted(path.parent for path in SOURCES if path.name == "__init__.py"):
        if package.name == "migrations" or package.parts[0] not in {"connector", "tenants", "config"}:
            continue
        named = set(
            re.findall(
                r"^(\w+)  +\S", ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text())) or "", re.M
            )
        )
        modules = {path.stem for path in SOURCES if path.parent == package} - {"__init__"}
        folders = {path.parent.name for path in SOURCES if path.name == "__init__.py" and path.parent.parent == package}
        assert named == modules | folders - {"migrations"}, package


# A fault runner, a browser, a measurement, small inputs and the texts of a language go across the whole product.
OF_THE_WHOLE = {"bench", "browser", "cases", "faults", "languages"}


def test_the_tests_mirror_the_source() -> None:
    folders = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    unknown = [
        str(folder)
        for folder in folders
        if folder.parts and folder.parts[0] not in OF_THE_WHOLE
        if not any((ROOT / above / folder).is_dir() for above in ("connector", "."))
    ]
    assert unknown == []


# The modules with logic whose tests stand elsewhere on purpose. The fakes are tested by what they answer.
ELSEWHERE = {"connector/management/commands/demo.py": "it starts servers and a worker; .ci/run runs it whole"}


def has_logic(source: str) -> bool:
    """Whether a function has more than two statements besides its docstring. With less it is a name for something."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    sizes = [sum(isinstance(each, ast.stmt) for each in ast.walk(function)) - 1 for function in functions]
    documented = [ast.get_docstring(function) is not None for function in functions]
    return any(size - text > 2 for size, text in zip(sizes, documented, strict=True))


def own_tests(module: Path) -> Path:
    """The file with a module's tests. The folders of the connector and of the configuration stand in `tests` itself."""
    below = module.parent.relative_to(module.parts[0]) if module.parts[0] in {"connector", "config"} else module.parent
    return Path("tests") / below / f"test_{module.name}"


def test_each_module_with_logic_has_its_tests_under_its_name() -> None:
    ours = [path for path in SOURCES if path.parts[0] in {"connector", "tenants", "config"} and path.stem != "__init__"]
    modules = [path for path in ours if path.parts[1] != "sandbox"]
    alone = [
        str(path) for path in modules if has_logic((ROOT / path).read_text()) and not (ROOT / own_tests(path)).is_file()
    ]
    assert alone == sorted(ELSEWHERE)


@pytest.mark.parametrize(
    ("body", "logic"), [('"""Say it."""\n    a = 1\n    return a', False), ("a = 1\n    b = a\n    return b", True)]
)
def test_logic_is_a_function_of_more_than_two_statements(body: str, logic: bool) -> None:
    assert has_logic(f"def f():\n    {body}\n") is logic


def raised(function: ast.FunctionDef) -> set[str]:
    """The classes that the function itself raises."""
    inner = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef | ast.Lambda) and node != function]
    hidden = {id(node) for each in inner for node in ast.walk(each)}
    causes = [node.exc for node in ast.walk(function) if isinstance(node, ast.Raise) and id(node) not in hidden]
    classes = [cause.func if isinstance(cause, ast.Call) else cause for cause in causes]
    names = {getattr(each, "attr", getattr(each, "id", "")) for each in classes}
    return {name for name in names if name[:1].isupper()}


def silent_about(source: str) -> list[str]:
    """The functions whose docstring names not all that they raise."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    texts = {function: ast.get_docstring(function) for function in functions}
    return [each.name for each, text in texts.items() if text and any(name not in text for name in raised(each))]


@pytest.mark.parametrize("layer", ["flow", "domain", "clients"])
def test_a_docstring_names_what_the_function_raises(layer: str) -> None:
    found = {
        path: silent_about((ROOT / path).read_text()) for path in SOURCES if path.parts[:2] == ("connector", layer)
    }
    assert not {str(path): names for path, names in found.items() if names}


def test_a_docstring_that_says_nothing_of_an_error_would_be_seen() -> None:
    says = 'def {}():\n    """Return it.{}"""\n    raise Hold\n'
    assert silent_about(says.format("silent", "") + says.format("open", " Raises Hold.")) == ["silent"]
