"""What lies beside the pages: data that others can read, recompute and cite."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup
from frictionless import Package, system

import statedfigures as sf
from statedfigures.display import shown
from statedfigures.site.pages import metadata
from statedfigures.site.pages.downloads import csv_file, projections_file, tables_archive

PARAMETERS = {"scenario": "central", "horizon_year": 2024, "draws": 256, "seed": 1}
QUANTILES = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975]


def frame_of(file):
    """Return a CSV file as a frame."""
    return pd.read_csv(io.BytesIO(file.content))


def test_projections_have_the_columns_of_a_hub_and_every_quantile(harbour):
    """The release is of 2021 and its base is of 2020: the first projected year is 2021."""
    found = frame_of(projections_file(harbour, PARAMETERS))

    assert list(found) == [
        "series",
        "scenario",
        "target_year",
        "output_type",
        "output_type_id",
        "value",
        "unit",
    ]
    assert sorted(found["output_type_id"].unique()) == QUANTILES
    assert set(found["output_type"]) == {"quantile"}
    assert found["target_year"].min() == 2021
    assert {"low", "central", "high"} < set(found["scenario"])


def test_projections_go_on_to_the_last_year_of_an_outturn(small_release):
    """A value of 2030 is beyond the edition's horizon of 2024 and within the release's limit."""
    rows = small_release.rows("published")
    latest = list(next(row for row in rows if row[:2] == ["ships_counted", "2022"]))
    latest[1] = "2030"
    small_release.write("published", [*rows, latest])
    release = sf.read_release("small-release", small_release.data)

    assert frame_of(projections_file(release, PARAMETERS))["target_year"].max() == 2030


def test_a_release_without_projections_offers_none(small_release):
    row = small_release.row_of("series", "ships")
    small_release.set_cell("series", row, "projectable", "no")
    small_release.change("release.toml", 'worked_example = "ships"', "")
    release = sf.read_release("small-release", small_release.data)

    assert projections_file(release, PARAMETERS) is None


def test_the_five_lines_on_the_page_give_the_published_scores(harbour, build, monkeypatch):
    """The weighted interval score is twice the mean pinball loss over the levels."""
    edition = build(harbour)
    monkeypatch.chdir(edition.folder)
    names = {}

    page = (edition.folder / "downloads.html").read_text(encoding="utf-8")
    told = BeautifulSoup(page, "html.parser").find("pre").text

    exec(told, names)  # noqa: S102 - what the page tells a reader to run

    outturns = pd.read_csv("data/outturns.csv").dropna(subset="score")
    assert len(outturns)
    for row in outturns.itertuples():
        assert names["scores"][row.series, row.target_year] == pytest.approx(row.score, rel=1e-3)
    assert len(told.strip().splitlines()) <= 7


def test_the_edition_carries_tables_that_can_be_read_again(harbour, tmp_path):
    with zipfile.ZipFile(io.BytesIO(tables_archive(harbour))) as archive:
        archive.extractall(tmp_path / "again")

    again = sf.read_release("small-release", tmp_path / "again")

    pd.testing.assert_frame_equal(again.figures, harbour.figures)
    pd.testing.assert_frame_equal(again.assumptions, harbour.assumptions)


def test_the_archive_leaves_out_what_else_lies_in_the_folder(small_release):
    """A copy of the publisher's text is not ours to publish."""
    (small_release.folder / "release.txt").write_text("the publisher's words", encoding="utf-8")
    release = sf.read_release("small-release", small_release.data)

    with zipfile.ZipFile(io.BytesIO(tables_archive(release))) as archive:
        names = archive.namelist()
        dates = {entry.date_time for entry in archive.infolist()}

    assert "small-release/release.txt" not in names
    assert {"small-release/figures.csv", "small-release/release.toml"} < set(names)
    assert "method/assumptions.csv" in names
    assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_numbers_in_files_have_six_digits_and_whole_numbers_all_of_theirs():
    frame = pd.DataFrame({"value": [1235.005022, 12_345_678.0, np.nan, 1 / 3]})

    assert (
        csv_file("data/a.csv", "A", frame, {"value": "A number"}).content
        == b'value\n1235.01\n12345678\n""\n0.333333\n'
    )


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless():
    frame = pd.DataFrame({"text": ["=1+1", "@f", "plain"]})

    file = csv_file("data/a.csv", "A", frame, {"text": "A text"})
    rows = list(csv.reader(io.StringIO(file.content.decode())))

    assert rows == [["text"], ["'=1+1"], ["'@f"], ["plain"]]


def test_the_data_package_describes_every_file_as_it_is(harbour, build):
    """Sizes, fingerprints, columns and types, checked by a program of others."""
    edition = build(harbour)

    with system.use_context(trusted=True):
        package = Package(str(edition.folder / "datapackage.json"))
        report = package.validate()

    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    paths = {resource.path for resource in package.resources}
    assert paths == {f"data/{path.name}" for path in (edition.folder / "data").glob("*.csv")}


def test_every_file_is_offered_on_the_page_of_downloads(harbour, build):
    edition = build(harbour)

    page = (edition.folder / "downloads.html").read_text(encoding="utf-8")
    for path in edition.folder.rglob("*"):
        name = path.relative_to(edition.folder).as_posix()
        if path.is_file() and path.suffix != ".html":
            assert f'href="{name}"' in page, name


def test_a_table_leads_to_its_file_and_that_holds_its_rows(harbour, build, made):
    table = shown.table(harbour.figures, "Ships", name="ships", inputs="figure:ships_2020")
    pages = [*made.notebooks_of(harbour), ("own", made.notebook("Mine", table))]

    edition = build(harbour, pages)

    html = (edition.folder / "own.html").read_text(encoding="utf-8")
    assert '<a href="data/own-ships.csv">Data</a>' in html
    rows = pd.read_csv(edition.folder / "data" / "own-ships.csv")
    assert len(rows) == len(harbour.figures)


def test_the_workbook_and_the_notebooks_lie_in_the_edition(harbour, build):
    edition = build(harbour)

    sheets = pd.read_excel(edition.folder / "data" / "small-release-central.xlsx", sheet_name=None)
    assert {"Cover", "Contents"} < set(sheets)
    names = {path.stem for path in (edition.folder / "notebooks").glob("*.ipynb")}
    assert names == {"claims", "ships", "nature", "plans", "measures", "assumptions"}
    json.loads((edition.folder / "notebooks" / "claims.ipynb").read_text(encoding="utf-8"))


def test_the_citation_file_says_what_and_when(harbour):
    cited = yaml.safe_load(metadata.citation_file(harbour.about, {"scenario": "high"}))

    assert cited["title"] == (
        "Merrow Harbour 2021: stated figures, checked and projected, edition of 2021-04-01, "
        "high scenario"
    )
    assert cited["references"][0]["title"] == "Merrow Harbour is busier than ever"
    assert str(cited["date-released"]) == "2021-04-01"


def test_signs_of_tex_in_a_title_are_printed_and_not_obeyed(harbour):
    about = replace(harbour.about, title="50% & more_ {so} \\x")

    assert r"50\% \& more\_ \{so\} \textbackslash{}x" in metadata.bibtex(
        about, {"scenario": "high"}
    )


def test_licences_name_that_of_the_release_and_our_own(harbour):
    text = metadata.licence_text(harbour.about)

    assert "Contains public sector information licensed under the Open Government Licence" in text
    assert "Creative Commons Attribution 4.0" in text
    assert "not by the publisher of the release" in text
