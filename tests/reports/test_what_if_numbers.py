"""A reader's values in a real browser give the numbers and the words that Python gives."""

import random
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from importlib import import_module

import numpy as np
import pytest

from statedfigures.analysis import distributions, forms, growth, spreads
from statedfigures.analysis.draws import SLOTS, sobol_draws, sobol_points
from statedfigures.analysis.held import project_held
from statedfigures.analysis.model import model_of
from statedfigures.analysis.recipes import recipe_of
from statedfigures.analysis.topics import study_sensitivity, study_topic
from statedfigures.display.format import computed, digits, significant
from statedfigures.display.heading import thresholds
from statedfigures.display.headlines import fan_title, heading_sentence
from statedfigures.display.show import html
from statedfigures.display.tables_projection import RANGE_COLUMNS
from statedfigures.display.what_if import what_if
from statedfigures.display.what_if_words import (
    OVER_ALL,
    OVER_NONE,
    OVER_SOME,
    subject_held,
    what_if_heading,
)
from statedfigures.reports.scripts import TEMPLATE, content_security_policy, what_if_script
from statedfigures.sources.release import read_release

RELEASE = "weprotect-2014"
TOPICS = ("offences", "tor", "iwf")
# At least two hundred on the three pages together.
SETTINGS = 70
NEAR = 1e-6
# What is read for the words alone: fields of `Thresholds` to assumptions.
RULES = {"little_change_percent": "little_change", "likely": "likely"}
LEAST = Decimal("0.55")  # from which the register lets a change be called likely
AS_RENDERED = {"scenario": "central", "horizon_year": 2019, "draws": 4096, "seed": 2014}
# Follow an address, and give all that stands on the page then.
FOLLOW = """hash => {
  history.replaceState(null, "", hash);
  dispatchEvent(new HashChangeEvent("hashchange"));
  const told = {};
  for (const figure of document.querySelectorAll(".followed")) {
    const numbers = {};
    for (const field of figure.querySelectorAll("data")) {
      const name = field.dataset.field, found = [Number(field.value), field.textContent];
      if (name in numbers && numbers[name].join() !== found.join()) numbers.differ = name;
      numbers[name] = found;
    }
    const words = selector => figure.querySelector(selector).textContent;
    told[figure.dataset.series] = {numbers, title: words(".chart-title"),
      heading: words(".headline"), alt: figure.querySelector("svg").getAttribute("aria-label")};
  }
  return told;
}"""

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Topic:
    """A topic studied for some parameters, as its page was, and its place to try values."""

    study: object
    record: object
    parameters: dict

    @classmethod
    def of(cls, tables, name, parameters):
        """Study a topic and make its place to try values."""
        choices = {one: parameters[one] for one in ("horizon_year", "draws", "seed")}
        study = study_topic(tables, name, scenario=parameters["scenario"], **choices)
        moved = study_sensitivity(tables, name, **choices)
        return cls(
            study,
            what_if(study, moved, draws=parameters["draws"], seed=parameters["seed"]),
            parameters,
        )

    @property
    def controls(self):
        """The assumptions that may be moved, by id."""
        return {one.assumption: one for one in self.record.controls}


@pytest.fixture(scope="module")
def tables():
    """Read the release."""
    return read_release(RELEASE)


@pytest.fixture(scope="module")
def topic(tables):
    """Give what studies a topic; each is studied once."""
    kept = {}

    def studied(name, **changes):
        parameters = AS_RENDERED | changes
        key = (name, *parameters.values())
        if key not in kept:
            kept[key] = Topic.of(tables, name, parameters)
        return kept[key]

    return studied


@pytest.fixture
def page_of(report, new_tab):
    """Open a page of the report as it was published."""

    def opened(name, address="", **settings):
        tab = new_tab(**settings)
        tab.goto((report / f"{name}.html").as_uri() + address)
        return tab

    return opened


def grid(control):
    """List the values at which a slider may stand, as it writes them."""
    low, high, step = (
        Decimal(repr(one)) for one in (control.low.value, control.high.value, control.step)
    )
    return [low + step * place for place in range(int((high - low) / step) + 1)]


def random_settings(controls, count):
    """Hold random assumptions at random places; begin with all at an end."""
    chance = random.Random(2014)  # noqa: S311 - the same settings every time
    yield {name: grid(one)[0] for name, one in controls.items()}
    yield {name: grid(one)[-1] for name, one in controls.items()}
    for _ in range(count - 2):
        names = chance.sample(sorted(controls), chance.randint(1, len(controls)))
        places = {name: grid(controls[name]) for name in names}
        yield {
            name: chance.choice([one[0], one[-1]] if chance.random() < 0.2 else one)
            for name, one in places.items()
        }


def address_of(setting):
    """Write values as the address of the page has them."""
    return "#what-if=" + ",".join(f"{name}:{value:f}" for name, value in setting.items())


def expected_of(tables, topic, setting):
    """Give, by series, the numbers and words that Python gives for a setting."""
    study, parameters = topic.study, topic.parameters
    rules = replace(
        thresholds(tables),
        **{field: float(setting[name]) for field, name in RULES.items() if name in setting},
    )
    found = {}
    for projection in study.projections:
        model = model_of(tables, projection.series.id)
        read = set(model.assumptions) | set(RULES.values())
        held = {name: float(one) for name, one in setting.items() if name in read}
        # What does not vary and stands where it is published is not held by anybody.
        held = {
            name: value
            for name, value in held.items()
            if topic.controls[name].varies or value != tables.assumptions[name].central
        }
        drawn_from = {name: held[name] for name in held if name in model.assumptions}
        chance = sobol_draws(parameters["draws"], parameters["seed"])
        choices = {one: parameters[one] for one in ("scenario", "horizon_year")}
        result = project_held(model, chance, drawn_from, **choices)
        varying = {row.id for row in model.rows.values() if row.distribution != "fixed"}
        fan = {projection.base_year: result.base, **result.fan}
        numbers = {
            f"{name}-{year}": row[level]
            for year, row in fan.items()
            for name, _, level in RANGE_COLUMNS
        }
        over = OVER_NONE if varying <= set(held) else OVER_SOME if drawn_from else OVER_ALL
        title = projection.series.title
        titled = f"{title}, with your values" if held else title
        ends = {
            level: computed(fan[study.horizon_year][level], projection.series.unit, ["claim:x"], "")
            for _, _, level in RANGE_COLUMNS
        }
        found[projection.series.id] = {
            "numbers": numbers | {"middle": result.middle},
            "heading": str(
                what_if_heading(
                    projection,
                    parameters["scenario"],
                    rules,
                    result,
                    subject=subject_held(projection) if held else title,
                    over=over,
                )
            ),
            "title": str(fan_title(projection, titled, ends)),
        }
    return found


def texts_of(told):
    """Give the numbers of a series as they are written, by field."""
    return {name: text for name, (_, text) in told["numbers"].items()}


def assert_same(told, expected, topic):
    """Hold what the page says against what Python says."""
    assert set(told) == set(expected)
    units = {one.series.id: one.series.unit for one in topic.study.projections}
    for series, one in expected.items():
        numbers = {name: value for name, (value, _) in told[series]["numbers"].items()}
        assert numbers == pytest.approx(one["numbers"], rel=NEAR)
        assert texts_of(told[series]) == {
            name: computed(value, units[series], ["claim:x"], "").text
            for name, value in one["numbers"].items()
        }
        assert told[series]["heading"] == one["heading"]
        assert told[series]["title"] == one["title"]
        assert told[series]["alt"].startswith("Fan chart. " + one["title"].partition(":")[0])


@pytest.mark.parametrize("name", TOPICS)
def test_random_settings_give_the_numbers_and_the_words_of_python(page_of, tables, topic, name):
    tab, studied = page_of(name), topic(name)
    for setting in random_settings(studied.controls, SETTINGS):
        told = tab.evaluate(FOLLOW, address_of(setting))

        assert_same(told, expected_of(tables, studied, setting), studied)
    assert tab.told == []


@pytest.mark.parametrize(
    "changes",
    [
        {"scenario": "low", "horizon_year": 2025, "seed": 7},
        {"scenario": "high", "horizon_year": 2015, "draws": 1024},
        {"horizon_year": 2034, "draws": 64, "seed": 0},
    ],
)
def test_other_parameters_give_those_of_python_too(open_record, tables, topic, changes):
    for name in TOPICS:
        studied = topic(name, **changes)
        tab = open_record(studied.record)
        for setting in random_settings(studied.controls, 8):
            told = tab.evaluate(FOLLOW, address_of(setting))

            assert_same(told, expected_of(tables, studied, setting), studied)
        assert tab.told == []


@pytest.mark.parametrize("name", ["offences", "iwf"])
def test_another_register_and_other_hedges_give_those_of_python_too(open_record, tables, name):
    """Weights with a range, which are not drawn all the same; other distributions; other words."""
    rows, figures = dict(tables.assumptions), dict(tables.figures)
    for one, changes in {
        "weight_linear": {"distribution": "triangular", "low": 0.0},
        "damping": {"distribution": "uniform"},
        "image_volatility": {"distribution": "lognormal"},
        "iwf_reports_volatility": {"distribution": "lognormal"},
        "growth_persistence": {"distribution": "fixed"},
        "likely": {"distribution": "triangular"},
    }.items():
        rows[one] = replace(rows[one], **changes)
    for one, changes in {
        "images_2006": {"qualifier": "more_than"},
        "images_2014": {"qualifier": "almost"},
        "iwf_addresses_2013": {"qualifier": "exact", "rounded_to": Decimal(10)},
        "iwf_reports_2014_to_date": {"qualifier": "more_than", "rounded_to": Decimal(1000)},
    }.items():
        figures[one] = replace(figures[one], **changes)
    almost = replace(rows["about_half_width"], id="almost_share", rule="claim_almost",
                     applies_to=("images_2014",), low=0.8, central=0.9, high=0.95)  # fmt: skip
    changed = replace(tables, assumptions=rows | {almost.id: almost}, figures=figures)
    studied = Topic.of(changed, name, AS_RENDERED | {"draws": 256})
    tab = open_record(studied.record)

    for setting in random_settings(studied.controls, 12):
        told = tab.evaluate(FOLLOW, address_of(setting))
        assert_same(told, expected_of(changed, studied, setting), studied)
    assert tab.told == []


@pytest.fixture
def open_record(new_tab, tmp_path):
    """Give what opens a page with nothing but a place to try values."""

    def opened(record):
        script = what_if_script()
        policy = content_security_policy(script)
        page = tmp_path / f"{record.id}.html"
        page.write_text(
            f'<!DOCTYPE html><meta charset="utf-8"><title>A page</title><meta http-equiv='
            f'"Content-Security-Policy" content="{policy}"><main>{html(record)}</main>'
            f"<script>{script}</script>",
            encoding="utf-8",
        )
        tab = new_tab()
        tab.goto(page.as_uri())
        return tab

    return opened


@pytest.mark.parametrize("name", TOPICS)
def test_where_nothing_is_held_the_page_says_what_is_published(page_of, tables, topic, name):
    tab, studied = page_of(name), topic(name)
    told = tab.evaluate(FOLLOW, "#section-made")
    rules = thresholds(tables)

    assert {series: one["heading"] for series, one in told.items()} == {
        one.series.id: str(heading_sentence(one, "central", rules))
        for one in studied.study.projections
    }
    assert_same(told, expected_of(tables, studied, {}), studied)
    whose = tab.locator(".what-if-state p:visible").inner_text()
    assert whose.strip() == "These are the published values."


def test_what_counts_as_likely_changes_words_and_no_number(page_of, tables, topic):
    settings = [{"little_change": Decimal(5)}, {"little_change": Decimal(20)}, {"likely": LEAST}]
    headings = {}
    for name in TOPICS:
        tab, studied = page_of(name), topic(name)
        published = tab.evaluate(FOLLOW, "#section-made")
        for setting in settings:
            told = tab.evaluate(FOLLOW, address_of(setting))

            assert_same(told, expected_of(tables, studied, setting), studied)
            for series, one in told.items():
                assert texts_of(one) == texts_of(published[series])
                assert one["heading"].startswith("With your values, ")
                headings.setdefault(series, set()).add(one["heading"])
    # Some series is so near to a threshold that its direction turns.
    assert max(map(len, headings.values())) > 1


@pytest.fixture
def formulas(new_tab):
    """Give what runs an expression among the formulas of the page, on a page of its own."""
    tab = new_tab()
    parts = sorted((TEMPLATE / "what_if").glob("[1-5]_*.js"))
    script = "\n".join(part.read_text(encoding="utf-8") for part in parts)

    def run(expression, given):
        return tab.evaluate(f"given => {{ {script}\nreturn {expression}; }}", given)

    return run


def test_the_normal_inverse_is_that_of_scipy(formulas):
    """In the middle, in both tails and at the ends, to fourteen digits."""
    tails = np.logspace(-15.6, -1, 400)
    uniforms = np.concatenate(
        [[0, 1, 0.5, 0.075, 0.925], np.linspace(0, 1, 4001), tails, 1 - tails]
    )

    found = np.array(formulas("given.map(standardNormal)", uniforms.tolist()))

    assert found == pytest.approx(distributions.standard_normal(uniforms), rel=1e-14, abs=1e-15)


def test_points_are_those_of_scipy_to_the_last_digit(formulas):
    points = sobol_points(len(SLOTS), 4096, 2014)

    found = formulas("given.map(recipe => [...pointsOf(recipe)])", recipe_of(points).tolist())

    assert np.array_equal(np.array(found), points)


STATED = spreads.Stated(value=1000.0, rounded_to=100.0, floor=1000.0, cap=1152.0)


@pytest.mark.parametrize("rule", sorted(set(spreads.SPREADS) - {"annualisation_remaining_rate"}))
def test_every_hedge_spreads_a_number_as_in_python(formulas, rule):
    """Also those that no page with sliders reads in this release."""
    uniforms = np.linspace(0, 0.999, 201)
    stated = {name: getattr(STATED, name) for name in ("value", "rounded_to", "floor", "cap")}
    for width in (0.0, 0.5, 0.9):
        found = formulas(
            "given.uniforms.map(one => SPREADS[given.rule](given.stated, given.width, one))",
            {"uniforms": uniforms.tolist(), "rule": rule, "stated": stated, "width": width},
        )

        assert found == pytest.approx(spreads.SPREADS[rule](STATED, width, uniforms), rel=1e-12)


@pytest.mark.parametrize("distribution", ["triangular", "uniform", "lognormal", "fixed"])
def test_every_distribution_is_that_of_python(formulas, tables, distribution):
    row = replace(
        tables.assumptions["damping"], low=0.7, central=0.85, high=0.98, distribution=distribution
    )
    columns = ("low", "central", "high", "distribution", "allowed_min", "allowed_max")
    uniforms = np.linspace(0, 1, 501)

    found = formulas(
        "given.uniforms.map(one => assumedValue(given.row, one))",
        {"uniforms": uniforms.tolist(), "row": {name: getattr(row, name) for name in columns}},
    )

    assert found == pytest.approx(distributions.assumed_values(row, uniforms), rel=1e-12)


@pytest.mark.parametrize("place", range(len(forms.FORMS)))
def test_every_form_is_that_of_python_for_rises_falls_and_its_limits(formulas, place):
    rates = np.concatenate([np.linspace(-0.9, 0.9, 41), [1e-9, -1e-9]])
    for years, damping, ceiling in ((1.0, 0.7, 1.01), (4.0, 1.0, 20.0), (0.5, 0.98, 1.0)):
        shape = {"spanYears": years, "damping": damping, "ceiling": ceiling}
        found = formulas(
            "given.steps.map(step => given.rates.map(one => "
            "FORMS[given.place](one, step, given.shape)))",
            {"steps": [1, 5, 20], "rates": rates.tolist(), "place": place, "shape": shape},
        )
        form = list(forms.FORMS.values())[place]
        expected = form(
            rates, np.array([[1.0], [5.0], [20.0]]), forms.Shape(years, damping, ceiling)
        )

        assert np.array(found) == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_the_chance_of_counting_and_the_shocks_are_those_of_python(formulas):
    found = formulas(
        "[countNoise(...given[0]), shocks(...given[1])]", [[7, 10, -1.3], [0.2, 0.3, -1.1, 3]]
    )
    added = growth.shocks(0.2, 0.3, np.array([-1.1]), np.array([[3.0]]))

    assert found == pytest.approx([float(growth.count_noise(7.0, 10.0, -1.3)), added.item()])


@pytest.mark.parametrize(
    "unit", ["offences", "percent", "percentage_points", "multiple", "gbp", "gbp_million"]
)
def test_numbers_are_written_to_the_letter_as_python_writes_them(formulas, unit):
    """Ties too, which a browser rounds away from nought: 1,225 is 1,220 with three digits."""
    ties = [1225, 1235, 12_250, 0.125, 2.5, 999_500, 1_005_000, 0.1005, 9.95, 0.95, 99.95]
    chance = np.random.default_rng(1)
    values = [0.0, *ties, *(-one for one in ties), *(10 ** chance.uniform(-6, 9, 800)).tolist()]

    texts = formulas(f"given.map(one => computedText(one, {unit!r}))", values)

    assert texts == [computed(one, unit, ["claim:x"], "").text for one in values]
    assert formulas("given.map(one => digits(one))", values) == [digits(one) for one in values]
    for figures in (1, 2, 3, 12):
        assert formulas(f"given.map(one => significant(one, {figures}))", values) == [
            significant(one, figures) for one in values
        ]


def test_every_formula_of_the_page_names_the_python_that_it_repeats():
    mark = re.compile(r"^// (analysis|display)/(\w+)\.py: (\w+)", re.MULTILINE)
    parts = (TEMPLATE / "what_if").glob("*.js")
    named = [one for part in parts for one in mark.findall(part.read_text(encoding="utf-8"))]

    assert len(named) > 30
    for stage, module, name in named:
        assert hasattr(import_module(f"statedfigures.{stage}.{module}"), name), (module, name)
