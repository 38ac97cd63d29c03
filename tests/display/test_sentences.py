"""Every sentence is computed: changing a row changes it; expected words are worked out by hand."""

import math

import pandas as pd
import pytest

import statedfigures as sf
from statedfigures.display import sentences
from statedfigures.display.formats import change_words
from statedfigures.display.words import Number

HEADLINE = {
    "scenario": "central", "base_year": 2020, "horizon_year": 2026, "base": 480.0,
    "middle": 571.0, "low50": 514.0, "high50": 635.0, "low90": 437.0, "high90": 754.0,
    "p_higher": 0.69, "p_lower": 0.04, "p_little": 0.27, "threshold": 10.0,
    "threshold_unit": "percent", "message": "likely rise", "step": 1.0, "clipped_share": 0.0,
    "rounded_to": 10.0, "unit": "ships", "inputs": "series:ships assumption:little_change",
}  # fmt: skip


@pytest.fixture
def read(small_release):
    """Return what reads the small release after some of its cells are changed."""

    def reading(*changes):
        for table, row_id, column, value in changes:
            if table != "figures":
                row = small_release.row_of(table, row_id)
                small_release.set_cell(table, row, column, value)
        release = sf.read_release("small-release", small_release.data)
        # A figure must be what its fragment states: it is changed once it is read.
        for table, row_id, column, value in changes:
            if table == "figures":
                release.figures.loc[row_id, column] = float(value)
        return release

    return reading


def claim_text(release, claim):
    result = sf.check_claims(release).loc[claim]
    return sentences.claim_sentence(release, claim, result).text


def topic_headline(release, topic):
    tables = sf.check_claims(release), sentences.finding_sentences(release, topic)
    return sentences.headline_of_topic(release, topic, *tables).text


def untraced(sentence):
    return [
        part
        for part in sentence.parts
        if isinstance(part, Number) and not part.quiet and not part.inputs
    ]


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((5 / 3, 5 / 3), "rose by two thirds"),
        ((1.675, 1.68), "rose by about two thirds"),
        ((2.0, 2.0), "doubled"),
        ((1.96, 1.98), "about doubled"),
        ((5.21, math.nan), "rose to more than five times"),
        ((0.5, 0.5), "fell by half"),
        ((0.71, 0.72), "fell by more than a quarter"),
        ((0.6, 0.9), "fell by 10–40%"),
        ((0.999, 1.001), "changed little"),
    ],
)
def test_a_change_has_the_words_that_people_use(ends, words):
    assert change_words(*ends) == words


def test_a_claim_is_told_with_its_figures_and_its_caveat(read):
    """480 over 400 is a rise of 20%; over 300 it is one of 60%."""
    assert claim_text(read(), "ships_rise") == "From 400 to 480 is a rise of 20%."
    changed = read(("figures", "ships_2018", "value", "300"))
    assert claim_text(changed, "ships_rise").startswith(
        "From 300 to 480 is a rise of 60%; the words mean a rise of 19.5–20.5%"
    )
    caveat = claim_text(changed, "passengers_five_times")
    assert caveat.endswith(". Read with care: part of a year against a whole year.")
    assert caveat.count(". ") == 1


def test_the_tally_counts_what_the_rows_say(read):
    """Up 20% holds on a base of 400, and not on one of 300."""
    claims = sf.check_claims(read())
    changed = sf.check_claims(read(("figures", "ships_2018", "value", "300")))

    assert sentences.tally(claims.loc[["ships_rise"]]).text == (
        "The one comparison in the announcement holds as arithmetic."
    )
    assert sentences.tally(changed.loc[["ships_rise"]]).text == (
        "The one comparison in the announcement does not hold as arithmetic."
    )


def test_published_figures_decide_what_the_release_leaves_open():
    claims = pd.DataFrame(
        {
            "verdict": ["not determinable from the release"] * 3,
            "verdict_with_published": ["consistent", "not consistent", "not comparable"],
            "warnings": "",
        },
        index=["a", "b", "c"],
    )

    assert sentences.tally(claims).text == (
        "The three comparisons in the announcement cannot be decided from the release alone; "
        "figures published elsewhere agree with one of these and disagree with one."
    )


def test_all_hold_carries_its_caveat_in_the_same_sentence():
    claims = pd.DataFrame(
        {
            "verdict": ["supported"] * 2,
            "verdict_with_published": "",
            "warnings": ["part of a year against a whole year", ""],
        },
        index=["a", "b"],
    )

    assert sentences.tally(claims, "on this subject").text == (
        "The two comparisons on this subject hold as arithmetic, and one of them sets unlike "
        "things side by side."
    )


def test_a_refuted_claim_opens_its_page(read):
    """480 over 300 is 1.6: more than half as many again, not 20% more."""
    release = read(("figures", "ships_2018", "value", "300"))

    assert topic_headline(release, "ships") == (
        "Ships a year did not rise by 20%, but rose by more than half"
    )


def test_a_topic_without_comparisons_says_so(read):
    assert topic_headline(read(), "plans") == (
        "The release states one figure on this and no comparison"
    )


def test_cards_say_what_fails_first_and_count_what_is_alike(read):
    release = read(("figures", "ships_2018", "value", "300"))
    claims = sf.check_claims(release).query("topic == 'ships'")
    cards = sentences.verdict_cards(release, claims).cards

    assert cards[0].verdict == "not supported"
    label = release.claims.loc["ships_rise", "label"]
    assert cards[0].words.text == label
    assert cards[0].sentence.text.startswith("“up 20% on the 400 of 2018”: from 300 to 480 is ")
    assert cards[1].sentence.text.endswith("Two more comparisons hold as arithmetic.")
    # One is refuted, two hold within rounding and one exactly, one is open.
    assert [card.count for card in cards] == [1, 2, 1]


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("likely rise", "Ships a year: likely to rise by 2026"),
        ("likely fall", "Ships a year: likely to fall by 2026"),
        ("little change", "Ships a year: likely to change little by 2026"),
        ("cannot tell", "Ships a year could rise or fall by 2026"),
    ],
)
def test_the_title_has_the_message_and_the_sentence_its_probabilities(read, message, title):
    release, row = read(), pd.Series({**HEADLINE, "message": message})

    said = sentences.projection_sentences(release, "ships", row)

    assert said["title"].text == title
    assert said["message"].text == (
        "69 in 100 draws end more than 10% above their base, 4 in 100 more than 10% below it."
    )


def test_a_title_that_is_too_long_moves_into_the_subtitle(read):
    """Twelve words and the six of the message are eighteen."""
    long = "Share of patients seen and sent home within four hours of arrival"
    release, row = read(("series", "ships", "title", long)), pd.Series(HEADLINE)

    said = sentences.projection_sentences(release, "ships", row)

    assert said["title"].text == "Likely to rise by 2026"
    assert said["subtitle"].text.startswith(f"{long}. Ships, Merrow.")


def test_half_of_the_draws_lie_between_ends_that_are_rounded_outward(read):
    """In tens: 514 down to 510, 635 up to 640, 437 down to 430, 754 up to 760, 571 to 570."""
    release = read()

    def said(**changed):
        row = pd.Series({**HEADLINE, **changed})
        return sentences.projection_sentences(release, "ships", row)["range"].text

    assert said() == (
        "Half of the draws lie between 510 and 640 ships in 2026, nine in ten between 430 and "
        "760; the middle is 570."
    )
    assert "between 510 and 660 ships" in said(high50=655.0)
    fixed = dict.fromkeys(("low50", "high50", "low90", "high90", "middle"), 570.0)
    assert said(**fixed).startswith("Half of the draws lie at 570 ships in 2026, nine in ten at 57")


@pytest.mark.parametrize(
    ("unit", "words"), [("seconds", "Duration"), ("usd", "US dollars"), ("ships", "Ships")]
)
def test_a_subtitle_names_what_is_measured(read, unit, words):
    said = sentences.projection_sentences(read(), "ships", pd.Series({**HEADLINE, "unit": unit}))

    assert said["subtitle"].text.startswith(f"{words}, Merrow. Half of the draws lie between ")


def test_a_sentence_begins_with_a_capital_where_a_probability_is_too_small_to_be_told():
    release = sf.read_release("broadband-2022")
    headlines = sf.headlines(release, "full_fibre_share", draws=1024)
    row = headlines.iloc[0]
    said = sentences.projection_sentences(release, headlines.index[0], row)["message"].text

    assert said.startswith("More than 99 in 100 draws end more than 1 percentage point above ")


def test_growth_observed_and_assumed_stand_in_words(read):
    """The square root of 480 over 400 is 1.0954: 9.5% a year."""
    release = read()
    growth = sf.observed_growth(release).loc["ships"]
    said = sentences.growth_sentence(release, "ships", growth).text

    assert said.startswith("Ships a year: by the release’s figures a rise of 9.5% a year")
    assert said.endswith(
        "Half of that rise is assumed to go on (in the draws from none to all); each year keeps "
        "nine tenths of the change of the year before."
    )
    high = sentences.growth_sentence(release, "ships", growth, "high").text
    assert " In the central scenario half of that rise is assumed to go on " in high
    assert high.endswith("; the high scenario holds other values.")
    changed = read(("assumptions", "growth_continues_ships", "central", "0.25"))
    assert "A quarter of that rise" in sentences.growth_sentence(changed, "ships", growth).text


def test_a_bound_is_told_without_a_range(read):
    said = sentences.bounds_sentence(read(), "pilots").text

    assert said == (
        "Not projected: more than 30 pilots (3 March 2021). The release gives a "
        "lower bound for one day only."
    )
    assert (
        "more than 21 pilots"
        in sentences.bounds_sentence(read(("figures", "pilots", "value", "21")), "pilots").text
    )


def test_what_the_step_adds_is_a_sentence_of_its_own(read):
    release = read()
    row = pd.DataFrame(
        {"symbol": "base_step", "applies_to": "ships", "label": "What counting boats adds"},
        index=["step"],
    )
    release.assumptions.loc["step", ["symbol", "applies_to", "label"]] = row.iloc[0]
    row = pd.Series({**HEADLINE, "step": 1.25, "base": 600.0})
    (said,) = sentences.projection_sentences(release, "ships", row)["behind"]

    assert said.text == (
        "The base of 2020, stated as 480, counts as 600 for a whole year under the method of its "
        "last months; a factor of 1.25 in it is what counting boats adds."
    )
    without = sentences.projection_sentences(release, "ships", pd.Series(HEADLINE))
    assert without["behind"] == ()


def test_what_came_later_is_counted_where_no_break_stands_before_it(read):
    release = read()
    later = sf.outturn(release)
    said = sentences.outturn_sentence(release, "ships", later).text

    assert said.startswith("Ships a year: of two figures published later within the usual horizon")
    broken = later.assign(break_of_measure=True)
    assert "no year is scored" in sentences.outturn_sentence(release, "ships", broken).text


@pytest.mark.parametrize(
    ("inside50", "inside90", "place"),
    [
        (True, True, "lies in the range of half of the draws."),
        (False, True, "lies in the range of nine in ten draws, not in that of half."),
        (False, False, "lies outside the range of nine in ten draws."),
        (pd.NA, pd.NA, "lie inside the range of nine in ten draws or outside it."),
        (False, pd.NA, "may as published lie inside the range of nine in ten draws or outside it."),
        (pd.NA, True, "may as published lie inside the range of half of the draws or outside it."),
    ],
)
def test_a_single_later_figure_is_told_with_its_place(read, inside50, inside90, place):
    release = read()
    single = sf.outturn(release).head(1).assign(inside50=inside50, inside90=inside90)
    said = sentences.outturn_sentence(release, "ships", single).text

    assert said.startswith("Ships a year: the one figure published later within the usual ")
    assert said.endswith(place)


def test_later_figures_that_are_all_bounds_are_not_counted_as_outside(read):
    release = read()
    later = sf.outturn(release).assign(break_of_measure=False, within_horizon=True)
    open_ones = later.assign(inside50=pd.NA, inside90=pd.NA)

    said = sentences.outturn_sentence(release, "ships", open_ones).text

    assert "published later within the usual horizon may, as published, lie inside" in said
    assert sentences.outturn_headline(open_ones).text.startswith("Nothing that came later can be")


def test_sensitivity_names_the_first_assumption_and_the_part_of_chance(read):
    release = read()
    moving = sf.sensitivity(release, draws=1024)
    said = sentences.sensitivity_sentence(release, moving)

    first = release.assumptions.loc[moving.iloc[0]["assumption"], "label"]
    assert said.text.startswith(f"Ships a year: what matters most is “{first}”.")
    assert sentences.sensitivity_title(moving).text.startswith("Chance makes up ")
    assert not untraced(said)


def test_a_middle_that_does_not_move_stays_near_its_value(read):
    """At 1,580.2 and 1,580.4 the middle prints as 1,580 at both ends."""
    release = read()
    moving = sf.sensitivity(release, draws=1024)
    still = moving.assign(middle_at_low=1580.2, middle_at_high=1580.4)

    said = sentences.sensitivity_sentence(release, still).text
    assert "Between its low and its high the middle stays near 1,580, and the range" in said


def test_all_that_lie_inside_are_all(read):
    """Two are within the horizon; where both lie in both ranges, both counts say so."""
    later = sf.outturn(read())
    later = later.assign(within_horizon=True, break_of_measure=False, inside50=True, inside90=True)

    def told(rows):
        return sentences.outturn_headline(rows).text

    assert "one lies in the range of half of the draws and one in that of" in told(later.head(1))
    assert told(later) == (
        "Of two figures published later within the usual horizon, both lie in the range of half of "
        "the draws and both in that of nine in ten; single paths prove little."
    )
    assert "all four lie in the range" in told(pd.concat([later] * 2))
    # What may lie on either side, such as a bound, is told beside them.
    open_too = pd.concat([later, later.head(1).assign(inside50=False, inside90=pd.NA)])
    assert told(open_too).startswith(
        "Of three figures published later within the usual horizon, two lie in the range of half "
        "of the draws and two in that of nine in ten (one may, as published, lie inside or outside)"
    )
    assert told(later.assign(break_of_measure=True)) == (
        "Nothing that came later can be held against the projections."
    )


def test_what_published_figures_say_of_a_claim_is_said_once():
    """83,000 over 134,000, with what rounding allows, is a fall of 37.4–38.7%."""
    release = sf.read_release("broadband-2022")
    claims = sf.check_claims(release).loc[["no_decent_fall"]]
    (card,) = sentences.verdict_cards(release, claims).cards

    assert card.sentence.text.count("published elsewhere") == 1
    assert card.sentence.text.endswith(
        "Figures published elsewhere agree with it. "
        "The published figures give a fall of 37.4–38.7%."
    )
    # Of several that are open, the one that published figures contradict is told first.
    release = sf.read_release("weprotect-2014")
    cards = sentences.verdict_cards(release, sf.check_claims(release), "offences").cards
    assert cards[-1].words.text == release.claims.loc["images_consistently_above", "label"]


def test_the_benchmarks_are_told_whoever_wins():
    """Smaller is better: against no change 0.1 wins thrice; undamped, once, and once neither."""
    scores = pd.DataFrame(
        {"score": [0.1, 0.1, 0.1, 0.0], "score_no_change": 0.5, "inputs": "series:ships"}
    ).assign(score_undamped=[0.05, 0.1, 0.3, 0.5], span=["horizon"] * 3 + ["all"], years=2)

    said = sentences.benchmarks_sentence(scores)
    assert said.text == (
        "Of three series scored within the usual horizon, the projection did better on all three "
        "against no change, and better on one, worse on one and as well on one against the "
        "undamped trend."
    )
    assert not untraced(said)
    assert sentences.benchmarks_sentence(scores.assign(years=0)) is None


def test_a_level_against_a_bound_says_plainly_why_it_is_open():
    """The count of one year is set against more than 20,000 in the years before it."""
    release = sf.read_release("weprotect-2014")

    assert claim_text(release, "images_highest_level") == (
        "The level it is compared with is stated only as a bound, so another period may have "
        "gone as far or further."
    )


def test_trust_counts_reviews_and_what_is_disputed():
    states = pd.DataFrame({"state": ["never", "agreed", "challenged"]}, index=["a", "b", "c"])

    assert sentences.trust_sentence(states).text == (
        "Three assumptions, two reviewed, one challenged or rejected."
    )


def test_a_finding_follows_its_rows(read):
    """150 is 87.5% above 80, and 20% below 187.5; 150 over 1.7 to 2.15 lies about 80."""

    def told(base):
        release = read(("figures", "tankers_2015", "value", base))
        return sentences.finding_sentences(release).loc["tankers_not_doubled", "sentence"]

    fits, changed = told("80"), told("187.5")
    assert fits.text.endswith("implies a base of 70–89, and the 80 stated in the release fits it.")
    assert " fell by 14–26%; " in changed.text
    assert changed.text.endswith("; to almost double, the base would have to be 70–89, not 188.")
    assert not untraced(changed)


def test_what_agrees_is_no_departure_and_says_whose_base_fits():
    """134,000 lies in 132,000–136,000, though 2.5% from a middle would be far enough."""
    release = sf.read_release("broadband-2022")
    told = sentences.finding_sentences(release)
    said = told.loc["fall_borne_out", "sentence"].text

    assert said.endswith("132,000–136,000, and the 134,000 published by Ofcom fits it.")
    assert sentences.largest_findings(told).empty
    assert sentences.largest_findings(told.assign(departure=1.025)).empty


def test_a_departure_of_two_percent_is_listed_and_a_smaller_is_not():
    release = sf.read_release("weprotect-2014")
    told = sentences.finding_sentences(release)

    for departure, listed in ((1.02, True), (1.019, False)):
        found = sentences.largest_findings(told.assign(departure=departure))
        assert bool(len(found)) is listed


KINDS = {
    "part_and_rest": (
        "figure:passengers_2020_to_september published:passengers_north_pier/2010 "
        "figure:passengers_2010",
        "Of these, 150,000 (",
    ),
    "multiple_of_two_bases": (
        "figure:ships_2020 figure:ships_2018 published:ships_counted/2018",
        "480 ships: 1.2 times the 400 of 2018, which the release takes, and 1.19 times the 402 of "
        "2018.",
    ),
    "restated_year": (
        "figure:ships_2020 figure:ships_2018 published:ships_counted/2018",
        "Ships a year: a rise of 19% against the 402 published for 2018, a rise of 20% against the "
        "400 that the release takes.",
    ),
    "growth_split_at_a_year": (
        "figure:tankers_2015 figure:ships_2018 figure:ships_2020",
        "a year up to 2018, ",
    ),
    "revision": (
        "claim:ships_rise published:ships_counted/2018 published:ships_counted/2021",
        "whole years give a rise of 29%, from 402 to 520.",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_finding_has_a_sentence_and_a_heading(read, kind):
    """480 ÷ 402 is 1.194; 520 ÷ 402 is 1.294."""
    inputs, words = KINDS[kind]
    release = read(
        ("findings", "tankers_not_doubled", "kind", kind),
        ("findings", "tankers_not_doubled", "inputs", inputs),
    )
    said, heading = sentences.finding_sentences(release).loc[
        "tankers_not_doubled", ["sentence", "heading"]
    ]

    assert words in said.text
    assert not untraced(said)
    assert not heading.text.endswith(".")


def test_swapped_digits_are_told_as_a_slip(read):
    release = read(
        ("findings", "tankers_not_doubled", "kind", "digits_swapped"),
        (
            "findings",
            "tankers_not_doubled",
            "inputs",
            "figure:ships_2018 published:ships_counted/2018",
        ),
        ("figures", "ships_2018", "value", "420"),
    )
    said = sentences.finding_sentences(release).loc["tankers_not_doubled", "sentence"]

    assert said.text == "420, as the release has it, is 402 with two digits swapped."


def test_an_edition_says_where_when_and_which_scenario(read):
    assert sentences.edition_sentence(read(), "central").text == (
        "Merrow, stated on 3 March 2021. Edition of 1 April 2021, central scenario. About this "
        "edition"
    )
