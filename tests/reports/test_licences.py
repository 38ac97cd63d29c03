"""Which licence is for which part of a report."""

from dataclasses import replace

from statedfigures.reports.licences import OWN, licence_bytes, licences_of
from statedfigures.sources.release import read_release


def test_each_part_has_its_licence_the_release_first_and_the_code_last():
    covers = [one.covers for one in licences_of(read_release("weprotect-2014"))]

    assert covers[0].startswith("Facts of the release")
    assert "Tor Metrics" in covers[1]
    assert covers[2] == OWN.covers
    assert covers[3].startswith("The code")


def test_tor_metrics_are_named_only_where_they_are_used():
    tables = replace(read_release("weprotect-2014"), tor_monthly_users=())

    assert "Tor" not in "".join(one.covers for one in licences_of(tables))


def test_the_text_names_every_licence_its_page_and_the_words_to_repeat():
    tables = read_release("weprotect-2014")
    text = licence_bytes(tables).decode()

    for one in licences_of(tables):
        assert one.title in text
        assert one.address in text
        assert one.attribution in text
    assert (
        "Contains public sector information licensed under the Open Government Licence v3.0" in text
    )
    assert text.endswith(".\n")
