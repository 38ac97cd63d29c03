"""The walk-through of a reviewer is run: each command prints what the page says.

Run as a program, with ``python -m tests.test_reviewing``, this writes what they print into it.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

import pytest

from tests.conftest import run_program

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reviewing.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
DAY, WRITTEN = re.compile(r"\b20\d\d-\d\d-\d\d\b"), "2026-11-27"
MARK = re.compile(r"\b[0-9a-f]{64}\b")


def commands_of(block):
    """Return the commands of a block, each with the lines that it prints."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return found


def printed_by(command, folder):
    """Run a command as a reviewer would, and return the lines that it prints.

    The day is that of writing, and fingerprints are cut: code changes.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with mock.patch.dict(os.environ, {"PATH": path}):
        for name in ("COLUMNS", "STATEDFIGURES_DATA", "FORCE_COLOR"):
            os.environ.pop(name, None)
        shell, written, told = command, "", ""
        if command.startswith("statedfigures "):
            ours, _, shell = command.partition(" | ")
            _, written, told = run_program(*shlex.split(ours)[1:], folder=folder)
        if shell:
            ran = subprocess.run(
                ["bash", "-c", shell], cwd=folder, input=written, capture_output=True, text=True
            )
            written, told = ran.stdout, told + ran.stderr
    assert "Traceback" not in told, told
    lines = (written + told).splitlines()
    if not command.startswith("grep"):
        lines = [MARK.sub("…", DAY.sub(WRITTEN, line)) for line in lines]
    return [line.rstrip() for line in lines]


def prepare(folder):
    """Put the data and the notebooks into a folder, as in a copy of the project."""
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.mark.skipif(shutil.which("bash") is None, reason="the walk-through is for bash")
def test_the_walk_through_prints_what_the_page_says(tmp_path):
    """Challenge, change, rerun, compare, sign: from a fresh copy, in the order of the page."""
    folder = prepare(tmp_path)
    for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        for command, expected in commands_of(block):
            assert printed_by(command, folder) == expected, command

    assert (folder / "after" / "offences.html").is_file()
    assert "<svg" in (folder / "what-changed.html").read_text(encoding="utf-8")
    run_program("render", "--only", "assumptions", "--quiet", "--out", "signed", folder=folder)
    signed = (folder / "signed" / "assumptions.html").read_text(encoding="utf-8")
    assert re.search(r"<summary>Reviews.*?agreed", signed, re.DOTALL)


def test_the_walk_through_goes_the_whole_way():
    """From never to challenged, void and agreed."""
    told = "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    states = [told.find(f" {state}") for state in ("never", "challenged", "void", "agreed")]

    assert states == sorted(states)
    assert -1 not in states


def rewrite():
    """Write what the commands print into the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = prepare(Path(name))

        def block(found):
            lines = []
            for command, _ in commands_of(found[1]):
                lines += [f"$ {command}", *printed_by(command, folder)]
            return "\n".join(["```console", *lines, "```"])

        PAGE.write_text(BLOCK.sub(block, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
