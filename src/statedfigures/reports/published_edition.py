"""What a published edition says of itself: its projected quantiles and its sentences."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from statedfigures.display.payload import record_of
from statedfigures.display.records import MIME_TYPE, Answer
from statedfigures.errors import ParameterError
from statedfigures.reports.downloads import PROJECTIONS_FILE
from statedfigures.reports.manifest import fingerprint

T = TypeVar("T")
# The model of the pooled forms in the file of all projections.
POOL = "pool"
# Series, scenario, year and level of a quantile.
Key = tuple[str, str, int, float]
# Page and answer on it to its sentences.
Sentences = Mapping[tuple[str, str], tuple[str, ...]]


def published_quantiles(folder: Path, manifest: Mapping[str, Any]) -> dict[Key, float]:
    """Read the quantiles of the pooled forms that an edition published.

    Parameters
    ----------
    folder
        The folder of the edition.
    manifest
        Its manifest.

    Returns
    -------
    dict
        Series, scenario, year and level to value, in the unit of the series;
        empty where the edition projects nothing.

    Raises
    ------
    ParameterError
        If the file is not as it was published.
    """
    if PROJECTIONS_FILE not in manifest["outputs"]:
        return {}

    def read(text: str) -> dict[Key, float]:
        return {
            (row["series"], row["scenario"], int(row["target_year"]), float(row["output_type_id"])):
            float(row["value"])
            for row in csv.DictReader(io.StringIO(text, newline=""))
            if row["model"] == POOL
        }  # fmt: skip

    return _as_published(folder, PROJECTIONS_FILE, manifest, read)


def published_sentences(folder: Path, manifest: Mapping[str, Any]) -> Sentences:
    """Read the sentences of the answers and notices that an edition published.

    Parameters
    ----------
    folder
        The folder of the edition.
    manifest
        Its manifest.

    Returns
    -------
    Mapping
        Page and answer to sentences, in the order of the pages.

    Raises
    ------
    ParameterError
        If an executed notebook is not as it was published.
    """
    said: dict[tuple[str, str], tuple[str, ...]] = {}
    pages = sorted(manifest["pages"].items(), key=lambda one: str(one[1]["notebook"]))
    for page, held in pages:
        path = f"notebooks/{held['notebook']}"
        for answer in _as_published(folder, path, manifest, _answers):
            said[page, answer.id] = tuple(str(one) for one in answer.sentences)
    return said


def _answers(text: str) -> list[Answer]:
    outputs = (output for cell in json.loads(text)["cells"] for output in cell.get("outputs", ()))
    values = (output.get("data", {}).get(MIME_TYPE) for output in outputs)
    records = (record_of(one) for one in values if one and one["kind"] == "answer")
    return [record for record in records if isinstance(record, Answer)]


def _as_published(
    folder: Path, path: str, manifest: Mapping[str, Any], read: Callable[[str], T]
) -> T:
    """Read a file of an edition, if it is the one that the manifest names."""
    try:
        content = (folder / path).read_bytes()
        if fingerprint(content) != manifest["outputs"].get(path):
            raise ValueError(path)
        return read(content.decode("utf-8-sig"))
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        raise ParameterError(
            f"{folder / path}: is not as it was published; render the edition again"
        ) from None
