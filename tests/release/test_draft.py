"""Drafting: what is proposed is what the text says, nothing is overwritten, the rest is to fill."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statedfigures.errors import DataError, ParameterError, PublishError, SourceTextError
from statedfigures.release.drafting import draft
from statedfigures.release.drafting.draft import draft_release
from statedfigures.release.drafting.draft_tables import draft_tables
from statedfigures.release.numerals import find_stated, number_mentions, stated_qualifiers
from statedfigures.release.reading import faults_to_fill, read_release, work_left
from statedfigures.release.source_text import fingerprint, holds_fragment, read_plain_text

DAY = date(2024, 9, 12)
RELEASES = Path(__file__).parents[1] / "releases"
TEXTS = sorted(RELEASES.glob("*.txt"))


def drafted(*paragraphs, published=DAY):
    """Draft a release of a title and these paragraphs."""
    text = read_plain_text(
        "\n\n".join(["Harbour news", "Published: 12 September 2024", *paragraphs])
    )
    return draft_tables(text.paragraphs, published, "Harbour news")


def figures(*paragraphs):
    return drafted(*paragraphs)["figures"].set_index("id")


def claims(*paragraphs):
    return drafted(*paragraphs)["claims"]


@pytest.mark.parametrize(
    ("sentence", "value", "unit", "qualifier"),
    [
        ("Just under 480 ships came.", "480", "ships", "just_under"),
        ("The fund is worth £13.65 billion.", "13650000000", "gbp", "exact"),
        ("It takes 8 minutes 3 seconds.", "483", "seconds", "exact"),
        ("Some 104% of the plan was met.", "104", "percent", "about"),
        ("One in five ferries is late.", "0.2", "fraction", "exact"),
        ("Between 40 and 50 pilots work here.", "40", "pilots", "exact"),
        ("It had 1,500 ships or more.", "1500", "ships", "at_least"),
        ("It has approx. 1,500 ships.", "1500", "ships", "about"),
        ("Its cost is an average of £285,000.", "285000", "gbp", "exact"),
        ("Lines carry up to 10 Mbit/s to each pier.", "10", "mbit_per_s", "up_to"),
        ("The number of seals has fallen to 83.", "83", "seals", "exact"),
        ("It answered 480 Category 1 calls.", "480", "calls", "exact"),
        ("It took £86 or 21% of the fee.", "86", "gbp", "exact"),
        ("It fell to minus 4 degrees Celsius.", "-4", "degrees_celsius", "exact"),
        ("The rate rose from negative 1.4% to 0.3%.", "-1.4", "percent", "exact"),
        ("The number of serious incidents tripled: there were 75.", "75", "incidents", "exact"),
        ("Pupil numbers have remained stable at 9.1 million.", "9100000",
         "TO FILL: what is counted", "exact"),
        ("Slightly fewer than one in ten boats sank.", "0.1", "fraction", "just_under"),
        ("The rate for those aged 16 and over was 4.3%.", "4.3", "percent", "exact"),
        ("The gap between boys and girls narrowed to 5.6.", "5.6", "TO FILL: what is counted",
         "exact"),
        ("There it has few pupils, while teacher numbers rose to 480.", "480",
         "TO FILL: what is counted", "exact"),
        ("It rose from 24 to 37% of all.", "24", "percent", "exact"),
        ("It rose from 3.6 to 3.7 million hours.", "3600000", "TO FILL: what is counted",
         "exact"),
        ("Losses doubled, from 2.0 to 4.1 per thousand.", "2", "per_1000", "exact"),
        ("It rose from 85.2 to 87.6 thousand ships.", "85200", "ships", "exact"),
        ("One boat in every eight sank.", "0.125", "fraction", "exact"),
        ("The gap narrowed from 30.3 to 29.9 percentage points.", "30.3", "percentage_points",
         "exact"),
        ("Catches fell to 25.7 mg/kg.", "25.7", "mg_per_kg", "exact"),
        ("It used 190 TWh.", "190", "twh", "exact"),
        ("Nearly half a million people came.", "500000", "people", "almost"),
        ("The quay is 19.5km long.", "19.5", "km", "exact"),
        ("Losses were A$2.74 billion.", "2740000000", "aud", "exact"),
        ("Waits of over 12 hours rose to 480.", "43200", "seconds", "more_than"),
        ("Losses per billion miles fell to 5.2.", "5.2", "TO FILL: what is counted", "exact"),
        ("More than 100 of the 650 boats sank.", "100", "boats", "more_than"),
        ("Storms closed it 464,056 times.", "464056", "times", "exact"),
        ("It lay there for over 12 days.", "12", "days", "more_than"),
        ("Adults under 18,000 pounds a year came.", "18000", "gbp", "less_than"),
        ("It carried 1.2 m passengers.", "1.2", "passengers", "exact"),
        ("It added up to 30 jobs.", "30", "jobs", "up_to"),
        ("It found 480 extra in winter months.", "480", "TO FILL: what is counted", "exact"),
        ("Boats cost 8.3 times average earnings.", "8.3", "multiple", "exact"),
    ],
)  # fmt: skip
def test_a_number_is_read_with_its_unit_and_its_qualifier(sentence, value, unit, qualifier):
    row = figures(sentence).iloc[0]

    assert (row["value"], row["unit"], row["qualifier"]) == (value, unit, qualifier)


@pytest.mark.parametrize(
    ("sentence", "kind", "first", "last"),
    [
        ("In 2020 it counted 480 ships.", "calendar_year", "2020-01-01", "2020-12-31"),
        ("It counted 480 ships in 2012-13.", "financial_year", "2012-04-01", "2013-03-31"),
        ("In the academic year 2023 to 2024 it counted 480 ships.", "academic_year", "2023-09-01",
         "2024-08-31"),
        ("One in five ships (20.1%) sank in 2023.", "calendar_year", "2023-01-01", "2023-12-31"),
        ("It counted 480 ships in 2024 Q2.", "quarter", "2024-04-01", "2024-06-30"),
        ("In the second quarter (Q2) of 2024 it counted 480 ships.", "quarter", "2024-04-01",
         "2024-06-30"),
        ("It counted 480 ships in Q1 2024-25.", "quarter", "2024-04-01", "2024-06-30"),
        ("It counted 480 ships in the fourth quarter of 2023/24.", "quarter", "2024-01-01",
         "2024-03-31"),
        ("It counted 480 ships in 2024/25 Q1.", "quarter", "2024-04-01", "2024-06-30"),
        ("It counted 480 ships in quarter 3 (July to Sept) 2024.", "quarter", "2024-07-01",
         "2024-09-30"),
        ("It counted 480 ships in the quarter (1 April to 30 June 2024).", "part_year",
         "2024-04-01", "2024-06-30"),
        ("From 1 October to 31 March 2024 it counted 480 ships.", "part_year", "2023-10-01",
         "2024-03-31"),
        ("In the week ending Friday 22 April 2022 it counted 480 ships.", "week", "2022-04-16",
         "2022-04-22"),
        ("It counted 480 ships in the three months to September 2024.", "quarter", "2024-07-01",
         "2024-09-30"),
        ("Since boats came in May 2018 it has counted 480 ships.", "since", "2018-05-01",
         "2024-09-12"),
        ("Since May 2022 it has counted 480 ships.", "since", "2022-05-01", "2024-09-12"),
        ("It counted 480 ships in August 2024.", "month", "2024-08-01", "2024-08-31"),
        ("It counted 480 ships from January to May 2024.", "part_year", "2024-01-01", "2024-05-31"),
        ("It counted 480 ships in the last year.", "rolling_12_months", "2023-09-13", "2024-09-12"),
        ("It counted 480 ships in the year ending June 2012.", "rolling_12_months", "2011-07-01",
         "2012-06-30"),
        ("It counted 480 ships in the year to March 2013.", "financial_year", "2012-04-01",
         "2013-03-31"),
        ("It counted 480 ships in the 12 month period ending 29 February 2012.",
         "rolling_12_months", "2011-03-01", "2012-02-29"),
        ("It counts 480 ships now.", "point", "2024-09-12", "2024-09-12"),
        ("At the end of March 2024 it counted 480 ships.", "point", "2024-03-31", "2024-03-31"),
        ("It counted 480 ships in the June quarter 2024.", "quarter", "2024-04-01", "2024-06-30"),
        ("It counted 480 ships in the week ended September 14, 2024.", "week", "2024-09-08",
         "2024-09-14"),
        ("It counted 480 ships from 3 to 14 July 2024.", "part_year", "2024-07-03", "2024-07-14"),
        ("It counted 480 ships in the school year 2023/24.", "academic_year", "2023-09-01",
         "2024-08-31"),
        ("It counted 480 ships a year ago.", "point", "2023-09-12", "2023-09-12"),
        ("It expects to see 480 ships in 2025.", "expectation", "2025-01-01", "2025-12-31"),
        ("By 31 March 2024 it had 480 ships.", "point", "2024-03-31", "2024-03-31"),
    ],
)  # fmt: skip
def test_a_period_is_proposed_where_the_words_give_one(sentence, kind, first, last):
    row = figures(sentence).iloc[0]

    assert (row["period_kind"], row["period_start"], row["period_end"]) == (kind, first, last)


@pytest.mark.parametrize(
    "sentence",
    [
        "It counted 480 ships.",
        "In Q1 2024-25 it fell, and it counted 480 ships in the same quarter in 2023-24.",
        "In 2024 it fell, and it counted 480 ships in September.",
        "Ships are down 13% since 2017/18, to 480 ships.",
        "It counted 480 ships, the fewest since June 2022.",
        "It counted 480 ships, the most since 2010.",
        "It will bring 480 ships between 2025 and 2027.",
        "Ships fell between 2013-14 and 2023-24, to 480 ships.",
        "In 2023 it fell, but it counted 480 ships.",
        "It counted 480 ships, the lowest since the year ending March 2015.",
        "In 2023 it fell, after 480 ships in the previous quarter.",
        "It will count 480 ships by 2030.",
        "It fell, from 480 ships a year earlier.",
        "It counted 480 ships, unchanged from 2022.",
        "It counted 480 ships in the 2010s.",
        "It counted 480 ships, as in 2022/23.",
        "It counted 480 ships in the week commencing 4 November 2024.",
        "It counted 480 ships, unchanged since 2022.",
        "It counted 480 ships in the six months to June 2024.",
        "Since 2019 the number has grown to 480 ships.",
        "It has 480 ships, the harbour reported today.",
        "It counted 480 ships in the first six months of 2024.",
        "It fell between the year ending March 2023 and the year ending March 2024 to 480 ships.",
        "It is 4% lower than in August 2023 and counted 480 ships.",
        "It counted 480 ships in FYE 2023.",
        "It is up 2% from 2022 and counts 480 ships.",
        "It counted 480 ships in autumn 2023.",
        "It counted 480 ships in the second half of 2023.",
        "By the end of March 2024 it will count 480 ships.",
        "It rose in the 12 months to June 2024, from 480 ships.",
        "It taught 480 pupils in 2023/24.",
        "It counted 480 ships in the 2022 to 2023 tax year.",
        "It counted 480 ships, or half of its 2019 level.",
        "The Harbour Act 1988 applies to 480 ships.",
        "It pays £480 for ships until 31 October 2024.",
        "It earned £480 (2022: £410).",
    ],
)
def test_what_the_words_do_not_give_is_to_fill(sentence):
    row = figures(sentence).iloc[0]

    assert row["period_start"] == row["period_end"] == ""
    for column in ("label", "period_kind", "geography"):
        assert row[column].startswith("TO FILL")


@pytest.mark.parametrize(
    ("sentence", "disposition"),
    [
        ("Covid-19 closed the harbour.", "name"),
        ("Line 3 was closed.", "name"),
        ("It answered category 2 calls.", "name"),
        ("The harbour has 5G now.", "name"),
        ("The office is at 7 Quay Street.", "name"),
        ("The work ends in the next twelve months.", "date"),
        ("The second pier opened.", "ordinal"),
        ("One of the piers opened.", "idiom"),
        ("Thousands of gulls came.", "magnitude"),
        ("He was sentenced to 3 years in prison.", "individual_case"),
        ("Calls doubled.", "claim"),
        ("It has 480 ships.", "figure"),
        ("Phone: 0800 538 5058", "name"),
        ("Tel: 020 7944 3078", "name"),
        ("See https://harbour.example/news/7-june-480", "name"),
        ("Fish (ages 0-15) came.", "name"),
        ("People aged 16 to 24 came.", "name"),
        ("It became known to the police within 30 days.", "date"),
        ("It caused death less than 30 days after the accident.", "date"),
        ("It grew in a 12 month period.", "date"),
        ("Boats sank in the five years from then.", "date"),
        ("The estimate is that of quarter 3 2012.", "date"),
        ("It is due in Quarter 3.", "date"),
        ("It came in the latest quarter.", "date"),
        ("It came in the last two quarters.", "date"),
        ("It came in the first half of 2024.", "date"),
        ("A further quarter of the boats sank.", "figure"),
        ("It came in week 32.", "date"),
        ("It is the lowest in over two years.", "date"),
        ("It is better than the five-year average.", "date"),
        ("The number of ships has fallen over 12 months.", "date"),
        ("It waited for 30 days.", "figure"),
        ("Losses per billion miles are few.", "magnitude"),
        ("Fees are at the level of three years ago.", "date"),
        ("It aims for net zero.", "idiom"),
        ("It is used by 16- to 24-year-olds.", "name"),
        ("It is for men aged over 50.", "name"),
        ("It fell for a third year in a row.", "ordinal"),
        ("It was the best in six quarters.", "date"),
        ("It rests on an average gain of 480 ships.", "figure"),
        ("A quarter of the boats sank within 8 minutes.", "figure"),
        ("It counts those waiting more than 18 weeks.", "date"),
        ("Attainment 8 is for all.", "name"),
        ("It is for Years 7 to 11 pupils.", "name"),
        ("It is for the 18 to 24 age group.", "name"),
        ("The index was high (2015 = 100).", "name"),
        ("The score averaged 45.9 points.", "figure"),
        ("It was fined under section 127.", "name"),
        ("See pages 12 to 14.", "name"),
        ("It meets ISO 9001.", "name"),
        ("By 9:00 it had 480 ships.", "figure"),
        ("It opens at 10:30.", "name"),
        ("Its reference is HMT-2024-118.", "name"),
        ("It is rounded to the nearest 100.", "magnitude"),
        ("It gave £3 million over three years.", "date"),
        ("It sold 10-year bonds.", "date"),
        ("He was jailed for 18 months.", "individual_case"),
        ("It closed on 12/09/2024.", "date"),
        ("It shut down 12 sites.", "figure"),
        ("At this stage 480 ships have docked.", "figure"),
        ("In each case 1200 ships were late.", "figure"),
        ("The company ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJK runs 480 ships.", "figure"),
        ("He ran it in 12:30 minutes.", "figure"),
        ("It was down by 3%, led by 480 ports.", "figure"),
        ("It stands 300 metres above ground level.", "figure"),
    ],
)
def test_every_number_is_told_apart(sentence, disposition):
    assert drafted(sentence)["mentions"]["disposition"].iloc[-1] == disposition


@pytest.mark.parametrize(
    ("sentence", "kind", "value", "direction"),
    [
        ("Calls fell by 38% to 83 calls.", "percent_change", "38", "fall"),
        ("Calls halved, from 80 calls in 2021 to 40 calls in 2022.", "multiple", "0.5", "fall"),
        ("Calls have seen a fivefold reduction.", "multiple", "0.2", "fall"),
        ("The share is 76%, an increase of 3 percentage points.", "percentage_points", "3", "rise"),
        ("The wait fell by 35 seconds, to 4 minutes.", "difference", "35", "fall"),
        ("It has 480 ships, the lowest number since 2012.", "extreme", "", "lowest"),
        ("Calls rose from 80 calls to 90 calls.", "direction", "", "rise"),
        ("Calls remained at 80 calls.", "direction", "", "no_change"),
        ("Traffic has remained broadly stable.", "direction", "", "no_change"),
        ("The rate fell in 2022-23, with no change in 2023-24.", "direction", "", "no_change"),
        ("Calls rose by nought point five percent.", "percent_change", "0.5", "rise"),
        ("Calls rose to 80 as a result of the new line.", "cause", "", ""),
        ("Prices were up by an average of £86, or 21%, to £603.", "difference", "86", "rise"),
        ("Prices were up by an average of £86, or 21%, to £603.", "percent_change", "21", "rise"),
        ("It shrank by 0.1% in Quarter 3 (July to Sept) 2024.", "percent_change", "0.1", "fall"),
        ("It is 4.3%, 0.4 percentage points lower than before.", "percentage_points", "0.4",
         "fall"),
        ("It is 4.3%, 0.6 percentage points down.", "percentage_points", "0.6", "fall"),
        ("It is 4.3%, 0.3 percentage points above it.", "percentage_points", "0.3", "rise"),
        ("Calls were 1.5% above the five-year average.", "percent_change", "1.5", "rise"),
        ("Output contracted 1.2%.", "percent_change", "1.2", "fall"),
        ("It took 9 minutes, 2 minutes 48 seconds faster than before.", "difference", "168",
         "fall"),
        ("It took more than 9,000 samples, the most since 2010.", "extreme", "", "highest"),
        ("It has 480 ships, a rise of 20 ships (7%).", "percent_change", "7", "rise"),
        ("Calls fell by 58,000 calls, or 0.4 per cent, to 80.", "percent_change", "0.4", "fall"),
        ("Calls fell by almost a third (-32%).", "percent_change", "0.3333", "fall"),
        ("Calls fell by roughly a quarter, to 80 calls.", "percent_change", "0.25", "fall"),
        ("It is 4.3%, down by 0.2 pp.", "percentage_points", "0.2", "fall"),
        ("It is 15p lower than in May.", "difference", "15", "fall"),
        ("It is £97 (8.2%) more than in May.", "difference", "97", "rise"),
        ("Calls fell by between 2% and 3%.", "percent_change",
         "TO FILL: a number of between 2% and 3%", "fall"),
        ("Calls fell by 3% in May and by 99 calls in June.", "difference", "99", "fall"),
        ("Calls rose for the third quarter in a row, by 0.6%.", "percent_change", "0.6", "rise"),
        ("It waited 2.5 weeks longer than in 2022.", "difference", "2.5", "rise"),
        ("Calls are 52.7% below 1990 levels.", "percent_change", "52.7", "fall"),
        ("Calls changed little at 80 calls.", "direction", "", "no_change"),
        ("Calls plunged by a quarter to 80 calls.", "percent_change", "0.25", "fall"),
        ("Road deaths slipped 3% to 1,624.", "percent_change", "3", "fall"),
        ("The deficit narrowed by €1.1 billion to €3.4 billion.", "difference", "1100000000",
         "fall"),
        ("Trips rose by 300 million, or 9%, to 3.6 billion.", "difference", "300000000", "rise"),
        ("It is slower by 1.2 mph than in 2019.", "difference", "1.2", "fall"),
        ("Shares closed down 12 pence.", "difference", "12", "fall"),
        ("Output contracted to 480 ships from 520 ships.", "direction", "", "fall"),
        ("Response times showed a 3% improvement.", "percent_change", "3",
         "TO FILL: rise or fall"),
        ("It made 14 knots, well up on 2021, higher than 12 knots in 2022.", "direction", "",
         "rise"),
    ],
)  # fmt: skip
def test_a_comparison_is_proposed_with_its_kind_and_direction(sentence, kind, value, direction):
    found = claims(sentence)
    row = found[found["kind"] == kind].iloc[0]

    assert (row["stated_value"], row["direction"]) == (value, direction)


@pytest.mark.parametrize(
    ("sentence", "kind", "base", "level"),
    [
        ("Spills fell to 450,398 spills in 2024, 2.9% fewer than the 464,056 in 2023, but it took "
         "from 3.6 million hours to 3.7 million hours.", "percent_change", "464056", "450398"),
        ("It counted 1,730 ships in 2013, a 3% drop from 1,785 ships in 2012.", "percent_change",
         "1785", "1730"),
        ("Turnover soared to $4.2bn in 2023, almost three times the $1.5bn of 2020.", "multiple",
         "1500000000", "4200000000"),
        ("Arrests were down 11.5 per cent on last year, at 668,979.", "percent_change", "",
         "668979"),
        ("Alarms doubled to 3,406 in 2023-24. Faults trebled from 12 to 37.", "multiple", "12",
         "37"),
        ("In 2023 there were 80 calls. Calls at night rose by 5% to 40 calls in 2024.",
         "percent_change", "", "40"),
        ("Prices rose by 2.3%, up from 1.7% in September.", "percent_change", "", ""),
        ("Calls rose to 80 calls in 2023, up 27% from 63 in 2022 and 120% up on the year 2010.",
         "percent_change", "", "80"),
        ("There were 80 calls, down 2% compared with the year before (82) and the lowest ever.",
         "percent_change", "82", "80"),
        ("Borrowing was £17 billion in May 2024; this was £2 billion more than in May 2023.",
         "difference", "", "17000000000"),
        ("Half of the 480 boats, up from 45% in 2020, were late.", "direction", "", ""),
        ("Ships rose by 12% in 2024, reaching 80 ships, compared with 71 ships in 2023.",
         "percent_change", "71", "80"),
        ("The number of ships was 80. Calls remained at 1.8 million.", "direction", "", "1800000"),
        ("There were 1,172 calls in 2023, 121 more than in 2022 (1,051).", "difference", "1051",
         "1172"),
        ("Fees are up by £31, or £2.60 a month, to £2,171.", "difference", "", ""),
        ("Calls rose by 30% to 90 calls, with those at night down 4%.", "percent_change", "", ""),
        ("It took 27 minutes, 9 minutes slower than in May but 4 minutes faster than the 18-minute "
         "target.", "difference", "1080", "1620"),
        ("More than 100 of the 650 boats sank, up from 87 of 640.", "direction", "87", "100"),
        ("Calls fell from 15% to 12%, but boats were unchanged at 21%.", "direction", "", "21"),
        ("There were 80 calls, 97% of those of 2019 and 14% more than in 2022.", "percent_change",
         "", "80"),
        ("There were 80 calls, 20% lower than the peak of 100 calls in 2022.", "percent_change",
         "100", "80"),
        ("Exports rose 3% and imports fell from 80 to 70.", "percent_change", "", ""),
        ("Exports rose 3% and imports fell from 80 to 70.", "direction", "80", "70"),
        ("It is 2.1 weeks below the peak of 15.2 weeks.", "difference", "15.2", ""),
        ("Jobs rose by 142 in May, and the rate changed little at 4.2%.", "difference", "", ""),
    ],
)  # fmt: skip
def test_bases_and_levels_are_those_of_the_clause_and_its_unit(sentence, kind, base, level):
    draft = drafted(sentence)
    values = draft["figures"].set_index("id")["value"]
    claim = draft["claims"].set_index("kind").loc[[kind]].iloc[-1]

    ends = [values.get(claim[end], "") for end in ("from_figure", "to_figure")]
    assert ends == [base, level]


@pytest.mark.parametrize(
    "sentence",
    [
        "It took more than 9,000 samples, the most since 2010.",
        "They leave their lowest paid staff behind, more than 9,000 people.",
        "It was the second lowest on record.",
    ],
)
def test_what_is_no_bound_and_no_extreme_is_none(sentence):
    assert not set(claims(sentence)["direction"]) - {"highest"}


def test_a_base_has_no_period_of_what_is_compared_with_it():
    found = figures("It took 7.2 days in 2023, from 6.4 days before the storm.")

    assert found["period_end"].tolist() == ["2023-12-31", ""]


def test_equal_shares_of_one_paragraph_are_two_figures():
    found = figures("Of the 202 employers, 39% made deductions and 39% failed to pay it in time.")

    assert found["value"].tolist() == ["202", "39", "39"]


@pytest.mark.parametrize(
    ("sentence", "fragment"),
    [
        ("It counted 480 ships in 2012, 4% lower than in 2011.", "4% lower than in 2011"),
        ("It was 480 ships in 2012, down 4% from the 2011 total.", "down 4% from the 2011 total"),
        ("480 ships came, a 5% decrease compared with the year to June 2012, it says.",
         "5% decrease compared with the year to June 2012"),
        ("Calls were 4% lower than in 2011 and then rose.", "4% lower than in 2011"),
        ("Calls fell by 1.5% on the 2.5 million of last year (see below).",
         "fell by 1.5% on the 2.5 million of last year"),
        ("Calls fell by 12% to 480 calls from 545 calls, with those at night down 11% to 80 calls.",
         "down 11%"),
        ("There was a reduction in the number of calls of all kinds in the harbour, including a "
         "17% reduction at night.", "17% reduction"),
        ("Calls were 4% lower than in any of the years in which the harbour was not yet open.",
         "4% lower"),
    ],
)  # fmt: skip
def test_a_comparison_keeps_what_it_is_compared_with(sentence, fragment):
    assert fragment in set(claims(sentence)["as_stated"])


@pytest.mark.parametrize(
    "sentence",
    [
        "There were more than 18,000 ships in 2018, compared with just over 9,000 ships in 2020.",
        "There were just over 9,000 ships in 2020, compared with more than 18,000 ships in 2018.",
        "It counted 480 ships in 2020, up from 400 ships in 2018.",
        "It increased from 400 ships in 2018 to 480 ships in 2020.",
    ],
)
def test_a_comparison_and_a_series_run_forward_in_time(sentence):
    draft = drafted(sentence)
    claim, series = draft["claims"].iloc[0], draft["series"].iloc[0]

    assert (claim["from_figure"], claim["to_figure"]) == ("ships_2018", "ships_2020")
    assert (series["growth_from"], series["base_figure"]) == ("ships_2018", "ships_2020")
    assert (series["figures"], series["id"]) == ("ships_2018 ships_2020", "ships_2020_series")


def test_a_series_runs_forward_where_a_comparison_looks_back():
    draft = drafted("In 2010 it counted 480 ships, 20% more than the 400 ships of 2018.")
    series = draft["series"].iloc[0]

    assert (series["growth_from"], series["base_figure"]) == ("ships_2010", "ships_2018")


def test_the_second_change_of_a_sentence_has_a_level_of_its_own():
    found = claims(
        "Calls fell by 12% to 480 calls from 545 calls, with those at night down 11% to 80 calls."
    )
    ends = found[["stated_value", "from_figure", "to_figure"]].to_numpy().tolist()

    # The figures in their order: 480, 545 and 80 calls.
    assert ends == [["12", "calls_n2", "calls"], ["11", "", "calls_n3"]]


def test_this_figure_is_the_one_before_it_and_not_its_base():
    found = claims(
        "Ships fell to 480 ships in 2012 from 500 ships in 2011. This figure is 15% lower than "
        "the 2005 to 2009 average. This is the lowest number since 1926."
    ).set_index("kind")

    assert found.loc["percent_change", "to_figure"] == "ships_2012"
    assert found.loc["percent_change", "from_figure"] == ""
    assert found.loc["extreme", "to_figure"] == "ships_2012"


@pytest.mark.parametrize(
    ("more", "base"), [("", "ships_2011"), (" on the busiest year", ""), (" since the war", "")]
)
def test_this_change_has_the_base_of_the_figure_before_it(more, base):
    text = "Ships fell to 480 ships in 2012, down from 500 ships in 2011. This is a fall of 4%"

    found = claims(f"{text}{more}.").set_index("kind")

    assert found.loc["percent_change", ["from_figure", "to_figure"]].tolist() == [
        base,
        "ships_2012",
    ]


def test_a_word_of_change_holds_for_a_list():
    found = claims("Calls fell 12%, alarms 8% and house fires 5%.")

    assert found["stated_value"].tolist() == ["12", "8", "5"]
    assert set(found["direction"]) == {"fall"}
    money = claims("Calls fell by £1.1bn (or 3.5%) and texts by £0.4bn (or 0.8%).")
    assert money["direction"].tolist() == ["fall"] * 4
    points = claims("It is up 0.2 points on May and 0.1 points on June.")
    assert points["direction"].tolist() == ["rise", "rise"]


def test_an_extreme_is_claimed_since_its_month_or_its_year():
    found = claims(
        "It counted 480 ships, the fewest since June 2022. It is the most since 2010. "
        "It was the highest since records began in March 1997."
    )

    assert found["since"].tolist() == ["2022-06-01", "2010", "1997-03-01"]


def test_percentages_that_share_a_sign_are_percentages_each():
    draft = drafted("Calls and landings fell by 3 and 8% respectively.")
    found = draft["claims"]

    assert draft["mentions"]["refers_to"].tolist()[-2:] == found["id"].tolist()
    assert found["stated_value"].tolist() == ["3", "8"]
    assert set(found["stated_unit"]) == {"percent"}
    assert set(found["direction"]) == {"fall"}
    assert set(found["kind"]) == {"percent_change"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Fish make up a quarter of the trade.",
        "The boats carry up to 14 people.",
        "The harbour set up a fund of £3 million.",
    ],
)
def test_up_is_a_rise_only_where_something_rises(sentence):
    assert "rise" not in set(claims(sentence)["direction"])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_proposal_stands_in_its_paragraph(path):
    text = read_plain_text(path.read_text("utf-8"))
    draft = draft_tables(text.paragraphs, DAY)
    parts = {part.locator: part.text for part in text.paragraphs}

    assert draft["paragraphs"]["sha256"].tolist() == [fingerprint(part) for part in parts.values()]
    assert [tuple(row) for row in draft["mentions"][["locator", "token", "nth"]].to_numpy()] == [
        (locator, mention.token, str(mention.nth))
        for locator, part in parts.items()
        for mention in number_mentions(part)
    ]
    for table in ("figures", "claims"):
        for row in draft[table].itertuples():
            assert holds_fragment(parts[row.locator], row.as_stated), row.as_stated
            assert len(row.as_stated.split()) <= 14, row.as_stated
    for row in draft["figures"].itertuples():
        found = find_stated(row.as_stated, float(row.value), row.unit, float(row.rounded_to))
        assert found is not None, row.as_stated
        assert row.qualifier in stated_qualifiers(row.as_stated, found), row.as_stated


VOCABULARY = (
    "up|by|to|from|than|more|half|a|third|one|in|five|between|40|and|50|2020|2012-13|May|Q3|since|"
    "£3.4 million|38%|halved|the|year before|8 minutes|3 seconds|first|of its kind|lowest|ships|"
    "(|.|;|remained at|as a result of|per 100,000|5G|31 June 2020|March 2021 to May 2020|twice|0"
)


@settings(deadline=None, max_examples=60)  # a busy machine is slow
@given(
    st.lists(
        st.lists(st.sampled_from(VOCABULARY.split("|")), max_size=14).map(" ".join), max_size=5
    )
)
def test_any_text_is_drafted_with_every_number_accounted_for(lines):
    text = read_plain_text("\n\n".join(["Harbour news of the day", *lines]))
    draft = draft_tables(text.paragraphs, DAY)

    expected = sum(len(number_mentions(part.text)) for part in text.paragraphs)
    assert len(draft["mentions"]) == expected


# ---------------------------------------------------------------- the folder


def test_check_of_a_draft_finds_nothing_but_what_is_to_fill_in_the_order_of_work(tmp_path):
    for path in TEXTS:
        draft_release(path.stem, path, tmp_path / "data")

        with pytest.raises(DataError) as caught:
            read_release(path.stem, tmp_path / "data")
        assert set(faults_to_fill(caught.value.faults)) == set(caught.value.faults)
        files = [line.split(",")[0] for line in work_left(caught.value.faults)]
        order = ["release.toml", "topics.csv", "figures.csv", "claims.csv", "series.csv"]
        assert list(dict.fromkeys(files)) == [file for file in order if file in files]


def test_release_toml_holds_what_the_text_says_of_itself(tmp_path):
    draft_release("trams", RELEASES / "lakeside-2024.txt", tmp_path / "data", today=DAY)

    about = (tmp_path / "data" / "trams" / "release.toml").read_text("utf-8")
    assert 'publisher = "Lakeside Transport Authority"\npublished = 2024-05-14\n' in about
    assert 'licence = "Open Government Licence v3.0"' in about
    assert "edition = 2024-09-12" in about
    assert len(re.findall("TO FILL", about)) == 5


def test_a_web_page_says_more_and_its_surroundings_are_listed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<html><head><title>News</title><link rel="canonical" href="https://harbour.example/1">'
        '<meta property="og:site_name" content="Harbour Office">'
        '<meta property="article:published_time" content="2024-09-12T09:00:00Z"></head><body>'
        "<nav>Home</nav><main><h1>Harbour news</h1><p>It counted 480 ships in 2020.</p>"
        '<div class="share">Share this page</div></main><footer>Imprint</footer></body></html>',
        encoding="utf-8",
    )
    told = draft_release("harbour", page, tmp_path / "data")

    about = (tmp_path / "data" / "harbour" / "release.toml").read_text("utf-8")
    for line in (
        'publisher = "Harbour Office"',
        'address = "https://harbour.example/1"',
        "published = 2024-09-12",
    ):
        assert line in about
    left_out = [line for line in told if line.startswith("left out")]
    assert [text for text in ("Home", "Share this page", "Imprint") if text in str(left_out)] == [
        "Home", "Share this page", "Imprint",
    ]  # fmt: skip


def test_a_text_without_a_date_is_told_how_to_give_one(tmp_path):
    source = tmp_path / "text.txt"
    source.write_text("Harbour news\n\nIt counts 480 ships now.\n", "utf-8")

    undated = draft_release("harbour", source, tmp_path / "data")
    dated = draft_release("quay", source, tmp_path / "data", DAY)

    assert any("no date was found" in told and "--published YYYY-MM-DD" in told for told in undated)
    assert not any("no date was found" in told for told in dated)


def test_nothing_is_overwritten_and_a_changed_page_is_told(tmp_path):
    source = tmp_path / "text.txt"
    source.write_text("Harbour news\n\nIt counted 480 ships.\n\nIt has 12 piers.\n", "utf-8")
    draft_release("harbour", source, tmp_path / "data")
    folder = tmp_path / "data" / "harbour"
    before = {path: path.read_bytes() for path in folder.iterdir()}

    same = draft_release("harbour", source, tmp_path / "data")
    source.write_text("Harbour news\n\nIt counted 490 ships.\n\nIt has 12 piers.\n\nSeals came.\n")
    changed = draft_release("harbour", source, tmp_path / "data")

    there = "harbour is there already, and nothing was written"
    assert same == [there, "the text is as it was recorded"]
    assert [line.split(":")[0] for line in changed] == [there, "altered", "new"]
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_of_two_drafts_at_once_the_second_says_that_the_first_is_there(tmp_path, monkeypatch):
    def other_run(data, release_id):
        (data / release_id / "of-another-run").mkdir(parents=True)
        return []

    monkeypatch.setattr(draft, "_lay_out", other_run)
    with pytest.raises(PublishError, match="trams is there already"):
        draft_release("trams", RELEASES / "lakeside-2024.txt", tmp_path / "data")


def test_an_empty_folder_becomes_a_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = draft_release("trams", RELEASES / "lakeside-2024.txt")

    laid_out = [line.removeprefix("laid out ") for line in told if line.startswith("laid out")]
    assert laid_out == ["notebooks", "data/method", "docs/methods.md", "data/releases.toml"]
    assert (tmp_path / "notebooks" / "1-claims.ipynb").is_file()
    assert (tmp_path / "data" / "method" / "assumptions.csv").is_file()
    assert (tmp_path / "data" / "releases.toml").read_text().endswith('default = "trams"\n')
    descriptor = json.loads((tmp_path / "data" / "trams" / "datapackage.json").read_text("utf-8"))
    assert "figures" in [resource["name"] for resource in descriptor["resources"]]


def test_a_table_of_numbers_is_no_text_of_a_release(tmp_path):
    source = tmp_path / "a.csv"
    source.write_text("\n".join(["2019,1200,1300"] * 1000), encoding="utf-8")

    with pytest.raises(SourceTextError, match=r"a paragraph of 14,999 characters, as a table does"):
        draft_release("trams", source, tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["", "method", "Two Words", "a" * 300])
def test_a_wrong_id_is_refused_before_anything_is_written(name, tmp_path):
    with pytest.raises(ParameterError, match=r"^release: "):
        draft_release(name, RELEASES / "lakeside-2024.txt", tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_file_in_the_place_of_the_data_folder_is_refused_before_anything_is_written(tmp_path):
    (tmp_path / "data.toml").write_text("")

    with pytest.raises(ParameterError, match="is a file"):
        draft_release("trams", RELEASES / "lakeside-2024.txt", tmp_path / "data.toml")
    assert len(list(tmp_path.iterdir())) == 1
