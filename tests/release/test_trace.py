import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statedfigures.release.numerals import number_mentions
from statedfigures.release.reading import read_release
from statedfigures.release.source_text import read_page, read_plain_text, read_source_text
from statedfigures.release.trace import trace

ROOT = Path(__file__).parents[2]
RELEASES = ROOT / "tests" / "releases"
TEXT = (RELEASES / "small-release.txt").read_text(encoding="utf-8")
PAGE = (RELEASES / "small-release.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Read the small release beside the rows that all releases share."""
    data = tmp_path_factory.mktemp("data")
    (data / "method").symlink_to(ROOT / "data" / "method")
    (data / "small-release").symlink_to(RELEASES / "small-release")
    return read_release("small-release", data)


def changed(text, old, new):
    """Change one thing, and make sure that it was there once."""
    assert text.count(old) == 1
    return text.replace(old, new)


def messages(found):
    return [str(fault) for fault in found.faults]


def reached(found, kind):
    row = found.coverage.loc[kind]
    return int(row["reached"]), int(row["total"])


def unaccounted(found):
    return [(row.side, row.locator, row.token) for row in found.unaccounted.itertuples()]


def test_the_tables_account_for_the_whole_text(release):
    """Every paragraph, figure, claim, measure and number, and none left over."""
    found = trace(release, read_plain_text(TEXT))

    # Counted by hand in the text: 17 paragraphs; the tables have 12 figures,
    # 8 claims and 2 measures.
    assert found.faults == ()
    assert [reached(found, kind) for kind in ("paragraphs", "figures", "claims", "measures")] == [
        (17, 17),
        (12, 12),
        (8, 8),
        (2, 2),
    ]
    assert list(found.coverage["percent"]) == [100] * 5
    assert len(found.unaccounted) == len(found.left_out) == 0


def test_the_web_page_is_accounted_for_and_what_lies_around_it_is_listed(release):
    """The date of the head is set elsewhere; what lies around the text is no fault."""
    found = trace(release, read_page(PAGE))

    assert found.faults == ()
    assert reached(found, "paragraphs") == (16, 16)
    assert found.absent_on_page == ("head/2",)
    reasons = found.left_out.groupby("reason")["text"].apply(list)
    # From:, publisher, Published, date; and the aside behind the text.
    assert len(reasons["around the release"]) == 5
    assert "News 2021" in reasons["outside the main part of the page"]
    lines = list(found.lines())
    assert lines[0] == "100% of paragraphs unchanged (16 of 16)"
    assert any(
        "left out (around the release): “Share this page with 5 friends.”" in x for x in lines
    )


def test_a_changed_digit_is_named_everywhere_it_matters(release):
    """The paragraph, the figure, the new number and the one that is gone."""
    found = trace(release, read_plain_text(changed(TEXT, "480 ships", "481 ships")))

    expected = release.paragraphs.loc["ships-and-ferries/1", "sha256"][:12]
    figure, added, gone, paragraph = messages(found)
    assert figure.startswith("figures.csv, row 3, column as_stated: “480 ships” of ships_2020")
    assert "“481” (number 1 of its kind) in ships-and-ferries/1 is not accounted for" in added
    assert "“480” (number 1 of its kind) in ships-and-ferries/1 is not in the copy" in gone
    assert f"expected SHA-256 {expected}…, found " in paragraph
    assert [row[::2] for row in unaccounted(found)] == [("copy", "481"), ("table", "480")]
    # 16 of 17 is 94.1%, shown rounded down.
    assert found.coverage.loc["paragraphs", "percent"] == 94


@pytest.mark.parametrize("number", ["7", "a dozen", "twice", "third", "2020", "£3 million"])
def test_a_number_that_is_added_is_named(release, number):
    """A numeral or a number word, also one that the paragraph holds already."""
    text = changed(TEXT, "pilots are on duty", f"pilots and {number} are on duty")
    found = trace(release, read_plain_text(text))

    (mention,) = number_mentions(number)
    assert unaccounted(found) == [("copy", "ships-and-ferries/4", mention.token)]


def test_a_paragraph_that_is_gone_is_named_with_all_that_stood_in_it(release):
    text = changed(TEXT, "  • A new £2.5 million fund for quieter engines\n", "")
    found = trace(release, read_plain_text(text))

    told = "\n".join(messages(found))
    assert "summary/2 is not in the copy: expected SHA-256" in told
    assert "fund cannot be traced: the copy has no summary/2" in told
    assert "engine_fund cannot be traced: the copy has no summary/2" in told
    assert "“£2.5 million” (number 1 of its kind) in summary/2 is not in the copy" in told
    assert (reached(found, "figures"), reached(found, "measures")) == ((11, 12), (1, 2))


def test_a_paragraph_that_is_added_is_named_with_its_numbers_and_its_whole_fingerprint(release):
    """So that its row can be written without any other tool."""
    copy = read_plain_text(TEXT + "\nContact: 3 Pier Road\n")
    found = trace(release, copy)

    number, paragraph = messages(found)
    # The text has 32 lines; then an empty one.
    assert "“3” (number 1 of its kind) in a paragraph that is not recorded" in number
    assert "line 34 of the copy is not recorded: “Contact: 3 Pier Road”" in paragraph
    assert copy.paragraphs[-1].sha256 in paragraph


def test_a_moved_paragraph_is_named(release):
    line = "More than 30 pilots are on duty, and less than 1% of calls end in damage.\n\n"
    moved = changed(TEXT, line, "").replace("Ships and ferries\n\n", f"Ships and ferries\n\n{line}")

    told = messages(trace(release, read_plain_text(moved)))
    assert any("ships-and-ferries/4 is not in the copy" in message for message in told)


def test_a_block_added_within_a_page_is_a_fault_and_around_it_is_not(release):
    """Only what lies outside the first and last paragraph lies around the release."""
    notice = "<p>Only 4 places left</p>"
    within = trace(release, read_page(changed(PAGE, "<h2>Divers and seals</h2>", notice)))
    around = trace(release, read_page(changed(PAGE, "<aside>", f"{notice}<aside>")))

    assert any("“4”" in message for message in messages(within))
    assert around.faults == ()
    assert "Only 4 places left" in list(around.left_out["text"])


@pytest.mark.parametrize("change", [("its plans", "6 plans"), ("1 April", "2 April")])
def test_a_change_in_the_first_or_last_paragraph_of_a_page_is_told(release, change):
    found = trace(release, read_page(changed(PAGE, *change)))

    (paragraph,) = [fault for fault in found.faults if fault.column == "sha256"]
    assert "differs from the paragraph recorded" in paragraph.found


@pytest.mark.parametrize("html", ["<p>Another page with 1 number</p>", "<main><p>Ships</p></main>"])
def test_another_page_is_not_the_release(release, html):
    found = trace(release, read_page(html))

    assert [reached(found, kind)[0] for kind in ("paragraphs", "figures", "mentions")] == [0, 0, 0]
    assert found.faults


@pytest.mark.parametrize(
    ("table", "row", "cell", "told"),
    [
        (
            "figures",
            "fund",
            {"locator": "summary/1"},
            "of fund does not stand in summary/1 (line 5",
        ),
        ("claims", "ships_rise", {"as_stated": "up 21%"}, "of ships_rise does not stand in"),
    ],
)
def test_a_fragment_is_looked_for_at_its_own_locator(release, table, row, cell, told):
    frame = getattr(release, table).copy()
    for column, value in cell.items():
        frame.loc[row, column] = value
    (fault,) = trace(replace(release, **{table: frame}), read_plain_text(TEXT)).faults

    assert (fault.file, fault.column) == (f"{table}.csv", "as_stated")
    assert told in fault.found


def test_the_text_may_be_wrapped_and_set_in_another_way(release):
    """Bullets, quotation marks, dashes, spaces and line ends do not count."""
    other = TEXT.replace("•", "*").replace("‘", "'").replace("’", "'").replace(" – ", " — ")
    other = other.replace(" ships, up", "\n\u00a0ships,  up").replace("\n", "\r\n")

    assert trace(release, read_plain_text(other)).faults == ()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(release, seed):
    """Also not the order of paragraphs.csv."""
    names = ("paragraphs", "figures", "claims", "mentions")
    shuffled = {name: getattr(release, name).sample(frac=1, random_state=seed) for name in names}
    copy = read_plain_text(TEXT.replace("480", "481").replace("  • A single desk", "  • A desk"))
    found, other = trace(replace(release, **shuffled), copy), trace(release, copy)

    assert found.faults == other.faults
    pd.testing.assert_frame_equal(found.unaccounted, other.unaccounted)
    pd.testing.assert_frame_equal(found.coverage, other.coverage)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.sampled_from("0123456789"))
def test_no_digit_can_be_changed_unnoticed(release, place, digit):
    places = [number for number, sign in enumerate(TEXT) if sign.isdigit()]
    place = places[place % len(places)]
    mutated = f"{TEXT[:place]}{digit}{TEXT[place + 1 :]}"

    assert bool(trace(release, read_plain_text(mutated)).faults) is (mutated != TEXT)


@settings(max_examples=17, deadline=None)
@given(st.integers(0, 16))
def test_no_paragraph_can_be_taken_out_unnoticed(release, number):
    copy = read_plain_text(TEXT)
    parts = copy.paragraphs
    found = trace(release, replace(copy, paragraphs=parts[:number] + parts[number + 1 :]))

    locators = release.paragraphs.index[release.paragraphs["sha256"] == parts[number].sha256]
    assert any(f"{locators[0]} is not in the copy" in message for message in messages(found))


class TestOwnCopy:
    """The shipped tables against a copy of the release, where there is one."""

    def test_the_shipped_tables_account_for_the_whole_release(self, shared):
        """As text, and wrapped into markup with a menu before and links behind it."""
        release = read_release("weprotect-2014", ROOT / "data")
        copy = read_source_text(shared / "release" / "weprotect-2014.txt")
        found = trace(release, copy)
        blocks = "".join(f"<p>{part.text}</p>" for part in copy.paragraphs).replace("&", "&amp;")
        page = read_page(f"<body><p>Menu 1</p>{blocks}<p>Related 2</p></body>")

        assert found.faults == ()
        assert list(found.coverage["percent"]) == [100] * 5
        assert trace(release, page).faults == ()

    def test_no_numeral_of_the_release_can_be_changed_unnoticed(self, shared):
        """The last digit of each tenth in turn, moved on by one."""
        release = read_release("weprotect-2014", ROOT / "data")
        text = (shared / "release" / "weprotect-2014.txt").read_text(encoding="utf-8")
        for numeral in list(re.finditer(r"\d+", text))[::10]:
            place = numeral.end() - 1
            other = f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"

            assert trace(release, read_plain_text(other)).faults


def test_a_locator_may_have_a_number_of_any_length(release):
    """Thirty digits are more than a whole number of the machine holds."""
    last = release.paragraphs.index[-1]
    long = release.paragraphs.rename(index={last: f"{last.partition('/')[0]}/{'9' * 30}"})

    found = trace(replace(release, paragraphs=long), read_plain_text(TEXT))
    assert reached(found, "paragraphs") == (17, 17)
