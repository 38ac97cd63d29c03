"""The computed sentences of the report: each from rows and results, and from nothing else."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from statedfigures.analysis.assumptions import applying
from statedfigures.analysis.claims import (
    CONSISTENT,
    NOT_CONSISTENT,
    NOT_DETERMINABLE,
    NOT_SUPPORTED,
    SUPPORTED,
    WITHIN_ROUNDING,
)
from statedfigures.analysis.headline import FALL, LITTLE, OPEN, RISE
from statedfigures.display.formats import (
    computed_text,
    counted,
    counted_noun,
    date_text,
    digits,
    fraction_words,
    in_hundred,
    noun,
    plain_text,
    range_text,
    stated_text,
    step_of,
)
from statedfigures.display.provenance import references
from statedfigures.display.shown import Card, Cards
from statedfigures.display.words import (
    Link,
    Number,
    Sentence,
    Words,
    free_words,  # noqa: F401 - notebooks take sentences from here
    joined,
    lower_first,
    name,
    period,
    quote,
    sentence,
    upper_first,
)
from statedfigures.release.periods import period_words

Row = Any
MOST_CARDS = 3
_NEAR = 1.025
_PARTS = {
    1 / 10: "a tenth",
    1 / 5: "a fifth",
    1 / 4: "a quarter",
    1 / 3: "a third",
    1 / 2: "half",
    2 / 3: "two thirds",
    3 / 4: "three quarters",
    9 / 10: "nine tenths",
}
_TIMES = ("three", "four", "five", "six", "seven", "eight", "nine", "ten")
_RISES = {1 + part: f"rose by {{}}{words}" for part, words in _PARTS.items()} | {
    2.0: "{}doubled",
    **{float(size): f"rose to {{}}{word} times" for size, word in enumerate(_TIMES, 3)},
}
_FALLS = {1 - part: f"fell by {{}}{words}" for part, words in _PARTS.items()}
_QUALIFIED = {"almost": "almost ", "more_than": "more than ", "about": "about "}
_HOLDS = (SUPPORTED, WITHIN_ROUNDING)


def change_words(low: float, high: float) -> str:
    """Put the ratio of a later figure to an earlier one into words.

    Parameters
    ----------
    low, high
        The least and the most that it can be; NaN for no end.

    Returns
    -------
    str
        A named part with "about" where the whole range lies within a fortieth
        of it; with "more than" beyond the nearest smaller one; else a range in
        percent.

    Examples
    --------
    >>> change_words(1.6773, 1.6787), change_words(5.21, math.nan), change_words(0.5, 0.5)
    ('rose by about two thirds', 'rose to more than five times', 'fell by half')
    >>> change_words(1.1, 1.6), change_words(0.98, 1.02), change_words(0.9, 1.4)
    ('rose by 10–60%', 'changed little', 'fell by up to 10% or rose by up to 40%')
    """
    near_one = low >= 1 / _NEAR and high <= _NEAR
    if near_one:
        return "changed little"
    for ratio, words in {**_RISES, **_FALLS}.items():
        if ratio / _NEAR <= low and high <= ratio * _NEAR:
            exact = math.isclose(low, ratio) and math.isclose(high, ratio)
            return words.format("" if exact else "about ")
    # Without an end, or narrow between two names: more than the nearer one.
    one_sided = math.isnan(low) or math.isnan(high) or high / low < 1.1
    if low >= 1 and one_sided:
        passed = [ratio for ratio in _RISES if ratio <= low]
        return _RISES[max(passed)].format("more than ") if passed else "rose by less than a tenth"
    if high <= 1 and one_sided:
        passed = [ratio for ratio in _FALLS if ratio >= high]
        return _FALLS[min(passed)].format("more than ") if passed else "fell by less than a tenth"
    if low >= 1:
        return f"rose by {range_text(100 * (low - 1), 100 * (high - 1), 'percent', 1.0)}"
    if high <= 1:
        return f"fell by {range_text(100 * (1 - high), 100 * (1 - low), 'percent', 1.0)}"
    if math.isnan(low) or math.isnan(high):
        return "rose or fell"
    down, up = (computed_text(100 * abs(end - 1), "percent", 1.0, "up") for end in (low, high))
    return f"fell by up to {down} or rose by up to {up}"


# Figures, claims and what they amount to.


def stated(release: Any, figure: str) -> Number:
    """Return a stated figure exactly as stated, with its noun."""
    row = release.figures.loc[figure]
    return Number(stated_text(row), float(row["value"]), f"figure:{figure}")


def title_of(release: Any, series: str) -> Number:
    """Return the title of a series as it begins a sentence."""
    return name(str(release.series.loc[series, "title"]), f"series:{series}")


def _inside(release: Any, series: str) -> Number:
    return name(lower_first(str(release.series.loc[series, "title"])), f"series:{series}")


def series_of_claim(release: Any, claim: Row) -> str:
    """Return the series that a claim is about; empty where there is none."""
    figures = {claim["to_figure"], *claim["from_figure"].split()} - {""}
    for series, row in release.series.iterrows():
        used = {row["base_figure"], row["growth_from"], *row["figures"].split()}
        if row["growth_claim"] == claim.name or figures & used:
            return str(series)
    return ""


def claimed_phrase(claim: Row) -> Sentence:
    """Return what a claim says as a verb without its subject: "almost double", "rise by 38%".

    Examples
    --------
    >>> row = {"kind": "multiple", "stated_value": 2.0, "stated_unit": "multiple"}
    >>> row |= {"qualifier": "almost", "direction": "rise"}
    >>> claimed_phrase(pd.Series(row, name="places_doubled")).text
    'almost double'
    """
    value, unit, kind = float(claim["stated_value"]), str(claim["stated_unit"]), claim["kind"]
    how = _QUALIFIED.get(claim["qualifier"], "")
    falls = claim["direction"] == "fall" or value < 0
    verb = "fall" if falls else "rise"
    if kind == "extreme" and math.isnan(value):
        level = "lowest" if claim["direction"] == "lowest" else "highest"
        return sentence("stand at their {level} level", level=level)
    if math.isnan(value) or kind in ("direction", "cause"):
        return sentence({"no_change": "stay the same"}.get(claim["direction"], verb))
    number = Number(plain_text(abs(value), unit), value, f"claim:{claim.name}")
    if kind == "multiple":
        if value == 2:
            return sentence(f"{how}double")
        return sentence("{verb} to {how}{number}", verb=verb, how=how, number=number)
    if kind in ("share", "extreme"):
        return sentence("stand at {how}{number}", how=how, number=number)
    return sentence("{verb} by {how}{number}", verb=verb, how=how, number=number)


def _ratio(result: Row) -> tuple[float, float]:
    """Return a recomputed change as the ratio of the later figure to the earlier."""
    low, high = float(result["low"]), float(result["high"])
    return (low, high) if result["unit"] == "multiple" else (1 + low / 100, 1 + high / 100)


def as_change(low: float, high: float, unit: str) -> str:
    """Write a change as a rise or a fall; what may be either keeps its signs.

    Examples
    --------
    >>> as_change(-28.4702, -28.4698, "percent"), as_change(25.0, math.nan, "percent")
    ('a fall of 28.5%', 'a rise of at least 25%')
    >>> as_change(1.67, 1.69, "multiple"), as_change(-1.0, 2.0, "percentage_points")
    ('1.67–1.69 times', '−1 to 2 percentage points')
    """
    if unit == "multiple":
        return range_text(low, high, unit)
    if low == high:
        return f"a {'fall' if low < 0 else 'rise'} of {computed_text(abs(low), unit)}"
    if low >= 0 or (high > 0 and math.isnan(low)):
        return f"a rise of {range_text(low, high, unit)}"
    if high <= 0:
        return f"a fall of {range_text(-high, -low, unit)}"
    return range_text(low, high, unit)


def recomputed(release: Any, claim_id: str, result: Row) -> Number:
    """Return what a claim amounts to, with the calculation in numbers."""
    ends, unit = (float(result["low"]), float(result["high"])), str(result["unit"])
    is_change = result["kind"] not in ("share", "extreme")
    text = as_change(*ends, unit) if is_change else range_text(*ends, unit)
    return Number(
        text,
        float(result["low"]) if result["low"] == result["high"] else None,
        result["inputs"],
        "the later figure against the earlier, over all values that their wording allows",
        working_of(release, release.claims.loc[claim_id], range_text(*ends, unit)),
    )


def working_of(release: Any, claim: Row, result: str) -> str:
    """Return a comparison as a calculation, such as ``1,235 ÷ 736 = 1.68 times``."""
    ids = [*claim["from_figure"].split()[:1], claim["to_figure"]]
    if len(ids) < 2 or not all(figure in release.figures.index for figure in ids):
        return ""
    before, after = (
        stated_text({**release.figures.loc[figure], "qualifier": ""}) for figure in ids
    )
    templates = {
        "multiple": "{after} ÷ {before} = {result}",
        "share": "{after} ÷ {before} × 100 = {result}",
        "percent_change": "({after} ÷ {before} − 1) × 100 = {result}",
        "direction": "({after} ÷ {before} − 1) × 100 = {result}",
        "difference": "{after} − {before} = {result}",
        "percentage_points": "{after} − {before} = {result}",
    }
    kind = str(claim["kind"])
    if kind == "direction" and not result.endswith("%"):
        kind = "difference"
    return (
        templates[kind].format(before=before, after=after, result=result)
        if kind in templates
        else ""
    )


def claim_sentence(release: Any, claim_id: str, result: Row) -> Sentence:
    """Return one sentence with the numbers of a claim, and its caveat in the same sentence.

    Parameters
    ----------
    release
        The release.
    claim_id, result
        A row of `statedfigures.check_claims`.

    Returns
    -------
    Sentence
        Both figures and what they amount to; else why the verdict is as it is.
    """
    claim = release.claims.loc[claim_id]
    has_values = not (math.isnan(result["low"]) and math.isnan(result["high"]))
    if not has_values or not claim["from_figure"] or claim["kind"] == "extreme":
        return sentence(
            "{reason}", reason=name(str(result["reason"]), *references(result["inputs"]))
        )
    words: Words = ""
    claimed = range_text(result["claimed_low"], result["claimed_high"], str(result["unit"]))
    if result["verdict"] == NOT_SUPPORTED and claimed != "any value":
        number = Number(claimed, None, result["inputs"], "what the words mean")
        words = sentence("; the words would be {claimed}", claimed=number)
    care = name(f"; read with care: {result['warnings']}" if result["warnings"] else "")
    return sentence(
        "{before} to {after} is {value}{words}{care}.",
        before=stated(release, claim["from_figure"].split()[0]),
        after=stated(release, claim["to_figure"]),
        value=recomputed(release, claim_id, result),
        words=words,
        care=care,
    )


def published_sentence(result: Row) -> Sentence | None:
    """Return what published figures say of a claim; None where none is known."""
    verdict = str(result["verdict_with_published"])
    if verdict not in (CONSISTENT, NOT_CONSISTENT):
        return None
    ends = (float(result["published_low"]), float(result["published_high"]))
    is_change = result["kind"] not in ("share", "extreme", "cause")
    values = (as_change if is_change else range_text)(*ends, str(result["unit"]))
    if values == "any value":
        return sentence(
            "{verdict} with figures published elsewhere.",
            verdict=name(verdict.capitalize(), *references(result["published_inputs"])),
        )
    number = Number(values, None, result["published_inputs"], "from the published figures")
    return sentence(
        "{verdict} with figures published elsewhere, which give {values}.",
        verdict=verdict.capitalize(),
        values=number,
    )


def verdict_cards(release: Any, claims: pd.DataFrame, topic: str = "") -> Cards:
    """Return the verdict cards of a topic: what fails first, what is alike together.

    Parameters
    ----------
    release
        The release.
    claims
        Result of `statedfigures.check_claims`.
    topic
        Id of the topic; empty for all.
    """
    chosen = claims[claims["topic"] == topic] if topic else claims
    groups = [
        chosen[chosen["verdict"] == NOT_SUPPORTED],
        chosen[chosen["verdict"].isin(_HOLDS)],
        chosen[chosen["verdict"] == NOT_DETERMINABLE],
    ]
    alone = len(chosen) <= MOST_CARDS
    cards = []
    for group in groups:
        # Those that could be recomputed tell more.
        ordered = group.sort_values("low", na_position="last", key=pd.isna, kind="stable")
        for claim_id, result in (ordered if alone else ordered.head(1)).iterrows():
            said = [claim_sentence(release, str(claim_id), result)]
            said += filter(None, [published_sentence(result)])
            count = 1 if alone else len(group)
            if count > 1:
                inputs = [f"claim:{other}" for other in group.index]
                more = counted(count - 1, inputs)
                said.append(sentence("And {count} more.", count=more))
            words = Sentence((quote(str(result["as_stated"]), f"claim:{claim_id}"),))
            verdict = str(result["verdict"])
            cards.append(Card(verdict, words, joined(said, " ", " "), count))
    return Cards(tuple(cards))


def tally(claims: pd.DataFrame, where: str = "in the announcement") -> Sentence:
    """Return how many comparisons hold: the finding of the front page.

    Parameters
    ----------
    claims
        Rows of `statedfigures.check_claims`.
    where
        Where they are made.

    Returns
    -------
    Sentence
        "Of the 17 comparisons in the announcement five hold as arithmetic, one
        does not, and 11 cannot be decided from it; with figures published
        elsewhere three of these are consistent and two are not."

    Examples
    --------
    >>> verdicts = {"verdict": [SUPPORTED, NOT_SUPPORTED], "verdict_with_published": ["", ""]}
    >>> tally(pd.DataFrame({**verdicts, "warnings": ["", ""]}, index=["a", "b"])).text
    'Of the two comparisons in the announcement one holds as arithmetic and one does not.'
    """
    if claims.empty:
        return sentence("No figures are compared with one another {where}.", where=where)

    def count(chosen: pd.DataFrame) -> Number:
        return counted(len(chosen), [f"claim:{claim}" for claim in chosen.index])

    told: tuple[tuple[Any, str, str, str], ...] = (
        (_HOLDS, "holds as arithmetic", "hold as arithmetic", "All {count} {noun} {where} hold"),
        ((NOT_SUPPORTED,), "does not", "do not", "None of the {count} {noun} {where} holds"),
        ((NOT_DETERMINABLE,), "cannot be decided from it", "cannot be decided from it",
         "None of the {count} {noun} {where} can be decided from it"),
    )  # fmt: skip
    groups = [
        (claims[claims["verdict"].isin(verdicts)], single, many, alone)
        for verdicts, single, many, alone in told
    ]
    present = [group for group in groups if len(group[0])]
    fields: dict[str, Words] = {
        "count": count(claims), "noun": noun("comparisons", len(claims)), "where": where
    }  # fmt: skip
    if len(present) == 1 and len(claims) > 1:
        said = sentence(present[0][3], **fields)
    else:
        parts = [
            sentence("{count} {verb}", count=count(group), verb=many if len(group) > 1 else single)
            for group, single, many, _ in present
        ]
        said = sentence("Of the {count} {noun} {where} {parts}", parts=joined(parts), **fields)
    unlike = groups[0][0][groups[0][0]["warnings"] != ""]
    if len(present) == 1 and len(unlike):
        said = sentence(
            "{said} as arithmetic, and {count} of them {verb} unlike things side by side",
            said=said, count=count(unlike), verb="sets" if len(unlike) == 1 else "set",
        )  # fmt: skip
    undecided = groups[2][0]
    tested = undecided["verdict_with_published"]
    agree, differ = undecided[tested == CONSISTENT], undecided[tested == NOT_CONSISTENT]
    if len(agree) + len(differ) == 0:
        return sentence("{said}.", said=said)
    return sentence(
        "{said}; with figures published elsewhere {agree} of these {verb} consistent and {differ} "
        "{other} not.",
        said=said,
        agree=count(agree),
        verb="is" if len(agree) == 1 else "are",
        differ=count(differ),
        other="is" if len(differ) == 1 else "are",
    )


def headline_of_topic(
    release: Any,
    topic: str,
    claims: pd.DataFrame,
    findings: pd.DataFrame | None = None,
    numbers: pd.DataFrame | None = None,
) -> Sentence:
    """Return the finding that opens a topic's page.

    Parameters
    ----------
    release, topic
        The release, and the id of the topic.
    claims
        Result of `statedfigures.check_claims`.
    findings, numbers
        Results of `statedfigures.tell_findings` and of
        `statedfigures.analysis.findings.finding_numbers`.

    Returns
    -------
    Sentence
        The claim that the figures refute; else the finding that departs most
        from what was stated; else what published figures say; else the count
        of verdicts.
    """
    own = claims[claims["topic"] == topic]
    refuted = own[own["verdict"] == NOT_SUPPORTED]
    for claim_id, result in refuted.iterrows():
        if said := refutation(release, str(claim_id), result):
            return said
    if findings is not None and numbers is not None:
        listed = findings[findings["topic"] == topic].sort_values("departure", ascending=False)
        for finding_id in listed.index:
            return finding_sentence(release, str(finding_id), findings, numbers, short=True)
    contradicted = own[own["verdict_with_published"] == NOT_CONSISTENT]
    for claim_id, result in contradicted.iterrows():
        return sentence(
            "{words} does not agree with figures published elsewhere",
            words=quote(str(result["as_stated"]), f"claim:{claim_id}"),
        )
    if len(own):
        return tally(own, "on this subject")
    figures = release.figures[release.figures["topic"] == topic].index
    return sentence(
        "The release states {count} {noun} on this and compares none of them",
        count=counted(len(figures), [f"figure:{figure}" for figure in figures]),
        noun=noun("figures", len(figures)),
    )


def refutation(release: Any, claim_id: str, result: Row) -> Sentence | None:
    """Return what a refuted claim should have said: "Sales did not double: they rose by a third".

    Returns
    -------
    Sentence or None
        None where the claim is about no series, or no change was recomputed.
    """
    claim = release.claims.loc[claim_id]
    series, unit = series_of_claim(release, claim), str(result["unit"])
    if not series or unit not in ("percent", "multiple") or math.isnan(result["low"]):
        return None
    change = Number(
        change_words(*_ratio(result)),
        None,
        result["inputs"],
        "the later figure against the earlier, in words",
        working_of(release, claim, range_text(result["low"], result["high"], unit)),
    )
    return sentence(
        "{title} did not {claimed}: they {change}",
        title=title_of(release, series),
        claimed=claimed_phrase(claim),
        change=change,
    )


# Projections.


def _unit_inputs(row: Row) -> tuple[str, ...]:
    return references(str(row["inputs"]))


def projected(row: Row, value: float, what: str, way: str = "near") -> Number:
    """Return a projected value in the digits of its headline."""
    text = computed_text(float(value), str(row["unit"]), float(row["rounded_to"]), way)
    return Number(text, float(value), _unit_inputs(row), what)


def projected_range(row: Row, low: str, high: str, what: str) -> Number:
    """Return a projected range in the digits of its headline, rounded outward."""
    step = float(row["rounded_to"])
    text = range_text(float(row[low]), float(row[high]), str(row["unit"]), step)
    return Number(text, None, _unit_inputs(row), what)


def _years(row: Row) -> dict[str, Words]:
    return {
        "year": period(str(int(row["horizon_year"])), "parameter:horizon_year"),
        "base_year": period(str(int(row["base_year"]))),
    }


def chart_title(release: Any, series: str, row: Row) -> Sentence:
    """Return the title of a series' chart, in at most 15 words."""
    templates = {
        RISE: "{title}: likely to rise by {year}",
        FALL: "{title}: likely to fall by {year}",
        LITTLE: "{title}: likely to change little by {year}",
        OPEN: "{title} could rise or fall by {year}",
    }
    return sentence(
        templates[row["message"]], title=title_of(release, series), year=_years(row)["year"]
    )


def range_sentence(row: Row) -> Sentence:
    """Return what half, and nine in ten, of the draws lie between."""
    return sentence(
        "Half of the draws lie between {range50}{noun} in {year}, nine in ten between {range90}; "
        "the middle is {middle}.",
        range50=_ends(projected_range(row, "low50", "high50", "25% and 75% of the draws")),
        range90=_ends(projected_range(row, "low90", "high90", "5% and 95% of the draws")),
        middle=projected(row, row["middle"], "middle of the draws"),
        noun=counted_noun(str(row["unit"])),
        **_years(row),
    )


def chart_subtitle(release: Any, series: str, row: Row) -> Sentence:
    """Return what a chart of a series shows: unit, place, and where half of the draws lie."""
    unit = str(row["unit"])
    return sentence(
        "{unit}, {place}. Half of the draws lie between {range50} in {year}.",
        unit=name({"percent": "Percent", "gbp": "Pounds"}.get(unit, noun(unit).capitalize())),
        place=name(str(release.series.loc[series, "geography"]), f"series:{series}"),
        range50=_ends(projected_range(row, "low50", "high50", "25% and 75% of the draws")),
        year=_years(row)["year"],
    )


def chart_alt(release: Any, series: str, row: Row) -> str:
    """Return what the chart of a series shows, for those who cannot see it."""
    base = release.figures.loc[release.series.loc[series, "base_figure"]]
    return (
        f"Chart. {chart_title(release, series, row).text}. Stated: {stated_text(base)} in "
        f"{period_words(base)}. {range_sentence(row).text}"
    )


def _ends(number: Number) -> Number:
    """Write a range after "between"."""
    return Number(number.text.replace("–", " and ").replace(" to ", " and "), *number.record()[1:])


def message_sentence(release: Any, series: str, row: Row) -> Sentence:
    """Return the message of a headline with its probabilities, in words and numbers.

    Examples are in the tests: "…may rise or fall by 2019: 48 in 100 draws are
    more than 10% higher than their own base, 18 in 100 more than 10% lower, …".
    """
    leads = {
        RISE: "{title}: a rise by {year} is likely",
        FALL: "{title}: a fall by {year} is likely",
        LITTLE: "{title}: little change by {year} is likely",
        OPEN: "{title}: a rise or a fall by {year}, the figures cannot tell which",
    }
    unit = str(row["threshold_unit"])
    rule = [reference for reference in _unit_inputs(row) if reference.startswith("assumption:")]
    little = Number(
        plain_text(row["threshold"], unit), row["threshold"], rule, "what counts as little"
    )

    def share(column: str) -> Number:
        value = float(row[column])
        return Number(in_hundred(value), value, _unit_inputs(row), "share of the draws")

    lead = sentence(
        leads[row["message"]], title=title_of(release, series), year=_years(row)["year"]
    )
    return sentence(
        "{lead}. {higher} draws are more than {little} higher than their own base, {lower} more "
        "than {little} lower, {between} in between.",
        lead=lead,
        higher=share("p_higher"),
        lower=share("p_lower"),
        between=share("p_little"),
        little=little,
    )


def step_sentence(release: Any, series: str, row: Row) -> Sentence | None:
    """Return what a change of method adds to a whole year; None where nothing is added."""
    found = applying(release.assumptions, "base_step", series)
    if found is None or float(row["step"]) == 1:
        return None
    inputs = references(f"assumption:{found.name}", str(row["inputs"]))
    figure = str(release.series.loc[series, "base_figure"])
    return sentence(
        "The base of {base_year}, {stated}, is taken as {base} for a whole year under the method "
        "of its last months: {label} multiplies it by {step}.",
        stated=stated(release, figure),
        base=projected(row, row["base"], "middle of the base times the step"),
        label=name(lower_first(str(found["label"])), f"assumption:{found.name}"),
        step=Number(computed_text(row["step"], ""), row["step"], inputs, "middle of the step"),
        **_years(row),
    )


def growth_sentence(release: Any, series: str, growth: Row) -> Sentence:
    """Return the growth observed, and how much of it is assumed to go on."""
    inputs, unit = references(str(growth["inputs"])), str(growth["unit"])
    observed = Number(
        computed_text(abs(growth["growth"]), unit), growth["growth"], inputs,
        "from the first to the last stated figure, spread over the years between",
    )  # fmt: skip
    direction = "fell" if growth["growth"] < 0 else "rose"
    ranged = Number(
        range_text(growth["low"], growth["high"], unit), None, inputs, "90% of the draws"
    )
    said = sentence(
        "By the release {title} {direction} by {observed} a year ({ranged} in nine of ten draws).",
        title=_inside(release, series),
        direction=direction,
        observed=observed,
        ranged=ranged,
    )
    share = applying(release.assumptions, "growth_continues", series)
    damping = applying(release.assumptions, "damping", series)
    if share is None or damping is None:
        return said
    return sentence(
        "{said} Of that {central} is taken to go on ({ends}), {damping} of it left after each "
        "year.",
        said=said,
        central=Number(share_words(share["central"]), share["central"], f"assumption:{share.name}"),
        ends=Number(
            f"{share_words(share['low'])} to {share_words(share['high'])}", None,
            f"assumption:{share.name}",
        ),
        damping=assumed(damping, "central"),
    )  # fmt: skip


def share_words(value: float) -> str:
    """Write a share in words where it has a name.

    Examples
    --------
    >>> share_words(0.5), share_words(0.0), share_words(1.0), share_words(0.65)
    ('half', 'none', 'all', '0.65')
    """
    return {0.0: "none", 1.0: "all"}.get(value) or (
        fraction_words(value) if 0 < value < 1 and not 1 / value > 4.5 else digits(value)
    )


def assumed(assumption: Row, column: str) -> Number:
    """Return a value of an assumption."""
    unit = str(assumption["unit"])
    text = plain_text(float(assumption[column]), unit if unit in ("percent", "multiple") else "")
    return Number(text, float(assumption[column]), f"assumption:{assumption.name}")


def sensitivity_sentence(release: Any, listed: pd.DataFrame) -> Sentence:
    """Return which assumption moves a series most, and how much of the spread is chance.

    Parameters
    ----------
    release
        The release.
    listed
        The rows of one series of `statedfigures.sensitivity`.
    """
    first = listed[listed["assumption"] != "chance"].sort_values("rank").iloc[0]
    unit, assumption = str(first["series_unit"]), str(first["assumption"])

    def moved(stem: str, what: str) -> Number:
        ends = sorted(float(first[f"{stem}_at_{end}"]) for end in ("low", "high"))
        step = step_of(ends[1], 2)
        texts = dict.fromkeys(computed_text(end, unit, step) for end in ends)
        return Number(" and ".join(texts), None, first["inputs"], what)

    said = sentence(
        "{label} moves it most: held at its low and its high, with the rest drawn, the middle is "
        "{middles} and the width of the wider range {widths}.",
        label=name(str(release.assumptions.loc[assumption, "label"]), f"assumption:{assumption}"),
        middles=moved("middle", "middle of the draws"),
        widths=moved("width", "width of the 90% range"),
    )
    chance = listed[listed["assumption"] == "chance"]
    if chance.empty or pd.isna(share := float(chance["variance_share"].iloc[0])):
        return said
    text, inputs = computed_text(100 * share, "percent"), chance["inputs"].iloc[0]
    number = Number(text, share, inputs, "first-order Sobol index")
    return sentence(
        "{said} Chance of single years is {share} of the spread.", said=said, share=number
    )


def bounds_sentence(release: Any, series: str) -> Sentence:
    """Return why a series is not projected, with what the release states of it."""
    row = release.series.loc[series]
    figures = [figure for figure in row["figures"].split() if figure in release.figures.index]
    told = joined(
        sentence(
            "{stated}{noun} ({period})",
            stated=stated(release, figure),
            noun=counted_noun(str(release.figures.loc[figure, "unit"])),
            period=period(period_words(release.figures.loc[figure]) or "no period"),
        )
        for figure in figures
    )
    return sentence(
        "{title}, not projected: {told}. {reason}",
        title=title_of(release, series),
        told=told if figures else "no figure is stated",
        reason=name(str(row["reason"])),
    )


# What came later.


def outturn_sentence(release: Any, series: str, outturns: pd.DataFrame) -> Sentence | None:
    """Return how the years within the horizon came out; None where nothing is known.

    Parameters
    ----------
    release, series
        The release, and the id of the series.
    outturns
        Result of `statedfigures.outturn`.
    """
    own = outturns[(outturns["series"] == series) & outturns["within_horizon"].astype(bool)]
    scored = own[~own["break_of_measure"].astype(bool)]
    if own.empty:
        return None
    if scored.empty:
        return sentence(
            "{title}: the measure broke before the first year that came later, so that no year is "
            "scored.",
            title=title_of(release, series),
        )
    inputs = references(*scored["inputs"])

    def count(column: str) -> Number:
        inside = int(scored[column].fillna(False).astype(bool).sum())
        return counted(inside, inputs, "count of these years")

    last = scored.iloc[-1]
    unit = str(last["unit"])
    value, inside = float(last["published"]), last[["published_low", "published_high"]]
    text = computed_text(value, unit, 1.0)
    if inside.iloc[0] != inside.iloc[1]:
        text = range_text(float(inside.iloc[0]), float(inside.iloc[1]), unit)
    return sentence(
        "{title}: of {years} published for years within the horizon {inside50} inside the narrower "
        "range and {inside90} inside the wider; the last is {published} in {year}. One path is "
        "one path: it tells little of the width of a range.",
        title=title_of(release, series),
        years=_counted_noun(len(scored), "figures", inputs),
        inside50=_lie(count("inside50")),
        inside90=_lie(count("inside90")),
        published=Number(text, value, last["inputs"]),
        year=period(str(int(last["year"]))),
    )


def _lie(number: Number) -> Sentence:
    return sentence("{number} {verb}", number=number, verb="lies" if number.value == 1 else "lie")


def _counted_noun(count: int, unit: str, inputs: Iterable[str]) -> Sentence:
    return sentence("{count} {noun}", count=counted(count, inputs), noun=noun(unit, count))


def scores_sentence(release: Any, series: str, scores: Row) -> Sentence | None:
    """Return the score of a projection against its two benchmarks; None where none is scored."""
    if pd.isna(scores["score"]):
        return None
    names = {"score": "projection", "score_no_change": "no change", "score_undamped": "trend"}
    numbers = {
        column: Number(
            computed_text(float(scores[column]), ""), float(scores[column]), scores["inputs"],
            "mean weighted interval score of the years",
        )
        for column in names
    }  # fmt: skip
    return sentence(
        "{title}: the projection scores {score}, no change {score_no_change}, the trend going on "
        "undamped {score_undamped}; smaller is better.",
        title=title_of(release, series),
        **numbers,
    )


# Editions and trust.


def edition_sentence(release: Any, scenario: str, address: str = "#about") -> Sentence:
    """Return the line about an edition: where, stated when, which edition and scenario."""
    about = release.about
    return sentence(
        "{place}, stated on {day}. Edition of {edition}, {scenario} scenario. {link}",
        place=name(str(about.geography)),
        day=period(date_text(about.published), "release:published"),
        edition=period(date_text(about.edition), "release:edition"),
        scenario=name(scenario, "parameter:scenario"),
        link=Link("About this edition", address),
    )


def trust_sentence(states: pd.DataFrame) -> Sentence:
    """Return how many assumptions there are and how many somebody has reviewed.

    Examples
    --------
    >>> trust_sentence(pd.DataFrame({"state": ["never", "never"]}, index=["a", "b"])).text
    'Two assumptions, none reviewed.'
    """
    inputs = [f"assumption:{assumption}" for assumption in states.index]
    reviewed = states[states["state"] != "never"]
    challenged = states[states["state"].isin(["challenged", "rejected"])]
    said = sentence(
        "{count} {noun}, {reviewed} reviewed",
        count=counted(len(states), inputs),
        noun=noun("assumptions", len(states)),
        reviewed=counted(len(reviewed), inputs),
    )
    if len(challenged):
        listed = [f"assumption:{assumption}" for assumption in challenged.index]
        said = sentence(
            "{said}, {count} challenged or rejected",
            said=said,
            count=counted(len(challenged), listed),
        )
    return upper_first(sentence("{said}.", said=said))


def clipped_sentence(row: Row) -> Sentence | None:
    """Return how many draws met the maximum of their series; None where none did."""
    share = float(row["clipped_share"])
    if share <= 0:
        return None
    number = Number(
        computed_text(100 * share, "percent"), share, row["inputs"], "share of the draws"
    )
    return sentence(
        "In {share} of the draws base and step reach the maximum; these are set halfway to it.",
        share=number,
    )


def measures_headline(measures: pd.DataFrame) -> Sentence:
    """Return how many measures are new, and for how many an effect could be seen.

    Parameters
    ----------
    measures
        Rows of measures.csv.
    """
    new = measures[measures["status"] == "new"]
    shown = measures[measures["effect_figure_given"]]

    def counts(rows: pd.DataFrame) -> Number:
        return counted(len(rows), [f"measure:{row}" for row in measures.index], "count of rows")

    return sentence(
        "Of {all} {noun} {new} {are} new, and {shown} {has} a figure that would show an effect",
        all=counts(measures),
        noun=noun("measures", len(measures)),
        new=counts(new),
        are="is" if len(new) == 1 else "are",
        shown=counts(shown),
        has="has" if len(shown) == 1 else "have",
    )


def outturn_headline(release: Any, outturns: pd.DataFrame) -> Sentence:  # noqa: ARG001
    """Return how many of the later figures within the horizon lie inside their ranges.

    Parameters
    ----------
    release
        The release.
    outturns
        Result of `statedfigures.outturn`.
    """
    own = outturns[outturns["within_horizon"].astype(bool)]
    scored = own[~own["break_of_measure"].astype(bool)]
    if scored.empty:
        return sentence("Nothing that came later can be held against the projections")
    inside = int(scored["inside90"].fillna(False).astype(bool).sum())
    inputs = references(*scored["inputs"])
    return sentence(
        "Of {years} published later for years within the horizon, {inside} {lie} inside the range "
        "of nine in ten draws",
        years=_counted_noun(len(scored), "figures", inputs),
        inside=counted(inside, inputs, "count of these years"),
        lie="lies" if inside == 1 else "lie",
    )


# Findings.

_FINDINGS = {
    "part_and_rest": "Of {whole}{whole_noun} {part} ({share}) were counted apart: {part_words}. The "
    "rest, {rest}, {rest_verb} by {rest_change}, while the whole {whole_verb} by {whole_change}.",
    "digits_swapped": "{stated}, as the release has it, is {published} with two digits swapped.",
    "multiple_of_two_bases": "{later}{later_noun} is {multiple_of_stated} the {stated_base} of "
    "{stated_period} and {multiple_of_other} the {other_base} of {other_period}.",
    "restated_year": "{title}: {rise_on_published} on the {published} published for "
    "{published_period}, {rise_on_stated} on the {stated} that the release takes.",
    "same_quantity_far_apart": "The release rests on numbers far apart: {figure}{figure_noun} is "
    "stated, while {pairs}.",
    "growth_split_at_a_year": "{title}: {growth_before} a year up to {split}, {growth_after} a year "
    "after it.",
    "revision": "{words} sets {months_counted} months against twelve; from whole year to whole "
    "year it is {whole_change}, from {earlier} to {later}.",
    "implied_base": "{words} would need a base of {implied_base}; the base is {base}, which makes it "
    "{recomputed}.",
}
_FINDING_HEADLINES = {
    "part_and_rest": "Of {whole}{whole_noun} {part} were counted apart; the rest {rest_verb} by "
    "{rest_change}",
    "multiple_of_two_bases": "{later}{later_noun}: {multiple_of_stated} the figure of "
    "{stated_period}, {multiple_of_other} that of {other_period}",
    "same_quantity_far_apart": "Numbers that the release rests on are {ratio_1} apart",
    "revision": "From whole year to whole year it is {whole_change}: {words} sets "
    "{months_counted} months against twelve",
    "implied_base": "{words} would need a base of {implied_base}, not {base}",
}
_PAIR = ("share", "whole", "implied", "ratio")
# What the words of a formula stand for, where a name says which of several rows is meant.
_MEANT = {
    "multiple_of_": {"base": "{}_base"},
    "rise_on_": {"base": "{}"},
    "implied_": {"share": "share_{}", "whole": "whole_{}"},
    "ratio_": {"share": "share_{}", "whole": "whole_{}"},
}


def finding_sentence(
    release: Any,
    finding: str,
    findings: pd.DataFrame,
    numbers: pd.DataFrame,
    *,
    short: bool = False,
) -> Sentence:
    """Return the sentence of a finding.

    Parameters
    ----------
    release
        The release.
    finding
        Its id.
    findings, numbers
        Results of `statedfigures.tell_findings` and of
        `statedfigures.analysis.findings.finding_numbers`.
    short
        Whether it is for a heading.
    """
    kind = str(findings.loc[finding, "kind"])
    rows = numbers[numbers["finding"] == finding].set_index("name")
    order = release.findings.loc[finding, "inputs"].split()
    fields: dict[str, Words] = {}
    texts = {str(key): _finding_text(release, row) for key, row in rows.iterrows()}
    for key, row in rows.iterrows():
        working = _finding_working(str(key), str(row["formula"]), texts, row["value"] < 0)
        fields[str(key)] = Number(
            texts[str(key)], row["value"], row["inputs"], row["formula"], working
        )
        fields[f"{key}_noun"] = counted_noun(str(row["unit"]))
    for key, reference in zip(("first", "second", "third"), order, strict=False):
        row = release.row(reference)
        if reference.startswith("claim:"):
            fields["words"] = quote(str(row["as_stated"]), reference)
        else:
            fields[f"{key}_period"] = period(period_words(row) or "no period", reference)
            label = row["definition"] if "definition" in row else row["label"]
            fields[f"{key}_words"] = name(lower_first(str(label)), reference)
    made = {
        "title": _title_of_figure(release, order[0]),
        "part_words": fields.get("second_words", ""),
        "stated_period": fields.get("second_period", ""),
        "other_period": fields.get("third_period", ""),
        "published_period": fields.get("third_period", ""),
    }
    fields = made | fields
    values = rows["value"].to_dict()
    for whole in ("whole", "rest"):
        fields[f"{whole}_verb"] = "rose" if values.get(f"{whole}_change", 0) > 0 else "fell"
    if kind == "same_quantity_far_apart":
        fields["pairs"] = joined(
            sentence(
                "{share} of {whole} is {implied}, {ratio} as many",
                **{
                    part: fields[f"{part}_{number}"]
                    for part in ("share", "whole", "implied", "ratio")
                },
            )
            for number in range(1, 1 + sum(str(key).startswith("whole_") for key in rows.index))
        )
    if kind == "growth_split_at_a_year":
        start = release.row(order[1])["period_start"]
        fields["split"] = period(str(start.year), order[1])
    if short:
        template = _FINDING_HEADLINES.get(kind, _FINDINGS[kind]).rstrip(".")
        return upper_first(sentence(template, **fields))
    said = upper_first(sentence(_FINDINGS[kind], **fields))
    if "rest_change_full_year" in rows.index:
        full = "{said} Filled up to a whole year the rest {verb} by {rest}."
        verb = "rose" if values["rest_change_full_year"] > 0 else "fell"
        said = sentence(full, said=said, rest=fields["rest_change_full_year"], verb=verb)
    if "ratio_of_shares" in rows.index:
        ratio = fields["ratio_of_shares"]
        said = sentence("{said} The second share is {ratio} the first.", said=said, ratio=ratio)
    return said


def _finding_text(release: Any, row: Row) -> str:
    """Write a number of a finding: a row as stated, a change without its sign, else its range."""
    unit, first = str(row["unit"]), str(row["inputs"]).split()[0]
    if not row["formula"] and first.startswith(("figure:", "published:")) and unit != "months":
        return stated_text(release.row(first))
    low, high, key = float(row["low"]), float(row["high"]), str(row.name)
    if math.isnan(low) and math.isnan(high):
        low = high = float(row["value"])
    claims = release.findings.loc[row["finding"], "inputs"].split()
    kinds = [release.row(claim)["kind"] for claim in claims if claim.startswith("claim:")]
    is_share = key == "share" or "share" in kinds
    if unit == "percent" and not is_share:
        if key.startswith("rest_change") or row["formula"].startswith("whole"):
            return as_change(low, high, unit).removeprefix("a rise of ").removeprefix("a fall of ")
        return as_change(low, high, unit)
    is_point = low == high and unit == "percent"
    return computed_text(low, unit) if is_point else range_text(low, high, unit)


def _finding_working(key: str, formula: str, texts: dict[str, str], falls: bool) -> str:
    """Put the numbers into a formula: ``27,850 − 19,182 = 8,668``; nothing where one is missing."""
    if not formula:
        return ""
    meant = {word: word for word in texts}
    for prefix, words in _MEANT.items():
        if key.startswith(prefix):
            rest = key.removeprefix(prefix)
            meant |= {word: known.format(rest) for word, known in words.items()}
    missing = False

    def put(found: re.Match[str]) -> str:
        nonlocal missing
        text = texts.get(meant.get(found[0], ""), "")
        missing = missing or not text
        return text

    calculation = re.sub(r"[a-z]+", put, formula)
    percent = calculation.endswith("− 1") or formula == "part ÷ whole"
    factor = " × 100" if percent else ""
    whole = f"({calculation})" if calculation.endswith("− 1") else calculation
    result = texts[key].removeprefix("a rise of ").removeprefix("a fall of ")
    result = f"−{result}" if falls and not result.startswith("−") else result
    return "" if missing else f"{whole}{factor} = {result}"


def _title_of_figure(release: Any, reference: str) -> Number:
    """Return the title of the series that a figure belongs to, or its own label."""
    figure = reference.partition(":")[2]
    for series, row in release.series.iterrows():
        if figure in {row["base_figure"], row["growth_from"], *row["figures"].split()}:
            return title_of(release, str(series))
    return name(str(release.row(reference)["label"]), reference)


def largest_findings(findings: pd.DataFrame, most: int = 5) -> list[str]:
    """Return the ids of the findings that depart most from what was stated."""
    ordered = findings.sort_values(["departure", "rank"], ascending=[False, True], kind="stable")
    return [str(finding) for finding in ordered.index[:most]]
