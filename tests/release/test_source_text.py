import hashlib
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.errors import SourceTextError
from statedfigures.release import source_text
from statedfigures.release.source_text import (
    fingerprint,
    holds_fragment,
    normalise,
    read_page,
    read_plain_text,
    read_source_text,
    section_of,
)

RELEASES = Path(__file__).parents[1] / "releases"


def texts(found):
    return [part.text for part in found.paragraphs]


def locators(found):
    return [part.locator for part in found.paragraphs]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("  Ships \t arrived\n twice ", "Ships arrived twice"),
        ("2.5\u00a0million", "2.5 million"),
        ("• Ships", "Ships"),
        ("* Ships", "Ships"),
        ("– Ships", "Ships"),
        ("the ‘old pier’", "the 'old pier'"),
        ("“busier”", '"busier"'),
        ("2012–13", "2012-13"),
        ("so\u00adund\u200b", "sound"),
        ("cafe\u0301", "caf\u00e9"),
        ("\ufeff• Ships", "Ships"),
        *((kept, kept) for kept in ("-5", "1,235", "0.18%", "£50", "#Harbour", "(daily )")),
    ],
)
def test_what_editors_change_without_meaning_is_the_same(written, meant):
    """Spaces, bullets, quotation marks, dashes and invisible signs; all else is kept."""
    assert normalise(written) == meant


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(min_size=1))
def test_a_fingerprint_is_that_of_the_normal_form(text):
    """Anyone can compute it with another tool; composed letters or not."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert fingerprint(composed) == fingerprint(decomposed)
    assert (
        fingerprint("•  In 2012–13 ‘one’\nship")
        == hashlib.sha256(b"In 2012-13 'one' ship").hexdigest()
    )


@pytest.mark.parametrize(
    ("text", "fragment", "stands"),
    [
        ("from 736 in 2010 to more", "736 in 2010", True),
        ("from 1,736 in 2010", "736 in 2010", False),
        ("from 1736 in 2010", "736 in 2010", False),
        ("stands at 20,000.", "20,000", True),
        ("stands at 20,000.5", "20,000", False),
        ("stands at 200", "20", False),
        ("a £50  million ‘fund’", "£50 million 'fund'", True),
        ("almost doubled", "almost double", False),
        ("38% more", "38%", True),
        ("38% more", " ", False),
    ],
)
def test_a_fragment_stands_as_whole_words_and_numbers(text, fragment, stands):
    assert holds_fragment(text, fragment) is stands


# ---------------------------------------------------------------- plain text


def test_an_empty_line_ends_a_paragraph_and_a_bullet_begins_one():
    """Lines that an editor has wrapped belong together."""
    copy = "Ships and\nferries\n\n\n  • One\n    more\n  * Two\n- Three\n"

    found = read_plain_text(copy)
    assert texts(found) == ["Ships and ferries", "One more", "Two", "Three"]
    assert [part.place for part in found.paragraphs] == ["line 1", "line 5", "line 7", "line 8"]


@pytest.mark.parametrize(
    ("copy", "paragraphs"),
    [
        # Too long to have been wrapped.
        ("Ships\n" + "More ships called. " * 12 + "\nFerries\nFewer ferries called.", 4),
        # No empty line anywhere, and the next word would have fitted.
        ("Ships\nIn 2020 the harbour counted more ships than before.\nFerries\nFewer called.", 4),
        # Wrapped at forty signs: every first word did not fit above.
        ("In 2020 the harbour counted ships\nmore than ever; ferries lost a\nlittle.", 1),
        ("One line", 1),
    ],
)
def test_a_text_with_a_paragraph_a_line_is_read_so(copy, paragraphs):
    assert len(read_plain_text(copy).paragraphs) == paragraphs


def test_a_text_with_a_paragraph_a_line_reads_like_one_with_empty_lines():
    text = (RELEASES / "small-release.txt").read_text("utf-8")
    apart = read_plain_text(text)
    by_line = read_plain_text("\n".join(part.text for part in apart.paragraphs))

    assert texts(by_line) == texts(apart)


def test_paragraphs_have_the_locators_of_their_sections():
    found = read_source_text(RELEASES / "small-release.txt")

    assert locators(found) == [
        *("head/1", "head/2", "text/1", "text/2", "text/3"),
        *(f"ships-and-ferries/{number}" for number in range(5)),
        *(f"divers-and-seals/{number}" for number in range(4)),
        *(f"notes-to-editors/{number}" for number in range(3)),
    ]
    assert len(set(locators(found))) == len(found.paragraphs)


def test_a_section_that_comes_twice_has_two_names():
    copy = "Title\n\nNotes\n\nThe first note is a sentence.\n\nNotes\n\nThe second note is another."

    assert locators(read_plain_text(copy))[1::2] == ["notes/0", "notes-2/0"]


def test_what_copies_of_pages_carry_along_is_left_out_and_listed():
    said = ["Ships are up.", "Sharing boats is up 4%.", "Subscribers rose by half.", "Search 7"]
    first, *others = said
    copy = f"Printable version\n\n{first}\n\nShare this article\n\n" + "\n\n".join(others)
    found = read_plain_text(copy)

    assert texts(found) == said
    assert [(part.place, part.text) for part in found.left_out] == [
        ("line 1", "Printable version"),
        ("line 5", "Share this article"),
    ]


@given(st.text())
def test_no_word_of_a_text_is_lost(text):
    """What is kept and what is left out hold every letter and digit."""
    found = read_plain_text(text)
    kept = sorted("".join([*texts(found), *(part.text for part in found.left_out)]))

    assert [sign for sign in kept if sign.isascii() and sign.isalnum()] == sorted(
        sign for sign in text if sign.isascii() and sign.isalnum()
    )


# ---------------------------------------------------------------- a web page


def test_the_page_and_the_text_of_a_release_hold_the_same_paragraphs():
    """Markup, entities and wrapped lines make no difference."""
    page = read_source_text(RELEASES / "small-release.html")
    text = read_source_text(RELEASES / "small-release.txt")
    around = {"From:", "Merrow Harbour Authority", "Published", "3 March 2021"}

    assert [
        part for part in texts(page) if part not in {*around, "Share this page with 5 friends."}
    ] == [part for part in texts(text) if part != "Published: 3 March 2021"]
    assert page.title == "Merrow Harbour is busier than ever"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>In <b>20</b>13</p>", ["In 2013"]),
        ("<p>One<br>line</p>", ["One line"]),
        ("<ul><li><p>One</p></li><li>Two</ul>", ["One", "Two"]),
        ("<div>Before<p>Inside</p>after</div>", ["Before", "Inside", "after"]),
        ("<td>1</td><td>2</td>", ["1", "2"]),
        ("<p>Out</p><main><p>In</p></main>", ["In"]),
        ("<p>Out</p><div role=main><p>In</p></div>", ["In"]),
        ("<p>Out</p><article><p>In</p></article>", ["In"]),
        ("<article>1</article><article>2</article>", ["1", "2"]),
        ("<p>Seen<!-- 7 --></p><script>8</script><style>9</style>", ["Seen"]),
        ("<nav>Menu</nav><p>Text</p><footer>End</footer>", ["Text"]),
        ("<p>&pound;50&nbsp;million &lt;b&gt;</p>", ["£50 million <b>"]),
        ("<p>unclosed <div>next", ["unclosed", "next"]),
        ("<p>Text</p><div class='social-share'><a href=x>Post</a></div>", ["Text"]),
        ("<p>Text</p><ul id=related-links><li><a href=x>A ship of 1850</a></ul>", ["Text"]),
        # A class of the layout around prose is no reason to leave the prose out.
        (
            f"<div class='content nav'><p>{'Ships are up. ' * 9}</p></div>",
            ["Ships are up. " * 8 + "Ships are up."],
        ),
        ("<p>Text</p><p hidden>Not seen</p>", ["Text"]),
        # What states a number is kept, and care is not sharing.
        ("<div class=promo>480 ships</div><p class=social-care>Few</p>", ["480 ships", "Few"]),
        ("", []),
    ],
)
def test_paragraphs_of_a_page_are_its_blocks(html, expected):
    """Inline markup joins, block elements part, and what is not the text is left out."""
    assert texts(read_page(html)) == expected


def test_what_was_left_out_of_a_page_is_listed_with_the_reason():
    page = (
        "<body><nav>Home 2021</nav><div class=breadcrumb><a>News</a></div><main><p>Ships</p>"
        "<form>Search</form><div class='share'><a>Tweet</a></div><p>Print this page</p></main>"
        "<footer>© 2021</footer></body>"
    )
    found = read_page(page)

    assert texts(found) == ["Ships"]
    assert {(part.text, part.reason) for part in found.left_out} == {
        ("Home 2021", "outside the main part of the page"),
        ("News", "outside the main part of the page"),
        ("© 2021", "outside the main part of the page"),
        ("Search", "form"),
        ("Tweet", "marked as share"),
        ("Print this page", "a link or notice of the site"),
    }


def test_headings_and_bullets_of_a_page_are_known():
    found = read_page("<h1>Harbour</h1><h2>Ships</h2><p>Up.</p><ul><li>Fund</ul><h2>Notes</h2>")

    assert [(part.kind, part.locator) for part in found.paragraphs] == [
        ("heading", "head/1"),
        ("heading", "ships/0"),
        ("text", "ships/1"),
        ("bullet", "ships/2"),
        ("heading", "notes/0"),
    ]


def test_a_deeply_nested_page_is_read():
    """Deeper than calls may be nested."""
    assert texts(read_page("<b>" * 900 + "Ships" + "</b>" * 900)) == ["Ships"]


@given(st.text(alphabet=st.sampled_from("<>/pdivbr!-& ;script\n1")))
def test_any_markup_can_be_read(html):
    assert all(texts(read_page(html)))


@given(st.text())
def test_any_heading_names_a_section(heading):
    assert source_text.re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", section_of(heading))


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_and_line_ends_of_other_systems_are_accepted(tmp_path, ending, encoding):
    copy = tmp_path / "copy.txt"
    copy.write_bytes(ending.join(["Ships", "", "• £5 ‘fee’"]).encode(encoding))

    assert texts(read_source_text(copy)) == ["Ships", "£5 'fee'"]


def test_a_page_is_known_by_its_name_or_by_its_beginning(tmp_path):
    for name in ("copy.html", "copy.HTM", "copy"):
        (tmp_path / name).write_text("<!DOCTYPE html><p>Ships</p>", encoding="utf-8")
        found = read_source_text(tmp_path / name)

        assert (texts(found), found.on_web_page) == (["Ships"], True)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("copy.txt", b" \n\n", "holds no text; give the full text of the release"),
        ("copy.txt", "£5".encode("latin-1"), r"is not text in UTF-8 \(byte 1\); save the release"),
        ("copy.txt", b"MZ\x00\x01", "is not a text file; save the release as plain text in UTF-8"),
        ("copy.txt", b"%PDF-1.7 text", "is not a text file; save the release as plain text"),
        ("copy.txt", b"\xff\xfea", "is not text in UTF-8"),
        ("copy.html", b"<html><script>1</script></html>", "holds no text"),
    ],
)
def test_what_is_no_text_is_refused_with_the_remedy(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(SourceTextError, match=rf"{name} {message}"):
        read_source_text(tmp_path / name)


def test_what_cannot_be_read_is_refused_with_its_own_message(tmp_path, monkeypatch):
    copy = tmp_path / "copy.txt"
    with pytest.raises(SourceTextError, match="is a folder; name the file"):
        read_source_text(tmp_path)
    with pytest.raises(SourceTextError, match=r"copy\.txt is not a file; check the name"):
        read_source_text(copy)
    with pytest.raises(SourceTextError, match="check the"):
        read_source_text(tmp_path / ("x" * 5000))
    os.mkfifo(copy)
    with pytest.raises(SourceTextError, match="is not a file"):
        read_source_text(copy)
    copy.unlink()
    copy.write_text("Ships", encoding="utf-8")
    monkeypatch.setattr(source_text, "LARGEST_COPY_BYTES", 4)
    with pytest.raises(SourceTextError, match="is larger than 4 bytes"):
        read_source_text(copy)
