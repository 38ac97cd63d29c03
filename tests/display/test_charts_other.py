"""Charts of claims, sensitivity, quality, outturn, grids and contributions."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from statedfigures.display import charts_other as charts
from statedfigures.display.chart_style import INKS, chart_svg

QUALITY = {"growth": "weak", "damping": "moderate", "rest": "strong"}
RELEASE = SimpleNamespace(
    assumptions=pd.DataFrame(
        {
            "label": ["Share of the growth that goes on", "Growth left the year after", "Rest"],
            "quality": list(QUALITY.values()),
        },
        index=list(QUALITY),
    ),
    series=pd.DataFrame({"unit": ["ships"], "base_figure": ["base"]}, index=["ships"]),
    figures=pd.DataFrame({"period": ["2020"]}, index=["base"]),
)
NAN = float("nan")


@pytest.fixture(scope="module")
def claims():
    """Return claims: one too low, a fall, a bound, one by published figures, two without."""
    columns = ["kind", "label", "verdict", "verdict_with_published"]
    columns += [
        f"{kind}{end}" for kind in ("", "claimed_", "published_") for end in ("low", "high")
    ]
    other, missed, unknown = "not comparable", "not consistent", "not determinable from the release"
    change, extreme = "percent_change", "extreme"
    rows = {
        "fall": (change, "fell by 38%", "supported", other, -38.2, -38.1, -38.5, -37.5, -40, -39),
        "doubled": (
            "multiple",
            "almost doubled",
            "not supported",
            missed,
            1.68,
            1.68,
            1.8,
            2,
            1.5,
            1.5,
        ),
        "bound": (change, "up more than 50%", "supported", "consistent", 57, 58, 50, NAN, 60, 61),
        "homes": (change, "up 40%", unknown, "consistent", NAN, NAN, 39.5, 40.5, 42, 42),
        "lowest": (extreme, "lowest so far", "supported", "", 1754, 1754, NAN, 1901, NAN, NAN),
        "none": (extreme, "highest on record", unknown, "", *[NAN] * 6),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


@pytest.fixture(scope="module")
def sensitivity():
    """Return what moves a series whose middle is 100 and whose range is 60 wide."""
    rows = [
        ("ships", "growth", 90.0, 120.0, 50.0, 80.0, 0.5, 1),
        ("ships", "chance", 100.0, 100.0, 20.0, 60.0, 0.7, 2),
        ("ships", "damping", 95.0, 104.0, 58.0, 61.0, 0.1, 3),
        ("ships", "rest", 100.0, 100.0, 59.0, 60.0, 0.01, 4),
    ]
    columns = [
        "series", "assumption", "middle_at_low", "middle_at_high", "width_at_low", "width_at_high",
        "change", "rank",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(middle=100.0, width=60.0, series_unit="ships")


@pytest.fixture(scope="module")
def outturn():
    """Return two years within their ranges and one far outside."""
    columns = ["series", "year", "published", "low90", "low50", "middle", "high50", "high90"]
    rows = [
        ("ships", 2021, 110.0, 80.0, 90.0, 100.0, 110.0, 120.0),
        ("ships", 2022, 130.0, 70.0, 90.0, 105.0, 120.0, 150.0),
        ("ships", 2023, 140.0, 60.0, 85.0, 110.0, 130.0, 180.0),
    ]
    return pd.DataFrame(rows, columns=columns).assign(break_of_measure=False)


@pytest.fixture(scope="module")
def grid():
    """Return three runs of a grid."""
    middles = np.array([1500.0, 1100.0, 2100.0])
    parts = {"low90": 0.6, "low50": 0.8, "high50": 1.3, "high90": 2.0}
    frame = pd.DataFrame({"label": ["central, 2024", "low, 2024", "high, 2029"]})
    return frame.assign(
        middle=middles, unit="ships", **{name: middles * by for name, by in parts.items()}
    )


@pytest.fixture(scope="module")
def waterfall():
    """Return what changed between two editions: 1500 − 120 + 30 = 1410."""
    return pd.DataFrame(
        {
            "label": ["Before", "Growth that goes on", "Volatility", "After"],
            "value": [1500.0, -120.0, 30.0, 1410.0],
            "unit": "ships",
        }
    )


def lines_of(figure):
    """Return the ends of every named line of a figure, by its name."""
    return {
        line.get_gid().removeprefix("mark:"): np.asarray(line.get_xydata())
        for line in figure.axes[0].get_lines()
        if line.get_gid()
    }


def bars_of(figure, mark):
    """Return where the bars of a mark begin and end, from above."""
    named = {drawn.get_gid(): drawn for drawn in figure.axes[0].collections}
    return [ends[:, 0].tolist() for ends in named[f"mark:{mark}"].get_segments()]


def words_of(figure):
    """Return every label of a figure."""
    return [text.get_text() for text in figure.axes[0].texts]


def test_a_claim_is_drawn_in_multiples_of_what_was_claimed(claims):
    figure = charts.chart_claims(charts.claims_compared(claims))
    lines, (doubled, _, bound, _) = lines_of(figure), bars_of(figure, "words")

    # "Almost doubled" claims 1.8 to 2, in the middle 1.9: 1.68 is 0.884 times that.
    assert lines["recomputed-doubled"][:, 0] == pytest.approx([0.884, 0.884], abs=1e-3)
    assert doubled == pytest.approx([0.947, 1.053], abs=1e-3)
    # A fall of 38.1 to 38.2 where 38 was claimed.
    assert lines["recomputed-fall"][:, 0] == pytest.approx([1.003, 1.005], abs=1e-3)
    # A bound is claimed without an upper end: its bar goes to the end of the axis.
    assert bound[0] == 1
    assert lines["published-bound"][:, 0] == pytest.approx([60 / 50, 61 / 50])


def test_only_claims_with_something_to_compare_are_drawn_and_only_comparable_figures(claims):
    lines = lines_of(charts.chart_claims(charts.claims_compared(claims)))

    assert "recomputed-none" not in lines
    assert "published-fall" not in lines
    assert "published-doubled" in lines


def test_a_claim_is_drawn_where_it_states_a_number_though_its_base_is_published_only(claims):
    """42 published over the 40 claimed is 1.05; an extreme states no number."""
    rows = charts.claims_compared(claims)
    lines = lines_of(charts.chart_claims(rows))

    assert rows.index.tolist() == ["doubled", "fall", "bound", "homes"]
    assert rows.loc["homes", ["low", "high"]].tolist() == pytest.approx([1.05, 1.05])
    assert lines["published-homes"][0, 0] == pytest.approx(1.05)
    assert "recomputed-homes" not in lines


def test_claims_stand_under_their_verdicts_those_not_supported_first(claims):
    words = words_of(charts.chart_claims(charts.claims_compared(claims)))
    shown = ["Not supported", "almost doubled", "Supported", "fell by 38%", "up more than 50%"]

    assert [text for text in words if text in shown] == shown


def test_a_bar_has_its_low_and_its_high_half_and_the_middles_at_its_ends(sensitivity):
    figure = charts.chart_sensitivity(RELEASE, charts.bars_of(sensitivity))

    assert bars_of(figure, "at_low")[0] == [100, 90]
    assert bars_of(figure, "at_high")[0] == [100, 120]
    assert {"90", "120", "95", "104"} <= set(words_of(figure))


def test_a_fixed_assumption_is_not_plotted(sensitivity):
    is_rest = sensitivity["assumption"] == "rest"
    fixed = sensitivity.assign(
        width_at_high=sensitivity["width_at_high"].mask(is_rest, sensitivity["width_at_low"]),
        change=sensitivity["change"].mask(is_rest, 0.0),
    )

    assert charts.bars_of(fixed)["assumption"].tolist() == ["growth", "damping", "chance"]
    assert "rest" not in charts.quality_changes(fixed)


def test_two_ends_on_one_side_of_the_middle_have_the_label_of_the_farther(sensitivity):
    moved = sensitivity.assign(middle_at_low=130.0, middle_at_high=120.0)

    words = words_of(charts.chart_sensitivity(RELEASE, charts.bars_of(moved)))
    assert "130" in words
    assert "120" not in words


def test_chance_is_a_bar_of_what_it_adds_to_the_range(sensitivity):
    # Without chance the range is 20 wide, with it 60: 20 more on both sides of 100.
    figure = charts.chart_sensitivity(RELEASE, charts.bars_of(sensitivity))

    assert bars_of(figure, "at_low")[-1] == [100, 80]
    assert bars_of(figure, "at_high")[-1] == [100, 120]


def test_there_are_six_bars_at_most_and_chance(sensitivity):
    many = pd.concat(
        [sensitivity, *(sensitivity[:1].assign(assumption=f"a{n}", rank=4 + n) for n in range(9))]
    )
    bars = charts.bars_of(many)

    assert len(bars) == 7
    assert bars["assumption"].iloc[-1] == "chance"


def test_quality_is_told_by_ink_and_word(sensitivity):
    figure = charts.chart_quality(RELEASE, charts.quality_changes(sensitivity))
    dots = {line.get_gid(): line for line in figure.axes[0].get_lines()}

    assert dots["mark:growth"].get_xdata()[0] == 50
    assert dots["mark:growth"].get_color() == INKS["plum"][0]
    assert {"weak", "moderate", "strong"} <= set(words_of(figure))


def test_outturn_is_linear_unless_its_values_lie_far_apart(outturn):
    near = charts.chart_outturn(RELEASE, outturn).axes[0]
    far = charts.chart_outturn(
        RELEASE, outturn.assign(published=[110.0, 1300.0, 1_000_000.0])
    ).axes[0]

    assert near.get_yscale() == "linear"
    assert near.get_ylim()[0] == 0
    assert far.get_yscale() == "log"
    assert [label.get_text() for label in far.get_yticklabels()] == [
        "10", "100", "1,000", "10,000", "100,000", "1 million",
    ]  # fmt: skip
    assert far.texts[0].get_text() == "Ships, each line ten times the one below"


def test_what_was_measured_on_another_basis_is_hollow_and_said(outturn):
    other = outturn.assign(break_of_measure=[False, True, False])
    drawn = charts.chart_outturn(RELEASE, other)
    dots = {line.get_gid(): line for line in drawn.axes[0].get_lines()}

    assert dots["mark:broken"].get_ydata().tolist() == [130]
    assert dots["mark:broken"].get_markerfacecolor() == INKS["paper"][0]
    assert "2022: 130 published on another basis, 70–150" in drawn.get_label()


def test_years_of_a_series_of_financial_years_are_financial_years(outturn):
    figures = pd.DataFrame({"period": ["2020-21"]}, index=["base"])

    drawn = charts.chart_outturn(SimpleNamespace(series=RELEASE.series, figures=figures), outturn)

    ticks = [label.get_text() for label in drawn.axes[0].get_xticklabels()]
    assert ticks == ["2021-22", "2022-23", "2023-24"]
    assert "2022-23: 130 published" in drawn.get_label()


def test_contributions_add_up_in_the_picture(waterfall):
    figure = charts.chart_waterfall(waterfall)

    assert bars_of(figure, "steps") == [[0, 1500], [1500, 1380], [1380, 1410], [0, 1410]]
    numbers = [text for text in words_of(figure) if re.fullmatch(r"[−+]?[\d,]+", text)]
    assert numbers == ["1,500", "−120", "+30", "1,410"]


def test_a_sparkline_is_a_thumbnail_without_axes_or_words():
    points = pd.DataFrame(
        {"kind": "stated", "x": [2015.0, 2019.0], "value": [736.0, 1235.0], "marker": "o"}
    )
    fan = {0.05: 0.8, 0.25: 0.9, 0.5: 1.0, 0.75: 1.1, 0.95: 1.3}
    quantiles = pd.DataFrame({q: [1235, 1500 * by] for q, by in fan.items()}, index=[2019, 2024])
    svg = chart_svg(charts.sparkline(points, quantiles), "s", "A thumbnail.")

    assert 'viewBox="0 0 300 160"' in svg
    assert "<text" not in svg
    assert svg.count('data-mark="observed"') == 1


def test_words_for_those_who_cannot_see_name_every_row(
    claims, sensitivity, outturn, grid, waterfall
):
    assert charts.chart_claims(charts.claims_compared(claims)).get_label() == (
        "What was recomputed, in multiples of what was claimed. almost doubled: 0.884 times, "
        "not supported; fell by 38%: 1.0 times, supported; up more than 50%: "
        "1.14–1.16 times, supported; up 40%: 1.05 times, not determinable from the release."
    )
    assert "Share of the growth that goes on, 90 and 120" in (
        charts.chart_sensitivity(RELEASE, charts.bars_of(sensitivity)).get_label()
    )
    assert (
        "Rest: 1%, strong."
        in charts.chart_quality(RELEASE, charts.quality_changes(sensitivity)).get_label()
    )
    assert "2022: 130 published, 70–150 projected" in (
        charts.chart_outturn(RELEASE, outturn).get_label()
    )
    assert "low, 2024: 1,100, 600–2,200" in charts.chart_grid(grid).get_label()
    assert charts.chart_waterfall(waterfall).get_label() == (
        "From Before 1,500 to After 1,410: Growth that goes on −120; Volatility 30."
    )


@pytest.mark.browser
def test_no_label_lies_on_another_or_leaves_the_picture(
    claims, sensitivity, outturn, grid, waterfall, label_faults
):
    drawing = {
        charts.chart_claims: (charts.claims_compared(claims),),
        charts.chart_sensitivity: (RELEASE, charts.bars_of(sensitivity)),
        charts.chart_quality: (RELEASE, charts.quality_changes(sensitivity)),
        charts.chart_outturn: (RELEASE, outturn),
        charts.chart_grid: (grid,),
        charts.chart_waterfall: (waterfall,),
    }
    pictures = {
        f"{draw.__name__}, {width}": chart_svg(draw(*arguments, width=width), "c", "A chart.")
        for draw, arguments in drawing.items()
        for width in ("wide", "narrow")
    }

    assert label_faults(pictures) == []
