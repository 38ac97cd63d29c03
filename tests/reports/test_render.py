"""The command render, with real kernels, on the small release."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
import pytest

from statedfigures.errors import InputError
from statedfigures.reports.edition import plan_edition
from statedfigures.reports.manifest import differences
from tests.reports.conftest import (
    RELEASES,
    SMALL_NOTEBOOKS,
    render_arguments,
    run_render,
    write_notebook,
)


def files_of(folder: Path) -> dict[str, bytes]:
    """Give every file of a folder by its path inside it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_edition_holds_pages_notebooks_data_and_manifest(edition):
    expected = {
        "data/figures-stated.csv",
        "data/projections.csv",
        "data/ships-chart-data.csv",
        "data/ships-projections.csv",
        "figures.html",
        "index.html",
        "manifest.json",
        "notebooks/1-figures.ipynb",
        "notebooks/10-seals.ipynb",
        "notebooks/2-ships.ipynb",
        "seals.html",
        "ships.html",
    }

    assert expected - set(files_of(edition)) == set()
    assert differences(edition) == []


def test_the_manifest_says_what_the_edition_was_made_from(edition):
    manifest = json.loads((edition / "manifest.json").read_text())

    assert manifest["parameters"] == {
        "release": "small-release",
        "scenario": "central",
        "horizon_year": 2026,
    }
    assert manifest["pages"]["ships"] == {
        "notebook": "2-ships.ipynb",
        "parameters": manifest["parameters"] | {"topic": "ships"},
    }
    assert set(manifest["inputs"]) == {
        "tables",
        "notebooks",
        "package",
        "lock",
        "changelog",
        "python",
    }
    assert "figures.csv" in manifest["inputs"]["tables"]


def test_the_first_page_gives_the_answer_of_each_page(edition):
    """Ships: 1,000 and 10 more for each of the six years from 2020 to 2026."""
    page = (edition / "index.html").read_text()

    shown = re.search(
        r'In the harbour, ships would number <a [^>]*href="ships.html#([^"]+)"[^>]*>1,060</a>', page
    )

    assert shown
    assert f'id="{shown[1]}"' in (edition / "ships.html").read_text()
    assert "Internet Watch Foundation" in page
    assert 'id="parameter-scenario"' in page


def test_projections_are_one_long_table(edition):
    with (edition / "data" / "projections.csv").open(newline="") as file:
        assert list(csv.DictReader(file)) == [
            {
                "series": "ships",
                "scenario": "central",
                "model": "linear",
                "target_year": "2026",
                "output_type": "quantile",
                "output_type_id": "0.5",
                "value": "1060",
                "unit": "ships",
            }
        ]


def test_the_published_notebook_keeps_the_parameters_it_ran_with(edition):
    notebook = nbformat.read(edition / "notebooks" / "2-ships.ipynb", as_version=4)
    (injected,) = [cell for cell in notebook.cells if cell.id == "injected-parameters"]

    assert 'scenario = "central"' in injected.source
    assert "injected" not in (edition / "ships.html").read_text()
    nbformat.validate(notebook)


def test_a_page_says_its_edition_and_parameters(edition):
    page = (edition / "ships.html").read_text()

    assert "<title>Ships: where they are heading – Merrow Harbour 2021</title>" in page
    assert page.count("<h1>") == 1
    assert '<time datetime="2021-04-01">1 April 2021</time>' in page
    assert re.search(r"<dt>Scenario</dt><dd><a [^>]*>central</a></dd>", page)


def test_messages_are_kept_beside_the_site_and_not_in_it(edition):
    log = (edition.parent / "site-run" / "run.log").read_text()

    assert "10-seals.ipynb:\ncentral" in log


@pytest.mark.parametrize(
    ("settings", "umask", "arguments"),
    [
        (
            {"TZ": "Asia/Tokyo", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
            0o022,
            ["--jobs", "1"],
        ),
        (
            {"TZ": "America/Lima", "LANG": "C.UTF-8", "PYTHONHASHSEED": "77", "COLUMNS": "40"},
            0o077,
            ["--jobs", "3", "--no-cache"],
        ),
    ],
)
def test_the_same_inputs_give_the_same_bytes(edition, tmp_path, settings, umask, arguments):
    """Another folder, home, time zone, locale, hash seed, umask, width, jobs; cache on and off.

    The home holds settings of IPython and Matplotlib that would change a page.
    """
    home = tmp_path / "home"
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "0-noise.py").write_text("print('noise')")
    (home / ".config" / "matplotlib").mkdir(parents=True)
    (home / ".config" / "matplotlib" / "matplotlibrc").write_text("font.size: 30")
    out = tmp_path / "deep" / "elsewhere"
    own = settings | {"HOME": str(home), "STATEDFIGURES_CACHE": str(tmp_path / "cache")}
    for _ in range(2):  # the second time from the cache, where it is on
        finished = run_render(out, *arguments, environment=own, umask=umask, cwd=tmp_path)

        assert finished.returncode == 0, finished.stderr
        assert files_of(out) == files_of(edition)
        shutil.rmtree(out)


def test_no_path_time_or_name_of_the_machine_is_published(edition):
    unwanted = [str(edition.parent), str(Path.home()), os.uname().nodename, os.sys.prefix]
    for path, content in files_of(edition).items():
        # The parts of a workbook and of the carried tables are text and not compressed. The
        # properties of the workbook give the date of the edition in a format that asks for a time.
        text = content.decode(errors="replace").replace("T00:00:00Z", "")
        assert path.endswith((".xlsx", ".zip")) or "\ufffd" not in text, path
        assert [one for one in unwanted if len(one) > 3 and one in text] == [], path
        assert not re.search(r"\d\d:\d\d:\d\d", text), path


def test_another_scenario_replaces_the_edition_whole(edition, tmp_path):
    """High: 1,000 and 20 more for each of six years."""
    out = Path(shutil.copytree(edition, tmp_path / "site"))
    finished = run_render(out, "--scenario", "high", "-p", "horizon_year", "2026")

    assert finished.returncode == 0, finished.stderr
    assert "1,120" in (out / "index.html").read_text()
    assert differences(out) == []


def test_rendering_one_page_keeps_the_others_where_they_still_hold(edition, tmp_path):
    out = Path(shutil.copytree(edition, tmp_path / "site"))
    finished = run_render(out, "--only", "ships")

    assert "figures: reused" in finished.stderr
    assert "figures: starting" not in finished.stderr
    assert files_of(out) == files_of(edition)


def test_rendering_one_page_with_other_parameters_drops_pages_that_no_longer_hold(
    edition, tmp_path
):
    out = Path(shutil.copytree(edition, tmp_path / "site"))
    finished = run_render(out, "--only", "ships", "--scenario", "low")

    assert finished.returncode == 0, finished.stderr
    assert not (out / "figures.html").exists()
    assert (out / "ships.html").exists()
    assert differences(out) == []


def test_plain_lines_tell_the_states_and_quiet_says_nothing(tmp_path):
    finished = run_render(tmp_path / "site", "--only", "seals")
    quiet = run_render(tmp_path / "site", "--only", "seals", "--quiet")

    assert finished.stderr.splitlines() == ["seals: starting", "seals: running", "seals: executed"]
    published, coverage = finished.stdout.splitlines()
    assert re.fullmatch(r"\d+ files published: .*index\.html", published)
    assert re.fullmatch(r"provenance: (\d+) of \1 numerals", coverage)
    assert (quiet.stdout, quiet.stderr) == ("", "")


def test_a_failing_notebook_names_the_cell_and_publishes_nothing(
    edition, small_notebooks, tmp_path
):
    """The failing cell is the third: title, parameters, and then the division."""
    write_notebook(small_notebooks / "3-broken.ipynb", "1 / 0")
    out = Path(shutil.copytree(edition, tmp_path / "site"))
    before = files_of(out)
    finished = run_render(out, notebooks=small_notebooks)
    copy = tmp_path / "site-run" / "3-broken.ipynb"

    assert finished.returncode == 1
    assert finished.stderr.splitlines()[-1] == (
        "3-broken.ipynb, cell 3: ZeroDivisionError: division by zero; "
        f"for a look: {copy}; nothing is published"
    )
    assert "ZeroDivisionError" in copy.read_text()
    assert "Traceback" not in finished.stderr
    assert files_of(out) == before


def test_a_kernel_that_dies_names_the_cell(tmp_path):
    (tmp_path / "notebooks").mkdir()
    write_notebook(tmp_path / "notebooks" / "1-dies.ipynb", "a = 1", "import os\nos._exit(3)")
    finished = run_render(tmp_path / "site", notebooks=tmp_path / "notebooks")

    assert finished.returncode == 1
    assert "1-dies.ipynb, cell 4: DeadKernelError: its kernel ended" in finished.stderr
    assert not (tmp_path / "site").exists()


def test_a_wrong_parameter_starts_no_kernel(tmp_path):
    """The notebook would leave a mark; not even its copy for a look is made."""
    (tmp_path / "notebooks").mkdir()
    mark = tmp_path / "a-kernel-ran"
    write_notebook(tmp_path / "notebooks" / "1-mark.ipynb", f"open({str(mark)!r}, 'w').close()")
    finished = run_render(
        tmp_path / "site", "-p", "scenaro", "high", notebooks=tmp_path / "notebooks"
    )

    assert finished.returncode == 2
    assert finished.stderr == (
        "parameter 'scenaro' is unknown; did you mean 'scenario'? "
        "The parameters are horizon_year, release, scenario\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["notebooks"]


@pytest.mark.parametrize(
    ("given", "only", "message"),
    [
        ({"scenario": "hihg"}, [], "did you mean 'high'?"),
        ({"horizon_year": "soon"}, [], "'soon' is not a whole number"),
        ({"horizon_year": "2021"}, [], "2021 is out of range; give a number from 2022"),
        ({"topic": "ships"}, [], "set it for one page with --only"),
        ({"topic": "shps"}, ["ships"], "did you mean 'ships'?"),
        ({}, ["shps"], "did you mean 'ships'?"),
        ({"release": "../small-release"}, [], "is not the id of a release"),
        ({"release": "smal-release"}, [], "small-release"),
    ],
)
def test_a_plan_is_refused_in_words(tmp_path, given, only, message):
    with pytest.raises(InputError) as caught:
        plan_edition(
            given, only=only, out=tmp_path, data=RELEASES, notebooks_folder=SMALL_NOTEBOOKS
        )

    assert message in str(caught.value)


def test_a_parameter_given_twice_with_two_values_is_refused(tmp_path):
    finished = run_render(tmp_path / "site", "-p", "scenario", "low", "--scenario", "high")

    assert finished.returncode == 2
    assert "parameter scenario: is given both as 'high' and as 'low'" in finished.stderr


def test_a_folder_that_is_not_ours_is_refused_before_anything_runs(tmp_path):
    out = tmp_path / "mine"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    finished = run_render(out)

    assert finished.returncode == 2
    assert "holds files but no manifest of an earlier edition" in finished.stderr
    assert "starting" not in finished.stderr
    assert files_of(out) == {"thesis.txt": b"years of work"}


def test_kernels_listen_on_no_port_and_keep_their_files_private(tmp_path):
    (tmp_path / "notebooks").mkdir()
    look = """\
import os, stat, psutil
from ipykernel.connect import get_connection_file
listening = [c for c in psutil.Process().net_connections("inet") if c.status == "LISTEN"]
folder = os.path.dirname(get_connection_file())
assert listening == [], listening
assert stat.S_IMODE(os.stat(os.path.dirname(folder)).st_mode) & 0o777 == 0o700
assert stat.S_IMODE(os.stat(folder).st_mode) & 0o777 == 0o700
"""
    write_notebook(tmp_path / "notebooks" / "1-look.ipynb", look)
    finished = run_render(tmp_path / "site", notebooks=tmp_path / "notebooks")

    assert finished.returncode == 0, finished.stderr


def listening_ports(numbers: set[int]) -> set[str]:
    """Give the TCP ports, as the system writes them, on which processes listen."""
    sockets = set()
    for number in numbers:
        for link in Path(f"/proc/{number}/fd").glob("*"):
            with suppress(OSError):
                sockets.add(os.readlink(link))
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{min(numbers)}/net/{table}").read_text().splitlines()[1:]
    ]
    return {row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="no /proc/net/tcp here")
def test_no_process_of_a_render_listens_on_tcp(tmp_path):
    """Looked at from outside, all through the run: the program, its kernels and their children."""
    with subprocess.Popen(render_arguments(tmp_path / "site", "--quiet", "--no-cache")) as run:
        seen, found = set(), set()
        while run.poll() is None:
            with suppress(psutil.NoSuchProcess, OSError):
                numbers = {one.pid for one in psutil.Process(run.pid).children(recursive=True)}
                seen |= numbers
                found |= listening_ports(numbers | {run.pid})
            time.sleep(0.02)

    assert run.returncode == 0
    assert seen
    assert found == set()


def is_running(number: int) -> bool:
    """Say whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds: float) -> bool:
    """Wait for a condition; say whether it came."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 1), (signal.SIGTERM, 1), (signal.SIGKILL, -9)]
)
def test_ending_a_run_ends_its_kernels_and_publishes_nothing(tmp_path, number, status):
    (tmp_path / "notebooks").mkdir()
    mark = tmp_path / "kernel"
    code = f"""\
import os, time
from pathlib import Path
Path({str(tmp_path)!r}, "half").write_text(str(os.getpid()))
Path({str(tmp_path)!r}, "half").rename({str(mark)!r})
time.sleep(60)
"""
    write_notebook(tmp_path / "notebooks" / "1-slow.ipynb", code)
    with subprocess.Popen(
        render_arguments(tmp_path / "site", notebooks=tmp_path / "notebooks"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert wait_until(mark.exists, 60), run.poll()
        kernel = int(mark.read_text())
        run.send_signal(number)
        _, told = run.communicate(timeout=20)

    assert run.returncode == status
    assert "Traceback" not in told
    assert wait_until(lambda: not is_running(kernel), 10)
    assert not (tmp_path / "site").exists()
