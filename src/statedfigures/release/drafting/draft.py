"""A draft of a release's folder from the publisher's page or a plain text of it.

`draft_release` writes the folder once and never again: run on a page that has
changed, it says what changed. What a person has to decide is written `TO FILL`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from statedfigures.errors import ParameterError, PublishError, SourceTextError
from statedfigures.release import reading
from statedfigures.release.csv_tables import frame_of, read_bytes
from statedfigures.release.drafting.draft_numbers import WORDS, date_in, places_in
from statedfigures.release.drafting.draft_tables import draft_tables, to_fill
from statedfigures.release.rules import read_checked
from statedfigures.release.schema import METHOD, PACKAGE_FILE, package_text, tables
from statedfigures.release.source_text import HEAD, SourceText, read_source_text
from statedfigures.release.trace import align_paragraphs

LONGEST_PARAGRAPH = 10_000
LONGEST_ID = 100  # letters; the names of files and folders hold more
# Tables that are written even where the text gives no row: an analyst fills them.
_EMPTY = ("findings", "assumptions", "published", "measures")
_PROJECT = ("notebooks", f"data/{METHOD}", "docs/methods.md")
About = dict[str, Any]  # words, and the days of publication and edition


def draft_release(
    release_id: str,
    source: Path,
    data_folder: Path | None = None,
    published: date | None = None,
    today: date | None = None,
) -> list[str]:
    """Draft the folder of a release from a copy of its text, or say what changed in it.

    Parameters
    ----------
    release_id
        Id of the release: the name of its folder.
    source
        The publisher's page or a plain text.
    data_folder
        Folder of the releases; by default the nearest folder ``data`` that
        holds some, or else a new one here.
    published
        Day of the release, where the copy does not say it: what "now" and
        "a year ago" are read from.
    today
        Date of the edition; the current day by default.

    Returns
    -------
    list of str
        What a person is told: what was laid out and proposed, or for a release
        that is there already what has changed; what was left out of the page.

    Raises
    ------
    ParameterError
        If the id cannot be one.
    SourceTextError
        If the copy cannot be read.
    PublishError
        If the folder cannot be written.
    """
    if not release_id:
        raise ParameterError("release: name one, like harbour-2021")
    reading.require_release_id(release_id)
    if (letters := len(release_id)) > LONGEST_ID:
        raise ParameterError(
            f"release: the id has {letters} letters; name one of at most {LONGEST_ID}"
        )
    text = read_source_text(source)
    if (longest := max(len(part.text) for part in text.paragraphs)) > LONGEST_PARAGRAPH:
        raise SourceTextError(
            f"{source} holds a paragraph of {longest:,} characters, as a table does; give the text "
            "of the release, with an empty line between its paragraphs"
        )
    data = _data_folder(data_folder)
    if os.path.isfile(data):
        raise ParameterError(f"--data {data}: is a file; name the folder of the releases")
    folder = data / release_id
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise ParameterError(f"release: {release_id} is there already and no folder; name another")
    left_out = [WORDS["about"]["left_out"].format(part) for part in text.left_out]
    if os.path.isdir(folder):  # False for a name too long
        changes = list(_changes(folder, text)) or ["the text is as it was recorded"]
        return [f"{release_id} is there already, and nothing was written", *changes, *left_out]
    about = _said_of_itself(text, published) | {"edition": today or date.today()}
    day = about.get("published")
    drafted = draft_tables(text.paragraphs, day, about["title"])
    try:
        data.mkdir(parents=True, exist_ok=True)
        laid_out = [f"laid out {name}" for name in _lay_out(data, release_id)]
        _write(folder, about, drafted)
    except OSError as error:
        if os.path.isdir(folder):
            raise PublishError(f"{release_id} is there already, by another run") from None
        raise PublishError(
            f"{data} cannot be written ({error.strerror}); nothing of {release_id} is there"
        ) from None
    told = ", ".join(f"{len(rows)} {name}" for name, rows in drafted.items() if len(rows))
    lines = [*laid_out, f"drafted {release_id}: {told}", *left_out]
    lines += [] if day else [WORDS["about"]["undated"]]
    lines.append(f"next: statedfigures check --release {release_id}, which lists what to fill in")
    return lines


def _data_folder(data_folder: Path | None) -> Path:
    """Return the folder that is named, that of the nearest project, or a new one here."""
    places = reading.data_folders(data_folder)
    held = (each for each in places if (each / METHOD).is_dir())
    projects = (each for each in held if (each.parent / "notebooks").is_dir())
    return places[0] if len(places) == 1 else next(projects, places[0])


# ---------------------------------------------------------------- what a page says of itself


def _said_of_itself(text: SourceText, published: date | None) -> About:
    """Return what the text or the page says of itself, by the keys of ``release.toml``."""
    parts = text.paragraphs
    whole, around = " ".join(part.text for part in parts), [part.text for part in text.left_out]
    head = (part.text for part in parts if part.locator.startswith(f"{HEAD}/"))
    short = (part.text for part in parts if len(part.text.split()) <= 12)
    lines = [*head, *short, *around]
    named = {key: _first(map(text.metas.get, names)) for key, names in WORDS["head"].items()}
    stamp = re.match(r"\d{4}-\d{2}-\d{2}", named["published"] or "")
    published = published or (date.fromisoformat(stamp.group()) if stamp else None)
    headings = (part.text for part in parts[:3] if part.kind == "heading")
    found: About = {"title": next(headings, text.title or parts[0].text)}
    found["published"] = published or _first(map(date_in, lines))
    for key, pattern in WORDS["said"].items():
        match = _first(re.search(pattern, line) for line in lines)
        found[key] = match[1] if match else named[key]
    found = {key: value for key, value in found.items() if value}
    if re.search(r"Open Government Licen[cs]e", " ".join([whole, *around])):
        found |= WORDS["licence"]
    if len(areas := places_in(whole)) == 1:
        found["geography"] = next(iter(areas))
    return found


def _first(values: Iterable[Any]) -> Any:
    return next(filter(None, values), None)


# ---------------------------------------------------------------- writing


def _write(folder: Path, about: About, drafted: Mapping[str, pd.DataFrame]) -> None:
    """Write the whole folder beside its place and then move it there, or nothing."""
    values = {"id": folder.name, **to_fill("release"), **about}
    unneeded = {name for name, table in tables().items() if table.optional and name not in _EMPTY}
    present = [name for name in tables() if len(drafted[name]) or name not in unneeded]
    # A string of JSON is one of TOML.
    texts = {key: value for key, value in values.items() if isinstance(value, str)}
    quoted = {key: json.dumps(value, ensure_ascii=False) for key, value in texts.items()}
    keys = [f"{key} = {value}" for key, value in (values | quoted).items()]
    head, foot = WORDS["about"]["head"], WORDS["about"]["foot"].lstrip()
    package = json.loads(package_text(SimpleNamespace(**values), present))
    for name in ("title", "licenses", "sources"):  # a report takes them from release.toml
        del package[name]
    described = json.dumps(package, indent=2, ensure_ascii=False)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as place:
        new = Path(place) / folder.name
        new.mkdir()
        for name in present:
            drafted[name].to_csv(new / tables()[name].file, index=False, lineterminator="\n")
        (new / reading.ABOUT_FILE).write_text("\n".join([head, *keys, foot]), encoding="utf-8")
        (new / PACKAGE_FILE).write_text(described + "\n", encoding="utf-8")
        new.rename(folder)


def _lay_out(data: Path, release_id: str) -> Iterator[str]:
    """Copy what a project needs beside its tables, where there is none yet: an empty folder."""
    if (data / METHOD).is_dir():
        return
    brought = _brought()
    for name in _PROJECT:
        target = data / METHOD if name == f"data/{METHOD}" else data.parent / name
        if os.path.lexists(target):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if (brought / name).is_dir():
            ignored = shutil.ignore_patterns("*checkpoints*", "__pycache__")
            shutil.copytree(brought / name, target, ignore=ignored)
        else:
            shutil.copyfile(brought / name, target)
        yield name
    if not os.path.lexists(data / reading.DEFAULTS_FILE):
        words = f'# The release that is reported when none is named.\ndefault = "{release_id}"\n'
        (data / reading.DEFAULTS_FILE).write_text(words, encoding="utf-8")
        yield f"data/{reading.DEFAULTS_FILE}"


def _brought() -> Path:
    """Return where notebooks, method rows and methods stand: in the wheel, or in the checkout."""
    package = Path(__file__).parents[2]
    for place in (package / "project", package.parents[1]):
        if all((place / name).exists() for name in _PROJECT):
            return place
    raise ParameterError(
        "new: this installation brings no notebooks; install a wheel of statedfigures, "
        "or run the command in a checkout"
    )


# ---------------------------------------------------------------- a page that has changed


def _changes(folder: Path, text: SourceText) -> Iterator[str]:
    """Yield what differs between the recorded paragraphs and a copy."""
    table = tables()["paragraphs"]
    recorded, _ = read_checked(table, read_bytes(folder / table.file))
    aligned = align_paragraphs(frame_of(table, recorded), text)
    for state, words in WORDS["changed"].items():
        yield from map(words.format_map, aligned[aligned["state"] == state].to_dict("records"))
