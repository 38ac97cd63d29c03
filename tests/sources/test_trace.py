import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.sources.numbers import number_mentions
from statedfigures.sources.release import read_release
from statedfigures.sources.text import (
    paragraphs_of_page,
    paragraphs_of_text,
    read_source_text,
)
from statedfigures.sources.trace import Coverage, trace_as_dict, trace_release

RELEASES = Path(__file__).parents[1] / "releases"
ROOT = Path(__file__).parents[2]
OWN_COPY = ROOT.parent / "shared" / "release" / "weprotect-2014.txt"
TEXT = (RELEASES / "small-release.txt").read_text(encoding="utf-8")
PAGE = (RELEASES / "small-release.html").read_text(encoding="utf-8")
TABLES = read_release("small-release", data=RELEASES)


def trace_text(text):
    return trace_release(TABLES, paragraphs_of_text(text))


def trace_page(html):
    return trace_release(TABLES, paragraphs_of_page(html))


def changed(text, old, new):
    """Change one thing, and make sure that it was there once."""
    assert text.count(old) == 1
    return text.replace(old, new)


def messages(trace):
    return [str(fault) for fault in trace.faults]


def test_the_tables_account_for_the_whole_text():
    """Every paragraph, figure, claim, measure and number, and none left over."""
    trace = trace_text(TEXT)

    # Counted by hand in the text: 17 paragraphs; the tables have 12 figures,
    # 8 claims and 2 measures.
    assert trace.paragraphs == Coverage(17, 17)
    assert trace.figures == Coverage(12, 12)
    assert trace.claims == Coverage(8, 8)
    assert trace.measures == Coverage(2, 2)
    assert trace.mentions.percent == 100
    assert (trace.unaccounted, trace.furniture, trace.faults) == ((), (), ())


def test_the_web_page_is_accounted_for_without_its_furniture():
    """The date of the head is set elsewhere; what lies around the text is no fault."""
    trace = trace_page(PAGE)

    assert trace.faults == ()
    assert trace.paragraphs == Coverage(16, 16)
    assert trace.set_elsewhere == ("head/2",)
    # From:, publisher, Published, date; and the aside behind the text.
    assert len(trace.furniture) == 5


def test_a_changed_digit_is_named_everywhere_it_matters():
    """The paragraph, the figure, the new number and the one that is gone."""
    trace = trace_text(changed(TEXT, "480 ships", "481 ships"))

    expected = TABLES.paragraphs["ships-and-ferries/1"].sha256[:12]
    assert [fault.file for fault in trace.faults] == [
        "figures.csv",
        "mentions.csv",
        "mentions.csv",
        "paragraphs.csv",
    ]
    figure, added, gone, paragraph = messages(trace)
    assert figure.startswith("figures.csv, row 3, column as_stated: “480 ships” of ships_2020")
    assert "“481” (number 1 of its kind) in ships-and-ferries/1 is not accounted for" in added
    assert "“480” (number 1 of its kind) in ships-and-ferries/1 is not in the copy" in gone
    assert f"expected SHA-256 {expected}…, found " in paragraph
    assert [(one.side, one.token) for one in trace.unaccounted] == [
        ("copy", "481"),
        ("table", "480"),
    ]
    # 16 of 17 is 94.1%, shown rounded down.
    assert trace.paragraphs == Coverage(16, 17)
    assert trace.paragraphs.percent == 94


@pytest.mark.parametrize("number", ["7", "a dozen", "twice", "third", "2020", "£3 million"])
def test_a_number_that_is_added_is_named(number):
    """A numeral or a number word, also one that the paragraph holds already."""
    trace = trace_text(changed(TEXT, "pilots are on duty", f"pilots and {number} are on duty"))

    (mention,) = number_mentions(number)
    assert [(one.side, one.locator, one.token) for one in trace.unaccounted] == [
        ("copy", "ships-and-ferries/4", mention.token)
    ]
    assert trace.mentions.reached == trace.mentions.total - 1


def test_a_second_mention_of_the_same_number_is_named():
    """2018 once more is one too many."""
    trace = trace_text(changed(TEXT, "the 400 of 2018", "the 400 of 2018 and of 2018"))

    assert [(one.token, one.nth) for one in trace.unaccounted] == [("2018", 2)]


def test_a_paragraph_that_is_gone_is_named_with_all_that_stood_in_it():
    """The paragraph, its figures and claims, and its numbers."""
    trace = trace_text(changed(TEXT, "  • A new £2.5 million fund for quieter engines\n", ""))

    found = "\n".join(messages(trace))
    assert "summary/2 is not in the copy: expected SHA-256" in found
    assert "fund cannot be traced: the copy has no summary/2" in found
    assert "engine_fund cannot be traced: the copy has no summary/2" in found
    assert "“£2.5 million” (number 1 of its kind) in summary/2 is not in the copy" in found
    assert trace.figures == Coverage(11, 12)
    assert trace.measures == Coverage(1, 2)


def test_a_paragraph_that_is_added_to_the_text_is_named_with_its_numbers():
    """In plain text everything counts, also behind the last paragraph."""
    trace = trace_text(TEXT + "\nContact: 3 Pier Road\n")

    number, paragraph = messages(trace)
    # The text has 32 lines; then an empty one.
    assert "“3” (number 1 of its kind) in a paragraph that is not recorded" in number
    assert "(line 34 of the copy)" in number
    assert "line 34 of the copy is not recorded: “Contact: 3 Pier Road”" in paragraph
    assert trace.unaccounted[0].locator == ""


def test_a_moved_paragraph_is_named():
    """The numbers are all there, and yet not in their places."""
    line = "More than 30 pilots are on duty, and less than 1% of calls end in damage.\n\n"
    moved = changed(TEXT, line, "").replace("Ships and ferries\n\n", f"Ships and ferries\n\n{line}")

    assert any(
        "ships-and-ferries/4 is not in the copy" in one for one in messages(trace_text(moved))
    )


def test_a_block_added_within_a_page_is_a_fault_and_around_it_is_not():
    """Only what lies outside the first and last paragraph is furniture."""
    notice = "<p>Only 4 places left</p>"
    within = trace_page(changed(PAGE, "<h2>Divers and seals</h2>", notice))
    around = trace_page(changed(PAGE, "<aside>", f"{notice}<aside>"))

    assert any("“4”" in one for one in messages(within))
    assert around.faults == ()
    assert len(around.furniture) == 6


@pytest.mark.parametrize("change", [("its plans", "6 plans"), ("1 April", "2 April")])
def test_a_change_in_the_first_or_last_paragraph_of_a_page_is_no_furniture(change):
    """The paragraphs at the edges are paired and differ."""
    (paragraph,) = [
        fault for fault in trace_page(changed(PAGE, *change)).faults if fault.column == "sha256"
    ]

    assert "differs from the paragraph recorded" in paragraph.found


@pytest.mark.parametrize("html", ["<p>Another page with 1 number</p>", "<main><p>Ships</p></main>"])
def test_another_page_is_not_the_release(html):
    """Nothing is traced, and every recorded number is missed."""
    trace = trace_page(html)

    assert trace.paragraphs.reached == trace.figures.reached == trace.mentions.reached == 0
    assert trace.faults


def test_a_fragment_that_stands_elsewhere_is_not_traced():
    """A figure is looked for at its own locator."""
    fund = replace(TABLES.figures["fund"], locator="summary/1")
    trace = trace_release(
        replace(TABLES, figures={**TABLES.figures, "fund": fund}), paragraphs_of_text(TEXT)
    )

    (fault,) = trace.faults
    assert (fault.file, fault.row, fault.column) == ("figures.csv", fund.row, "as_stated")
    assert "of fund does not stand in summary/1 (line 5 of the copy)" in fault.found


def test_a_claim_is_looked_for_like_a_figure():
    """Its own words at its own locator."""
    claim = replace(TABLES.claims["ships_rise"], as_stated="up 21%")
    trace = trace_release(
        replace(TABLES, claims={**TABLES.claims, "ships_rise": claim}), paragraphs_of_text(TEXT)
    )

    assert trace.claims == Coverage(7, 8)
    assert [fault.file for fault in trace.faults] == ["claims.csv"]


def test_the_text_may_be_wrapped_and_set_in_another_way():
    """Bullets, quotation marks, dashes, spaces and line ends do not count."""
    other = TEXT.replace("•", "*").replace("‘", "'").replace("’", "'").replace(" – ", " — ")
    other = other.replace(" ships, up", "\n\u00a0ships,  up").replace("\n", "\r\n")

    assert trace_text(other).faults == ()


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(random):
    """Also not the order of paragraphs.csv."""

    def shuffled(rows):
        pairs = list(rows.items())
        random.shuffle(pairs)
        return dict(pairs)

    mentions = list(TABLES.mentions)
    random.shuffle(mentions)
    tables = replace(
        TABLES,
        paragraphs=shuffled(TABLES.paragraphs),
        figures=shuffled(TABLES.figures),
        claims=shuffled(TABLES.claims),
        mentions=tuple(mentions),
    )
    copy = paragraphs_of_text(TEXT.replace("480", "481").replace("  • A single desk", "  • A desk"))

    assert trace_release(tables, copy) == trace_release(TABLES, copy)


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("0123456789"))
def test_no_digit_can_be_changed_unnoticed(place, digit):
    """Whichever digit of the text it is."""
    places = [number for number, sign in enumerate(TEXT) if sign.isdigit()]
    place = places[place % len(places)]
    mutated = f"{TEXT[:place]}{digit}{TEXT[place + 1 :]}"

    assert bool(trace_text(mutated).faults) is (mutated != TEXT)


@given(st.integers(0, 16))
def test_no_paragraph_can_be_taken_out_unnoticed(number):
    """Whichever it is, its locator is named."""
    paragraphs = paragraphs_of_text(TEXT)
    gone = paragraphs[number]
    trace = trace_release(TABLES, paragraphs[:number] + paragraphs[number + 1 :])
    (locator,) = [row.locator for row in TABLES.paragraphs.values() if row.sha256 == gone.sha256]

    assert any(f"{locator} is not in the copy" in message for message in messages(trace))


def test_a_trace_can_be_written_as_json():
    """With coverage, leftovers and faults by name."""
    shown = json.loads(json.dumps(trace_as_dict(trace_text(TEXT.replace("480", "481")))))

    assert shown["complete"] is False
    assert shown["figures"] == {"reached": 11, "total": 12, "percent": 91}
    assert shown["unaccounted"][0] == {
        "side": "copy",
        "locator": "ships-and-ferries/1",
        "place": "line 12",
        "token": "481",
        "nth": 1,
    }
    assert shown["faults"][0]["file"] == "figures.csv"
    assert trace_as_dict(trace_text(TEXT))["complete"] is True


@pytest.mark.skipif(not OWN_COPY.exists(), reason="no copy of the release beside the checkout")
class TestOwnCopy:
    """The shipped tables against a copy of the release, where there is one."""

    def test_the_shipped_tables_account_for_the_whole_release(self):
        """Every paragraph, figure, claim, measure and number, and none left over."""
        tables = read_release("weprotect-2014", data=ROOT / "data")
        trace = trace_release(tables, read_source_text(OWN_COPY))

        assert trace.faults == ()
        assert trace.figures == Coverage(len(tables.figures), len(tables.figures))
        assert trace.mentions == Coverage(len(tables.mentions), len(tables.mentions))

    def test_the_same_holds_for_the_release_as_a_page(self):
        """Wrapped into markup with a menu before and links behind it."""
        tables = read_release("weprotect-2014", data=ROOT / "data")
        blocks = "".join(f"<p>{part.text}</p>" for part in read_source_text(OWN_COPY))
        page = f"<body><p>Menu 1</p>{blocks.replace('&', '&amp;')}<p>Related 2</p></body>"

        assert trace_release(tables, paragraphs_of_page(page)).faults == ()

    def test_no_numeral_of_the_release_can_be_changed_unnoticed(self):
        """The last digit of each in turn, moved on by one."""
        tables = read_release("weprotect-2014", data=ROOT / "data")
        text = OWN_COPY.read_text(encoding="utf-8")
        for numeral in re.finditer(r"\d+", text):
            place = numeral.end() - 1
            other = f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"

            assert trace_release(tables, paragraphs_of_text(other)).faults
