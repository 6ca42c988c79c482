"""The Excel file: each kind of cell as such, and a text is a text whatever it begins with."""

import io
import zipfile
from datetime import date
from decimal import Decimal

from connector.admin.documents.as_xlsx import write


def test_it_has_each_kind_of_cell_as_such() -> None:
    file = io.BytesIO()
    write(file, ["A", "B", "C", "D", "E"], [[date(2025, 9, 1), Decimal("-1.5000"), 1001, "", "=1+1"]])
    with zipfile.ZipFile(file) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        styles = packed.read("xl/styles.xml").decode()
    assert "<v>45901</v>" in sheet
    assert "<v>-1.5</v>" in sheet
    assert "<v>1001</v>" in sheet
    assert 'r="D2"' not in sheet
    assert "<t>=1+1</t>" in sheet
    assert "<f>" not in sheet
    assert 'quotePrefix="1"' in styles
