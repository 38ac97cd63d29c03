import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from statedfigures import __version__, cli
from statedfigures.reports.check_findings import findings_of

ROOT = Path(__file__).parents[1]
RELEASES = ROOT / "tests" / "releases"
SMALL = ("--release", "small-release", "--data", str(RELEASES))
COPY = RELEASES / "small-release.txt"
FULL_RELEASE = ROOT.parent / "shared" / "release" / "weprotect-2014.txt"


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the program; give its exit status, output and errors."""
    monkeypatch.delenv("COLUMNS", raising=False)

    def call(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return call


def in_copy(small_release):
    """Give the options that name a copy of the small release."""
    return ("--release", "small-release", "--data", small_release.data)


def test_check_lists_claims_conflicts_and_denominators(run):
    status, out, err = run("check", *SMALL)

    assert (status, err) == (0, "")
    for heading in ("claim", "stated", "recomputed", "verdict", "comparability warnings"):
        assert heading in out
    # 402 ships were published for 2018 and the release states 400.
    assert "ships_2018" in out
    assert "402" in out
    assert "town_residents, 2020" in out
    assert "12 figures, 8 claims, no fault in the tables" in out


def test_check_as_json_is_one_object(run):
    status, out, _ = run("check", *SMALL, "--json")

    found = json.loads(out)
    assert status == 0
    assert set(found) == {"claims", "conflicts", "denominators", "faults"}
    assert found["faults"] == []
    claims = {claim["id"]: claim for claim in found["claims"]}
    assert {"id", "as_stated", "verdict", "interval", "warnings"} <= set(claims["ships_rise"])
    # From 400 to 480, both exact: 20 percent.
    assert claims["ships_rise"]["interval"] == {
        "low": 20,
        "high": 20,
        "unit": "percent",
        "low_open": False,
        "high_open": False,
    }
    assert claims["ships_rise"]["verdict"] == "supported"
    assert claims["seals_two_thirds"]["interval"] is None
    assert claims["seals_two_thirds"]["verdict"] == "cannot tell"
    assert "part_year_against_whole_year" in {
        warning["code"] for warning in claims["passengers_five_times"]["warnings"]
    }


def cells_of(table_text):
    """Join the wrapped lines of each cell of a plain table again."""
    rows, current = [], None
    for line in table_text.splitlines():
        if line.startswith("+"):
            current = None
        elif line.startswith("|"):
            pieces = [piece.strip() for piece in line.strip("|").split("|")]
            if current is None:
                current = [[] for _ in pieces]
                rows.append(current)
            for cell, piece in zip(current, pieces, strict=True):
                cell.append(piece)
    return [[" ".join(filter(None, cell)) for cell in row] for row in rows]


def test_at_80_columns_no_id_is_cut_and_no_word_broken(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = run("check", *SMALL)

    findings = findings_of("small-release", data=RELEASES)
    shown = {row[0]: row for row in cells_of(out.partition("Figures that differ")[0])}
    assert max(map(len, out.splitlines())) <= 80
    for result in findings.claims:
        assert shown[result.claim.id][1].startswith(f"“{result.claim.as_stated}”; ")
        assert shown[result.claim.id][2].startswith(str(result.verdict))


def test_output_that_no_terminal_shows_is_plain_and_wide(run):
    _, out, _ = run("check", *SMALL)

    assert "\x1b" not in out
    shown = {row[0]: row for row in cells_of(out)}
    assert shown["tankers_almost_double"][1] == "“almost double the 80 of 2015”"


def test_square_brackets_in_a_table_are_shown_as_they_are(run, small_release):
    """What a terminal library would read as markup is text."""
    row = small_release.row_of("figures", "ships_2018")
    small_release.set_cell("figures", row, "as_stated", "the 400 of [bold]2018[/bold]")

    status, out, _ = run("check", *in_copy(small_release))

    assert status == 0
    assert "the 400 of [bold]2018[/bold]" in out


def test_faults_are_told_in_one_line_each_and_nothing_else(run, small_release):
    small_release.set_cell("figures", 3, "value", "1,000")
    small_release.set_cell("figures", 4, "qualifier", "exakt")

    status, out, err = run("check", *in_copy(small_release))

    assert (status, out) == (2, "")
    assert err.splitlines() == [
        'figures.csv, row 3, column value: "1,000" has a thousands separator; write 1000',
        'figures.csv, row 4, column qualifier: "exakt" is not known here; did you mean "exact"?',
    ]


def test_faults_as_json_leave_the_findings_empty(run, small_release):
    small_release.set_cell("figures", 3, "value", "1,000")

    status, out, _ = run("check", *in_copy(small_release), "--json")

    assert status == 2
    assert json.loads(out) == {
        "claims": [],
        "conflicts": [],
        "denominators": [],
        "faults": [
            {
                "file": "figures.csv",
                "row": 3,
                "column": "value",
                "found": '"1,000" has a thousands separator',
                "remedy": "write 1000",
            }
        ],
    }


def test_an_assumption_that_nothing_reads_is_a_fault(run, small_release):
    row = small_release.row_of("assumptions", "damping")
    small_release.set_cell("assumptions", row, "rule", "dampng")

    status, _, err = run("check", *in_copy(small_release))

    assert status == 2
    assert f"assumptions.csv, row {row}, column rule" in err
    assert "damping" in err


def test_an_overdue_review_is_told_and_fails_a_strict_check(run, small_release):
    """The edition of the small release is of 1 April 2021."""
    row = small_release.row_of("assumptions", "damping")
    small_release.set_cell("assumptions", row, "review_by", "2021-03-31")

    status, out, _ = run("check", *in_copy(small_release))
    strict_status, _, err = run("check", *in_copy(small_release), "--strict")

    assert status == 0
    assert "The review of 1 assumption is overdue: damping." in out
    assert strict_status == 2
    assert err == (
        f"assumptions.csv, row {row}, column review_by: the review of damping was due before the "
        "edition of 2021-04-01; review the assumption and set the next date\n"
    )


def test_a_strict_check_passes_where_no_review_is_overdue(run):
    assert run("check", *SMALL, "--strict")[0] == 0


@pytest.mark.parametrize("copy", [COPY, COPY.with_suffix(".html")], ids=["text", "web page"])
def test_trace_finds_everything_in_a_true_copy(run, copy):
    status, out, err = run("trace", *SMALL, "--source", copy)

    assert (status, err) == (0, "")
    assert "100% of figures traced (12 of 12)" in out
    assert "100% of mentions accounted for" in out


def test_trace_names_what_differs(run, tmp_path):
    copy = tmp_path / "copy.txt"
    text = COPY.read_text(encoding="utf-8")
    copy.write_text(text.replace("counted 480 ships", "counted 490 ships"), encoding="utf-8")

    status, out, err = run("trace", *SMALL, "--source", copy)

    assert status == 2
    assert "100% of figures traced" not in out
    assert "ships_2020" in err
    assert "“490”" in err
    assert "Traceback" not in err


def test_trace_as_json_is_one_object(run, tmp_path):
    copy = tmp_path / "copy.txt"
    copy.write_text(COPY.read_text(encoding="utf-8") + "\nAnd 12 more.\n", encoding="utf-8")

    _, whole, _ = run("trace", *SMALL, "--source", COPY, "--json")
    status, differing, err = run("trace", *SMALL, "--source", copy, "--json")

    assert json.loads(whole)["complete"] is True
    assert (status, err) == (2, "")
    assert json.loads(differing)["complete"] is False
    assert json.loads(differing)["faults"]


def test_trace_of_spoilt_tables_as_json_gives_their_faults(run, small_release):
    small_release.set_cell("figures", 3, "value", "1,000")

    status, out, _ = run("trace", *in_copy(small_release), "--source", COPY, "--json")

    assert status == 2
    assert [fault["row"] for fault in json.loads(out)["faults"]] == [3]


@pytest.mark.skipif(not FULL_RELEASE.exists(), reason="the text of the release is not here")
def test_the_release_that_the_project_ships_is_traced_in_full(run):
    status, out, _ = run("trace", "--data", ROOT / "data", "--source", FULL_RELEASE)

    assert status == 0
    assert "100% of figures traced" in out
    assert "100% of mentions accounted for" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("check", "--release", "smal-release"), 'did you mean "small-release"?'),
        (("check", "--release", "../small-release"), "is not the id of a release"),
        (("check", "--relase", "x"), "No such option '--relase'"),
        (("chekc",), "No such command 'chekc'. Did you mean 'check'?"),
        (("trace",), "Missing option '--source'"),
        (("trace", "--source", "nowhere.txt"), "nowhere.txt"),
        (("trace", "--source", "."), "is a folder"),
        ((), "Usage: statedfigures"),
    ],
)
def test_wrong_input_is_told_in_words_with_status_2(run, monkeypatch, arguments, told):
    monkeypatch.setenv("STATEDFIGURES_DATA", str(RELEASES))
    if arguments[:1] == ("trace",) and "--source" in arguments:
        arguments = (*arguments, "--release", "small-release")

    status, out, err = run(*arguments)

    assert status == 2
    assert told in err
    assert out == ""
    assert "Traceback" not in err


def test_an_unexpected_error_is_one_line_and_says_how_to_see_more(run, monkeypatch):
    def fail(*_, **__):
        raise ValueError("several\nlines\nof trouble")

    monkeypatch.setattr("statedfigures.reports.check_findings.read_release", fail)

    status, out, err = run("check")

    assert (status, out) == (1, "")
    assert err == (
        "an unexpected error stopped the run: ValueError: several lines of trouble; "
        "run the same command with --debug to see where it arose\n"
    )


def test_debug_shows_where_an_unexpected_error_arose(monkeypatch):
    def fail(*_, **__):
        raise ValueError("trouble")

    monkeypatch.setattr("statedfigures.reports.check_findings.read_release", fail)

    with pytest.raises(ValueError, match="trouble"):
        cli.main(["check", "--debug"])


def test_an_interrupted_run_says_so(run, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("statedfigures.reports.check_findings.read_release", stop)

    status, out, err = run("check")

    assert (status, out) == (1, "")
    assert err.strip() == "stopped before the end"


def program(*arguments, **settings):
    """Run the program as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "statedfigures", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "COLUMNS": "", **settings},
    )


DROPPED = """
import signal, time, weakref
from statedfigures import cli
from statedfigures.__main__ import program

class Kept:
    pass

def main():
    one = Kept()
    reference = weakref.ref(one, lambda _: {})
    try:
        del one  # what the callback raises is dropped by Python
        time.sleep(20)
    except KeyboardInterrupt:
        raise SystemExit(1)

cli.main = main
program()
"""


@pytest.mark.parametrize(
    ("callback", "status", "told"),
    [("signal.raise_signal(signal.SIGINT)", 1, ""), ("time.sleep(-1)", 0, "ValueError")],
)
def test_an_interruption_that_python_drops_still_ends_the_run(callback, status, told):
    """Ctrl-C may come while a callback runs, in which nothing can be raised."""
    program = DROPPED.format(callback).replace("time.sleep(20)", f"time.sleep({20 * status})")
    began = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )

    assert ran.returncode == status
    assert time.monotonic() - began < 15
    assert told in ran.stderr
    assert bool(ran.stderr) == bool(told)


def test_the_program_runs_as_a_module():
    ended = program("--version")

    assert (ended.returncode, ended.stdout) == (0, f"statedfigures {__version__}\n")


def test_a_terminal_without_our_characters_is_no_error():
    ended = program("check", *SMALL, PYTHONIOENCODING="ascii")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "?almost double the 80 of 2015?" in ended.stdout


def test_a_reader_that_stops_early_is_no_traceback():
    """Such as head, which closes the pipe when it has seen enough."""
    command = [sys.executable, "-m", "statedfigures", "check", *SMALL]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        writer.stdout.close()
        said = writer.stderr.read()

    assert said == b""


def test_help_loads_nothing_that_it_does_not_use():
    script = (
        "import sys, statedfigures.cli\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'matplotlib', 'frictionless', 'rich', 'papermill'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert ended.stdout == "[]\n"
