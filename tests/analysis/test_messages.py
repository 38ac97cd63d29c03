"""Messages: they follow the draws and the register."""

import numpy as np
import pytest

from statedfigures.analysis.messages import MessageRule, message_code, message_margins

RULE = MessageRule(little_change=0.05, likely=0.66)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([110, 120, 130, 100], "likely_rise"),  # three of four rise by more than 5%
        ([90, 80, 70, 100], "likely_fall"),
        ([96, 100, 104, 120], "little_change"),
        ([80, 100, 120, 130], "cannot_tell"),  # a quarter, a quarter and a half
    ],
)
def test_the_message_is_what_is_likely(values, code):
    assert message_code(np.array(values, dtype=float), 100.0, RULE) == code


def test_a_change_of_exactly_the_threshold_is_little():
    assert message_code(np.full(4, 105.0), 100.0, RULE) == "little_change"


def test_the_margin_is_the_probability_to_spare():
    """Three of four rise: 0.75 less 0.66."""
    margins = message_margins(np.array([110.0, 120.0, 130.0, 100.0]), 100.0, RULE)

    assert margins["likely_rise"] == pytest.approx(0.09)
    assert margins["cannot_tell"] == pytest.approx(-0.09)
