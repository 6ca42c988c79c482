"""A month as a PDF, drawn without a browser. The same month gives the same bytes."""

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import reportlab
from django.utils.translation import gettext as _
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from connector.admin.months import chart
from connector.admin.months.report import Cell, Days, Report, Table, in_words

_FONTS = Path(reportlab.__file__).parent / "fonts"
_SANS, _BOLD = "Vera", "VeraBd"
_STORE, _EXACT, _DIFFERS = colors.HexColor("#2563eb"), colors.HexColor("#f59e0b"), colors.HexColor("#fee2e2")
_TEXT = ParagraphStyle("text", fontName=_SANS, fontSize=8, leading=10)
_AMOUNT = ParagraphStyle("amount", _TEXT, alignment=TA_RIGHT)
_HEAD = ParagraphStyle("head", _TEXT, fontName=_BOLD)
_HEAD_OF_AMOUNT = ParagraphStyle("amount-head", _HEAD, alignment=TA_RIGHT)
_SECTION = ParagraphStyle("section", _TEXT, fontName=_BOLD, fontSize=10, leading=13, spaceBefore=10, spaceAfter=4)
_TITLE = ParagraphStyle("title", _TEXT, fontName=_BOLD, fontSize=15, leading=19, spaceAfter=6)
_MARGIN, _WIDTH = 36, landscape(A4)[0] - 72


def render(report: Report) -> bytes:
    """Return the file: A4, across, with the number of the page on each."""
    for name in (_SANS, _BOLD):
        pdfmetrics.registerFont(TTFont(name, _FONTS / f"{name}.ttf"))
    file = io.BytesIO()
    pages = SimpleDocTemplate(
        file,
        pagesize=landscape(A4),
        title=report.title,
        invariant=1,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
    )
    pages.build(list(_parts(report)), onFirstPage=_number, onLaterPages=_number)
    return file.getvalue()


def _number(canvas: Canvas, pages: SimpleDocTemplate) -> None:
    canvas.setFont(_SANS, 7)
    canvas.drawRightString(_MARGIN + _WIDTH, 20, str(pages.page))


def _shown(text: str) -> str:
    """Return a text as markup, in letters that the font has: ź becomes z, and Я a question mark."""
    has = TTFont(_SANS, _FONTS / f"{_SANS}.ttf").face.charToGlyph

    def letter(each: str) -> str:
        base = unicodedata.normalize("NFKD", each)[0]
        return each if ord(each) in has else base if ord(base) in has else "?"

    return escape("".join(map(letter, text)))


def _parts(report: Report) -> Iterator[Flowable]:
    yield Paragraph(_shown(report.title), _TITLE)
    yield _grid([[Paragraph(_shown(name), _HEAD), _text(value)] for name, value in report.facts], [150, _WIDTH - 150])
    if report.certificate:
        yield Paragraph(_shown(report.certificate), _SECTION)
    for days in report.charts:
        yield Paragraph(_shown(_("Per day, in %(currency)s") % {"currency": days.currency}), _SECTION)
        yield _drawing(days)
    for table in report.tables:
        if table.rows or table.empty:
            yield Paragraph(_shown(table.title), _SECTION)
            yield _table(table) if table.rows else _text(table.empty)
    yield Spacer(1, 1)


def _text(cell: Cell) -> Paragraph:
    return Paragraph(_shown(in_words(cell)), _TEXT if isinstance(cell, str) else _AMOUNT)


def _table(table: Table) -> Grid:
    rows = [[Paragraph(_shown(name), _HEAD_OF_AMOUNT if is_figure else _HEAD) for name, is_figure in table.heads]]
    rows += [[_text(cell) for cell in row.cells] for row in table.rows]
    grid = _grid(rows, [_WIDTH / len(table.columns)] * len(table.columns))
    grid.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, place), (-1, place), _DIFFERS)
                for place, row in enumerate(table.rows, 1)
                if row.differs
            ]
        )
    )
    return grid


def _grid(rows: list[list[Paragraph]], widths: list[float]) -> Grid:
    grid = Grid(rows, colWidths=widths, repeatRows=1, hAlign="LEFT")
    grid.setStyle(
        TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.lightgrey), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    )
    return grid


def _drawing(days: Days) -> Drawing:
    """The bars of `chart`, which measures from the top; a PDF measures from the bottom."""
    found = chart.draw(days.days)
    scale, height = _WIDTH / chart.WIDTH, chart.HEIGHT * 0.6
    drawing = Drawing(_WIDTH, height + 12)

    def y(value: float) -> float:
        return 12 + height - value * 0.6

    for each in found.days:
        for bar, colour in ((each.store, _STORE), (each.exact, _EXACT)):
            drawn = Rect(bar.x * scale, y(bar.y + bar.height), bar.width * scale, bar.height * 0.6)
            drawn.fillColor, drawn.strokeColor = colour, None
            drawing.add(drawn)
        mark = "!" if each.figures.differs else ""
        label = f"{each.figures.day.day}{mark}"
        drawing.add(String(each.middle * scale, 2, label, fontName=_SANS, fontSize=6, textAnchor="middle"))
    drawing.add(Line(0, y(found.zero), _WIDTH, y(found.zero), strokeColor=colors.grey, strokeWidth=0.5))
    return drawing
