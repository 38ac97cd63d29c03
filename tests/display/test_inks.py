"""The ink of every text in a chart stands out from what can lie behind it."""

import pytest

from statedfigures.display.svg import PALETTE

LEAST = 4.5  # WCAG 1.4.3, level AA, for text of ordinary size
# The fill of the wider band, and of the narrower one upon it.
STRENGTHS = (0.2, 0.3)
PAGES = ("#ffffff", "#17191a")


def channels(colour: str) -> list[float]:
    """Give red, green and blue, from 0 to 1."""
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def luminance(colour: list[float]) -> float:
    """Give the relative luminance, as WCAG defines it."""
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[float], other: list[float]) -> float:
    """Give the ratio of the lighter colour to the darker one."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_is_that_of_the_definition():
    """Black on white is 21 to 1, a colour on itself 1 to 1."""
    assert contrast([0, 0, 0], [1, 1, 1]) == pytest.approx(21)
    assert contrast([0.5] * 3, [0.5] * 3) == 1


@pytest.mark.parametrize("ink", ["text", "muted", "blue", "pink"])
@pytest.mark.parametrize("scheme", [0, 1])
def test_ink_stands_out_from_the_page(ink, scheme):
    assert contrast(channels(PALETTE[ink][scheme]), channels(PAGES[scheme])) >= LEAST


@pytest.mark.parametrize("scheme", [0, 1])
def test_numbers_stand_out_from_the_bands_of_a_fan(scheme):
    behind = channels(PAGES[scheme])
    band = channels(PALETTE["blue"][scheme])
    for strength in STRENGTHS:
        behind = [
            (1 - strength) * below + strength * above
            for below, above in zip(behind, band, strict=True)
        ]

        assert contrast(channels(PALETTE["text"][scheme]), behind) >= LEAST
