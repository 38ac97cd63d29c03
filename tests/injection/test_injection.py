"""Nothing that stands in a table or a parameter is taken for anything but text."""

import ast
import csv
import re
import zipfile

import pytest
from bs4 import BeautifulSoup

from statedfigures.errors import DataError
from statedfigures.sources.release import read_release
from tests.injection.corpus import CODE, FORMULAS, PAGE, RUN

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "＝")


@pytest.fixture(scope="module")
def tab(browser):
    """Open a tab that takes down every message, dialog and request, files included."""
    page = browser.new_page()
    page.told = []
    page.on("console", lambda message: page.told.append(message.text))
    page.on("pageerror", lambda error: page.told.append(str(error)))
    page.on("dialog", lambda dialog: (page.told.append("dialog"), dialog.dismiss()))
    page.on("request", lambda asked: page.told.append(asked.url))
    return page


@pytest.mark.browser
def test_no_page_runs_or_asks_for_anything(injected, tab):
    """Opened, every fold unfolded, every control pressed by the keyboard."""
    for path in sorted(injected.site.rglob("*.html")):
        tab.told.clear()
        tab.goto(path.as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for _ in range(25):
            tab.keyboard.press("Tab")
        strange = tab.evaluate(
            """[...document.querySelectorAll('*')].filter(one =>
                ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'FORM', 'MATH'].includes(one.tagName)
                || [...one.attributes].some(given => given.name.startsWith('on')
                    || /^(javascript|data):/i.test(given.value.trim()))
            ).map(one => one.outerHTML.slice(0, 200))"""
        )

        assert tab.evaluate("window.ran") is None, path.name
        assert strange == [], path.name
        assert tab.told == [path.as_uri()], path.name


@pytest.mark.browser
def test_every_injection_is_shown_as_the_text_that_it_is(injected, tab):
    tab.goto((injected.site / "tables.html").as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    shown = " ".join(tab.evaluate("document.body.textContent").split())

    assert [text for text in injected.texts if " ".join(text.split()) not in shown] == []


def test_no_injection_stands_unescaped_in_a_page(injected):
    for path in injected.site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")

        assert f"<script>{RUN}" not in page, path.name
        acting = BeautifulSoup(page, "html.parser").find_all(
            lambda tag: any(name.startswith("on") for name in tag.attrs)
        )
        assert acting == [], path.name


def test_no_cell_of_a_csv_file_is_a_formula(injected):
    for path in injected.site.rglob("*.csv"):
        with path.open(newline="", encoding="utf-8-sig") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        formulas = [
            cell
            for cell in cells
            if cell.startswith(FORMULA_BEGINS) and not re.fullmatch(r"-[0-9.e-]+", cell)
        ]

        assert formulas == [], path.name


def test_no_cell_of_a_workbook_is_a_formula_or_a_link_of_the_injected_ones(injected):
    books = list(injected.site.rglob("*.xlsx"))
    assert books
    for path in books:
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                text = book.read(name).decode("utf-8", "replace")

                assert "<f>" not in text, name
                assert "externalLink" not in name
                if name.endswith(".rels"):
                    assert "attacker.example" not in text, name


@pytest.mark.parametrize("text", [*CODE, *PAGE, *FORMULAS])
def test_a_parameter_cannot_leave_its_quotation_marks(text):
    """What papermill writes into the notebook is one literal, the text itself."""
    from papermill.translators import PythonTranslator

    (assigned,) = ast.parse(PythonTranslator.codify({"remark": text})).body

    assert ast.literal_eval(assigned.value) == text


@pytest.mark.parametrize(
    "address",
    [
        f"javascript:{RUN}",
        f"https://example.org/\"onclick='{RUN}'<script>",
        f"https://example.org/<script>{RUN}</script>",
        "https:// example.org",
        "//attacker.example",
    ],
)
def test_an_address_that_is_none_is_refused(small_release, address):
    """A wrong address becomes no link: the table is refused."""
    small_release.set_cell("published", 2, "url", address)
    with pytest.raises(DataError, match=r"published\.csv, row 2, column url"):
        read_release("small-release", data=small_release.data)
