"""A draft of a release's folder from the publisher's page or a plain text of it.

`draft_release` writes the folder once and never again: run on a page that has
changed, it says what changed. What a person has to decide is written `TO FILL`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace

from statedfigures.errors import ParameterError, PublishError
from statedfigures.release.csv_tables import (
    TO_FILL,
    decode_text,
    read_bytes,
    read_table,
    split_rows,
)
from statedfigures.release.drafting.draft_numbers import date_in, places_in
from statedfigures.release.drafting.draft_tables import Drafted, draft_tables
from statedfigures.release.reading import (
    ABOUT_FILE,
    DATA_VARIABLE,
    DEFAULTS_FILE,
    require_release_id,
)
from statedfigures.release.schema import DESCRIPTOR_FILE, METHOD, descriptor_text, tables
from statedfigures.release.source_text import HEAD, SourceText, normalise, read_source_text
from statedfigures.release.trace import align_paragraphs

# Tables that are written even where the text gives no row: an analyst fills them.
_EMPTY = ("findings", "assumptions", "published", "measures")
_PROJECT = ("notebooks", f"data/{METHOD}", "docs/methods.md")
_GOVERNMENT = (
    "Open Government Licence v3.0",
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
)
_ABOUT_WORDS: Mapping[str, str] = {
    "title": "title of the release",
    "short_title": "a few words by which the report calls it",
    "publisher": "who published it",
    "published": "the day, without quotation marks: published = 2014-12-11",
    "address": "web address of the page",
    "licence": "under which terms the text may be quoted",
    "licence_address": "web address of these terms",
    "geography": "the area that the release is about",
    "responsible": "who answers for this edition",
    "contact": "how to reach them",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What came of drafting: the folder, what it holds, and what was left out of the page."""

    folder: Path
    laid_out: tuple[str, ...]
    drafted: Drafted | None
    text: SourceText
    changes: tuple[str, ...] = ()
    dated: bool = True

    def lines(self) -> Iterator[str]:
        """Yield what a person is told: what was proposed or has changed, and what was left out."""
        for name in self.laid_out:
            yield f"laid out {name}"
        if self.drafted is None:
            yield f"{self.folder.name} is there already, and nothing was written"
            yield from self.changes or ("the text is as it was recorded",)
        else:
            counts = {name: len(rows) for name, rows in self.drafted.rows.items()}
            told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
            yield f"drafted {self.folder.name}: {told}"
        for part in self.text.left_out:
            yield f"left out ({part.reason}): “{part.text[:60]}” ({part.place})"
        if self.drafted is not None:
            if not self.dated:
                yield (
                    "no date was found, so “now” and “a year ago” are left open: delete the "
                    "folder and add --published YYYY-MM-DD, or fill in published in release.toml"
                )
            command = f"statedfigures check --release {self.folder.name}"
            yield f"next: {command}, which lists what to fill in"


def draft_release(
    release_id: str,
    source: Path,
    data_folder: Path | None = None,
    published: date | None = None,
    today: date | None = None,
) -> Draft:
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
    Draft
        What was written. Nothing, if the release is there already.

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
    require_release_id(release_id)
    text = read_source_text(source)
    data = _data_folder(data_folder)
    folder = data / release_id
    if os.path.lexists(folder) and not folder.is_dir():
        raise ParameterError(f"release: {release_id} is there already and no folder; name another")
    if folder.is_dir():
        return Draft(folder, (), None, text, tuple(_changes(folder, text)))
    found = _said_of_itself(source, text)
    if published is not None:
        found["published"] = published
    day = found.get("published")
    day = day if isinstance(day, date) else None
    drafted = draft_tables(text.paragraphs, day, text_title(text))
    try:
        laid_out = tuple(_lay_out(data, release_id))
        _write(folder, found, drafted, today or date.today())
    except OSError as error:
        raise PublishError(
            f"{data} cannot be written ({error.strerror}); nothing of {release_id} is there"
        ) from None
    return Draft(folder, laid_out, drafted, text, dated=day is not None)


def text_title(text: SourceText) -> str:
    """Return the title that a release gives itself: its first heading, or its first line."""
    heading = next((part.text for part in text.paragraphs[:3] if part.kind == "heading"), "")
    return heading or text.title or text.paragraphs[0].text


def _data_folder(data_folder: Path | None) -> Path:
    if data_folder is not None:
        return Path(data_folder)
    if named := os.environ.get(DATA_VARIABLE):
        return Path(named)
    here = Path.cwd()
    projects = (folder for folder in (here, *here.parents) if (folder / "notebooks").is_dir())
    places = [folder / "data" for folder in projects if (folder / "data" / METHOD).is_dir()]
    return places[0] if places else here / "data"


# ---------------------------------------------------------------- what a page says of itself


def _said_of_itself(source: Path, text: SourceText) -> dict[str, str | date]:
    """Return what the text or the page says of itself, by the keys of ``release.toml``."""
    found: dict[str, str | date] = {"title": text_title(text)}
    head = [part.text for part in text.paragraphs if part.locator.startswith(f"{HEAD}/")]
    head += [part.text for part in text.paragraphs if len(part.text.split()) <= 12]
    around = [part.text for part in text.left_out]
    metas = _metas(source) if text.on_web_page else {}
    for line in [*head, *around]:
        if label := re.match(r"(?:From|Publisher|Published by|Issued by): (.+)", line):
            found.setdefault("publisher", label[1])
        if link := re.search(r"(?:link|page|source|address)\b[^:]*: ?(https?://\S+)", line, re.I):
            found.setdefault("address", link[1])
        if day := date_in(line):
            found.setdefault("published", day)
    for key, names in {
        "publisher": ("og:site_name", "dc.publisher", "publisher"),
        "address": ("canonical", "og:url"),
    }.items():
        if named := next((metas[name] for name in names if metas.get(name)), ""):
            found.setdefault(key, named)
    for name in ("article:published_time", "dc.date", "date", "dcterms.issued"):
        if stamp := re.match(r"\d{4}-\d{2}-\d{2}", metas.get(name, "")):
            found["published"] = date.fromisoformat(stamp.group())
            break
    whole = " ".join([*around, *(part.text for part in text.paragraphs)])
    if re.search(r"Open Government Licen[cs]e", whole):
        found["licence"], found["licence_address"] = _GOVERNMENT
    if len(areas := places_in(" ".join(part.text for part in text.paragraphs))) == 1:
        found["geography"] = next(iter(areas))
    return found


def _metas(source: Path) -> dict[str, str]:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(source.read_bytes(), "html.parser")
    found: dict[str, str] = {}
    for tag in page.find_all("meta"):
        name = str(tag.get("property") or tag.get("name") or "").lower()
        found.setdefault(name, normalise(str(tag.get("content") or "")))
    link = page.find("link", rel="canonical")
    if link is not None:
        found["canonical"] = str(link.get("href") or "")
    return found


# ---------------------------------------------------------------- writing


def _write(folder: Path, found: Mapping[str, str | date], drafted: Drafted, today: date) -> None:
    """Write the whole folder beside its place and then move it there, or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    values = {key: found.get(key, f"{TO_FILL}: {words}") for key, words in _ABOUT_WORDS.items()}
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as place:
        new = Path(place) / folder.name
        new.mkdir()
        (new / ABOUT_FILE).write_text(_about_text(folder.name, values, today), encoding="utf-8")
        present = [name for name, table in tables().items()
                   if drafted.rows.get(name) or name in _EMPTY or not table.optional]  # fmt: skip
        for name in present:
            (new / tables()[name].file).write_text(_csv(drafted, name), encoding="utf-8")
        about = SimpleNamespace(id=folder.name, **values)
        descriptor = descriptor_text(about, present)
        (new / DESCRIPTOR_FILE).write_text(descriptor, encoding="utf-8")
        new.rename(folder)


def _csv(drafted: Drafted, name: str) -> str:
    out = io.StringIO()
    columns = tables()[name].names
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(drafted.rows.get(name, []))
    return out.getvalue()


def _about_text(release_id: str, values: Mapping[str, str | date], today: date) -> str:
    stated: dict[str, str | date] = {"id": release_id, **values}
    names = [*stated]
    stated["edition"] = today
    names.insert(names.index("geography"), "edition")
    lines = [
        "# The release that the tables of this folder are about, and this edition of its report.",
        *(f"{name} = {_toml(stated[name])}" for name in names),
        "# Horizons are five and ten years after the release unless they are given here:",
        "# default_horizon and last_horizon. worked_example names a projected series; notice",
        "# and notice_links stand on the front page of a release on a sensitive subject.",
    ]
    return "\n".join(lines) + "\n"


def _toml(value: str | date) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)  # a string of JSON is one of TOML


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
    if not os.path.lexists(data / DEFAULTS_FILE):
        words = f'# The release that is reported when none is named.\ndefault = "{release_id}"\n'
        (data / DEFAULTS_FILE).write_text(words, encoding="utf-8")
        yield f"data/{DEFAULTS_FILE}"


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
    rows = split_rows(decode_text(read_bytes(folder / table.file), table.file), table.file)
    aligned = align_paragraphs(read_table(table, rows)[0].set_index("locator"), text)
    for row, part in aligned.differing:
        now = f"now “{part.text[:60]}” ({part.place}), SHA-256 {part.sha256}"
        yield f"altered: {row.locator}, {now}"
    for row in aligned.missing:
        yield f"gone: {row.locator}"
    for part in (*aligned.extra, *aligned.around):
        yield f"new: “{part.text[:60]}” ({part.place}), SHA-256 {part.sha256}"
