"""The chart of where the risk sits: how good the evidence is against how much it matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import ascii_uppercase

from matplotlib.axes import Axes

from statedfigures.analysis.records import Sensitivity
from statedfigures.analysis.reviews import assumptions_as_reviewed
from statedfigures.analysis.scores import QualityFinding
from statedfigures.display.format import computed
from statedfigures.display.phrases import joined, lower_first
from statedfigures.display.records import Chart
from statedfigures.display.style import (
    SMALL,
    WIDTH,
    Canvas,
    apart,
    canvas,
    line_height,
    lines_of,
    plain_axes,
)
from statedfigures.display.svg import colour
from statedfigures.display.tables_scores import contradiction_words, table_register_scores
from statedfigures.display.words import Provenance, Quantity, Sentence, sentence
from statedfigures.sources.records import Assumption, ReleaseTables

_QUALITIES = ("strong", "moderate", "weak")
_NAMED = 8
_HEIGHT, _FOOT, _LEFT, _PAD = 240.0, 40.0, 24.0, 8.0
_KEY_TOP, _HEAD = 22.0, 18.0
_HEADROOM = 1.12
_LETTER_GAP = 15.0


def chart_quality_impact(
    tables: ReleaseTables,
    sensitivities: Iterable[Sensitivity],
    scores: Mapping[str, tuple[float, float]],
    contradictions: Iterable[QualityFinding],
) -> Chart:
    """Draw every scored assumption by the quality of its evidence and by its impact.

    Parameters
    ----------
    tables
        The tables of the release.
    sensitivities
        Sensitivity of every headline.
    scores
        Id of an assumption to its sensitivity and risk score: see
        `register_scores`. At least one.
    contradictions
        Ratings that the scores contradict; the subtitle names them.

    Returns
    -------
    Chart
        Quality from strong to weak across, sensitivity upwards: risk is at
        the top right. The riskiest have letters, with a key below.
    """
    ranked = sorted(scores, key=lambda name: (-scores[name][1], name))
    as_reviewed = assumptions_as_reviewed(tables)
    contradicted = [one.assumption.id for one in contradictions]
    rows = [as_reviewed[name] for name in ranked]
    named = rows[:_NAMED]
    alt = _alt(rows, named, scores)
    chart_id = "quality-impact"
    return Chart(
        id=chart_id,
        title=sentence("The largest risk sits with: {label}", label=_label(rows[0], lower=True)),
        subtitle=sentence(
            "Assumptions by the quality of their evidence and by their sensitivity score, the "
            "largest share of a headline’s variance that goes with them. {contradicted}",
            contradicted=contradiction_words(as_reviewed[name] for name in contradicted),
        ),
        svg=_picture(chart_id, rows, named, scores, alt),
        alt_text=alt,
        data=table_register_scores(
            f"{chart_id}-data", as_reviewed, sensitivities, scores, contradicted
        ),
    )


def _alt(
    rows: Sequence[Assumption],
    named: Sequence[Assumption],
    scores: Mapping[str, tuple[float, float]],
) -> Sentence:
    listed = joined(
        (
            sentence(
                "{label}: evidence {quality}, sensitivity {impact}",
                label=_label(one, lower=True),
                quality=one.quality,
                impact=_impact(one, scores),
            )
            for one in named
        ),
        last="; ",
    )
    others = "; the others have lower risk scores" if len(rows) > len(named) else ""
    return sentence(
        "Points by quality of evidence and sensitivity. The riskiest first: {listed}{others}.",
        listed=listed,
        others=others,
    )


def _picture(
    chart_id: str,
    rows: Sequence[Assumption],
    named: Sequence[Assumption],
    scores: Mapping[str, tuple[float, float]],
    alt: Sentence,
) -> str:
    keys = [lines_of(f"A  {one.label}", WIDTH - 2 * _PAD, SMALL) for one in named]
    below = _KEY_TOP + sum(len(lines) for lines in keys) * line_height(SMALL) + _PAD
    with canvas(chart_id, below + _FOOT + _HEIGHT + _HEAD) as picture:
        axes = picture.axes(_LEFT, below + _FOOT, WIDTH - _LEFT - _PAD, _HEIGHT)
        plain_axes(axes)
        axes.set_xticks([])
        axes.set_xlim(-0.5, len(_QUALITIES) - 0.5)
        top = max(scores[one.id][0] for one in rows) * _HEADROOM or 1.0
        axes.set_ylim(0, top)
        _columns(picture, axes, rows, named, scores, top)
        axes.text(
            -0.5, top, "sensitivity score", color=colour("muted"), fontsize=SMALL, va="bottom"
        )
        _key(picture, keys, named, below)
        return picture.svg(alt)


def _columns(
    picture: Canvas,
    axes: Axes,
    rows: Sequence[Assumption],
    named: Sequence[Assumption],
    scores: Mapping[str, tuple[float, float]],
    top: float,
) -> None:
    letters = dict(zip((one.id for one in named), ascii_uppercase, strict=False))
    for place, quality in enumerate(_QUALITIES):
        here = sorted(
            (one for one in rows if one.quality == quality),
            key=lambda one: (scores[one.id][0], one.id),
        )
        axes.axvspan(place - 0.46, place + 0.46, color=colour("grid"), alpha=0.1 + 0.2 * place,
                     linewidth=0)  # fmt: skip
        picture.write(axes, (place, 0), f"{quality}", shift=(0, -14), ha="center", is_axis=True)
        heights = [scores[one.id][0] for one in here]
        axes.plot([place - 0.2] * len(here), heights, "o", color=colour("blue"), markersize=7,
                  alpha=0.8, clip_on=False)  # fmt: skip
        lettered = [one for one in here if one.id in letters]
        points = [scores[one.id][0] / top * _HEIGHT for one in lettered]
        for one, point, moved in zip(lettered, points, apart(points, _LETTER_GAP), strict=True):
            words = Quantity(
                f"{letters[one.id]}  {_impact(one, scores).text}",
                None,
                _impact(one, scores).provenance,
            )
            height = point / _HEIGHT * top
            picture.write(axes, (place - 0.2, height), words, shift=(10, moved - point), size=SMALL)
    picture.write(axes, ((len(_QUALITIES) - 1) / 2, 0), "quality of the evidence", shift=(0, -30),
                  ha="center", ink="muted", size=SMALL, is_axis=True)  # fmt: skip


def _key(
    picture: Canvas, keys: Sequence[Sequence[str]], named: Sequence[Assumption], below: float
) -> None:
    space = picture.axes(_PAD, 0, WIDTH - 2 * _PAD, below)
    plain_axes(space, baseline=False)
    space.set_xticks([])
    space.set_xlim(0, WIDTH - 2 * _PAD)
    space.set_ylim(0, below)
    height = below - _KEY_TOP / 2
    for letter, lines, one in zip(ascii_uppercase, keys, named, strict=False):
        for place, words in enumerate(lines):
            text = words if place else f"{letter}{words[1:]}"
            source = Provenance((f"assumption:{one.id}",))
            picture.write(space, (0, height), Quantity(text, None, source), size=SMALL)
            height -= line_height(SMALL)


def _label(one: Assumption, *, lower: bool = False) -> Quantity:
    words = lower_first(one.label) if lower else one.label
    return Quantity(words, None, Provenance((f"assumption:{one.id}",)))


def _impact(one: Assumption, scores: Mapping[str, tuple[float, float]]) -> Quantity:
    formula = "the largest total index over the headlines"
    return computed(scores[one.id][0], "", [f"assumption:{one.id}"], formula, figures=2)
