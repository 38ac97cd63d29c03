"""What the command line tells while it works."""

from statedfigures.cli import Progress


def test_a_page_is_told_in_one_line_once_it_is_done(capsys):
    with Progress(quiet=False) as progress:
        for state in ("starting", "running", "running", "executed"):
            progress("offences", state, 0, 4)
        progress("tor", "reused", 0, 0)

    assert capsys.readouterr().err == "offences: executed\ntor: reused\n"


def test_quiet_tells_of_no_page(capsys):
    with Progress(quiet=True) as progress:
        progress("offences", "failed", 0, 4)

    assert capsys.readouterr().err == ""
