"""What the command line tells while it works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from statedfigures.cli import main, progress


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_under_the_output_is_told_in_plain_words():
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "statedfigures", "check", "--json"],
            stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    assert ended.returncode == 1
    assert ended.stderr == "the disk is full; nothing more could be written\n"


@pytest.mark.parametrize(
    "given",
    [
        ["compare", "x" * 300, "scenario=low"],
        ["compare", "/x" * 3000, "scenario=low"],
        ["review", "--out", "x" * 300 + ".xlsx"],
        ["review", "--out", "nowhere/review.xlsx"],
    ],
)
def test_a_name_that_cannot_be_used_is_the_users_to_mend(given, capsys):
    with pytest.raises(SystemExit) as ended:
        main(given)

    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert "name another place" in told or "make it first" in told
    assert len(told) < 400


def test_a_page_is_told_in_one_line_once_it_is_done(capsys):
    with progress(quiet=False) as tell:
        for state in ("starting", "running", "running", "executed"):
            tell("offences", state, 0, 4)
        tell("tor", "reused", 0, 0)

    assert capsys.readouterr().err == "offences: executed\ntor: reused\n"


def test_quiet_tells_of_no_page(capsys):
    with progress(quiet=True) as tell:
        tell("offences", "failed", 0, 4)

    assert capsys.readouterr().err == ""
