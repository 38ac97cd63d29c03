"""The scripts of the pages, and the policy that lets them run and nothing else."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from markupsafe import Markup

TEMPLATE = Path(__file__).parent / "template" / "statedfigures"


def panel_script() -> Markup:
    """Give the script of every page: it shows on the spot where a number comes from."""
    return _inline((TEMPLATE / "panel.js").read_text(encoding="utf-8"))


def what_if_script() -> Markup:
    """Give the script of a page on which a reader may try other values.

    Its parts stand in a folder, in their order. A part that repeats formulas
    of the analysis or the display names the function beside each.
    """
    parts = sorted((TEMPLATE / "what_if").glob("*.js"))
    written = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    return _inline(f'(() => {{\n"use strict";\n{written}\n}})();')


def _inline(script: str) -> Markup:
    """Leave out what only those who change the script read."""
    lines = (line.strip() for line in script.splitlines())
    kept = [line for line in lines if line and not line.startswith("//")]
    return Markup("\n".join(kept))  # noqa: S704 - ours


def content_security_policy(*scripts: str) -> str:
    """Let a page run these very scripts and nothing else, and ask for nothing.

    Parameters
    ----------
    *scripts
        The text of each, by whose fingerprint it is known.
    """
    digests = (base64.b64encode(hashlib.sha256(one.encode()).digest()) for one in scripts)
    known = " ".join(f"'sha256-{digest.decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {known}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
