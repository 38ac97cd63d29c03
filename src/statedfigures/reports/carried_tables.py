"""The tables that an edition was made from, carried in it as a zipped data package.

An edition that carries its tables can be compared with any other, and made
again, where they are no longer at hand.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from statedfigures.errors import ParameterError, RunError
from statedfigures.reports.manifest import fingerprint
from statedfigures.reports.scratch import scratch_folder
from statedfigures.sources.descriptor import FILE as DESCRIPTOR_FILE
from statedfigures.sources.descriptor import read_descriptor
from statedfigures.sources.files import LARGEST_FILE_BYTES, decode_text, read_bytes
from statedfigures.sources.release import DESCRIPTION_FILE

_DAY = (1980, 1, 1, 0, 0, 0)
_UNREADABLE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    RuntimeError,
    ValueError,
)


def archive_path(release: str) -> str:
    """Give the path of the tables inside a site.

    Examples
    --------
    >>> archive_path("weprotect-2014")
    'data/weprotect-2014-tables.zip'
    """
    return f"data/{release}-tables.zip"


def archive_bytes(folder: Path, stated: Mapping[str, str]) -> bytes:
    """Pack the tables of a release, byte for byte.

    Parameters
    ----------
    folder
        The folder of the release.
    stated
        Name of each file to its SHA-256 when the run began.

    Returns
    -------
    bytes
        A zip file, not compressed and without the times and owners of files:
        the same tables give the same bytes. It holds the descriptor and what
        that describes, and nothing else that lies in the folder.

    Raises
    ------
    RunError
        If a table was changed since.
    """
    descriptor = read_bytes(folder / DESCRIPTOR_FILE)
    tables = read_descriptor(decode_text(descriptor, DESCRIPTOR_FILE)).values()
    names = sorted({DESCRIPTOR_FILE, DESCRIPTION_FILE, *(table.file for table in tables)})
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            content = read_bytes(folder / name)
            if fingerprint(content) != stated.get(name):
                raise RunError(
                    "the tables were changed while the report was made; nothing is published: "
                    "run the command again"
                )
            entry = zipfile.ZipInfo(name, _DAY)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return held.getvalue()


@contextmanager
def carried_tables(edition: Path, manifest: Mapping[str, Any]) -> Iterator[Path | None]:
    """Unpack the tables of an edition into a private folder for a while.

    Parameters
    ----------
    edition
        The folder of the edition.
    manifest
        Its manifest.

    Yields
    ------
    pathlib.Path or None
        A folder that holds the release, as ``--data`` names one; None where
        the edition carries no tables.

    Raises
    ------
    ParameterError
        If the tables are not those that the manifest names.
    """
    release = str(manifest["release"])
    path = edition / archive_path(release)
    if Path(release).name != release or not path.is_file():
        yield None
        return
    contents = _contents(path, manifest["inputs"].get("tables", {}))
    with scratch_folder() as data:
        (data / release).mkdir()
        for name, content in contents.items():
            (data / release / name).write_bytes(content)
        yield data


def _contents(path: Path, stated: Mapping[str, str]) -> dict[str, bytes]:
    """Read the files of an archive: those that the manifest names, and as it names them."""
    try:
        with zipfile.ZipFile(path) as archive:
            contents = {}
            for entry in archive.infolist():
                with archive.open(entry) as file:
                    content = file.read(LARGEST_FILE_BYTES + 1)
                plain = Path(entry.filename).name == entry.filename
                if not plain or fingerprint(content) != stated.get(entry.filename):
                    raise ValueError(entry.filename)
                contents[entry.filename] = content
            return contents
    except _UNREADABLE:
        raise ParameterError(
            f"{path}: does not hold the tables that the manifest of the edition names; "
            "render the edition again"
        ) from None
