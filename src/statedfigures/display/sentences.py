"""The computed sentences of the report: each from rows and results, and from nothing else."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from statedfigures.analysis.assumptions import applying, required
from statedfigures.analysis.claims import CONSISTENT, NOT_CONSISTENT, NOT_SUPPORTED
from statedfigures.analysis.findings import findings_with_numbers
from statedfigures.analysis.projection import model_of
from statedfigures.display import formats
from statedfigures.display.columns import SPECIFICATIONS, prepared, year_words
from statedfigures.display.formats import computed_text, counted, noun, range_text, stated_text
from statedfigures.display.provenance import references
from statedfigures.display.shown import LONGEST_TITLE, Card, Cards, verdict_class
from statedfigures.display.tables import cell
from statedfigures.display.words import (
    SENTENCES,
    Link,
    Number,
    Sentence,
    Words,
    free_words,  # noqa: F401 - notebooks take sentences from here
    joined,
    lower_first,
    lower_start,
    name,
    period,
    quote,
    sentence,
    upper_first,
)
from statedfigures.release.periods import period_words

Row = Any
MOST_CARDS, MOST_FINDINGS = 3, 5
LEAST_DEPARTURE = 1.02
"""Factor below which a finding agrees with what was stated."""
_ANY = "any value"
_VERBS = {2.0: "double", 0.5: "halve"}
_PAST = {"rise": "rose", "fall": "fell", "change": "changed"}
_PAIR = ("share", "whole", "implied", "ratio")
# Verdicts that are told together, and the order of their cards.
_TOLD, _CARDS = ("holds", "fails", "open"), ("fails", "holds", "open")


def _say(key: str, **fields: Words) -> Sentence:
    """Fill the template of a key such as ``claims.care``."""
    group, _, name = key.partition(".")
    return sentence(SENTENCES[group][name], **fields)


def count_of(rows: pd.DataFrame, kind: str, of: pd.DataFrame | None = None) -> Number:
    """Count rows; none of a table leads to all rows of it."""
    named = rows if of is None or len(rows) else of
    return counted(len(rows), [f"{kind}:{row}" for row in named.index])


def several(rows: pd.DataFrame, kind: str, unit: str, of: pd.DataFrame | None = None) -> Sentence:
    """Return a count of rows and the noun of what is counted."""
    number = count_of(rows, kind, of)
    number = replace(number, text="no") if rows.empty else number
    return sentence("{number} {noun}", number=number, noun=noun(unit, len(rows)))


def _verb(count: float, single: str = "is", several: str = "are") -> str:
    return single if count == 1 else several


def _when(row: Row, *inputs: str) -> Number:
    return period(period_words(row) or "no period", *inputs)


def numbers_of(specification: str, row: Row) -> dict[str, Any]:
    """Return the numbers of a row of results as a table shows them, by their names there."""
    values, inputs = dict(row), references(row["inputs"])
    columns = SPECIFICATIONS[specification].columns
    return {column.name: cell(column, values, inputs) for column in columns}


def unit_noun(unit: str) -> str | Number:
    """Return the noun behind a number; one with digits, such as per 100,000, is a name."""
    words = formats.counted_noun(unit)
    return name(words) if any(sign.isdigit() for sign in words) else words


# Figures, claims and what they amount to.


def stated(release: Any, figure: str) -> Number:
    """Return a stated figure exactly as stated."""
    return Number(stated_text(release.figures.loc[figure]), f"figure:{figure}")


def title_of(release: Any, series: str) -> Number:
    """Return the title of a series as it begins a sentence."""
    return name(str(release.series.loc[series, "title"]), f"series:{series}")


def year_of(release: Any, series: str, year: int, *inputs: str) -> Number:
    """Return a year of a projected series as the period of its base is named, such as 2028-29."""
    return period(year_words(release, series, year), *inputs)


def _series_of(release: Any, figures: Iterable[str], claim: str = "") -> str:
    """Return the first series that uses one of some figures, or a claim; empty where none does."""
    rows = release.series
    used = rows["base_figure"] + " " + rows["growth_from"] + " " + rows["figures"]
    uses = used.str.split().map(set(figures).intersection).astype(bool)
    if claim:
        uses |= rows["growth_claim"] == claim
    return str(next(iter(rows.index[uses]), ""))


def series_of_claim(release: Any, claim_id: str) -> str:
    """Return the series that a claim is about; empty where it is about none."""
    claim = release.claims.loc[claim_id]
    return _series_of(release, [claim["to_figure"], *claim["from_figure"].split()], claim_id)


def claimed_phrase(claim: Row) -> Sentence:
    """Return what a claim says as a verb without its subject.

    Examples
    --------
    >>> row = {"kind": "multiple", "stated_value": 2.0, "stated_unit": "multiple"}
    >>> row |= {"qualifier": "almost", "direction": "rise"}
    >>> claimed_phrase(pd.Series(row, name="places_doubled")).text
    'almost double'
    """
    value, kind, direction = float(claim["stated_value"]), claim["kind"], claim["direction"]
    verb = "fall" if direction == "fall" or value < 0 else "rise"
    if math.isnan(value) and kind == "extreme":
        return _say("phrases.ranked", level=direction or "highest")
    if math.isnan(value) or kind in ("direction", "cause"):
        return sentence("stay the same" if direction == "no_change" else verb)
    qualified = formats.QUALIFIERS.get(claim["qualifier"], "{}")
    if kind == "multiple" and value in _VERBS:
        return sentence(qualified.format(_VERBS[value]))
    text = qualified.format(formats.value_text(abs(value), str(claim["stated_unit"])))
    number = Number(text, f"claim:{claim.name}")
    return _say(f"phrases.{kind}", verb=verb, number=number)


def _amount(result: Row, ends: str = "") -> str:
    """Return what a claim comes to, as a change where it is one; ends without value allow any."""
    low, high, unit = (result[name] for name in (f"{ends}low", f"{ends}high", "unit"))
    is_level = result["kind"] in ("share", "extreme", "cause")
    return (range_text if is_level else formats.as_change)(float(low), float(high), str(unit))


def working_of(release: Any, claim: Row, result: str) -> str:
    """Return a comparison as a calculation, such as ``1,235 ÷ 736 = 1.68 times``."""
    kind, ids = str(claim["kind"]), [claim["from_figure"].partition(" ")[0], claim["to_figure"]]
    if kind == "direction" and result.endswith("%"):
        kind = "percent_change"
    workings = SENTENCES["workings"]
    if kind not in workings or not set(ids) <= set(release.figures.index):
        return ""
    before, after = (stated_text(release.figures.loc[i]) for i in ids)
    return f"{workings[kind].format(before=before, after=after)} = {result}"


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
    claim, inputs, told = release.claims.loc[claim_id], result["inputs"], _amount(result)
    if told == _ANY or not claim["from_figure"] or claim["kind"] == "extreme":
        return Sentence((name(str(result["reason"]), inputs),))
    low, high, warnings = float(result["low"]), float(result["high"]), str(result["warnings"])
    formula = "the later figure against the earlier, over all values that their wording allows"
    working = working_of(release, claim, range_text(low, high, str(result["unit"])))
    claimed = Number(_amount(result, "claimed_"), inputs, "what the words mean")
    is_told = result["verdict"] == NOT_SUPPORTED and claimed.text != _ANY
    return _say(
        "claims.compared",
        before=stated(release, claim["from_figure"].split()[0]),
        after=stated(release, claim["to_figure"]),
        value=Number(told, inputs, formula, working),
        words=_say("claims.claimed", claimed=claimed) if is_told else "",
        care=_say("claims.care", warnings=name(warnings)) if warnings else "",
    )


def published_sentence(result: Row, said_before: str = "") -> Sentence | None:
    """Return what published figures say of a claim; None where none is known.

    Where it was said before whether they agree, only what they give is added.
    """
    verdict, text = str(result["verdict_with_published"]), _amount(result, "published_")
    is_told = "published elsewhere" in said_before
    if verdict not in (CONSISTENT, NOT_CONSISTENT) or (is_told and text == _ANY):
        return None
    key = "with_published_cause" if result["kind"] == "cause" else "with_published"
    key = "they_give" if is_told else "with_published_only" if text == _ANY else key
    values = Number(text, result["published_inputs"], "from the published figures")
    by = name(verdict.capitalize(), result["published_inputs"])
    return _say(f"claims.{key}", verdict=by, values=values)


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
    kinds, alone = chosen["verdict"].map(verdict_class), len(chosen) <= MOST_CARDS
    cards = []
    for kind in _CARDS:
        group = chosen[kinds == kind]
        # What published figures contradict tells most; then what could be recomputed with any.
        is_bare = group[["low", "published_low"]].isna().all(axis=1)
        places = 2 * (group["verdict_with_published"] != NOT_CONSISTENT) + is_bare
        ordered = group.loc[places.sort_values(kind="stable").index]
        for claim_id, result in (ordered if alone else ordered.head(1)).iterrows():
            own, more = f"claim:{claim_id}", 0 if alone else len(group) - 1
            first = lower_start(claim_sentence(release, str(claim_id), result))
            quoted = quote(str(result["as_stated"]), own)
            said = [_say("claims.quoted", words=quoted, said=first)]
            said += filter(None, [published_sentence(result, first.text)])
            if more:
                verb = _say(f"tally.{kind}_{_verb(more, 'alone', 'all')}")
                others = several(group.drop(claim_id), "claim", "more_comparisons")
                said.append(upper_first(_say("claims.more", others=others, verb=verb)))
            label = Sentence((name(str(result["label"]), own),))
            alike = 1 if alone else int((group["verdict"] == result["verdict"]).sum())
            cards.append(Card(str(result["verdict"]), label, joined(said, " ", " "), alike))
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
        How many hold, fail and are open; how many of the open ones are decided
        by published figures. Where all are alike, their caveat too.

    Examples
    --------
    >>> verdicts = {"verdict": ["supported", "not supported"], "verdict_with_published": ["", ""]}
    >>> tally(pd.DataFrame({**verdicts, "warnings": ["", ""]}, index=["a", "b"])).text
    'Of the two comparisons in the announcement, one holds as arithmetic and one does not.'
    """
    if claims.empty:
        return _say("tally.none", where=where)
    kinds = claims["verdict"].map(verdict_class)
    groups = {kind: claims[kinds == kind] for kind in _TOLD if kind in set(kinds)}
    count = several(claims, "claim", "comparisons")
    parts = joined(
        _say(f"tally.{kind}_{_verb(len(own), 'one', 'several')}", count=count_of(own, "claim"))
        for kind, own in groups.items()
    )
    said = _say("tally.mixed", count=count, where=where, parts=parts)
    if len(groups) == 1:
        ((kind, own),) = groups.items()
        verb = f"{kind}_{_verb(len(own), 'alone', 'all')}"
        said = _say("tally.alike", count=count, where=where, verb=_say(f"tally.{verb}"))
    unlike = claims[claims["warnings"] != ""]
    if [*groups] == ["holds"] and len(claims) > 1 and len(unlike):
        some: Words = "all" if len(unlike) == len(claims) else count_of(unlike, "claim")
        verb = _verb(len(unlike), "sets", "set")
        said = _say("tally.unlike", said=said, unlike=some, verb=verb)
    undecided = groups.get("open", claims.head(0))
    found: list[Sentence] = []
    for key, verdict in (("agree", CONSISTENT), ("differ", NOT_CONSISTENT)):
        tested = undecided[undecided["verdict_with_published"] == verdict]
        if len(tested):
            number = count_of(tested, "claim")
            these = number if found else _say("tally.of_these", count=number)
            found.append(_say(f"tally.{key}", these="it" if len(undecided) == 1 else these))
    key = "published" if found else "end"
    return _say(f"tally.{key}", said=said, found=joined(found))


def headline_of_topic(
    release: Any, topic: str, claims: pd.DataFrame, findings: pd.DataFrame
) -> Sentence:
    """Return the finding that opens a topic's page.

    Parameters
    ----------
    release, topic
        The release, and the id of the topic.
    claims
        Result of `statedfigures.check_claims`.
    findings
        Result of `finding_sentences`.

    Returns
    -------
    Sentence
        The claim that the figures refute; else the finding that departs most
        from what was stated; else what published figures contradict; else the
        count of verdicts.
    """
    own = claims[claims["topic"] == topic]
    for claim_id, result in own[own["verdict"] == NOT_SUPPORTED].iterrows():
        if said := refutation(release, str(claim_id), result):
            return said
    for heading in largest_findings(findings[findings["topic"] == topic])["heading"]:
        return Sentence(heading.parts)
    for claim_id, result in own[own["verdict_with_published"] == NOT_CONSISTENT].iterrows():
        words = quote(str(result["as_stated"]), f"claim:{claim_id}")
        return _say("claims.contradicted", words=words)
    if len(own):
        return tally(own, "on this subject")
    figures = release.figures[release.figures["topic"] == topic]
    count = several(figures, "figure", "figures", release.figures)
    return _say("claims.none_compared", count=count)


def refutation(release: Any, claim_id: str, result: Row) -> Sentence | None:
    """Return what a refuted claim should have said: "Sales did not double, but rose by a third".

    Returns
    -------
    Sentence or None
        None where the claim is about no series, or no change was recomputed.
    """
    claim, unit = release.claims.loc[claim_id], str(result["unit"])
    series = series_of_claim(release, claim_id)
    low, high = float(result["low"]), float(result["high"])
    if not series or unit not in ("percent", "multiple") or math.isnan(low):
        return None
    ratio = (low, high) if unit == "multiple" else (1 + low / 100, 1 + high / 100)
    words, formula = formats.change_words(*ratio), "the later figure against the earlier, in words"
    working = working_of(release, claim, range_text(low, high, unit))
    change = Number(words, result["inputs"], formula, working)
    title = title_of(release, series)
    return _say("claims.refuted", title=title, claimed=claimed_phrase(claim), change=change)


# Projections.


def headline_numbers(row: Row) -> dict[str, Any]:
    """Return the numbers of a headline in its digits, as ``headline`` of columns.toml names them.

    They are base, middle, range50, range90, and the shares of the draws that end higher and lower.
    The ends of a range are rounded outward.
    """
    return numbers_of("headline", {**row, "step": row["rounded_to"]})


def projection_sentences(release: Any, series: str, row: Row) -> dict[str, Any]:
    """Return what is said of the projection of a series.

    Parameters
    ----------
    release, series
        The release, and the id of a projected series.
    row
        Its row of `statedfigures.headlines`.

    Returns
    -------
    dict
        ``title`` of its chart, in at most 15 words; ``subtitle``: unit, place, and where half of
        the draws lie; ``range``: where half, and nine in ten, of them lie; ``message``: the
        probabilities behind the title; ``behind``: what a change of method adds to a whole year,
        and how many draws met the maximum, where there are such. ``alt`` is what the chart
        shows, for those who cannot see it.
    """
    about, unit, threshold = release.series.loc[series], str(row["unit"]), float(row["threshold"])
    base, inputs = release.figures.loc[about["base_figure"]], str(row["inputs"])
    rule = [reference for reference in inputs.split() if reference.startswith("assumption:")]
    little = formats.plain_text(threshold, str(row["threshold_unit"]))
    fields: dict[str, Any] = headline_numbers(row) | {
        "title": title_of(release, series),
        "unit": name(SENTENCES["measures"].get(unit, noun(unit))),
        "noun": unit_noun(unit),
        "place": name(str(about["geography"]), f"series:{series}"),
        "year": year_of(release, series, int(row["horizon_year"]), "parameter:horizon_year"),
        "base_year": year_of(release, series, int(row["base_year"])),
        "stated": stated(release, str(about["base_figure"])),
        "little": Number(little, rule, "what counts as little"),
    }
    sign = "%" if unit == "percent" else ""
    for width in ("50", "90"):
        ends, count = re.subn("–| to ", f"{sign} and ", fields[f"range{width}"].text)
        fields[f"range{width}"] = replace(fields[f"range{width}"], text=ends)
        fields[f"lie{width}"] = "between" if count else "at"
    parts = ("subtitle", "range", "message")
    said = {key: upper_first(_say(f"projections.{key}", **fields)) for key in parts}
    said["title"] = _say(f"titles.{row['message']}", **fields)
    if len(said["title"].text.split()) > LONGEST_TITLE:
        said["title"] = _say(f"short_titles.{row['message']}", **fields)
        said["subtitle"] = joined([fields["title"], said["subtitle"]], ". ")
    alt = f"Chart. {said['title']}. Stated: {fields['stated']} in {period_words(base)}."
    behind, step = [], applying(release.assumptions, "base_step", series)
    if step is not None and float(row["step"]) != 1:
        own, text = f"assumption:{step.name}", computed_text(row["step"], "")
        fields["label"] = name(lower_first(str(step["label"])), own)
        number = Number(text, references(own, inputs), "middle of the step")
        behind.append(_say("projections.step", **fields | {"step": number}))
    if row["clipped_share"] > 0:
        behind.append(_say("projections.clipped", **fields))
    return {**said, "behind": tuple(behind), "alt": f"{alt} {said['range']}"}


def growth_sentence(release: Any, series: str, growth: Row, scenario: str = "central") -> Sentence:
    """Return the growth observed, and how much of it is assumed to go on."""
    inputs, unit, value = growth["inputs"], str(growth["unit"]), float(growth["growth"])
    formula = "from what the release states, spread over the years between"
    low, high = sorted(math.copysign(1, value) * float(growth[end]) for end in ("low", "high"))
    step = 1.0 if abs(value) >= 9.95 else 0.1
    direction, observed = formats.change_parts(value, value, unit)
    share, damping = (
        required(release.assumptions, symbol, series) for symbol in ("growth_continues", "damping")
    )
    is_filled = "rest_of_year" in model_of(release, series).rows
    fields: dict[str, Words] = {
        "title": title_of(release, series),
        "filled": SENTENCES["projections"]["filled"] if is_filled else "",
        "direction": direction,
        "observed": Number(observed, inputs, formula),
        "range": Number(range_text(low, high, unit, step), inputs, "90% of the draws"),
        "central": _assumed(share, "central"),
        "ends": _assumed(share, "low", "high"),
        "damping": _assumed(damping, "central"),
        "scenario": name(scenario, "parameter:scenario"),
    }
    key = "growth_exact" if high - low < step / 2 else "growth"
    going_on = "going_on" if scenario == "central" else "going_on_elsewhere"
    said = upper_first(_say(f"projections.{going_on}", **fields))
    return joined([_say(f"projections.{key}", **fields), said], " ")


def _assumed(assumption: Row, *columns: str) -> Number:
    """Return values of a share that is assumed, in words."""
    words = " to ".join(formats.share_words(float(assumption[column])) for column in columns)
    return Number(words, f"assumption:{assumption.name}")


def sensitivity_sentence(release: Any, listed: pd.DataFrame) -> Sentence:
    """Return which assumption moves a series most, and how much of the spread is chance.

    Parameters
    ----------
    release
        The release.
    listed
        The rows of one series of `statedfigures.sensitivity`.
    """
    shown = prepared(listed, SPECIFICATIONS["sensitivity"], release)
    first: Row = shown[shown["assumption"] != "chance"].sort_values("rank").iloc[0]
    fields, own = numbers_of("sensitivity", first), f"assumption:{first['assumption']}"
    fields["label"] = name(str(release.row(own)["label"]), own)
    fields["title"] = title_of(release, str(first["series"]))
    key = "moves" if re.search("–| to ", fields["middles"].text) else "moves_little"
    said, share = _say(f"projections.{key}", **fields), chance_share(listed)
    return said if share is None else _say("projections.chance", said=said, share=share)


def chance_share(listed: pd.DataFrame) -> Number | None:
    """Return the share of the spread that is chance; None where it could not be computed."""
    chance = listed[(listed["assumption"] == "chance") & listed["variance_share"].notna()]
    return None if chance.empty else numbers_of("sensitivity", chance.iloc[0])["variance_share"]


def sensitivity_title(listed: pd.DataFrame) -> Sentence:
    """Return the title of the chart of what moves a series: the share that is chance."""
    share = chance_share(listed)
    key = "chance_unknown" if share is None else "chance_title"
    return _say(f"projections.{key}", share=share or "")


def bounds_sentence(release: Any, series: str) -> Sentence:
    """Return why a series is not projected, with what the release states of it."""
    row, told = release.series.loc[series], []
    for figure in row["figures"].split():
        about = release.figures.loc[figure]
        fields = {"stated": stated(release, figure), "noun": unit_noun(str(about["unit"]))}
        told.append(_say("projections.stated", period=_when(about), **fields))
    key = "bound" if told else "no_bound"
    return _say(f"projections.{key}", told=joined(told), reason=name(str(row["reason"])))


# What came later.


def _scored(outturns: pd.DataFrame) -> pd.DataFrame:
    """Return the years within the horizon that no break of the measure stands before."""
    broke = outturns["break_of_measure"].astype(bool)
    return outturns[outturns["within_horizon"].astype(bool) & ~broke]


def _of_all(count: int, whole: int, inputs: tuple[str, ...], formula: str) -> Sentence:
    """Return how many of some there are: both, or all of more than two."""
    number = counted(count, inputs, formula)
    number = replace(number, text="both") if count == whole == 2 else number
    return sentence(f"{'all ' if count == whole > 2 else ''}{{number}}", number=number)


def _scored_fields(scored: pd.DataFrame) -> dict[str, Words]:
    """Return how many years there are, how many lie inside each range, and how many may."""
    inputs, whole = references(*scored["inputs"]), len(scored)
    fields: dict[str, Words] = {"count": counted(whole, inputs), "noun": noun("figures", whole)}
    may = int(scored[["inside50", "inside90"]].isna().any(axis=1).sum())
    may_words = _of_all(may, whole, inputs, "count of these years")
    fields["open"] = _say("outturn.open", count=may_words) if may else ""
    for width in ("50", "90"):
        inside = int(scored[f"inside{width}"].sum())
        fields[f"inside{width}"] = _of_all(inside, whole, inputs, "count of these years")
        fields[f"lie{width}"] = _verb(inside, "lies", "lie")
    return fields


def outturn_headline(outturns: pd.DataFrame) -> Sentence:
    """Return how many of the later figures of all series lie inside their ranges.

    Parameters
    ----------
    outturns
        Result of `statedfigures.outturn`.
    """
    scored = _scored(outturns)
    is_none = scored[["inside50", "inside90"]].isna().all(axis=None)
    return _say(f"outturn.{'none' if is_none else 'headline'}", **_scored_fields(scored))


def benchmarks_sentence(scores: pd.DataFrame) -> Sentence | None:
    """Return how the projection scored against both benchmarks; None where nothing is scored.

    Parameters
    ----------
    scores
        Result of `statedfigures.analysis.outturn.outturn_scores`.

    Examples
    --------
    >>> scores = {"span": "horizon", "years": 2, "inputs": "series:a", "score": [0.1, 0.2]}
    >>> scores |= {"score_no_change": 0.5, "score_undamped": [0.05, 0.3]}
    >>> print(benchmarks_sentence(pd.DataFrame(scores)))
    Of two series scored within the usual horizon, the projection did better on both against no \
change, and better on one and worse on one against the undamped trend.
    """
    scored = scores[(scores["span"] == "horizon") & (scores["years"] > 0)]
    if scored.empty:
        return None
    whole, inputs = len(scored), references(*scored["inputs"])
    fields: dict[str, Words] = {"count": counted(whole, inputs)}
    for rule in ("no_change", "undamped"):
        gained = scored[f"score_{rule}"] - scored["score"]
        found = {"better": gained > 0, "worse": gained < 0, "level": gained == 0}
        formula = "count of these series, by their mean scores"
        fields[rule] = joined(
            _say(f"outturn.{key}", count=_of_all(int(own.sum()), whole, inputs, formula))
            for key, own in found.items()
            if own.any()
        )
    return _say("outturn.benchmarks", **fields)


def outturn_sentence(release: Any, series: str, outturns: pd.DataFrame) -> Sentence | None:
    """Return how the years within the horizon came out; None where nothing is known.

    Parameters
    ----------
    release, series
        The release, and the id of the series.
    outturns
        Result of `statedfigures.outturn`.
    """
    own, title = outturns[outturns["series"] == series], title_of(release, series)
    scored = _scored(own)
    if scored.empty:
        is_broken = own["within_horizon"].astype(bool).any()
        return _say("outturn.broken", title=title) if is_broken else None
    last = scored.iloc[-1]
    fields = numbers_of("outturn", last) | _scored_fields(scored) | {"title": title}
    fields["year"] = year_of(release, series, int(last["year"]))
    if len(scored) > 1:
        is_open = scored[["inside50", "inside90"]].isna().all(axis=None)
        return _say(f"outturn.{'years_open' if is_open else 'years'}", **fields)
    inside = last[["inside50", "inside90"]]
    places = ["outside", *inside.index[inside.eq(True).fillna(False)][:1]]
    places += [f"{width}_open" for width in inside.index[inside.isna()]]
    return _say(f"outturn.single_{places[-1]}", **fields)


# Editions and trust.


def edition_sentence(release: Any, scenario: str) -> Sentence:
    """Return the line about an edition: where, stated when, which edition and scenario."""
    about = release.about
    return _say(
        "editions.line",
        place=name(str(about.geography)),
        day=period(formats.date_text(about.published), "release:published"),
        edition=period(formats.date_text(about.edition), "release:edition"),
        scenario=name(scenario, "parameter:scenario"),
        link=Link("About this edition", "#about"),
    )


def trust_sentence(states: pd.DataFrame, which: str = "") -> Sentence:
    """Return how many assumptions there are and how many somebody has reviewed.

    Parameters
    ----------
    states
        Rows of `statedfigures.analysis.review_state.review_states`.
    which
        Words that say which assumptions are counted; empty for all.

    Examples
    --------
    >>> trust_sentence(pd.DataFrame({"state": ["never", "never"]}, index=["a", "b"])).text
    'Two assumptions, none reviewed.'
    """
    contested = states[states["state"].isin(["challenged", "rejected"])]
    count = count_of(contested, "assumption")
    said = _say(
        "editions.trust",
        count=several(states, "assumption", "assumptions"),
        which=which and f" {which}",
        reviewed=count_of(states[states["state"] != "never"], "assumption", states),
        challenged=_say("editions.challenged", count=count) if len(contested) else "",
    )
    return upper_first(said)


def measures_headline(measures: pd.DataFrame) -> Sentence:
    """Return how many measures are new, and for how many an effect could be seen.

    Parameters
    ----------
    measures
        Rows of measures.csv.
    """
    new, shown = measures[measures["status"] == "new"], measures[measures["effect_figure_given"]]
    return _say(
        "editions.measures",
        all=upper_first(several(measures, "measure", "measures")),
        new=count_of(new, "measure", measures),
        shown=count_of(shown, "measure", measures),
    )


# Findings.


def finding_sentences(release: Any, topic: str = "") -> pd.DataFrame:
    """Return the findings of a release, or of a topic, with what is said of each.

    The largest departure comes first.

    Returns
    -------
    DataFrame
        The rows of `statedfigures.tell_findings`; ``sentence``, and ``heading``, the same at the
        top of a page; ``fits``: whether the base lies within what is implied, so that nothing
        departs.
    """
    findings, numbers = findings_with_numbers(release)
    findings = findings[findings["topic"] == topic] if topic else findings
    rows = {name: own.set_index("name") for name, own in numbers.groupby("finding")}
    said = [_finding_said(release, str(name), rows[name]) for name in findings.index]
    return findings.join(pd.DataFrame(said, findings.index, ["sentence", "heading", "fits"]))


def largest_findings(told: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `finding_sentences` that depart most from what was stated.

    They are `MOST_FINDINGS` at most, without those that depart by less than `LEAST_DEPARTURE`,
    and without implied bases that fit.
    """
    is_far = (told["departure"] >= LEAST_DEPARTURE) & ~told["fits"].astype(bool)
    return told[is_far].head(MOST_FINDINGS)


def _finding_said(
    release: Any, finding: str, rows: pd.DataFrame
) -> tuple[Sentence, Sentence, bool]:
    """Return the sentence and the heading of a finding, and whether its base fits."""
    kind, fits = str(release.findings.loc[finding, "kind"]), False
    fields = _finding_fields(release, finding, rows)
    if kind == "implied_base":
        implied = rows.loc["implied_base"]
        fits = bool(implied["low"] <= rows.loc["base", "value"] <= implied["high"])
        kind += "_fits" if fits else "" if "change" in fields else "_level"
    more = [key for key in ("rest_change_full_year", "ratio_of_shares") if key in rows.index]
    said = joined((_say(f"findings.{key}", **fields) for key in (kind, *more)), " ", " ")
    template = SENTENCES["headlines"].get(kind, SENTENCES["findings"][kind])
    return upper_first(said), upper_first(sentence(template.rstrip("."), **fields)), fits


def _finding_fields(release: Any, finding: str, rows: pd.DataFrame) -> dict[str, Words]:
    """Return what the sentence of a finding is made of: its numbers, and words of its rows."""
    order = release.findings.loc[finding, "inputs"].split()
    fields: dict[str, Words] = {"base_of": "stated in the release"}
    is_share = any(release.row(name).get("kind") == "share" for name in order)
    told = {str(key): _finding_text(release, row, is_share) for key, row in rows.iterrows()}
    texts = {key: text for key, (_, text) in told.items()}
    for key, (direction, text) in told.items():
        row: Row = rows.loc[key]
        working = _finding_working(key, row, texts)
        fields[key] = Number(text, row["inputs"], row["formula"], working)
        fields |= {f"{key}_noun": unit_noun(str(row["unit"])), f"{key}_kind": f"a {direction}"}
        fields[f"{key}_verb"] = _PAST[direction]
    for place, reference in zip(("second", "third"), order[1:], strict=False):
        row = release.row(reference)
        label = lower_first(str(row["definition"] if "definition" in row else row["label"]))
        fields[f"{place}_period"] = _when(row, reference)
        fields[f"{place}_words"] = name(label, reference)
        fields[f"{place}_short"] = name(re.split("[,;]", label)[0], reference)
        if "publisher" in row:
            publisher = name(str(row["publisher"]), reference)
            fields["base_of"] = sentence("published by {publisher}", publisher=publisher)
        if place == "second" and "period_start" in row:
            fields["split"] = period(str(row["period_start"].year), reference)
    kind, _, row_id = order[0].partition(":")
    if kind == "claim":
        claim = release.claims.loc[row_id]
        fields["words"] = quote(str(claim["as_stated"]), order[0])
        fields["claimed"] = claimed_phrase(claim)
        series, row_id = series_of_claim(release, row_id), claim["to_figure"]
        if claim["kind"] in ("multiple", "percent_change") and "recomputed" in rows.index:
            working = working_of(release, claim, texts["recomputed"])
            fields |= _finding_change(rows.loc["recomputed"], working)
    else:
        series = _series_of(release, [row_id])
    label = str(release.figures["label"].get(row_id, "")) or "the count"
    fields["title"] = title_of(release, series) if series else name(label, order[0])
    pairs = [
        _say("findings.pair", **{part: fields[f"{part}_{pair}"] for part in _PAIR})
        for pair in re.findall(r"\bratio_(\d+)", " ".join(texts))
    ]
    return fields | {"pairs": joined(pairs, " or ")}


def _finding_change(recomputed: Row, working: str) -> dict[str, Words]:
    """Return what was recomputed as a change in percent, and whether it rose or fell."""
    low, high, value = (float(recomputed[end]) for end in ("low", "high", "value"))
    if recomputed["unit"] == "multiple":
        low, high, value = (100 * (end - 1) for end in (low, high, value))
    if high - low < 0.5:  # the words of a sentence need no more than whole percentages
        low = high = value
    direction, text = formats.change_parts(low, high, "percent")
    change = Number(text, recomputed["inputs"], "later against base", working)
    return {"change": change, "change_verb": _PAST[direction]}


def _finding_text(release: Any, row: Row, is_share: bool) -> tuple[str, str]:
    """Return the direction of a number of a finding, and its text: as stated, or its range."""
    unit, first = str(row["unit"]), str(row["inputs"]).split()[0]
    if not row["formula"] and first.startswith(("figure:", "published:")) and unit != "months":
        return "change", stated_text(release.row(first))
    low, high = float(row["low"]), float(row["high"])
    if math.isnan(low) and math.isnan(high):
        low = high = float(row["value"])
    if unit == "percent" and row.name != "share" and not is_share:
        return formats.change_parts(low, high, unit)
    is_point = low == high and unit == "percent"
    return "change", computed_text(low, unit) if is_point else range_text(low, high, unit)


def _finding_working(key: str, row: Row, texts: dict[str, str]) -> str:
    """Put numbers into a formula: ``27,850 − 19,182 = 8,668``; nothing where one is missing."""
    formula, rest = str(row["formula"]), key.rpartition("_")[2]

    def text_of(found: re.Match[str]) -> str:
        # Where there are several of a kind, the name of the number says which is meant.
        word = found[0]
        ways = [word, f"{word}_{rest}"] if rest.isdigit() else [word]
        ways += [f"{rest}_base", rest] if word == "base" else []
        return next((texts[way] for way in ways if way in texts), "?")

    calculation = re.sub("[a-z]+", text_of, formula)
    if not formula or "?" in calculation:
        return ""
    if formula.endswith("− 1"):
        calculation = f"({calculation}) × 100"
    elif row["unit"] == "percent":
        calculation += " × 100"
    sign = "−" if row["value"] < 0 and not texts[key].startswith("−") else ""
    return f"{calculation} = {sign}{texts[key]}"
