import csv
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from statedfigures.cli import statedfigures
from statedfigures.errors import AssumptionError, DataError, ParameterError
from statedfigures.release.reading import (
    DATA_VARIABLE,
    faults_to_fill,
    find_release,
    find_releases,
    present_tables,
    read_release,
)
from statedfigures.release.schema import package_text, tables

ROOT = Path(__file__).parents[2]
FRAMES = ("figures", "claims", "series", "published", "assumptions", "measures", "topics")


def faults_of(release):
    with pytest.raises(DataError) as caught:
        read_release("small-release", release.data)
    return [str(fault) for fault in caught.value.faults]


def test_the_small_release_is_read_in_full(small_release):
    release = read_release("small-release", small_release.data)

    ships = release.figures.loc["ships_2018"]
    assert (ships["value"], ships["unit"], ships["file_row"]) == (400, "ships", 4)
    assert ships["period_start"] == pd.Timestamp("2018-01-01")
    assert release.published.loc["ships_counted/2018", "value"] == 402
    assert not release.measures.loc["engine_fund", "effect_figure_given"]
    assert release.assumptions.loc["volatility_ships", "origin"] == "release"
    assert release.about.notice_links == (("Seal watch", "https://example.org/seals"),)
    assert (release.about.default_horizon, release.about.last_horizon) == (2026, 2031)
    assert list(release.topics.index) == ["ships", "nature", "plans"]


def test_the_release_that_the_project_ships_is_sound_and_its_descriptor_full():
    release = read_release("weprotect-2014", ROOT / "data")

    text = (release.folder / "datapackage.json").read_text("utf-8")
    assert text == package_text(release.about, present_tables(release.folder))
    assert release.figures.loc["distribution_2014", "value"] == 1235


def test_a_release_shows_its_sizes_and_not_its_rows(small_release):
    release = read_release("small-release", small_release.data)

    assert "12 figures" in repr(release)
    assert "<strong>Merrow Harbour is busier than ever</strong>" in release._repr_html_()
    assert len(release._repr_html_()) < 500


def test_a_reference_leads_to_its_row_or_says_what_is_there(small_release):
    release = read_release("small-release", small_release.data)

    assert release.row("figure:ships_2020")["value"] == 480
    assert release.row("published:ships_counted/2018")["value"] == 402
    with pytest.raises(DataError, match=r'"ship_2020" is not in figures\.csv; add it there'):
        release.row("figure:ship_2020")
    with pytest.raises(DataError, match="is no reference; begin it with one of: figure:…"):
        release.row("ships_2020")


@pytest.mark.parametrize("name", [name for name, table in tables().items() if table.optional])
def test_an_optional_table_may_be_absent_and_is_an_empty_frame_then(small_release, name):
    (small_release.folder / "datapackage.json").unlink()
    before = list(getattr(read_release("small-release", small_release.data), name))
    (small_release.folder / f"{name}.csv").unlink()
    if name in ("assumptions", "published", "series"):
        assert faults_of(small_release)  # others lead to its rows
        return
    frame = getattr(read_release("small-release", small_release.data), name)
    assert (list(frame), len(frame)) == (before, 0)


def test_the_rows_and_columns_of_a_table_may_stand_in_any_order(small_release):
    before = read_release("small-release", small_release.data)
    for table in tables():
        header, *rows = (row[::-1] for row in small_release.rows(table))
        small_release.write(table, [header, *reversed(rows)])
    after = read_release("small-release", small_release.data)

    for name in FRAMES:
        columns = [column for column in getattr(before, name) if column != "file_row"]
        pd.testing.assert_frame_equal(
            getattr(after, name)[columns].sort_index(), getattr(before, name)[columns].sort_index()
        )


def test_faults_of_all_tables_are_told_at_once(small_release):
    small_release.set_cell("figures", 3, "value", "many")
    small_release.set_cell("claims", 2, "kind", "trend")
    small_release.set_cell("claims", 3, "to_figure", "")
    small_release.set_cell("published", 2, "period", "2018-13")
    small_release.set_cell("measures", 2, "locator", "summary/9")
    small_release.set_cell("measures", 2, "figures", "fnud")
    (small_release.folder / "topics.csv").unlink()
    told = "\n".join(faults_of(small_release))

    assert "claims.csv, row 2, column kind" in told
    assert "claims.csv, row 3, column to_figure: a claim of the kind extreme names" in told
    assert "figures.csv, row 3, column value" in told
    assert "published.csv, row 2, column period" in told
    assert "topics.csv: is missing" in told
    assert '"summary/9" is not in paragraphs.csv' in told
    # The ids of a table that has a fault of its own may only seem to be missing.
    assert '"fnud" is not in figures.csv' not in told


def test_only_the_first_twenty_faults_are_shown_and_the_rest_counted(small_release):
    rows = small_release.rows("mentions")
    small_release.write("mentions", [rows[0], *([*row[:2], "x", *row[3:]] for row in rows[1:])])
    with pytest.raises(DataError) as caught:
        read_release("small-release", small_release.data)

    # The table has 32 rows, each with one fault.
    lines = str(caught.value).splitlines()
    assert (len(lines), lines[-1]) == (21, "and 12 more faults; mend these first")


@pytest.mark.parametrize(
    ("table", "column", "value", "where"),
    [
        ("figures", "locator", "no-such-text/9", "paragraphs.csv"),
        ("figures", "topic", "ship", "topics.csv"),
        ("claims", "from_figure", "ships_2017", "figures.csv"),
        ("measures", "figures", "fund fnud", "figures.csv"),
        ("series", "growth_from", "rise", "figures.csv"),
        ("published", "compares_with", "ship", "figures.csv"),
        ("scenarios", "assumption", "damping_ships", "assumptions.csv"),
    ],
)
def test_a_reference_that_leads_nowhere_names_the_table(small_release, table, column, value, where):
    small_release.set_cell(table, 2, column, value)

    start = f'{table}.csv, row 2, column {column}: "{value.split()[-1]}" is not in {where}; '
    assert any(fault.startswith(start) for fault in faults_of(small_release))


def test_what_a_person_has_to_fill_in_is_listed_in_the_order_of_work(small_release):
    small_release.set_cell("claims", 2, "qualifier", "TO FILL")
    small_release.set_cell("figures", 3, "period_start", "TO FILL: first day of the period")
    small_release.change("release.toml", '"tests@example.org"', '"TO FILL: who answers"')
    with pytest.raises(DataError) as caught:
        read_release("small-release", small_release.data)

    waiting = faults_to_fill(caught.value.faults)
    assert len(waiting) == len(caught.value.faults)
    assert [str(fault) for fault in waiting] == [
        "release.toml, column contact: is still to be filled in; who answers",
        "figures.csv, row 3, column period_start: is still to be filled in; "
        "first day of the period",
        f"claims.csv, row 2, column qualifier: is still to be filled in; "
        f"{next(c for c in tables()['claims'].columns if c.name == 'qualifier').description}",
    ]


def test_the_rules_hold_when_python_skips_assertions(small_release):
    """A fault is found by a condition and not by an assert, which ``python -O`` leaves out."""
    small_release.set_cell("figures", 3, "period_end", "2019-12-31")
    script = (
        "import sys; from pathlib import Path\n"
        "from statedfigures.release.reading import read_release\n"
        "read_release('small-release', Path(sys.argv[1]))"
    )
    command = [sys.executable, "-O", "-c", script, str(small_release.data)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert "the period ends on 2019-12-31, before it starts on 2020-01-01" in ended.stderr


def test_check_draws_once_and_says_what_only_the_draws_show(small_release):
    """About 1,000 to the thousand is, at a step either way, as little as none."""
    start = {"value": "1000", "rounded_to": "1000", "qualifier": "about"}
    row = small_release.row_of("figures", "ships_2018")
    for column, value in {**start, "as_stated": "about 1,000 ships"}.items():
        small_release.set_cell("figures", row, column, value)
    path = small_release.data / "method" / "assumptions.csv"
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    wide = dict.fromkeys(("low", "central", "high", "allowed_max"), "2")
    for cells in rows[1:]:
        if cells[rows[0].index("symbol")] == "qualifier_about":
            for column, value in wide.items():
                cells[rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    data = ["--data", str(small_release.data), "--release", "small-release"]
    ended = CliRunner().invoke(statedfigures, ["check", *data])

    assert isinstance(ended.exception, AssumptionError), ended.output
    assert "draws of its base or start reach zero or below" in str(ended.exception)


# ---------------------------------------------------------------- the descriptor


def test_a_descriptor_that_is_not_that_of_the_tables_is_a_fault_with_the_remedy(small_release):
    path = small_release.folder / "datapackage.json"
    text = path.read_text("utf-8")
    for old, new, told in (
        ('"name": "value_to"', '"name": "value_2"', "describes figures otherwise than it is read"),
        ('"name": "figures"', '"name": "figurs"', "describes figurs otherwise than it is read"),
        ("[", "", "is not JSON"),
        ('"resources"', '"n": ' + "9" * 5_000 + ', "resources"', "is not JSON"),
        ('"resources"', '"tables"', "describes no table otherwise"),
    ):
        path.write_text(text.replace(old, new, 1), "utf-8")
        (fault,) = faults_of(small_release)
        assert told in fault
        assert fault.endswith("; delete the file: a report writes its own")
    path.unlink()
    read_release("small-release", small_release.data)


def test_a_stray_file_is_of_no_matter_nor_a_title_of_the_descriptor(small_release):
    """A report writes the descriptor that it publishes, with what release.toml says."""
    (small_release.folder / "notes.json").write_text("{")
    (small_release.folder / "._figures.csv").write_bytes(b"\0")
    (small_release.folder / "reviews.csv").unlink()
    small_release.change("datapackage.json", '"Figures of Merrow', '"Figures from Merrow')

    assert len(read_release("small-release", small_release.data).reviews) == 0


# ---------------------------------------------------------------- release.toml


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("published = 2021-03-03", "published = March", "release.toml, row 6: is not TOML"),
        (
            "published = 2021-03-03",
            'published = "2021-03-03"',
            'column published: "2021-03-03" is not a date; write it without quotation marks',
        ),
        ("published = 2021-03-03", "published = 2021-03-03T10:00:00", "is not a date"),
        ("publisher =", "publishr =", 'the key "publishr" is unknown; use one of: publisher'),
        ("publisher =", "publishr =", "column publisher: the key is missing; add it"),
        ('geography = "Merrow"', 'geography = ""', "column geography: the value is empty"),
        ('geography = "Merrow"', "geography = 3", '"3" is not text'),
        ('id = "small-release"', 'id = "other"', 'write id = "small-release"'),
        ('address = "https:', 'address = "javascript:', "is not a web address"),
        ("default_horizon = 2026", 'default_horizon = "soon"', '"soon" is not a year'),
        ("default_horizon = 2026", "default_horizon = 2020", "2020 is not within 50 years"),
        ("default_horizon = 2026", "default_horizon = 2040", "2040 is after last_horizon 2031"),
        ("edition = 2021-04-01", "edition = 2021-03-02", "2021-03-02 is before the release of"),
        ('worked_example = "ships"', 'worked_example = "boats"', '"boats" is not in series.csv'),
        ('worked_example = "ships"', 'worked_example = "pilots"', '"pilots" is not projected'),
        ('[["Seal watch", ', "[[", "is no list of pairs of words and address"),
        ("https://example.org/seals", "javascript:seals", "is not an address"),
    ],
)
def test_a_description_that_is_wrong_is_named(small_release, old, new, told):
    small_release.change("release.toml", old, new)

    assert any(told in fault for fault in faults_of(small_release)), faults_of(small_release)


def test_horizons_that_are_not_given_are_five_and_ten_years_after_the_release(small_release):
    path = small_release.folder / "release.toml"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if "_horizon" not in line), "utf-8")
    about = read_release("small-release", small_release.data).about

    # 2021 and five, and ten.
    assert (about.default_horizon, about.last_horizon) == (2026, 2031)


@pytest.mark.parametrize("content", [b"\xff\xfea", b"id = \xa3", b"\0\1", b"", b"PK\x03\x04"])
@pytest.mark.parametrize("file", ["release.toml", "datapackage.json", "figures.csv"])
def test_a_file_that_is_no_text_is_named(small_release, file, content):
    (small_release.folder / file).write_bytes(content)

    found = [fault for fault in faults_of(small_release) if fault.startswith(file)]
    assert found
    assert ("CSV" in found[0]) <= file.endswith(".csv")


# ---------------------------------------------------------------- which release


@pytest.mark.parametrize(
    "name",
    ["../small-release", "small-release/", "/etc", "..", "small release", "Small", "a\0", "a--b"],
)
def test_an_id_that_could_lead_elsewhere_is_refused(name):
    with pytest.raises(ParameterError, match="is not the id of a release"):
        find_release(name, ROOT / "data")


def test_the_folder_of_shared_rows_is_no_release(small_release):
    with pytest.raises(ParameterError, match='"method" is the folder of what all releases share'):
        find_release("method", small_release.data)
    assert list(find_releases(small_release.data)) == ["small-release"]


def test_an_unknown_release_is_told_with_those_that_there_are(small_release, tmp_path):
    with pytest.raises(ParameterError, match="in data/; use one of: small-release"):
        find_release("smal-release", small_release.data)
    with pytest.raises(ParameterError, match="go to the folder that holds data/"):
        find_release("small-release", tmp_path / "data" / "method")
    with pytest.raises(ParameterError, match="data: there is no folder"):
        find_release("small-release", tmp_path / "nowhere")


def test_a_release_may_lie_in_a_folder_further_up(small_release, monkeypatch):
    near = small_release.data.parent / "work" / "data" / "other-release"
    near.mkdir(parents=True)
    (near / "release.toml").write_text("")
    monkeypatch.chdir(near.parents[1])
    monkeypatch.delenv("STATEDFIGURES_DATA", raising=False)

    assert find_release("small-release").samefile(small_release.folder)
    assert find_release("other-release").samefile(near)


def test_the_default_release_is_the_only_one_or_the_one_that_is_named(small_release):
    assert find_release("", small_release.data) == small_release.folder
    other = small_release.data / "other-release"
    other.mkdir()
    (other / "release.toml").write_text("")
    with pytest.raises(ParameterError, match="name one of other-release, small-release, or write"):
        find_release("", small_release.data)
    named = small_release.data / "releases.toml"
    named.write_text('default = "small-release"')
    assert find_release("", small_release.data) == small_release.folder
    named.write_text('default = "third"')
    with pytest.raises(DataError, match='names "third"; write default = with one of: other'):
        find_release("", small_release.data)


def test_a_release_is_found_from_a_folder_below_or_by_the_environment(small_release, monkeypatch):
    below = small_release.data.parent / "notebooks" / "deep"
    below.mkdir(parents=True)
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.chdir(below)
    assert find_release("small-release").resolve() == small_release.folder.resolve()

    monkeypatch.setenv(DATA_VARIABLE, str(ROOT / "data"))
    assert find_release("weprotect-2014") == ROOT / "data" / "weprotect-2014"
