"""Promises of telling findings: numbers worked out by hand for each kind."""

import math

import pytest

from statedfigures.analysis.findings import findings_with_numbers, tell_findings
from statedfigures.errors import DataError

YEAR = {"period_start": "2013-01-01", "period_end": "2013-12-31"}
NEXT = {"period_start": "2014-01-01", "period_end": "2014-12-31"}
# The first 292 of 365 days: four fifths.
PART = {"period_start": "2014-01-01", "period_end": "2014-10-19", "period_kind": "part_year"}
LATER, EARLIER = "figure:later", "figure:earlier"
SHIPS = "published:ships/2013"


@pytest.fixture
def tell(make_small):
    """Tell one finding: its departure and its numbers by name, as (value, low, high)."""

    def told(kind, inputs, figures, published=(), claims=None):
        row = {"finding": {"kind": kind, "inputs": inputs, "file_row": 7}}
        small = make_small(figures, claims, published, row)
        numbers = findings_with_numbers(small)[1].set_index("name")
        found = {
            name: tuple(None if math.isnan(end) else round(end, 4) for end in row)
            for name, row in numbers[["value", "low", "high"]].T.items()
        }
        return tell_findings(small).loc["finding"], found, numbers

    return told


def test_the_part_and_the_rest(tell):
    """19,182 of 27,850 is 68.88%, and the other 8,668 are 34.97% fewer than 13,330.

    Over 365/292 = 5/4 of the days 10,835, which is 18.72% fewer. 27,850/8,668 = 3.213.
    """
    finding, numbers, table = tell(
        "part_and_rest",
        f"{LATER} published:found/2014-04/2014-10 {EARLIER}",
        {"later": PART | {"value": 27_850}, "earlier": YEAR | {"value": 13_330}},
        [{"series": "found", "period": "2014-04/2014-10", "value": 19_182}],
    )

    assert numbers["share"] == (68.8761,) * 3
    assert numbers["rest"] == (8668,) * 3
    assert numbers["whole_change"] == (108.9272,) * 3
    assert numbers["rest_change"] == (-34.9737,) * 3
    assert numbers["rest_change_full_year"] == (-18.7172,) * 3
    assert finding["departure"] == pytest.approx(27_850 / 8668)
    assert table.loc["rest", "formula"] == "whole − part"
    assert table.loc["rest", "inputs"] == "figure:later published:found/2014-04/2014-10"


def test_two_whole_years_need_no_full_year(tell):
    _, numbers, _ = tell(
        "part_and_rest",
        f"{LATER} published:found/2014 {EARLIER}",
        {"later": NEXT | {"value": 30}, "earlier": YEAR | {"value": 20}},
        [{"series": "found", "period": "2014", "value": 20}],
    )

    assert numbers["rest_change"] == (-50, -50, -50)
    assert "rest_change_full_year" not in numbers


def test_digits_that_were_swapped(tell):
    """51,168 is 51,186 with two digits swapped, and 18 fewer."""
    finding, numbers, _ = tell(
        "digits_swapped",
        f"{EARLIER} {SHIPS}",
        {"earlier": YEAR | {"value": 51_168}},
        [{"value": 51_186}],
    )

    assert numbers["difference"] == (-18, -18, -18)
    assert finding["departure"] == pytest.approx(51_186 / 51_168)


def test_a_multiple_of_two_bases(tell):
    """1,000/192 = 5.2083 and 1,000/513 = 1.9493, each at least: 513/192 = 2.672 apart."""
    finding, numbers, _ = tell(
        "multiple_of_two_bases",
        f"{LATER} {EARLIER} published:ships/2010 claim:times",
        {"later": NEXT | {"value": 1000, "qualifier": "more_than"},
         "earlier": YEAR | {"value": 192}},
        [{"period": "2010", "value": 513}],
        {"times": {"kind": "multiple", "stated_value": 5, "stated_unit": "multiple",
                   "qualifier": "more_than", "rounded_to": 1}},
    )  # fmt: skip

    assert numbers["multiple_of_stated"] == (5.2083, 5.2083, None)
    assert numbers["multiple_of_other"] == (1.9493, 1.9493, None)
    assert numbers["claimed"] == (5, 5, None)
    assert finding["departure"] == pytest.approx(513 / 192)


def test_a_restated_year(tell):
    """1,300/569 - 1 = 128.47% and 1,300/790 - 1 = 64.56%, each at least: 790/569 apart."""
    finding, numbers, _ = tell(
        "restated_year",
        f"{LATER} {EARLIER} {SHIPS}",
        {"later": NEXT | {"value": 1300, "qualifier": "more_than"},
         "earlier": YEAR | {"value": 569}},
        [{"value": 790}],
    )  # fmt: skip

    assert numbers["rise_on_stated"] == (128.471, 128.471, None)
    assert numbers["rise_on_published"] == (64.557, 64.557, None)
    assert finding["departure"] == pytest.approx(790 / 569)


def test_one_quantity_in_numbers_far_apart(tell):
    """0.26% of 38 million is 98,800, 4.94 times 20,000; 0.18% of 44.3 million 79,740.

    0.175 to 0.185 over 0.255 to 0.265 is 0.6604 to 0.7255; the middles give 0.6923.
    """
    share = {"unit": "percent", "rounded_to": 0.01}
    finding, numbers, _ = tell(
        "same_quantity_far_apart",
        "figure:users figure:daily published:daily/2014 figure:all published:ever/2013",
        {"users": {"value": 20_000}, "daily": share | {"value": 0.26},
         "all": share | {"value": 0.18}},
        [{"series": "daily", "period": "2014", "value": 38_000_000},
         {"series": "ever", "period": "2013", "value": 44_300_000}],
    )  # fmt: skip

    assert numbers["implied_1"] == (98_800, 96_900, 100_700)
    assert numbers["ratio_1"] == (4.94, 4.845, 5.035)
    assert numbers["implied_2"][0] == 79_740
    assert numbers["ratio_of_shares"] == (0.6923, 0.6604, 0.7255)
    assert finding["departure"] == pytest.approx(4.94)


def test_a_quantity_far_below_departs_as_much_as_one_far_above(tell):
    """A tenth of 100 is 10, a fifth of 50."""
    finding, numbers, _ = tell(
        "same_quantity_far_apart",
        f"figure:users figure:daily {SHIPS}",
        {"users": {"value": 50}, "daily": {"value": 10, "unit": "percent"}},
        [{"value": 100}],
    )

    assert numbers["ratio_1"][0] == 0.2
    assert finding["departure"] == pytest.approx(5)


def test_growth_split_at_a_year(tell):
    """From 15,000 to more than 20,000 in four years, then to 22,500 in four.

    (20/15)^(1/4) - 1 = 7.457% a year; from 16,000, the most that "around" allows, 5.737%.
    (22.5/20)^(1/4) - 1 = 2.988%; to 5% more, 23,625, 4.252%. 20/15 over 22.5/20 is 1.185.
    """
    finding, numbers, _ = tell(
        "growth_split_at_a_year",
        f"{EARLIER} figure:middle {LATER}",
        {
            "earlier": {"value": 15_000, "rounded_to": 1000, "qualifier": "about",
                        "period_start": "2006-01-01", "period_end": "2006-12-31"},
            "middle": {"value": 20_000, "qualifier": "more_than", "period_kind": "since",
                       "period_start": "2010-01-01", "period_end": "2014-12-11"},
            "later": NEXT | {"value": 22_500, "rounded_to": 500, "qualifier": "may_exceed"},
        },
    )  # fmt: skip

    assert numbers["growth_before"] == (7.457, 5.7371, None)
    assert numbers["growth_after"] == (2.9884, None, 4.2523)
    assert finding["departure"] == pytest.approx((20 / 15) / (22.5 / 20))


def test_a_revision_by_whole_years(tell):
    """74,119/51,186 - 1 = 44.80%, where 38% was claimed of ten months: 1.4480/1.38 = 1.049."""
    finding, numbers, _ = tell(
        "revision",
        f"claim:rise {SHIPS} published:ships/2014",
        {"later": PART | {"value": 70_541}},
        [{"value": 51_186}, {"period": "2014", "value": 74_119}],
        {"rise": {"stated_value": 38, "stated_unit": "percent", "rounded_to": 1,
                  "to_figure": "later"}},
    )  # fmt: skip

    assert numbers["claimed"] == (38, 37.5, 38.5)
    assert numbers["whole_change"] == (44.8033,) * 3
    assert numbers["months_counted"] == (10, None, None)
    assert finding["departure"] == pytest.approx(74_119 / 51_186 / 1.38)


CLAIMS = {
    "double": {"kind": "multiple", "stated_value": 2, "stated_unit": "multiple", "rounded_to": 1,
               "qualifier": "almost", "from_figure": "earlier", "to_figure": "later"},
    "share": {"kind": "share", "stated_value": 0.18, "stated_unit": "percent",
              "rounded_to": 0.01, "to_figure": "later"},
    "fall": {"kind": "percent_change", "stated_value": 38, "stated_unit": "percent",
             "rounded_to": 1, "direction": "fall", "to_figure": "later"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "others", "value", "recomputed", "implied", "departure"),
    [
        # 1,235/736 = 1.6780; 1,235/2 to 1,235/1.8.
        ("double", "", 1235, 1.678, (617.5, 617.5, 686.1111), 736 / 617.5),
        # 20,000/44,300,000 = 0.0451%; over 0.18% it is 11.1 million.
        ("share", SHIPS, 20_000, 0.0451, (11_111_111.1111, 10_810_810.8108, 11_428_571.4286),
         44_300_000 * 0.0018 / 20_000),
        # 83/134 - 1; 83/0.62 = 133.871, 83/0.625 to 83/0.615.
        ("fall", SHIPS, 83, -99.9998, (133.871, 132.8, 134.9593), 44_300_000 / (83 / 0.62)),
    ],
)  # fmt: skip
def test_an_implied_base(tell, claim, others, value, recomputed, implied, departure):
    finding, numbers, _ = tell(
        "implied_base",
        f"claim:{claim} {others}".strip(),
        {"earlier": YEAR | {"value": 736}, "later": NEXT | {"value": value}},
        [{"value": 44_300_000}],
        CLAIMS,
    )

    assert numbers["recomputed"][0] == recomputed
    assert numbers["implied_base"] == implied
    assert finding["departure"] == pytest.approx(departure)


def test_findings_are_ranked_by_their_departure(make_small):
    """Three times, twice and twice: the two that are equal keep the analyst's order."""
    figures = {"later": NEXT | {"value": 60}, "earlier": YEAR | {"value": 10}}
    findings = {
        name: {"kind": "restated_year", "inputs": f"{LATER} {EARLIER} published:ships/{year}",
               "rank": rank}
        for name, year, rank in (("b", "2013", 2), ("a", "2013", 1), ("c", "2012", 3))
    }  # fmt: skip
    small = make_small(figures, None, [{"value": 20}, {"period": "2012", "value": 30}], findings)

    told = tell_findings(small)

    assert told.index.tolist() == ["c", "a", "b"]
    assert told["rank"].tolist() == [1, 2, 3]
    assert told["departure"].round(6).tolist() == [3, 2, 2]


def test_a_release_without_findings_tells_none(make_small):
    assert tell_findings(make_small()).empty
    assert findings_with_numbers(make_small())[1].empty


SMALL = {"later": NEXT | {"value": 30}, "earlier": YEAR | {"value": 20}, "nil": {"value": 0}}
SMALL["crew"] = {"value": 3, "unit": "people"}


@pytest.mark.parametrize(
    ("kind", "inputs", "message"),
    [
        ("digits_swapped", "", "the inputs are empty; a finding of kind digits_swapped needs "
         "stated=figure published=published"),
        ("digits_swapped", f"{SHIPS} {EARLIER}", "the inputs are published figure; a finding"),
        ("digits_swapped", f"{EARLIER} {SHIPS}", "no swap of two neighbouring digits turns one"),
        ("restated_year", f"{LATER} {EARLIER}",
         "needs later=figure stated=figure published=published"),
        ("restated_year", f"{LATER} figure:nil {SHIPS}", "a ratio needs a denominator above zero"),
        ("restated_year", f"{LATER} figure:crew {SHIPS}", "the rows are in people and ships;"),
        ("same_quantity_far_apart", f"{LATER} {EARLIER} {SHIPS}",
         "earlier is no share in percent; name one before its whole"),
        ("same_quantity_far_apart", LATER, "the inputs are figure; a finding"),
        ("growth_split_at_a_year", f"{LATER} {EARLIER} {LATER}",
         "the three figures must follow each other in time"),
        ("growth_split_at_a_year", f"figure:nil {EARLIER} {LATER}", "nil has no period; give its"),
        ("revision", f"claim:size {SHIPS} {SHIPS}", "the claim size states no number; name"),
        ("implied_base", "claim:fall", "the claim fall has no from_figure; name another"),
        ("implied_base", f"claim:gone {SHIPS}", "the claim gone has no to_figure; name another"),
    ],
)  # fmt: skip
def test_wrong_inputs_name_the_row_the_column_and_what_is_needed(tell, kind, inputs, message):
    claims = {
        "fall": CLAIMS["fall"],
        "gone": CLAIMS["fall"] | {"to_figure": ""},
        "size": {"kind": "direction", "to_figure": "later"},
    }

    with pytest.raises(DataError) as caught:
        tell(kind, inputs, SMALL, [{"value": 50}], claims)

    assert str(caught.value).startswith("findings.csv, row 7, column inputs: ")
    assert message in str(caught.value)
