"""Small executed notebooks, made by hand, the edition built of them, and projects to render."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import statedfigures as sf
from statedfigures.analysis.review_state import review_states
from statedfigures.display import sentences, shown
from statedfigures.site.pages.build import build_pages
from statedfigures.site.pages.cells import scrubbed
from tests.conftest import run_program

PARAMETERS = {"scenario": "central", "draws": 256, "seed": 1}


def output_of(result):
    """Return the output that Jupyter keeps of what a cell shows, without its pictures."""
    forms = result._repr_mimebundle_()
    kept = {kind: form for kind, form in forms.items() if not kind.startswith("image/")}
    return new_output("display_data", data=json.loads(json.dumps(kept)))


def notebook(title, *cells):
    """Return an executed notebook: texts are Markdown, outputs and results stand in code cells."""
    made = [new_markdown_cell(f"# {title}")]
    for cell in cells:
        if isinstance(cell, str):
            made.append(new_markdown_cell(cell))
        else:
            output = output_of(cell) if isinstance(cell, shown.Shown) else cell
            made.append(new_code_cell("result", outputs=[output]))
    return new_notebook(cells=made)


def notebooks_of(release):
    """Return the pages that other pages link to, and one for each topic."""

    def table(frame, name, title):
        return shown.table(
            frame, title, specification=name, release=release, fold=title, anchored=True
        )

    claims = sf.check_claims(release)
    assumptions = release.assumptions.join(review_states(release)["state"])
    pages = [
        (
            "claims",
            notebook(
                "Every claim and figure",
                table(claims, "claims", "Every comparison, recomputed"),
                table(release.figures, "figures", "What the release states"),
            ),
        )
    ]
    for topic in release.topics.index:
        answer = shown.Answer(
            sentences.tally(claims[claims["topic"] == topic]),
            sentences.edition_sentence(release, "central"),
        )
        cards = sentences.verdict_cards(release, claims, topic)
        pages.append((topic, notebook("One topic", answer, cards, "What this is not.")))
    if len(release.measures):
        found = table(release.measures, "measures", "Every measure")
        pages.append(("measures", notebook("Measures", found)))
    register = shown.table(
        assumptions,
        "The register",
        specification="register",
        release=release,
        as_blocks=True,
        anchored=True,
    )
    pages.append(("assumptions", notebook("Assumptions", "## The register", register)))
    return pages


@pytest.fixture
def harbour(small_release):
    """Return the small release, read."""
    return sf.read_release("small-release", small_release.data)


@pytest.fixture(scope="session")
def made():
    """Return what makes notebooks by hand."""
    return SimpleNamespace(notebook=notebook, notebooks_of=notebooks_of, output_of=output_of)


@pytest.fixture
def build(tmp_path):
    """Return what builds an edition; its folder, pages and warnings come back."""

    def build_edition(release, notebooks=None, name="edition", **settings):
        folder = tmp_path / name
        given = {"release": release.id, "horizon_year": release.about.default_horizon}
        parameters = PARAMETERS | given | settings.pop("parameters", {})
        given = notebooks_of(release) if notebooks is None else notebooks
        pages = {page: scrubbed(executed, page) for page, executed in given}
        told = build_pages(release, pages, parameters, folder, project=tmp_path, **settings)
        made = sorted(path.stem for path in folder.glob("*.html"))
        return SimpleNamespace(folder=folder, pages=made, warnings=told)

    return build_edition


# ---------------------------------------------------------------- projects to render

TESTS = Path(__file__).parents[1]
TWO = ("1-claims.ipynb", "3-measures.ipynb")
DECLARED = """release: str = ""  # folder under data/
scenario: str = "central"  # low, central or high
horizon_year: int = 0  # last year projected
draws: int = 64  # Sobol points
seed: int = 1  # seed of their scrambling"""


@dataclass(frozen=True)
class Project:
    """A folder with ``notebooks`` and ``data``, in which the program is run."""

    folder: Path

    @property
    def notebooks(self) -> Path:
        """Folder of the notebooks."""
        return self.folder / "notebooks"

    @property
    def release(self) -> Path:
        """Folder of the release."""
        return self.folder / "data" / "small-release"

    @property
    def site(self) -> Path:
        """Folder of the edition."""
        return self.folder / "outputs" / "small-release" / "central"

    @property
    def cache(self) -> Path:
        """Folder of the kept pages."""
        return self.folder / "outputs" / ".cache"

    def start(self, *arguments, **keywords):
        """Start the program; what it writes is piped."""
        keywords.setdefault("env", {**os.environ, **keywords.pop("environment", {})})
        return subprocess.Popen(
            [sys.executable, "-m", "statedfigures", *map(str, arguments)],
            cwd=keywords.pop("cwd", self.folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **keywords,
        )

    def run(self, *arguments, status=0, environment=None):
        """Run the program to its end; return what it wrote to both streams.

        It is a process of its own where it has an environment of its own.
        """
        if environment is None:
            ended, out, err = run_program(*arguments, folder=self.folder)
        else:
            process = self.start(*arguments, environment=environment)
            out, err = process.communicate()
            ended = process.returncode
        assert ended == status, f"{ended}: {out}{err}"
        assert "Traceback" not in out + err
        return out + err

    def only(self, *names):
        """Keep these notebooks alone."""
        for path in self.notebooks.glob("*.ipynb"):
            if path.name not in names:
                path.unlink()

    def write(self, name, *code, parameters=DECLARED):
        """Write a notebook with a title, a parameters cell and further cells."""
        cells = [
            new_markdown_cell("# A page for a test"),
            new_code_cell(parameters, metadata={"tags": ["parameters"]}),
            *(new_code_cell(source) for source in code),
        ]
        for place, cell in enumerate(cells):
            cell["id"] = f"cell-{place}"
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
        nbformat.write(notebook, self.notebooks / name)
        return self.notebooks / name


def new_project(folder):
    """Copy the small notebooks, the small release and the method rows."""
    shutil.copytree(TESTS / "notebooks-small", folder / "notebooks")
    shutil.copytree(TESTS / "releases" / "small-release", folder / "data" / "small-release")
    shutil.copytree(TESTS.parent / "data" / "method", folder / "data" / "method")
    return Project(folder)


@pytest.fixture
def project(tmp_path):
    """Return a project that the test may spoil."""
    return new_project(tmp_path / "project")


@pytest.fixture(scope="session")
def _whole(tmp_path_factory):
    made = new_project(tmp_path_factory.mktemp("whole") / "project")
    made.run("render", "--quiet")
    return made


@pytest.fixture
def whole(_whole, tmp_path):
    """Return a copy of a project with its default edition rendered, all six pages."""
    shutil.copytree(_whole.folder, tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture(scope="session")
def _rendered(tmp_path_factory):
    made = new_project(tmp_path_factory.mktemp("rendered") / "project")
    made.only(*TWO)
    made.run("render", "--quiet")
    return made


@pytest.fixture
def rendered(_rendered, tmp_path):
    """Return a copy of a project of two notebooks with its default edition rendered."""
    shutil.copytree(_rendered.folder, tmp_path / "project")
    return Project(tmp_path / "project")
