"""A place to try other values, as the pages get it: complete, safe and the same every time."""

import json
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.analysis.held import HeldProjection
from statedfigures.analysis.topics import study_sensitivity, study_topic
from statedfigures.display import show
from statedfigures.display.heading import thresholds
from statedfigures.display.headlines import heading_sentence
from statedfigures.display.inline import Field
from statedfigures.display.payload import payload, record_of
from statedfigures.display.what_if import step_of, what_if
from statedfigures.display.what_if_words import subject_held, what_if_heading
from statedfigures.display.words import Provenance
from statedfigures.sources.release import read_release

CHOICES = {"horizon_year": 2019, "draws": 64, "seed": 3}
HOSTILE = '</script><script>alert(1)</script>" onmouseover="x()" <!-- &amp;'


class Page(HTMLParser):
    """Collect the elements and ids of a fragment."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.ids = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note an element and its attributes."""
        self.elements.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]

    def all(self, tag):
        """Give the attributes of every element of a kind."""
        return [given for name, given in self.elements if name == tag]


@pytest.fixture(scope="module")
def studied():
    """Study the offences with few draws, and make their place to try values."""
    tables = read_release("weprotect-2014")
    study = study_topic(tables, "offences", scenario="central", **CHOICES)
    moved = study_sensitivity(tables, "offences", **CHOICES)
    return study, moved, what_if(study, moved, draws=64, seed=3)


def test_it_comes_back_from_its_payload_and_is_the_same_every_time(studied):
    study, moved, record = studied
    again = what_if(study, moved, draws=64, seed=3)

    assert record_of(json.loads(json.dumps(payload(again)))) == record
    assert show.html(again) == show.html(record)
    assert show.text(record).startswith("Distribution offences ")


def test_the_assumptions_that_matter_most_come_first(studied):
    _, moved, record = studied
    first_order = {}
    for one in (row for each in moved for row in each.rows):
        first_order[one.assumption] = max(one.first_order, first_order.get(one.assumption, 0))
    shares = [first_order.get(one.assumption, 0) for one in record.controls]

    assert shares == sorted(shares, reverse=True)
    assert len(shares) > 15


def test_every_assumption_that_a_series_reads_can_be_moved_unless_it_has_one_value(studied):
    study, _, record = studied
    read = {
        reference.partition(":")[2]
        for projection in study.projections
        for reference in projection.inputs
        if reference.startswith("assumption:")
    }
    rows = study.tables.assumptions
    fixed = {name for name in read if rows[name].low == rows[name].high}

    rules = {"little_change", "likely"}  # read for the words of every series
    assert {one.assumption for one in record.controls} == read - fixed | rules
    assert fixed == {"distribution_cutoff"}
    by_name = {one.assumption: one for one in record.controls}
    assert by_name["damping"].series == ("distribution_offences", "image_offences")
    assert by_name["image_volatility"].series == ("image_offences",)
    assert by_name["damping"].varies
    assert not by_name["weight_linear"].varies
    assert by_name["likely"].series == ("distribution_offences", "image_offences")
    assert not by_name["likely"].varies


@given(
    places=st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(1, 300)),
    power=st.integers(-4, 2),
)
def test_a_slider_can_stand_at_its_low_central_and_high_value(places, power):
    low, middle, high = (
        Decimal(one).scaleb(power)
        for one in (places[0], places[0] + min(places[1], places[2]), places[0] + places[2])
    )
    step = Decimal(repr(step_of(float(low), float(middle), float(high))))

    assert (middle - low) % step == 0
    assert (high - low) % step == 0
    assert (high - low) / step >= 40
    assert step.normalize().as_tuple().digits in {(1,), (2,), (5,)}


def test_with_nothing_held_the_sentence_is_the_published_one(studied):
    study, _, record = studied
    rules = thresholds(study.tables)

    assert [str(one.heading) for one in record.followed] == [
        str(heading_sentence(one, "central", rules)) for one in study.projections
    ]


def test_the_direction_follows_the_values_of_the_reader(make):
    """From 480 ships: at 600 and more they are likely to rise, at 300 and less to fall."""
    projection, rules = make.a_projection(), thresholds(make.some_tables())
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)

    def told(lowest):
        fan = {level: lowest + 5 * place for place, level in enumerate(levels)}
        held = HeldProjection(lowest + 1, projection.base_quantiles, {2021: fan, 2022: fan})
        return str(
            what_if_heading(projection, "high", rules, held, subject=subject_held(projection))
        )

    assert told(600.0).startswith("With your values, ships a year are likely to rise. In the high ")
    assert told(280.0).startswith("With your values, ships a year are likely to fall.")
    assert "about 601 in 2022" in told(600.0)
    assert "the 90% range 600 to 620" in told(600.0)


def test_a_very_wide_fan_is_logarithmic_and_says_so():
    tables = read_release("weprotect-2014")
    far = CHOICES | {"horizon_year": 2034}
    study = study_topic(tables, "iwf", scenario="central", **far)
    record = what_if(study, (), draws=64, seed=3)

    for one, model in zip(record.followed, json.loads(record.engine)["series"], strict=True):
        assert model["wide"]
        assert str(one.subtitle).endswith("as published. On a logarithmic scale.")


def test_every_slider_is_labelled_and_every_id_belongs_to_the_record(studied):
    _, _, record = studied
    page = Page(show.html(record))
    sliders = [given for given in page.all("input") if given["type"] == "range"]
    labelled = {given.get("for") for given in page.all("label")}

    assert len(sliders) == len(record.controls)
    assert {given["id"] for given in sliders} <= labelled
    assert all(one.startswith((record.id, "w-")) for one in page.ids)
    assert len(page.ids) == len(set(page.ids))
    for slider in sliders:
        assert float(slider["min"]) <= float(slider["value"]) <= float(slider["max"])


def test_it_is_hidden_until_a_script_shows_it_and_says_so(studied):
    _, _, record = studied
    page = Page(show.html(record))
    body = next(given for given in page.all("div") if given.get("class") == "what-if-body")

    assert "hidden" in body
    assert "Moving the values needs the script of the published page" in show.html(record)


def test_hostile_words_of_a_register_stay_words(studied):
    _, _, record = studied
    hostile = replace(record.controls[0], label=HOSTILE, unit=HOSTILE)
    spoilt = replace(
        record,
        controls=(hostile, *record.controls[1:]),
        engine=json.dumps({"title": HOSTILE}),
    )
    page = Page(show.html(spoilt))
    html = show.html(spoilt)

    assert [given.get("type") for given in page.all("script")] == ["application/json"]
    assert not any("onmouseover" in given for _, given in page.elements)
    held = html.partition('class="engine">')[2].partition("</script>")[0]
    assert json.loads(held) == {"title": HOSTILE}


def test_a_field_carries_its_name_and_its_number_for_the_script():
    source = Provenance(("figure:ships", "assumption:damping"), "a middle")
    number = Field("1,240", 1235.5, source, "q50-2019")

    assert number.html("fan") == (
        f'<a class="quantity" href="#{source.anchor("fan")}">'
        '<data data-field="q50-2019" value="1235.5">1,240</data></a>'
    )
    assert Field("may fall", None, source, "way").html() == (
        '<span data-field="way">may fall</span>'
    )
