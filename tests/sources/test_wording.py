import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statedfigures.sources.wording import fingerprint, holds_fragment, normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("  Ships \t arrived\n twice ", "Ships arrived twice"),
        ("2.5\u00a0million", "2.5 million"),
        ("• Ships", "Ships"),
        ("* Ships", "Ships"),
        ("– Ships", "Ships"),
        ("the ‘dark net’", "the 'dark net'"),
        ("“busier”", '"busier"'),
        ("2012–13", "2012-13"),
        ("so\u00adund\u200b", "sound"),
        ("cafe\u0301", "caf\u00e9"),
        ("\ufeff• Ships", "Ships"),
    ],
)
def test_what_editors_change_without_meaning_is_the_same(written, meant):
    """Spaces, bullets, quotation marks, dashes and invisible signs do not count."""
    assert normalise(written) == meant


@pytest.mark.parametrize("text", ["-5", "1,235", "0.18%", "£50", "#WeProtect", "(daily )"])
def test_what_carries_meaning_is_kept(text):
    """Signs, digits and case stay as they are."""
    assert normalise(text) == text


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    """A normalised text is its own normal form."""
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="ab 0123456789,.%£"), st.sampled_from("0123456789"))
def test_no_digit_is_lost(text, digit):
    """Every digit of the text is in its normal form."""
    assert normalise(text).count(digit) == text.count(digit)


def test_a_fingerprint_is_the_sha256_of_the_normalised_text():
    """Anyone can compute it with another tool."""
    expected = hashlib.sha256(b"In 2012-13 'one' ship").hexdigest()

    assert fingerprint("•  In 2012–13 ‘one’\nship") == expected


@given(st.text(min_size=1))
def test_a_fingerprint_does_not_depend_on_unicode_form(text):
    """Composed and decomposed letters give the same fingerprint."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert fingerprint(composed) == fingerprint(decomposed)


@pytest.mark.parametrize(
    ("text", "fragment", "stands"),
    [
        ("from 736 in 2010 to more", "736 in 2010", True),
        ("from 1,736 in 2010", "736 in 2010", False),
        ("from 1736 in 2010", "736 in 2010", False),
        ("stands at 20,000.", "20,000", True),
        ("stands at 20,000.5", "20,000", False),
        ("stands at 200", "20", False),
        ("a £50 million fund", "£50 million", True),
        ("a £50  million ‘fund’", "£50 million 'fund'", True),
        ("almost doubled", "almost double", False),
        ("38% more", "38%", True),
        ("38% more", "", False),
        ("38% more", "  ", False),
    ],
)
def test_a_fragment_stands_as_whole_words_and_numbers(text, fragment, stands):
    """A part of a longer number or word is not the number or word."""
    assert holds_fragment(text, fragment) is stands
