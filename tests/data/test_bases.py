"""Every number in the basis of an assumption follows from figures.csv and published.csv."""

import re
from itertools import pairwise
from math import log
from pathlib import Path
from statistics import stdev

import pandas as pd
import pytest

from statedfigures.release.reading import read_release

RELEASE = read_release("weprotect-2014", Path(__file__).parents[2] / "data")
YEAR = r"\b(?:19|20)\d{2}\b"
NUMBER = r"−?\d+(?:,\d{3})*(?:\.\d+)?%?"


def stated(figure: str) -> float:
    return float(RELEASE.figures.loc[figure, "value"])


def published(series: str, period: str) -> float:
    return float(RELEASE.published.loc[f"{series}/{period}", "value"])


def months_of(start: int, end: int) -> int:
    return end - start + 1


def percent(later: float, earlier: float) -> float:
    return 100 * (later / earlier - 1)


def quoted_numbers(text: str) -> list[str]:
    """Return the numbers of a text without its years."""
    return re.findall(NUMBER, re.sub(YEAR, "", text))


def agrees(token: str, value: float) -> bool:
    """Whether a number as quoted is the value, rounded to the digits of the quotation."""
    digits = token.strip("%").replace(",", "").replace("−", "-")
    decimals = len(digits.partition(".")[2])
    coarse = 10 ** (len(digits) - len(digits.rstrip("0"))) if decimals == 0 else 10**-decimals
    return abs(float(digits) - value) <= coarse / 2


# What searching found from April on, and what came in by other ways from January on.
SEARCH_MONTHS, COUNTED_MONTHS, YEAR_MONTHS = months_of(4, 11), months_of(1, 11), 12
ADDRESSES, ADDRESSES_BEFORE = stated("iwf_addresses_2014_to_date"), stated("iwf_addresses_2013")
REPORTS, REPORTS_BEFORE = (
    stated("iwf_reports_2014_to_date"),
    published("iwf_reports_processed", "2013"),
)
FOUND = published("iwf_urls_found_proactively", "2014-04/2014-11")
OTHER_ADDRESSES, OTHER_REPORTS = ADDRESSES - FOUND, REPORTS - FOUND
WHOLE = YEAR_MONTHS / COUNTED_MONTHS
STEPPED_ADDRESSES = YEAR_MONTHS * (FOUND / SEARCH_MONTHS + OTHER_ADDRESSES / COUNTED_MONTHS)
STEPPED_REPORTS = YEAR_MONTHS * (FOUND / SEARCH_MONTHS + OTHER_REPORTS / COUNTED_MONTHS)
REPORTS_FOUND = FOUND * REPORTS / ADDRESSES
CHARGES = [
    published("cps_offences_s1_poca", year) + published("cps_offences_s160_cja", year)
    for year in ("2011-12", "2012-13", "2013-14")
]
POSSESSION = [
    published("cps_offences_s160_cja", year) for year in ("2011-12", "2012-13", "2013-14")
]
DEFENDANTS = [published("moj_defendants_s1_poca", year) for year in ("2004", "2005", "2006")]
IMAGES_GROWTH = (stated("images_2014") / stated("images_2006")) ** (1 / 8)
IMAGES_LATE_GROWTH = (stated("images_2014") / stated("images_since_2010")) ** (1 / 4)
REPORT_PAIRS = [
    published("iwf_reports_processed", later) / published("iwf_reports_processed", earlier)
    for earlier, later in (("2005", "2006"), ("2011", "2012"), ("2012", "2013"))
]
REPORTS_GROWTH = log(REPORTS * WHOLE / REPORTS_BEFORE)
ADDRESSES_GROWTH = log(ADDRESSES * WHOLE / ADDRESSES_BEFORE)


def tor_means() -> dict[str, tuple[float, float]]:
    rows = RELEASE.published[RELEASE.published["series"] == "tor_metrics_users_before_break"]
    return {row["period"]: (row["value"], row["days"]) for _, row in rows.iterrows()}


def tor_rises() -> list[float]:
    """Return each month over the same month of the year before."""
    means = tor_means()
    years_before = {month: f"{int(month[:4]) - 1}{month[4:]}" for month in means}
    return [
        means[month][0] / means[before][0]
        for month, before in years_before.items()
        if before in means
    ]


def tor_january_to_may(year: int) -> float:
    months = [tor_means()[f"{year}-{month:02}"] for month in range(1, 6)]
    return sum(mean * days for mean, days in months) / sum(days for _, days in months)


def moves(values: list[float]) -> list[float]:
    return [log(later / earlier) for earlier, later in pairwise(values)]


WORKINGS: dict[str, dict[str, float]] = {
    "growth_continues_images": {
        "20,000": stated("images_since_2010"),
        "3.0%": 100 * (IMAGES_LATE_GROWTH - 1),
        "5.2%": 100 * (IMAGES_GROWTH - 1),
        "0.58": log(IMAGES_LATE_GROWTH) / log(IMAGES_GROWTH),
    },
    "growth_continues_distribution": {
        "660": published("nca_operation_notarise_arrests", "2014-01/2014-07")
    },
    "growth_continues_tor": {
        "104,100": published("tor_metrics_users_after_break", "2014-01"),
        "101,025": published("tor_metrics_users_after_break", "2014-11"),
    },
    "growth_continues_reports": {
        "19,182": FOUND,
        "51,359": OTHER_REPORTS,
        "70,541": REPORTS,
        "56,028": OTHER_REPORTS * WHOLE,
        "9%": percent(OTHER_REPORTS * WHOLE, REPORTS_BEFORE),
        "0.22": log(OTHER_REPORTS * WHOLE / REPORTS_BEFORE) / REPORTS_GROWTH,
        "31%": percent(REPORT_PAIRS[2], 1),
        "0.65": log(REPORT_PAIRS[2]) / REPORTS_GROWTH,
    },
    "growth_continues_addresses": {
        "8,668": OTHER_ADDRESSES,
        "27,850": ADDRESSES,
        "9,456": OTHER_ADDRESSES * WHOLE,
        "29%": -percent(OTHER_ADDRESSES * WHOLE, ADDRESSES_BEFORE),
        "−0.42": log(OTHER_ADDRESSES * WHOLE / ADDRESSES_BEFORE) / ADDRESSES_GROWTH,
    },
    "volatility_images": {
        "4.8%": -percent(CHARGES[1], CHARGES[0]),
        "7.0%": percent(CHARGES[2], CHARGES[1]),
        "0.08": stdev(moves(CHARGES)),
    },
    "volatility_distribution": {
        "−0.9%": percent(POSSESSION[1], POSSESSION[0]),
        "10.8%": percent(POSSESSION[2], POSSESSION[1]),
        "0.4%": percent(DEFENDANTS[1], DEFENDANTS[0]),
        "−14.9%": percent(DEFENDANTS[2], DEFENDANTS[1]),
        "0.08": stdev(moves(POSSESSION)),
        "0.12": stdev(moves(DEFENDANTS)),
    },
    "volatility_tor": {
        "6%": -percent(min(tor_rises()), 1),
        "82%": percent(max(tor_rises()), 1),
        "0.18": stdev(map(log, tor_rises())),
    },
    "volatility_reports": {
        "34%": percent(REPORT_PAIRS[0], 1),
        "6%": -percent(REPORT_PAIRS[1], 1),
        "31%": percent(REPORT_PAIRS[2], 1),
        "0.20": stdev(map(log, REPORT_PAIRS)),
    },
    "volatility_addresses": {
        "3.1%": percent(
            (published("iwf_urls_confirmed", "2013") / published("iwf_urls_confirmed", "2006"))
            ** (1 / 7),
            1,
        ),
        "29%": -percent(OTHER_ADDRESSES * WHOLE, ADDRESSES_BEFORE),
        "0.34": -log(OTHER_ADDRESSES * WHOLE / ADDRESSES_BEFORE),
    },
    "growth_years_tor": {"63%": percent(tor_january_to_may(2013), tor_january_to_may(2012))},
    "base_step_reports": {
        "19,182": FOUND,
        "12": YEAR_MONTHS,
        "8": SEARCH_MONTHS,
        "51,359": OTHER_REPORTS,
        "11": COUNTED_MONTHS,
        "1.10": STEPPED_REPORTS / (REPORTS * WHOLE),
        "70,541": REPORTS,
        "2.53": REPORTS / ADDRESSES,
        "1.26": YEAR_MONTHS
        * (REPORTS_FOUND / SEARCH_MONTHS + (REPORTS - REPORTS_FOUND) / COUNTED_MONTHS)
        / (REPORTS * WHOLE),
    },
    "base_step_addresses": {
        "19,182": FOUND,
        "8,668": OTHER_ADDRESSES,
        "38,229": STEPPED_ADDRESSES,
        "1.26": STEPPED_ADDRESSES / (ADDRESSES * WHOLE),
        "27,850": ADDRESSES,
        "12": YEAR_MONTHS,
        "11": COUNTED_MONTHS,
    },
    # A fifth more or less in November and December, of twelve months.
    "rest_of_year_distribution": {"3%": 100 * 0.2 * months_of(11, 12) / YEAR_MONTHS},
    "cutoff_distribution": {
        "304": pd.Timestamp("2014-10-31").day_of_year,
        "365": pd.Timestamp("2014-12-31").day_of_year,
    },
}


@pytest.mark.parametrize("assumption", list(RELEASE.assumptions.index))
def test_a_basis_quotes_only_numbers_that_the_tables_give(assumption: str) -> None:
    quoted = set(quoted_numbers(RELEASE.assumptions.loc[assumption, "basis"]))
    workings = WORKINGS.get(assumption, {})

    assert quoted == set(workings)
    assert [token for token, value in workings.items() if not agrees(token, value)] == []
