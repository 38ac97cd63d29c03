import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.errors import SourceTextError
from statedfigures.sources import text as text_module
from statedfigures.sources.text import paragraphs_of_page, paragraphs_of_text, read_source_text
from statedfigures.sources.wording import fingerprint

RELEASES = Path(__file__).parents[1] / "releases"


def texts(paragraphs):
    return [paragraph.text for paragraph in paragraphs]


def test_an_empty_line_ends_a_paragraph_and_a_bullet_begins_one():
    """Lines that an editor has wrapped belong together."""
    copy = "Ships and\nferries\n\n\n  • One\n    more\n  * Two\n- Three\n"

    assert texts(paragraphs_of_text(copy)) == ["Ships and ferries", "One more", "Two", "Three"]


def test_a_paragraph_knows_its_line_and_fingerprint():
    """So that a message can name the place in the analyst's own copy."""
    first, second = paragraphs_of_text("Ships\n\nFerries\n")

    assert (first.place, second.place) == ("line 1", "line 3")
    assert second.sha256 == fingerprint("Ferries")


def test_the_page_and_the_text_of_a_release_hold_the_same_paragraphs():
    """Markup, entities and wrapped lines make no difference."""
    page = read_source_text(RELEASES / "small-release.html")
    text = read_source_text(RELEASES / "small-release.txt")
    around = {"From:", "Merrow Harbour Authority", "Published", "3 March 2021"}
    around |= {"Share this page with 5 friends."}

    assert [one for one in texts(page) if one not in around] == [
        one for one in texts(text) if one != "Published: 3 March 2021"
    ]


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
        ("", []),
    ],
)
def test_paragraphs_of_a_page_are_its_blocks(html, expected):
    """Inline markup joins, block elements part, and what is not text is left out."""
    assert texts(paragraphs_of_page(html)) == expected


def test_a_deeply_nested_page_is_read():
    """Deeper than calls may be nested."""
    page = "<b>" * 900 + "Ships" + "</b>" * 900

    assert texts(paragraphs_of_page(page)) == ["Ships"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_and_line_ends_of_other_systems_are_accepted(tmp_path, ending, encoding):
    """A byte-order mark and Windows line ends change nothing."""
    copy = tmp_path / "copy.txt"
    copy.write_bytes(ending.join(["Ships", "", "• £5 ‘fee’"]).encode(encoding))

    assert texts(read_source_text(copy)) == ["Ships", "£5 'fee'"]


def test_a_page_is_known_by_its_name_or_by_its_beginning(tmp_path):
    """A saved page may have lost its suffix."""
    page = "<!DOCTYPE html><p>Ships</p>"
    for name in ("copy.html", "copy.HTM", "copy"):
        (tmp_path / name).write_text(page, encoding="utf-8")

        (paragraph,) = read_source_text(tmp_path / name)

        assert (paragraph.text, paragraph.on_web_page) == ("Ships", True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no text; give the full text of the release"),
        (b" \n\n", "holds no text; give the full text of the release"),
        ("£5".encode("latin-1"), r"is not text in UTF-8 \(byte 1\); save the release as"),
        (b"MZ\x00\x01", "is not a text file; save the release as plain text in UTF-8"),
        (b"%PDF-1.7 text", "is not a text file; save the release as plain text in UTF-8"),
        (b"\xff\xfea", "is not text in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_the_remedy(tmp_path, content, message):
    """The message names the file and says what to do."""
    copy = tmp_path / "copy.txt"
    copy.write_bytes(content)

    with pytest.raises(SourceTextError, match=rf"copy\.txt {message}"):
        read_source_text(copy)


def test_a_page_without_text_is_refused(tmp_path):
    """Scripts alone are no release."""
    copy = tmp_path / "copy.html"
    copy.write_text("<html><script>1</script></html>", encoding="utf-8")

    with pytest.raises(SourceTextError, match="holds no text"):
        read_source_text(copy)


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    """Each with its own message."""
    with pytest.raises(SourceTextError, match="is a folder; name the file"):
        read_source_text(tmp_path)
    with pytest.raises(SourceTextError, match=r"none\.txt is not a file; check the name"):
        read_source_text(tmp_path / "none.txt")
    with pytest.raises(SourceTextError, match="check the"):
        read_source_text(tmp_path / ("x" * 5000))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_refused(tmp_path):
    """With the system's reason."""
    copy = tmp_path / "copy.txt"
    copy.write_text("Ships", encoding="utf-8")
    copy.chmod(0)

    with pytest.raises(SourceTextError, match="cannot be read"):
        read_source_text(copy)


def test_a_file_larger_than_any_release_is_refused(tmp_path, monkeypatch):
    """Before it is read."""
    monkeypatch.setattr(text_module, "LARGEST_COPY_BYTES", 4)
    copy = tmp_path / "copy.txt"
    copy.write_text("Ships", encoding="utf-8")

    with pytest.raises(SourceTextError, match="is larger than 4 bytes"):
        read_source_text(copy)


@given(st.text())
def test_no_word_of_a_text_is_lost(text):
    """Paragraphs hold every letter and digit of the text, in order."""
    kept = "".join(texts(paragraphs_of_text(text)))

    assert [sign for sign in kept if sign.isascii() and sign.isalnum()] == [
        sign for sign in text if sign.isascii() and sign.isalnum()
    ]


@given(st.text(alphabet=st.sampled_from("<>/pdivbr!-& ;script\n1")))
def test_any_markup_can_be_read(html):
    """Broken markup ends in paragraphs and not in an error."""
    assert all(texts(paragraphs_of_page(html)))
