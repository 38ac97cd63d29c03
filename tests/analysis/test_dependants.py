from pathlib import Path

from statedfigures.analysis.dependants import series_by_assumption, topics_by_assumption
from statedfigures.analysis.model import model_of
from statedfigures.sources.release import read_release

TABLES = read_release("weprotect-2014", data=Path(__file__).parents[2] / "data")


def test_every_assumption_of_the_shipped_register_serves_a_topic():
    assert set(topics_by_assumption(TABLES)) == set(TABLES.assumptions)


def test_the_series_of_an_assumption_are_those_whose_model_reads_it():
    """The model of a series is what the engine reads; what rules words alone serves none."""
    found = series_by_assumption(TABLES)
    projected = [one.id for one in TABLES.series.values() if one.projectable == "yes"]

    for series in projected:
        for name in model_of(TABLES, series).assumptions:
            assert series in found[name]
    assert found["image_level_shift"] == ("image_offences",)
    assert found["tor_growth_period"] == ("tor_daily_users",)
    assert found["growth_persistence"] == tuple(sorted(projected))
    assert not {"likely", "little_change"} & set(found)


def test_the_topic_of_a_series_is_among_the_topics_of_its_assumptions():
    topics = topics_by_assumption(TABLES)

    for name, series in series_by_assumption(TABLES).items():
        assert {TABLES.series[one].topic for one in series} <= set(topics[name])
    # The hedges of arrests and children serve the page on protection, which projects nothing.
    assert "protection" in topics["more_than_excess"]
