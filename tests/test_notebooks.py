"""The notebooks: plain Jupyter, plain papermill, plain nbconvert, for every topic and release."""

import ast
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import papermill
import pytest
from nbconvert import HTMLExporter, PythonExporter
from papermill.exceptions import PapermillExecutionError

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
RELEASES = sorted(path.parent.name for path in (ROOT / "data").glob("*/release.toml"))
BY_NAME = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
BY_RELEASE = pytest.mark.parametrize("release", RELEASES)
EDITION = {"release", "scenario", "horizon_year", "draws", "seed"}
WIDEST_REM = 46


def cells(path, kind=None):
    """Return the cells of a notebook, of one kind where one is named."""
    found = nbformat.read(path, as_version=4).cells
    return [cell for cell in found if kind in (None, cell.cell_type)]


def is_parameters(cell):
    """Whether papermill may override the cell."""
    return "parameters" in cell.metadata.get("tags", [])


# ---------------------------------------------------------------- as they stand in the folder


def test_there_are_six_notebooks_in_the_order_of_their_pages():
    assert [path.stem for path in NOTEBOOKS] == [
        "1-claims",
        "2-topic",
        "3-measures",
        "4-assumptions",
        "5-outturn",
        "6-worked-example",
    ]


@BY_NAME
def test_nothing_that_was_run_is_kept(path):
    code = cells(path, "code")

    assert [cell.source for cell in code if cell.outputs or cell.execution_count] == []


@BY_NAME
def test_no_number_is_typed_into_prose(path):
    """Code between backticks is code."""
    prose = [re.sub(r"`[^`]*`", "", cell.source) for cell in cells(path, "markdown")]

    assert [text for text in prose if re.search(r"\d", text)] == []


@BY_NAME
def test_the_title_comes_first_then_the_parameters_and_no_special_kernel(path):
    first, second = cells(path)[:2]

    assert first.source.startswith("# ")
    assert is_parameters(second)
    assert nbformat.read(path, as_version=4).metadata["kernelspec"]["name"] == "python3"


@BY_NAME
def test_every_parameter_is_typed_and_explained_and_knows_no_release(path):
    declared = papermill.inspect_notebook(str(path))
    untold = {
        name
        for name, found in declared.items()
        if found["inferred_type_name"] == "None" or not found["help"]
    }

    defaults = {name: found["default"] for name, found in declared.items()}
    assert untold == set()
    assert defaults["release"] == '""'
    assert defaults.get("horizon_year", "0") == "0"


@BY_NAME
def test_a_notebook_declares_no_parameter_that_it_does_not_use(path):
    """A page is run again for each value of what its notebook declares."""
    code = [cell.source for cell in cells(path, "code") if not is_parameters(cell)]
    used = {node.id for node in ast.walk(ast.parse("\n".join(code))) if isinstance(node, ast.Name)}

    assert set(papermill.inspect_notebook(str(path))) - used == set()


def test_the_notebooks_together_declare_the_parameters_of_an_edition():
    declared = [papermill.inspect_notebook(str(path)) for path in NOTEBOOKS]

    assert set().union(*declared) == EDITION | {"topic", "series"}


@BY_NAME
def test_a_reader_can_follow_a_cell(path):
    """Two to five lines, or a call with its arguments: none is a program of its own."""
    long = [
        cell.source
        for cell in cells(path, "code")
        if not is_parameters(cell) and len(cell.source.splitlines()) > 22
    ]

    assert long == []


# ---------------------------------------------------------------- run without a kernel


def run_in_process(release, folder):
    """Run every notebook of a release in one IPython shell, and keep what each cell shows.

    This is what the file does when it is run as a program: a shell holds state of the whole
    process, and so has one of its own.
    """
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    import statedfigures as sf

    tables = sf.read_release(release)
    projected = tables.series.index[tables.series["projectable"] == "yes"]
    runs = [(path, path.stem, {}) for path in NOTEBOOKS if path.stem[0] in "134"]
    runs += [(NOTEBOOKS[1], f"2-{topic}", {"topic": topic}) for topic in tables.topics.index]
    if len(sf.outturn(tables, draws=64)):
        runs.append((NOTEBOOKS[4], "5-outturn", {}))
    runs += [(NOTEBOOKS[5], f"6-{name}", {"series": name}) for name in projected]
    shell = InteractiveShell.instance()
    for path, name, given in runs:
        shell.reset(new_session=True)
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            with capture_output() as shown:
                result = shell.run_cell(cell.source, store_history=True)
            if not result.success:
                sys.exit(f"{name}: {result.error_before_exec or result.error_in_exec!r}")
            if is_parameters(cell):
                shell.user_ns.update({"release": release, "draws": 256, **given})
            bundles = [output.data for output in shown.outputs]
            if result.result is not None:
                bundles.append(shell.display_formatter.format(result.result)[0])
            for bundle in bundles:
                texts = {kind: data for kind, data in bundle.items() if "png" not in kind}
                cell.outputs.append(nbformat.v4.new_output("display_data", texts))
            if shown.stderr:
                sys.exit(f"{name}: {shown.stderr}")
        nbformat.write(notebook, Path(folder) / f"{name}.ipynb")


def python(*arguments, folder):
    """Run Python in a folder from which no release can be seen but by its setting."""
    settings = {**os.environ, "STATEDFIGURES_DATA": str(ROOT / "data"), "MPLBACKEND": "agg"}
    settings["IPYTHONDIR"] = str(folder)
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=settings,
    )


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Return what gives the executed notebooks of a release, each run once."""
    known = {}

    def notebooks_of(release):
        if release not in known:
            folder = tmp_path_factory.mktemp(release)
            run = python(__file__, release, folder, folder=folder)
            assert run.returncode == 0, run.stderr[-3000:]
            known[release] = {
                path.stem: nbformat.read(path, as_version=4) for path in folder.glob("*.ipynb")
            }
        return known[release]

    return notebooks_of


@BY_RELEASE
def test_all_notebooks_run_for_every_topic_and_every_series(release, executed):
    """The worked example ends in a comparison with `sf.project`: for each series it holds."""
    import statedfigures as sf

    tables = sf.read_release(release, ROOT / "data")
    projected = tables.series.index[tables.series["projectable"] == "yes"]
    worked = next(cell for cell in cells(NOTEBOOKS[5], "code") if "assert" in cell.source)

    assert "assert_frame_equal(by_hand, library" in worked.source
    assert {f"2-{topic}" for topic in tables.topics.index} <= set(executed(release))
    assert {f"6-{name}" for name in projected} <= set(executed(release))


@BY_RELEASE
def test_the_answer_is_the_first_thing_that_a_page_shows(release, executed):
    for name, notebook in executed(release).items():
        shown = [output.data for cell in notebook.cells for output in cell.get("outputs", [])]

        assert "<h1>" in shown[0]["text/html"] or name.startswith("6-"), name


class Reading(HTMLParser):
    """Links, ids and widths of a page."""

    def __init__(self, html):
        super().__init__()
        self.links, self.ids, self.pictures, self.tables = [], set(), [], []
        self.in_cell = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Take down an element."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "svg" and "viewbox" in given:
            self.pictures.append(given.get("style", ""))
        self.in_cell = tag in ("td", "th") or (self.in_cell and tag not in ("tr", "table"))
        if tag in ("td", "th"):
            self.tables.append([given.get("style", ""), ""])

    def handle_endtag(self, tag):
        """Leave a cell."""
        self.in_cell = self.in_cell and tag not in ("td", "th")

    def handle_data(self, data):
        """Take down the words of a cell."""
        if self.in_cell:
            self.tables[-1][1] += data


@BY_RELEASE
def test_plain_nbconvert_shows_sized_charts_text_on_the_left_and_no_dead_link(release, executed):
    exporter = HTMLExporter(exclude_input=True, exclude_input_prompt=True)
    for name, notebook in executed(release).items():
        body = "\n".join(
            output.data["text/html"]
            for cell in notebook.cells
            for output in cell.get("outputs", [])
            if "text/html" in output.data
        )
        reading = Reading(body)
        widths = [re.search(r"max-width:\s*([\d.]+)rem", style) for style in reading.pictures]
        dead = [
            link
            for link in reading.links
            if not link.startswith(("http://", "https://", "mailto:"))
            and not (link.startswith("#") and link[1:] in reading.ids)
        ]
        unset = [style for style, _ in reading.tables if "text-align:" not in style]
        words = [text for style, text in reading.tables if "right" in style and len(text) > 40]

        assert dead == [], name
        assert unset == [], name
        assert [text for text in words if not re.search(r"\d", text)] == [], name
        assert all(found and float(found[1]) <= WIDEST_REM for found in widths), name
        assert "<h1" in exporter.from_notebook_node(notebook)[0]


def test_as_scripts_they_run_and_say_nothing_but_words(tmp_path):
    """What nbconvert makes of them is Python: no magic, no warning, no object without words.

    One process runs all of them, because the libraries take longest to import.
    """
    for path in NOTEBOOKS:
        source, _ = PythonExporter().from_filename(str(path))
        script = tmp_path / f"{path.stem}.py"
        script.write_text(source.replace("draws: int = 16384", "draws: int = 64"), "utf-8")
    program = "import runpy, sys\nfor path in sys.argv[1:]: runpy.run_path(path)"
    run = python("-W", "error", "-c", program, *sorted(tmp_path.glob("*.py")), folder=tmp_path)

    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stderr == ""
    assert "object at 0x" not in run.stdout
    assert len(run.stdout) < 40_000


# ---------------------------------------------------------------- with a kernel


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Stand in a folder from which no release can be seen but by its setting."""
    monkeypatch.setenv("STATEDFIGURES_DATA", str(ROOT / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_plain_papermill_and_nbconvert_run_it_from_another_folder(elsewhere):
    """No code of ours around them; as commands they are run with the others of the README."""
    executed = elsewhere / "topic.ipynb"
    papermill.execute_notebook(NOTEBOOKS[1], executed, {"draws": 64}, progress_bar=False)

    html, _ = HTMLExporter(exclude_input=True).from_filename(str(executed))
    assert "<h1" in html


def test_a_wrong_argument_is_refused_in_the_words_of_the_command_line(elsewhere):
    """In the first cell after the parameters, before anything is worked out."""
    from tests.conftest import run_program  # this file is run as a program too

    executed = elsewhere / "topic.ipynb"
    given = {"scenario": "hgih", "horizon_year": 2050, "draws": 1000}
    with pytest.raises(PapermillExecutionError) as told:
        papermill.execute_notebook(NOTEBOOKS[1], executed, given, progress_bar=False)
    words = ("--scenario", "hgih", "--horizon-year", 2050, "-p", "draws", 1000)
    status, _, refused = run_program("render", "--notebooks", FOLDER, *words, folder=elsewhere)

    assert status == 2
    assert refused.strip().splitlines() == str(told.value.evalue).splitlines()
    assert "did you mean 'high'" in refused
    code = [cell for cell in cells(executed, "code") if cell.execution_count]
    assert len(code) == 3


@BY_NAME
def test_every_notebook_checks_its_arguments_before_it_works_anything_out(path):
    code = cells(path, "code")
    first = next(number for number, cell in enumerate(code) if "sf." in cell.source)

    assert first == 1
    assert "sf.check_arguments(" in code[first].source


if __name__ == "__main__":
    run_in_process(*sys.argv[1:])
