"""The message of a headline: rise, fall, little change, or cannot tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from statedfigures.analysis.distributions import Array
from statedfigures.analysis.intervals import PER_HUNDRED
from statedfigures.analysis.register import Register
from statedfigures.sources.records import Assumption, ReleaseTables

LIKELY_RISE = "likely_rise"
LIKELY_FALL = "likely_fall"
LITTLE_CHANGE = "little_change"
CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class MessageRule:
    """What counts as little change (a fraction of the base) and as likely (a probability)."""

    little_change: float
    likely: float

    @classmethod
    def of(cls, tables: ReleaseTables) -> MessageRule:
        """Take the rule out of the register."""
        little, likely = message_rows(tables)
        return cls(little.central / float(PER_HUNDRED), likely.central)


def message_rows(tables: ReleaseTables) -> tuple[Assumption, Assumption]:
    """Give the rows that say what counts as little change, in percent, and as likely.

    Raises
    ------
    AssumptionError
        If the register lacks one of the two.
    """
    register = Register.of(tables)
    return register.get("message_little_change"), register.get("message_likely")


def message_margins(values: Array, base: float, rule: MessageRule) -> dict[str, float]:
    """Say by how much of a probability each message holds or fails.

    Parameters
    ----------
    values
        Draws of the headline, shape (draws,), in the unit of the base.
    base
        Central value of the base.
    rule
        What counts as little change and as likely.

    Returns
    -------
    dict
        Message code to the probability that it is true less the probability
        that is called likely: zero or more where the message holds.
        ``cannot_tell`` holds by as much as the best of the others fails.

    Examples
    --------
    >>> draws = np.array([90.0, 120.0, 130.0, 140.0])
    >>> message_margins(draws, 100.0, MessageRule(0.1, 0.5))["likely_rise"]
    0.25
    """
    rises = float(np.mean(values > base * (1 + rule.little_change)))
    falls = float(np.mean(values < base * (1 - rule.little_change)))
    margins = {
        LIKELY_RISE: rises - rule.likely,
        LIKELY_FALL: falls - rule.likely,
        LITTLE_CHANGE: 1 - rises - falls - rule.likely,
    }
    return {**margins, CANNOT_TELL: -max(margins.values())}


def message_code(values: Array, base: float, rule: MessageRule) -> str:
    """Give the message that holds.

    Parameters
    ----------
    values, base, rule
        As for `message_margins`.

    Returns
    -------
    str
        ``likely_rise``, ``likely_fall``, ``little_change`` or, where none of
        them is likely, ``cannot_tell``.

    Examples
    --------
    >>> message_code(np.array([120.0, 130.0, 140.0, 90.0]), 100.0, MessageRule(0.1, 0.7))
    'likely_rise'
    """
    margins = message_margins(values, base, rule)
    for code, margin in margins.items():
        if margin >= 0:
            return code
    return CANNOT_TELL
