import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from statedfigures.analysis.fingerprints import fingerprint_of
from statedfigures.analysis.hedges import hedged_figures
from statedfigures.analysis.reviews import disputed_assumptions, review_states
from statedfigures.analysis.scores import quality_findings, register_scores
from statedfigures.analysis.sensitivity import sensitivity_of
from statedfigures.analysis.topics import study_register, study_topic
from statedfigures.display.answers import answer_assumptions
from statedfigures.display.charts_quality import chart_quality_impact
from statedfigures.display.charts_tornado import chart_tornado
from statedfigures.display.payload import payload
from statedfigures.display.reviews import due_words, review_notices, review_words, reviews_sentence
from statedfigures.display.show import html
from statedfigures.display.tables_hedges import table_hedges
from statedfigures.display.tables_register import table_assumptions, table_assumptions_used
from statedfigures.display.what_if import what_if
from statedfigures.reports.disputed import mark_disputed
from statedfigures.sources.records import Review
from statedfigures.sources.release import read_release

TABLES = read_release("weprotect-2014", data=Path(__file__).parents[2] / "data")
INPUTS = ("figure:images_2014", "assumption:damping", "assumption:growth_persistence")


def reviewed(name="damping", decision="accept", comment="", tables=TABLES):
    """Give the tables with a review of one assumption as it is."""
    fingerprint = fingerprint_of(tables.assumptions[name])
    review = Review(name, fingerprint, decision, "head of profession", date(2026, 11, 23), comment)
    return replace(tables, reviews=(*tables.reviews, review))


def changed(tables, name="damping", **changes):
    row = replace(tables.assumptions[name], **changes)
    return replace(tables, assumptions={**tables.assumptions, name: row})


def words(tables, name="damping"):
    return str(review_words(review_states(tables)[name]))


@pytest.fixture(scope="module")
def sensitivities():
    return study_register(TABLES, horizon_year=2019, draws=128, seed=1)


def quality_chart(tables, sensitivities):
    scores = register_scores(tables, sensitivities)
    contradictions = quality_findings(tables, scores)
    return chart_quality_impact(tables, sensitivities, scores, contradictions)


def column(view, name):
    place = [one.name for one in view.columns].index(name)
    return [row[place] for row in view.rows]


def test_each_state_is_told_with_who_and_when():
    assert words(TABLES) == "never"
    assert words(reviewed()) == "reviewed by head of profession on 23 November 2026"
    challenged = reviewed(decision="challenge", comment="Too narrow.")
    assert words(challenged).startswith("challenged by head of profession on")
    assert words(challenged).endswith(": Too narrow.")
    assert words(changed(challenged, high=0.99, source="Another.")).endswith(
        "challenged by head of profession on 23 November 2026, changed since: source and range"
    )


def test_states_are_counted_in_words():
    tables = reviewed("growth_persistence", "reject", "Wrong.", reviewed())
    rest = len(TABLES.assumptions) - 2

    assert str(reviews_sentence(TABLES)) == "Nobody has reviewed any of them yet."
    assert str(reviews_sentence(tables)) == (
        f"One reviewed and accepted, one rejected and {rest} never reviewed."
    )
    assert "one changed since the review" in str(reviews_sentence(changed(tables, high=0.99)))


def test_a_date_of_review_that_has_passed_is_told_beside_it():
    late = changed(TABLES, review_by=date(2026, 11, 1), decided_on=date(2026, 10, 1))
    state = review_states(late)["damping"]

    assert str(due_words(state)) == "1 November 2026 (overdue)"


def test_the_register_is_sorted_by_risk_and_shows_review_break_even_and_places(sensitivities):
    view = table_assumptions(reviewed(), sensitivities)
    scores = register_scores(TABLES, sensitivities)
    ids = [one.removeprefix("assumption-") for one in view.row_ids]

    risks = [scores.get(name, (0, 0))[1] for name in ids]
    assert risks == sorted(risks, reverse=True)
    shown = dict(zip(ids, column(view, "review"), strict=True))
    assert str(shown["damping"]).startswith("reviewed by")
    assert shown["growth_persistence"] == "never"
    page = html(view)
    assert 'href="offences.html#fan-image_offences"' in page
    assert page.count("<svg") == len(ids)
    assert any("(" in str(cell) for cell in column(view, "break_even"))
    assert json.dumps(payload(view))


def test_the_register_stands_without_sensitivities_too():
    view = table_assumptions(TABLES)

    assert set(column(view, "risk")) == {None}
    assert list(view.row_ids) == sorted(view.row_ids)


def test_every_distribution_is_drawn_inside_its_picture():
    """The picture is 72 by 20 units."""
    for one in column(table_assumptions(TABLES), "distribution"):
        numbers = re.findall(r'(?:points|x1|x2)="([^"]+)"', one.drawn)
        for x in (float(pair.split(",")[0]) for part in numbers for pair in part.split()):
            assert 0 <= x <= 72
        assert one.text in {"triangular", "uniform", "lognormal", "fixed"}


def test_the_assumptions_of_a_page_show_the_state_of_their_review():
    view = table_assumptions_used(INPUTS, reviewed(decision="reject", comment="Wrong."))

    assert [str(cell).split()[0] for cell in column(view, "review")] == ["rejected", "never"]


def test_a_page_without_trouble_has_no_notice():
    assert review_notices(INPUTS, reviewed()) is None


def test_a_page_is_warned_of_what_is_disputed_and_what_is_overdue():
    troubled = reviewed(decision="challenge", comment="Too narrow.")
    troubled = changed(
        troubled, "growth_persistence", review_by=date(2026, 1, 1), decided_on=date(2025, 1, 1)
    )
    notice = review_notices(INPUTS, troubled)

    assert [str(one) for one in notice.sentences] == [
        "One assumption of this page is challenged: share of growth left after each year in the "
        "damped form (“Too narrow”).",
        "One assumption of this page is past the date of review: persistence of growth.",
    ]
    assert review_notices(("figure:images_2014",), troubled) is None


def test_a_change_ends_the_notice_of_a_challenge():
    challenged = reviewed(decision="challenge", comment="Too narrow.")

    assert review_notices(INPUTS, changed(challenged, high=0.99)) is None
    assert disputed_assumptions(changed(challenged, high=0.99)) == {}
    assert disputed_assumptions(challenged) == {"damping": "challenged"}


def test_a_disputed_assumption_is_marked_where_a_working_names_it_and_nowhere_else():
    link = '<a class="quantity" href="assumptions.html#assumption-{}">{}</a>'
    page = link.format("damping", "0.8") + link.format("damping", "damping")
    page += link.format("little_change", "little_change")
    page = f'<p>{page}</p><details class="workings">{page}</details>'

    marked = mark_disputed(page, {"damping": "challenged"})
    assert marked.count("(challenged)") == 1
    assert marked.endswith(
        'damping">damping</a> <strong class="disputed">(challenged)</strong>'
        f"{link.format('little_change', 'little_change')}</details>"
    )
    assert mark_disputed(page, {}) == page


@pytest.mark.parametrize("table", ["register", "used", "hedges"])
def test_a_table_says_that_an_assumption_is_disputed_beside_its_name_alone(table, sensitivities):
    """Some names have digits and some have none; the basis and the source are no names."""
    names = ("damping", "image_growth_change", "revision_of_published_counts")
    tables = TABLES
    for name in names:
        tables = reviewed(name, "reject", tables=tables)
    view = {
        "register": lambda: table_assumptions(tables, sensitivities),
        "used": lambda: table_assumptions_used([f"assumption:{one}" for one in names], tables),
        "hedges": lambda: table_hedges(hedged_figures(tables, "offences"), tables),
    }[table]()
    shown = mark_disputed(html(view), disputed_assumptions(tables)).partition("</table>")[0]
    found = re.findall(r">([^<>]*) \(rejected\)</a>", shown)

    read = names[2:] if table == "hedges" else names
    assert set(found) == {TABLES.assumptions[one].label for one in read}
    assert shown.count("(rejected)") == len(found)


@pytest.mark.parametrize(
    ("decision", "word"), [("challenge", "(challenged)"), ("reject", "(rejected)")]
)
def test_the_pictures_say_that_an_assumption_is_disputed(sensitivities, decision, word):
    tables = reviewed("image_growth_change", decision)
    moved = sensitivity_of(tables, "image_offences", horizon_year=2019, draws=64, seed=1)
    quality = quality_chart(tables, sensitivities)

    for chart in (chart_tornado(moved), quality):
        drawn = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", chart.svg))
        assert f"Change of growth in image offences after 2014 {word}" in drawn
        assert word in str(chart.alt_text)
        assert [str(row[0]) for row in chart.data.rows if word in str(row[0])] == [
            f"Change of growth in image offences after 2014 {word}"
        ]
        marked = mark_disputed(html(chart), disputed_assumptions(tables))
        assert f"{word}</a>" in marked
        assert f"{word}</a> <strong" not in marked  # said once is enough


def test_the_answer_says_that_what_matters_most_is_disputed():
    tables = reviewed("image_growth_change", "challenge")
    moved = sensitivity_of(tables, "image_offences", horizon_year=2019, draws=1024, seed=1)

    assert (
        "What moves the projection of all image offences at first hearing most: change of growth "
        "in image offences after 2014 (challenged)."
    ) in [str(one) for one in answer_assumptions(tables, [moved]).sentences]


def test_a_control_that_moves_a_disputed_assumption_says_so_in_its_names():
    tables = reviewed(decision="reject")
    choices = {"horizon_year": 2019, "draws": 64, "seed": 1}
    study = study_topic(tables, "offences", scenario="central", **choices)
    shown = html(what_if(study, (), draws=64, seed=1))
    label = f"{TABLES.assumptions['damping'].label} (rejected)"

    # The name of the slider, and that of the button that puts it back.
    assert shown.count(label) == shown.count("(rejected)") == 2


def test_the_quality_chart_names_the_riskiest_and_holds_every_scored_row(sensitivities):
    scores, chart = register_scores(TABLES, sensitivities), quality_chart(TABLES, sensitivities)
    riskiest = max(scores, key=lambda name: scores[name][1])

    assert TABLES.assumptions[riskiest].label[1:] in str(chart.title)
    assert len(chart.data.rows) == len(scores)
    assert "sensitivity score" in chart.svg
    assert chart.svg == quality_chart(TABLES, sensitivities).svg
    assert str(chart.subtitle).endswith("No rating is contradicted by the computed scores.")


def test_the_quality_chart_names_a_rating_that_the_scores_contradict(sensitivities):
    """Rated strong, an assumption that moves a headline by more than the rule allows."""
    scores = register_scores(TABLES, sensitivities)
    riskiest = max(scores, key=lambda name: scores[name][0])
    strong = changed(
        changed(TABLES, riskiest, quality="strong"),
        "quality_contradiction", low=0.0, central=scores[riskiest][0] / 2, allowed_min=0.0,
    )  # fmt: skip
    chart = quality_chart(strong, sensitivities)

    label = strong.assumptions[riskiest].label
    assert f"contradict the rating of: {label[0].lower()}{label[1:]}." in str(chart.subtitle)
