"""The HTML of a place to try other values: what the script of the page shows and fills."""

from __future__ import annotations

from html import escape

from statedfigures.display.delimited import number_field
from statedfigures.display.markup import table_html, workings_html
from statedfigures.display.records import Control, Followed, WhatIf
from statedfigures.display.words import row_address

# What would end the element that holds the data, or begin another one inside it.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
# The thumb of a slider keeps inside its track: the sketch above it is drawn as much narrower.
_SKETCH = 12


def what_if_html(record: WhatIf) -> str:
    """Give a place to try other values as HTML.

    Parameters
    ----------
    record
        The place.

    Returns
    -------
    str
        One element. Without a script it says that it needs one; a script
        shows what is hidden in it. Every id in it begins with the record's.
    """
    identity = escape(record.id)
    data = record.engine
    for character, escaped in _ESCAPES.items():
        data = data.replace(character, escaped)
    return (
        f'<div class="what-if" id="{identity}">'
        '<p class="needs-script">Moving the values needs the script of the published page, which '
        "does not run here. Everything else is complete without it.</p>"
        f'<div class="what-if-body" hidden>{_state_html()}{_choice_html(record)}'
        '<p class="what-if-strip" aria-hidden="true"></p>'
        '<div class="what-if-columns"><div class="what-if-results">'
        f"{''.join(_followed_html(one, record.id) for one in record.followed)}</div>"
        f'<ul class="what-if-controls" aria-label="Assumptions">'
        f"{''.join(_control_html(one, record.id) for one in record.controls)}</ul></div>"
        f'{_kept_html(record)}<p class="note">{record.note.html(record.id)}</p>'
        f"{workings_html(record)}</div>"
        f'<script type="application/json" class="engine">{data}</script></div>'
    )


def _state_html() -> str:
    """Say whose values are shown, with the way back."""
    return (
        '<div class="what-if-state"><p class="when-published">'
        f"{_mark('M2 11l5 5L18 4')} These are the published values.</p>"
        f'<p class="when-held" hidden>{_mark("M10 2l8.5 15h-17zM10 7v5M10 14v1")} '
        "<strong>Your values – not the published ones.</strong></p>"
        '<button type="button" class="reset" disabled>Back to the published values</button></div>'
        '<p class="refused" hidden>Part of the address was not understood, or lay outside its '
        "range: it was left out, or moved to the nearest value.</p>"
        '<p class="unseen" role="status"></p>'
    )


def _mark(path: str) -> str:
    """Draw a mark that a reader sees before reading the words beside it."""
    return (
        '<svg class="mark" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" '
        f'focusable="false"><path d="{path}" fill="none" stroke="currentColor" '
        'stroke-width="2"/></svg>'
    )


def _choice_html(record: WhatIf) -> str:
    """Let the reader choose which series is looked at, where there are several."""
    if len(record.followed) == 1:
        return ""
    choices = "".join(
        f'<label><input type="radio" name="{escape(record.id)}-series" '
        f'value="{escape(one.series)}"{"" if place else " checked"}> '
        f"{escape(one.name)}</label>"
        for place, one in enumerate(record.followed)
    )
    return f'<fieldset class="what-if-choice"><legend>Show</legend>{choices}</fieldset>'


def _followed_html(one: Followed, scope: str) -> str:
    identity = escape(f"{scope}-{one.series}")
    return (
        f'<figure class="chart followed" data-series="{escape(one.series)}">'
        f'<figcaption><p class="chart-title"><strong>{one.title.html(scope)}</strong></p>'
        f'<p class="chart-subtitle">{one.subtitle.html(scope)}</p></figcaption>'
        f'<div class="fan"></div><p class="headline" id="{identity}-heading">'
        f"{one.heading.html(scope)}</p>{table_html(one.compared, scope, offered=False)}"
        '<details class="chart-data"><summary>Your fan in numbers</summary>'
        f"{table_html(one.yearly, scope, offered=False)}</details></figure>"
    )


def _control_html(one: Control, scope: str) -> str:
    """Give the slider of an assumption; the item leads back to its row."""
    identity = escape(f"{scope}-{one.assumption}")
    unit = f' <span class="unit">({escape(one.unit)})</span>' if one.unit else ""
    low, central, high = (_number(quantity.value) for quantity in (one.low, one.central, one.high))
    words = "varies" if one.varies else "as published"
    spoken = f"varies from {one.low} to {one.high}" if one.varies else f"{one.central}, {words}"
    address = escape(row_address(f"assumption:{one.assumption}"))
    return (
        f'<li data-from="assumption:{escape(one.assumption)}"'
        f' data-series="{escape(" ".join(one.series))}">'
        f'<label for="{identity}">{escape(one.label)}{unit}</label>'
        f'<p class="stands">{words}</p><button type="button" class="back" hidden>Put back '
        f'<span class="unseen">{escape(one.label)}</span></button>{_sketch_html(one)}'
        f'<input type="range" id="{identity}" name="{escape(one.assumption)}" min="{low}" '
        f'max="{high}" step="{_number(one.step)}" value="{central}" autocomplete="off" '
        f'aria-valuetext="{escape(spoken)}">'
        f'<p class="ends"><span>{escape(str(one.low))}</span> '
        f'<span>published <a class="quantity" href="{address}">{escape(str(one.central))}</a>'
        f"</span> <span>{escape(str(one.high))}</span></p></li>"
    )


def _sketch_html(one: Control) -> str:
    """Draw where the published values lie along the slider, for those who see it."""
    low, central, high = (quantity.value or 0.0 for quantity in (one.low, one.central, one.high))
    if not one.varies:
        return ""
    peak = 100 * (central - low) / (high - low)
    return (
        f'<svg viewBox="0 0 100 {_SKETCH}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false"><polygon points="0,{_SKETCH} {peak:.1f},0 100,{_SKETCH}"/></svg>'
    )


def _number(value: float | None) -> str:
    return number_field(value or 0.0)


def _kept_html(record: WhatIf) -> str:
    """List what is held, with the address that keeps it."""
    return (
        '<div class="what-if-kept when-held" hidden><p>What you hold:</p><ul class="held"></ul>'
        f'<p>This address keeps your values: <a class="kept" href="#{escape(record.id)}">address'
        '</a></p><button type="button" class="copy">Copy the address</button></div>'
    )
