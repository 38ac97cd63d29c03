"""The workflow that publishes, and the guide that says how."""

import re
from pathlib import Path

import pytest
import yaml

from statedfigures.release.schema import PACKAGE_FILE
from statedfigures.site.pages import downloads, metadata
from statedfigures.site.pages.reference_pages import REFERENCE_PAGES
from statedfigures.site.publish import manifest

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def workflow():
    """Read the workflow."""
    path = ROOT / ".github" / "workflows" / "pages.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps_of(workflow):
    """Return every step of every job."""
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_nothing_is_permitted_that_a_job_does_not_ask_for(workflow):
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["render"]["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}


def test_every_action_is_the_platform_s_own_and_pinned_by_tag(workflow):
    used = [step["uses"] for step in steps_of(workflow) if "uses" in step]

    assert len(used) == 4
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+(\.\d+)*", each) for each in used)


def test_no_command_is_built_from_what_others_wrote(workflow):
    """An expression inside a script would let a branch name run as a command."""
    assert not [step["run"] for step in steps_of(workflow) if "${{" in step.get("run", "")]


def test_the_workflow_and_the_guide_have_the_same_commands(workflow):
    runs = [line.strip() for step in steps_of(workflow) for line in step.get("run", "").split("\n")]
    shown = re.findall(r"```sh\n(.*?)```", GUIDE, flags=re.DOTALL)
    told = [line.strip() for block in shown[:2] for line in block.splitlines() if line.strip()]

    assert [line for line in runs if line] == told


def test_every_release_that_ships_is_published(workflow):
    runs = "\n".join(step.get("run", "") for step in steps_of(workflow))
    others = {path.parent.name for path in (ROOT / "data").glob("*/release.toml")}

    assert "make report" in runs
    assert all(f"--release {name}" in runs for name in others - {"weprotect-2014"})
    assert all(f"outputs/{name}" in runs for name in others)


def test_the_guide_names_every_file_that_lies_beside_the_pages():
    named = (
        downloads.PROJECTIONS_FILE,
        downloads.OUTTURNS_FILE,
        downloads.archive_path("<release>"),
        PACKAGE_FILE,
        metadata.BIBTEX_FILE,
        metadata.CITATION_FILE,
        metadata.LICENCE_FILE,
        manifest.FILE,
        *(f"{link.page}.html" for link in REFERENCE_PAGES),
    )

    assert [each for each in named if f"`{each}`" not in GUIDE] == []


def test_the_guide_says_what_stands_between_the_texts_of_a_cell():
    assert "holds them in one text, with `;` and a space between them" in GUIDE
