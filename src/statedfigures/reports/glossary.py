"""The words of the trade: what each means, and links to them from the prose of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

PAGE = "glossary.html"
# Text between tags that is no heading, link or code.
_PIECE = re.compile(
    r"<(?P<closed>h\d|a|code|pre|button)\b.*?</(?P=closed)>|<[^>]*>|(?P<text>[^<]+)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Term:
    """A term, its meaning, and the forms in which prose uses it."""

    name: str
    meaning: str
    forms: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """Id of its entry on the glossary page."""
        return "term-" + re.sub(r"[^a-z]+", "-", self.name.lower())


TERMS = (
    Term(
        "Assumption",
        "A judgement that the release does not settle. It has a low, a central and a high "
        "value, a basis, and a rating of how good its evidence is.",
        ("assumptions",),
    ),
    Term(
        "Base",
        "The value from which a projection starts: the last stated figure of its series, with "
        "the room that its wording leaves.",
    ),
    Term(
        "Bound",
        "A value that the true number lies above or below. A bound is never the start of a trend.",
        ("bounds",),
    ),
    Term(
        "Break-even value",
        "The value of an assumption at which the message of a headline would change.",
        ("break-even",),
    ),
    Term(
        "Cannot tell",
        "The verdict where the release leaves out what would decide the claim.",
    ),
    Term(
        "Claim",
        "A comparison that the release makes, such as a rise, a multiple or a share.",
        ("claims",),
    ),
    Term(
        "Draws",
        "Sets of values, one for each assumption, that together cover their ranges evenly "
        "(scrambled Sobol points). The projection is worked out once for each set.",
        ("Sobol points",),
    ),
    Term(
        "Edition",
        "The report as it stood on one date, made from one state of the tables and one set of "
        "parameters.",
    ),
    Term(
        "Fan",
        "A picture of a projection: the middle of the draws as a line, and around it the "
        "ranges that hold half of them and nine in ten of them.",
        ("fans", "fan chart"),
    ),
    Term(
        "Figure",
        "A number that the release states, with its own words, unit, period and rounding.",
        ("stated figure", "stated figures"),
    ),
    Term(
        "Finding",
        "Something that the check shows about the release. It is published and is not a "
        "mistake of the report.",
        ("findings",),
    ),
    Term(
        "First-order index",
        "The share of the variance of a headline that would go if one assumption were known.",
    ),
    Term(
        "Form",
        "The way in which growth goes on: not at all, by the same amount, by the same rate, "
        "at a rate that fades, or towards a ceiling.",
        ("forms of growth",),
    ),
    Term(
        "Hedge",
        "Words such as ‘around’ or ‘more than’ that leave room around a number.",
        ("hedges",),
    ),
    Term(
        "Horizon",
        "The last year of a projection.",
        ("usual horizon", "default horizon"),
    ),
    Term(
        "Level shift",
        "A rise that happens once, for instance because a rule or a way of counting changed, "
        "and does not go on.",
        ("one-off level shift",),
    ),
    Term(
        "Like for like",
        "Said of figures that count the same things, in the same area, over periods of the "
        "same kind.",
        ("comparable",),
    ),
    Term(
        "Locator",
        "The place of a statement in the release: its section and paragraph.",
        ("locators",),
    ),
    Term(
        "Not supported",
        "The verdict where no value that the stated figures allow bears the claim out.",
    ),
    Term(
        "Outturn",
        "The number that was published later for a year that was projected.",
        ("outturns",),
    ),
    Term(
        "Overdispersed",
        "Said of counts that vary more than single chance events would, because they come in "
        "clusters.",
        ("overdispersion",),
    ),
    Term(
        "Pooled",
        "With all assumptions drawn from their ranges, and all forms taken in proportion to "
        "their weights.",
    ),
    Term(
        "Projection",
        "What would follow if the assumptions held. It does not say what will happen.",
        ("projections", "projected"),
    ),
    Term(
        "Provenance",
        "The rows and the working that a shown number leads back to.",
    ),
    Term(
        "Range",
        "The values between which a stated share of the draws lies. It is not a confidence "
        "interval.",
        ("ranges",),
    ),
    Term(
        "Register",
        "The table of all assumptions.",
        ("register of assumptions",),
    ),
    Term(
        "Scenario",
        "A projection with every judgement at its low, its central or its high end.",
        ("scenarios",),
    ),
    Term(
        "Score",
        "How much an assumption moves the headlines; with the doubt about its evidence it "
        "gives the risk score.",
        ("risk score",),
    ),
    Term(
        "Skill",
        "How much better a projection did than the supposition that nothing changes.",
    ),
    Term(
        "Structural break",
        "A moment at which a way of counting changed, so that what lies before and after "
        "cannot be compared.",
    ),
    Term(
        "Supported",
        "The verdict where every value that the stated figures allow bears the claim out; "
        "‘within rounding’ where only some do.",
    ),
    Term(
        "Total index",
        "The share of the variance of a headline in which an assumption has a part, alone or "
        "together with others.",
    ),
    Term(
        "Verdict",
        "What the check of a claim came to: supported, supported within rounding, not "
        "supported, or cannot tell.",
        ("verdicts",),
    ),
    Term(
        "Weighted interval score",
        "A measure of how far a projection lay from what came later and how wide its ranges "
        "were. Lower is better.",
    ),
)

_FORMS = {form.lower(): term for term in TERMS for form in (term.name, *term.forms)}
_ANY = re.compile(
    r"\b(?:" + "|".join(map(re.escape, sorted(_FORMS, key=len, reverse=True))) + r")\b",
    re.IGNORECASE,
)


def link_terms(html: str, linked: set[str]) -> Markup:
    """Link the first use of each term on a page to its entry in the glossary.

    Parameters
    ----------
    html
        A fragment of prose.
    linked
        Anchors of the terms linked so far on the page; new ones are added.

    Returns
    -------
    Markup
        The fragment. Headings, links and code stay as they are.

    Examples
    --------
    >>> str(link_terms("<p>A hedge and a hedge.</p>", set()))
    '<p>A <a class="term" href="glossary.html#term-hedge">hedge</a> and a hedge.</p>'
    """

    def link(match: re.Match[str]) -> str:
        anchor = _FORMS[match[0].lower()].anchor
        if anchor in linked:
            return match[0]
        linked.add(anchor)
        return f'<a class="term" href="{PAGE}#{anchor}">{match[0]}</a>'

    def piece(match: re.Match[str]) -> str:
        return _ANY.sub(link, match["text"]) if match["text"] else match[0]

    return Markup(_PIECE.sub(piece, html))  # noqa: S704 - the fragment was HTML before
