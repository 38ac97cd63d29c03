"""A table notes that it was looked at, however that is done, and no other one does."""

from dataclasses import fields

import pytest

from statedfigures.sources.records import ReleaseTables
from statedfigures.sources.release import read_release
from statedfigures.sources.watching import READS_VARIABLE
from tests.conftest import RELEASES

KEYED = ["paragraphs", "figures", "claims", "measures", "series", "assumptions", "published"]
ROWS = ["mentions", "reviews", "tor_monthly_users"]
ALWAYS = "table small-release/datapackage.json"


@pytest.fixture
def reads(tmp_path, monkeypatch):
    """Ask for notes; give what was noted so far."""
    path = tmp_path / "reads"
    monkeypatch.setenv(READS_VARIABLE, str(path))
    return lambda: path.read_text().splitlines()


def test_reading_a_release_looks_at_no_table_yet(reads):
    read_release("small-release", data=RELEASES)

    assert reads() == [ALWAYS]


@pytest.mark.parametrize("name", KEYED)
@pytest.mark.parametrize(
    "look",
    [
        len,
        list,
        bool,
        dict,
        sorted,
        lambda table: table.get("nothing"),
        lambda table: "nothing" in table,
        lambda table: list(table.values()),
        lambda table: list(table.items()),
        lambda table: {**table},
        lambda table: table == {},
    ],
)
def test_any_look_at_a_table_is_noted_once(reads, name, look):
    table = getattr(read_release("small-release", data=RELEASES), name)
    look(table)
    look(table)

    assert reads() == [ALWAYS, f"table small-release/{name}.csv"]


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(
    "look",
    [len, list, tuple, bool, lambda rows: [*rows], lambda rows: rows[:1], lambda rows: 1 in rows],
)
def test_any_look_at_rows_without_ids_is_noted_once(reads, name, look):
    rows = getattr(read_release("small-release", data=RELEASES), name)
    look(rows)
    look(rows)

    assert reads() == [ALWAYS, f"table small-release/{name}.csv"]


def test_a_look_at_the_description_is_noted(reads):
    tables = read_release("small-release", data=RELEASES)

    assert tables.description.edition.year == 2021
    assert reads() == [ALWAYS, "table small-release/release.toml"]


def test_every_table_is_watched():
    assert {field.name for field in fields(ReleaseTables)} == {*KEYED, *ROWS, "description"}


def test_watched_tables_hold_the_same_rows(reads):
    del reads
    watched = read_release("small-release", data=RELEASES)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(READS_VARIABLE)
        plain = read_release("small-release", data=RELEASES)

    for name in KEYED:
        assert dict(getattr(watched, name)) == dict(getattr(plain, name))
    for name in ROWS:
        assert tuple(getattr(watched, name)) == getattr(plain, name)
    for field in fields(plain.description):
        assert getattr(watched.description, field.name) == getattr(plain.description, field.name)
