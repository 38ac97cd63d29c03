"""The pages of the whole report pass the Nu HTML checker, the checker of the W3C and WHATWG."""

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

VERSION = "26.9.27"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "statedfigures"


@pytest.fixture(scope="module")
def checker():
    """Give the checker: the one that is named, or kept, or else fetched with npm."""
    if shutil.which("java") is None:
        pytest.skip("no java, which the Nu HTML checker needs")
    if named := os.environ.get("STATEDFIGURES_VNU"):
        return Path(named)
    folder = CACHE / f"vnu-{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    jar = folder / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jar.exists() and shutil.which("npm"):
            command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix"]
            subprocess.run(
                [*command, str(folder), f"vnu-jar@{VERSION}"],
                check=False,
                timeout=120,
                capture_output=True,
            )
    if not jar.exists():
        pytest.skip("no Nu HTML checker: install npm, or name vnu.jar in STATEDFIGURES_VNU")
    return jar


def test_every_page_passes_the_nu_html_checker(report, checker):
    pages = sorted(str(path) for path in report.glob("*.html"))
    finished = subprocess.run(
        ["java", "-jar", str(checker), "--format", "json", *pages],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    messages = json.loads(finished.stderr)["messages"]
    # It cannot tell data in a script element from a script, and warns of the policy there.
    errors = [one for one in messages if one["type"] != "info"]

    assert [(one.get("url"), one.get("lastLine"), one["message"]) for one in errors] == []
