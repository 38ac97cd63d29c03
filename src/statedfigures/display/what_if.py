"""Try other values: what the script of a page redraws a projection from, and its assumptions.

The script repeats `analysis.projection` and `analysis.headline` formula by
formula, on the same Sobol points, so that it gives the numbers of Python.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from statedfigures.analysis import headline, qualifiers
from statedfigures.analysis import projection as formula
from statedfigures.analysis.assumptions import DIMENSIONS, DRAWS, SEED, Row, direction_numbers
from statedfigures.analysis.qualifiers import Qualifier
from statedfigures.display.formats import ASSUMED_UNITS, RATES, SIGNS, decimals_of, digits
from statedfigures.display.provenance import TEMPLATES, Ledger, Number
from statedfigures.display.words import SENTENCES, parts_html

FEWEST_STEPS = 40


def what_if(
    release: Any,
    series: str,
    sensitivity: pd.DataFrame | None = None,
    *,
    scenario: str = "central",
    horizon_year: int = 0,
    draws: int = DRAWS,
    seed: int = SEED,
) -> dict[str, Any]:
    """Return what the script of a page needs to redraw the projection of a series.

    Parameters
    ----------
    release
        The release.
    series
        Id of a series that is projected.
    sensitivity
        Result of ``sensitivity``, for the order of the assumptions; in the
        order of the formula without it.
    scenario, horizon_year, draws, seed
        As for ``project``.

    Returns
    -------
    dict
        Values that JSON can hold. ``controls`` has a row for each assumption
        with a range, the three that move most first.

    Raises
    ------
    ParameterError, AssumptionError
        As for ``project``.
    """
    [drawn] = formula.draw_series(release, series, scenario, horizon_year, draws, seed)
    model, years, rule = drawn.model, drawn.years, headline.rule_of(release, drawn.model)
    levels = drawn.levels(range(years + 1))
    low50, middle, high50 = np.quantile(levels[-1], [0.25, 0.5, 0.75]).tolist()
    figures = headline.printed_digits(middle, low50, high50, headline.sampling_error(levels[-1]))
    horizon, is_count = model.base_year + years, model.unit not in (*RATES, *SIGNS)
    rows = pd.DataFrame([*model.rows.values()])
    moving = rows[rows["low"] < rows["high"]]
    if sensitivity is not None:
        own = sensitivity[sensitivity["series"] == series].set_index("assumption")
        moving = moving.assign(rank=own["rank"]).sort_values("rank", kind="stable")
    recipe = dict(zip(DIMENSIONS, direction_numbers(draws, seed).tolist(), strict=True))
    needed = {"chance", "base", "start", *model.rows}
    return {
        "series": series,
        "unit": model.unit,
        "is_count": is_count,
        "draws": draws,
        "levels": list(headline.LEVELS),
        "base_year": model.base_year,
        "years": years,
        "maximum": None if np.isinf(model.maximum) else model.maximum,
        "stated": model.stated,
        "growth_years": None if np.isnan(model.years) else model.years,
        "stands_before": model.stands_before,
        "base": _level(model.base, "base_width"),
        "start": _change(model) if model.from_claim else _level(model.start, "start_width"),
        "points": {name: recipe[name] for name in DIMENSIONS if name in needed},
        "rows": [[name, model.row_id(name)] for name in model.rows],
        "assumptions": rows[["low", "central", "high", "distribution"]].T.to_dict("list"),
        "held": {name: value for name, value in drawn.held.items() if name in rows.index},
        "rule": [rule.threshold / formula.PERCENT.get(model.unit, 1), rule.unit, rule.likely],
        "words": {key: text.format(year=horizon) for key, text in SENTENCES["what_if"].items()},
        "message": headline.outlook(model, drawn.symbols, years, rule)[0],
        "step": max(headline.printed_step(middle, figures), float(is_count)),
        "published": np.quantile(levels, headline.LEVELS, axis=1).T.tolist(),
        "controls": [_control(row) for _, row in moving.iterrows()],
    }


def _control(row: pd.Series) -> dict[str, Any]:
    """Return the ends of a slider, and how its values are written."""
    factor, after = ASSUMED_UNITS.get(row["unit"], (1.0, f" {row['unit']}"))
    values = row[["low", "central", "high"]].astype(float).tolist()
    step = 10.0 ** -max(decimals_of(value) for value in values)
    while (values[2] - values[0]) / step < FEWEST_STEPS - 0.5:
        step /= 10
    return {
        "id": str(row.name),
        "label": row["label"],
        "values": values,
        "step": float(f"{step:.6g}"),
        "factor": factor,
        "after": after,
        "after_one": after.removesuffix("s") if row["unit"] == "years" else after,
        "decimals": decimals_of(float(f"{step * factor:.6g}")),
    }


def _distribution(rule: Qualifier, size: float, step: float) -> dict[str, Any]:
    """Return a shape, its low end, mode and high end: a value, what a width adds, and its least.

    Ends are linear in the width; rounding may keep them from coming nearer.
    """
    reached = [rule.reach(size, step, width) for width in (0.0, 1000.0, 2000.0)]
    if reached[0][1] is None:
        ends = [[size, 0, None], [0, size / 100, None], [size + step, 0, None]]
        return {"shape": "exponential", "ends": ends}
    found = []
    for least, near, far in zip(*reached, strict=True):
        at = 2 * near - far
        found.append([float(at), float(far - near) / 1000, None if at == least else float(least)])
    shape = "uniform" if rule.shape == "uniform" else "triangular"
    return {"shape": shape, "ends": [found[0], [size, 0, None], found[1]]}


def _stated_distribution(stated: Row) -> dict[str, Any]:
    size, step = (float(number) for number in qualifiers.size_and_step(stated))
    upper = float(stated.get("value_to", np.nan))
    if not np.isnan(upper):
        return {"shape": "uniform", "ends": [[size, 0, None], [size, 0, None], [upper, 0, None]]}
    return _distribution(qualifiers.rule_of(stated), size, step)


def _level(figure: Row, width: str) -> dict[str, Any]:
    """Return how the level of a figure is drawn, and what part of its year was counted."""
    level = _stated_distribution(figure) | {"width": width, "part": None}
    is_projected = figure["qualifier"] == "projected"
    if is_projected or formula.is_part_of_year(figure):
        days = 365 + bool(figure["period_start"].is_leap_year)
        level["part"] = [formula.elapsed_part(figure), days, is_projected]
    return level


def _change(model: formula.Model) -> dict[str, Any]:
    """Return how the change that a claim states is drawn, and how it leads to the other level."""
    claim = model.start
    size, unit = abs(float(claim["stated_value"])), claim["stated_unit"]
    falls = bool(claim["direction"] == "fall" or claim["stated_value"] < 0)
    way: list[Any] = ["rate", (0.01 if unit == "percent" else 1) * (-1 if falls else 1)]
    if claim["kind"] == "multiple":
        way = ["inverse" if falls and size > 1 else "multiple", 1]
    if qualifiers.is_of_the_fall(claim):
        way = ["rate", -1]
    return _stated_distribution(claim) | {"width": "start_width", "way": way}


def what_if_html(payload: dict[str, Any], name: str, ledger: Ledger | None = None) -> str:
    """Return the assumptions behind a chart as a folded table, which a script turns into sliders.

    Parameters
    ----------
    payload
        See `what_if`.
    name
        Name of the chart.
    ledger
        Takes down where the numbers come from.

    Returns
    -------
    str
        One element; complete without scripts.
    """
    entry = ledger.entry("What this chart assumes") if ledger is not None else None
    rows = []
    for control in payload["controls"]:
        own, htmls = f"assumption:{control['id']}", []
        low, central, high = control["values"]
        for value in (low, payload["held"].get(control["id"], central), high):
            text = digits(float(f"{value * control['factor']:.10g}"))
            text += control["after_one" if text == "1" else "after"]
            htmls.append(parts_html((Number(text, own),), entry))
        rows.append((control["label"], htmls))
    return TEMPLATES.get_template("what_if.html").render(name=name, rows=rows, entry=entry)
