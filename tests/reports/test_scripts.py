"""The scripts of the pages: known by their fingerprints, and unable to reach anything."""

import base64
import hashlib
import re

from bs4 import BeautifulSoup

from statedfigures.reports.scripts import (
    TEMPLATE,
    content_security_policy,
    panel_script,
    what_if_script,
)

MOVED = {"offences.html", "tor.html", "iwf.html"}
# What could ask for something, run a text, or read a text as HTML.
REACHING = re.compile(
    r"\b(fetch|XMLHttpRequest|WebSocket|sendBeacon|import|eval|Function|innerHTML|outerHTML|"
    r"insertAdjacentHTML|localStorage|sessionStorage|cookie)\b|document\.write|https?://"
)


def fingerprints(page):
    """Give what the policy of a page lets run, and what stands in it to run."""
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    scripts = [one.string for one in page.find_all("script") if not one.get("type")]
    digests = (hashlib.sha256(one.encode()).digest() for one in scripts)
    return (
        set(re.findall(r"sha256-([^']+)'", policy)),
        {base64.b64encode(one).decode() for one in digests},
    )


def test_a_page_lets_run_what_stands_in_it_and_nothing_else(report):
    for path in report.glob("*.html"):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        allowed, present = fingerprints(page)

        assert allowed == present, path.name
        assert len(present) == (2 if path.name in MOVED else 1), path.name
        assert not page.find(lambda tag: any(name.startswith("on") for name in tag.attrs))


def test_no_script_can_ask_for_anything_or_run_a_text():
    """The one address among them is the name of SVG, which nobody asks for."""
    for script in (panel_script(), what_if_script()):
        found = REACHING.findall(script.replace("http://www.w3.org/2000/svg", ""))

        assert found == []


def test_a_script_that_asks_for_something_is_noticed():
    assert REACHING.search("const words = await fetch(place)")
    assert REACHING.search('element.innerHTML = "x"')


def test_the_policy_names_each_script_and_asks_for_nothing():
    """Known values: the first eight letters of the fingerprint of an empty text are 47DEQpj8."""
    policy = content_security_policy("", "x")

    assert policy.startswith("default-src 'none'; script-src 'sha256-47DEQpj8")
    assert policy.count("sha256-") == 2


def test_a_part_of_a_script_is_short_enough_to_read():
    for part in TEMPLATE.rglob("*.js"):
        assert len(part.read_text(encoding="utf-8").splitlines()) <= 250, part.name
