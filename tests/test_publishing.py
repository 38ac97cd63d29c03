"""The workflow that publishes and the recipe that says how."""

import re
from pathlib import Path

import pytest
import yaml

from statedfigures.reports import citation, licences, metadata, offers

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "pages.yml"
GUIDE = ROOT / "docs" / "publishing.md"


@pytest.fixture(scope="module")
def workflow():
    """Read the workflow."""
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))


def steps_of(workflow):
    """Give every step of every job."""
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_nothing_is_permitted_that_a_job_does_not_ask_for(workflow):
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["render"]["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}


def test_every_action_is_github_s_own_and_pinned_by_tag(workflow):
    used = [step["uses"] for step in steps_of(workflow) if "uses" in step]

    assert len(used) == 4
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+(\.\d+)*", one) for one in used)


def test_no_command_is_built_from_what_others_wrote(workflow):
    """An expression inside a script would let a branch name run as a command."""
    assert not [step["run"] for step in steps_of(workflow) if "${{" in step.get("run", "")]


def test_the_report_is_made_with_the_command_that_everybody_uses(workflow):
    runs = "\n".join(step.get("run", "") for step in steps_of(workflow))

    assert "make report" in runs
    for scenario in ("low", "central", "high"):
        assert f"outputs/weprotect-2014/{scenario}" in runs


def test_every_step_of_the_workflow_is_in_the_recipe_too(workflow):
    guide = GUIDE.read_text(encoding="utf-8")
    gathered = next(step["run"] for step in steps_of(workflow) if "mkdir" in step.get("run", ""))

    for line in gathered.strip().splitlines():
        assert line.strip() in guide


def test_the_recipe_names_every_file_that_is_offered():
    guide = GUIDE.read_text(encoding="utf-8")
    named = (
        offers.FILE,
        metadata.PACKAGE_FILE,
        metadata.CSVW_FILE,
        citation.BIBTEX_FILE,
        citation.CFF_FILE,
        licences.FILE,
        "manifest.json",
        "data/projections.csv",
    )

    assert [one for one in named if f"`{one}`" not in guide] == []


def test_the_front_door_leads_to_the_three_scenarios_and_runs_nothing():
    door = (ROOT / "docs" / "front-door.html").read_text(encoding="utf-8")

    assert re.findall(r'href="([^"]+)"', door) == [
        "central/index.html",
        "low/index.html",
        "high/index.html",
    ]
    assert "<script" not in door
