"""One setting: its place in the file and its column's default."""

from connector.flow.setup.provision.read_file import read_file
from connector.flow.setup.settings_table import SETTINGS, values_in
from tests.flow.setup.provision.test_export import SPARE


def test_what_the_file_leaves_out_has_its_columns_default() -> None:
    values = values_in(read_file(SPARE)["connections"][0])
    assert values == {setting.column: setting.default() for setting in SETTINGS} | {"journal": "70"}
