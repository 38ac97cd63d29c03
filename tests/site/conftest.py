"""Small executed notebooks, made by hand, and the edition built of them."""

import json
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import statedfigures as sf
from statedfigures.analysis.review_state import review_states
from statedfigures.display import sentences, shown
from statedfigures.site.pages.build import build_pages

PARAMETERS = {"scenario": "central", "horizon_year": 0, "draws": 256, "seed": 1}


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


@pytest.fixture
def made():
    """Return what makes notebooks by hand."""
    return SimpleNamespace(notebook=notebook, notebooks_of=notebooks_of, output_of=output_of)


@pytest.fixture
def build(tmp_path):
    """Return what builds an edition; its folder and report come back."""

    def build_edition(release, notebooks=None, name="edition", **settings):
        folder = tmp_path / name
        parameters = PARAMETERS | settings.pop("parameters", {})
        pages = notebooks_of(release) if notebooks is None else notebooks
        report = build_pages(release, pages, parameters, folder, **settings)
        return SimpleNamespace(folder=folder, report=report)

    return build_edition
