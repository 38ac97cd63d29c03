"""Where the folder of a release is: looked for, and nothing read."""

from __future__ import annotations

import os
import re
from pathlib import Path

from statedfigures.errors import ParameterError
from statedfigures.sources.cells import nearest_of, quoted

DATA_VARIABLE = "STATEDFIGURES_DATA"
DESCRIPTOR_FILE = "datapackage.json"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def find_release(release: str, data: Path | None = None) -> Path:
    """Find the folder of a release.

    Parameters
    ----------
    release
        Id of the release, which is the name of its folder: small letters,
        digits and single hyphens.
    data
        Folder that holds the releases. By default the one that the environment
        variable ``STATEDFIGURES_DATA`` names, or else the nearest folder
        ``data`` in the current folder or one above it that holds the release.

    Returns
    -------
    pathlib.Path
        The folder of the release.

    Raises
    ------
    ParameterError
        If the id is not a plain name, there is no such release, or the folder
        cannot be read.
    """
    if not isinstance(release, str) or not _SLUG.fullmatch(release):
        raise ParameterError(
            f"release: {quoted(str(release))} is not the id of a release; "
            "ids are small letters and digits joined by single hyphens, like weprotect-2014"
        )
    places = [data] if data is not None else _data_folders()
    try:
        for place in places:
            if (place / release / DESCRIPTOR_FILE).exists():
                return place / release
        if len(places) == 1 and not places[0].is_dir():
            raise ParameterError(f"data: there is no folder {quoted(str(places[0]))}; name another")
        known = {
            path.parent.name for place in places for path in place.glob(f"*/{DESCRIPTOR_FILE}")
        }
    except OSError as error:
        raise ParameterError(
            f"data: the folder of the releases cannot be read ({error.strerror}); "
            "give yourself permission or name another"
        ) from None
    where = f"in {places[0].name}/" if len(places) == 1 else "in a folder data/ here or above"
    remedy = nearest_of(release, known) if known else "go to the folder that holds data/"
    raise ParameterError(f"release: there is no release {quoted(release)} {where}; {remedy}")


def _data_folders() -> list[Path]:
    """Give the folders in which releases are looked for, the nearest first."""
    if named := os.environ.get(DATA_VARIABLE):
        return [Path(named)]
    here = Path.cwd()
    return [folder / "data" for folder in (here, *here.parents)]
