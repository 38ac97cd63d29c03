"""The rows of a release's tables, as frozen records.

One class for each table of ``data/<release>/``. A record holds what its row
states and nothing that was computed. ``row`` is the row of the CSV file as a
spreadsheet counts it (the header is row 1) and is left out of comparisons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ReleaseDescription:
    """What ``release.toml`` says about the release and this edition of its report."""

    id: str
    title: str
    short_title: str
    publisher: str
    published: date
    address: str
    licence: str
    licence_address: str
    edition: date
    geography: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the release, known by its fingerprint only."""

    locator: str
    sha256: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the release states, with its hedge, unit and period.

    ``value`` is in ``unit``; a percent of 0.18 means 0.18 in a hundred.
    ``rounded_to`` is the step of the stated digits, in the same unit.
    """

    id: str
    topic: str
    label: str
    value: Decimal
    unit: str
    qualifier: str
    rounded_to: Decimal
    period_start: date | None
    period_end: date | None
    period_kind: str
    geography: str
    population: str
    as_stated: str
    locator: str
    note: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Mention:
    """A numeral or number word of the release and what became of it."""

    locator: str
    token: str
    nth: int
    disposition: str
    refers_to: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """A comparison that the release makes.

    ``to_figure`` is compared with ``from_figure``: a percent change is from
    the one to the other, a multiple is the second over the first, a share is
    ``to_figure`` as a part of ``from_figure``. ``published_series`` names the
    series in ``published.csv`` that could serve as the base of a share whose
    base the release does not give.
    """

    id: str
    topic: str
    label: str
    kind: str
    from_figure: str
    to_figure: str
    stated_value: Decimal | None
    stated_unit: str
    qualifier: str
    rounded_to: Decimal | None
    published_series: str
    as_stated: str
    locator: str
    note: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that the release announces, and what would show its effect."""

    id: str
    label: str
    who: str
    what: str
    type: str
    figures: tuple[str, ...]
    would_show_effect: str
    effect_figure_given: bool
    locator: str
    note: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Series:
    """A time series to report, and whether it may be projected.

    ``base_figure`` is where a projection starts. The observed growth is taken
    from ``growth_from`` to ``growth_to``, or from ``growth_claim`` where the
    release states a rise without its base.
    """

    id: str
    topic: str
    title: str
    unit: str
    geography: str
    body: str
    coverage: str
    projectable: str
    reason: str
    base_figure: str
    growth_from: str
    growth_to: str
    growth_claim: str
    figures: tuple[str, ...]
    outturn_series: str
    outturn_note: str
    miss_reason: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumption of the register.

    ``rule`` names the method that reads it and ``applies_to`` the series,
    claims or figures that the rule then serves (``all`` for every one).
    ``effect`` says which way a higher value moves a projection: ``raises``,
    ``lowers`` or ``widens``.
    """

    id: str
    label: str
    rule: str
    applies_to: tuple[str, ...]
    description: str
    basis: str
    source: str
    low: float
    central: float
    high: float
    distribution: str
    unit: str
    allowed_min: float
    allowed_max: float
    effect: str
    depends_on: tuple[str, ...]
    quality: str
    decided_on: date
    decided_by: str
    review_by: date
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Review:
    """A review of an assumption: who decided what about which fingerprint."""

    assumption: str
    fingerprint: str
    decision: str
    by: str
    on: date
    comment: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure that was published elsewhere, before or after the release.

    ``compares_with`` names the stated figure that it can be held against.
    ``part`` is ``part`` where the row is one of several that add up to the
    stated figure's coverage in that period, else ``whole``.
    """

    series: str
    period: str
    value: Decimal
    qualifier: str
    unit: str
    geography: str
    definition: str
    publisher: str
    source_title: str
    url: str
    source_kind: str
    compares_with: str
    part: str
    miss_reason: str
    note: str
    row: int = field(default=0, compare=False)

    @property
    def id(self) -> str:
        """Identity of the row: series and period."""
        return f"{self.series}_{self.period.lower().replace('/', '_to_').replace('-', '_')}"


@dataclass(frozen=True, slots=True)
class TorMonth:
    """Mean daily directly connecting Tor users in a month.

    ``month`` is its first day, ``days`` the number of days behind the mean,
    ``regime`` is ``before``, ``straddles`` or ``after`` the structural break.
    """

    month: date
    mean_daily_users: float
    days: int
    regime: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ReleaseTables:
    """All tables of one release, validated.

    Mappings are in the order of their files, which carries no meaning:
    permuting the rows of a table changes no result.
    """

    description: ReleaseDescription
    paragraphs: Mapping[str, Paragraph]
    figures: Mapping[str, Figure]
    mentions: tuple[Mention, ...]
    claims: Mapping[str, Claim]
    measures: Mapping[str, Measure]
    series: Mapping[str, Series]
    assumptions: Mapping[str, Assumption]
    reviews: tuple[Review, ...]
    published: Mapping[str, PublishedFigure]
    tor_monthly_users: tuple[TorMonth, ...]
