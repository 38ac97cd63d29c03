"""Data package, CSV on the Web and schema.org: what they say is what the files are."""

import hashlib
import json
import re
from dataclasses import replace

import frictionless
import pytest

from statedfigures.display.records import Column, TableView
from statedfigures.display.words import Provenance, Quantity
from statedfigures.reports.downloads import table_files
from statedfigures.reports.metadata import (
    csvw_bytes,
    dataset_json_ld,
    field_description,
    field_type,
    package_bytes,
)
from statedfigures.sources.release import read_release

SOURCE = Provenance(("figure:images_2014",))
PARAMETERS = {"scenario": "central"}
COLUMNS = (
    Column("year", "Year", numeric=True),
    Column("label", "Label", description="as stated"),
    Column("share", "Share", "%", numeric=True),
)


def number(value):
    """Give a number as tables hold it."""
    return Quantity(f"{value:,}", value, SOURCE)


@pytest.fixture
def files():
    """Write one table with a year, a text that looks like a formula, a negative and a gap."""
    rows = (
        (number(2014.0), "=1+1", number(-2.5)),
        (number(2015.0), "two\nlines, and “more”", None),
    )
    return table_files({"1-a.ipynb": [TableView("shares", "Shares", COLUMNS, rows)]})


@pytest.fixture(scope="module")
def tables():
    """Read the release."""
    return read_release("weprotect-2014")


def written(tmp_path, files, tables):
    """Write the files and their package into a folder; give the package's path."""
    (tmp_path / "data").mkdir()
    for one in files:
        (tmp_path / one.path).write_bytes(one.content)
    package = tmp_path / "datapackage.json"
    package.write_bytes(package_bytes(files, tables, PARAMETERS))
    return package


def test_frictionless_finds_the_package_and_every_file_valid(tmp_path, files, tables):
    report = frictionless.validate(str(written(tmp_path, files, tables)))

    assert report.flatten(["fieldName", "message"]) == []
    assert report.valid


def test_a_file_that_was_changed_no_longer_fits_its_package(tmp_path, files, tables):
    package = written(tmp_path, files, tables)
    (tmp_path / files[0].path).write_bytes(files[0].content.replace(b"-2.5", b"-2.6"))

    assert not frictionless.validate(str(package)).valid


def test_every_field_has_a_type_a_description_and_its_unit(files, tables):
    (resource,) = json.loads(package_bytes(files, tables, PARAMETERS))["resources"]

    assert resource["schema"]["fields"] == [
        {"name": "year", "title": "Year", "type": "year", "description": "Year"},
        {"name": "label", "title": "Label", "type": "string", "description": "Label: as stated"},
        {
            "name": "share",
            "title": "Share",
            "type": "number",
            "description": "Share, in percent",
            "unit": "%",
        },
    ]
    assert resource["bytes"] == len(files[0].content)
    assert resource["hash"] == f"sha256:{hashlib.sha256(files[0].content).hexdigest()}"


def test_only_a_numeric_column_is_a_year():
    assert field_type(Column("year", "Year")) == "string"
    assert field_description(Column("n", "Count", "users")) == "Count, in users"


def test_csvw_names_each_header_among_the_titles_of_its_column(files, tables):
    (table,) = json.loads(csvw_bytes(files, tables))["tables"]
    header = files[0].content.split(b"\r\n")[0].decode().split(",")

    assert table["url"] == "shares.csv"
    for name, column in zip(header, table["tableSchema"]["columns"], strict=True):
        assert name in column["titles"]
        # Names are URI-template variables in CSV on the Web.
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.]*", column["name"])
    assert [each["datatype"] for each in table["tableSchema"]["columns"]] == [
        "gYear",
        "string",
        "number",
    ]


def test_the_dataset_is_described_in_the_words_that_search_engines_ask_for(files, tables):
    read = json.loads(dataset_json_ld(tables, PARAMETERS, files, "data/book.xlsx"))

    assert read["@context"] == "https://schema.org"
    assert read["@type"] == "Dataset"
    assert 50 <= len(read["description"]) <= 5000
    assert read["license"].startswith("https://creativecommons.org/")
    assert read["isBasedOn"]["license"] == tables.description.licence_address
    assert [each["contentUrl"] for each in read["distribution"]] == [
        "data/book.xlsx",
        "datapackage.json",
    ]


def test_no_text_of_a_release_can_end_the_script_that_describes_it(files, tables):
    hostile = replace(
        tables, description=replace(tables.description, title="</script><script>a()<!--\u2028&")
    )
    text = str(dataset_json_ld(hostile, PARAMETERS, files, ""))

    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text)["isBasedOn"]["name"] == hostile.description.title
