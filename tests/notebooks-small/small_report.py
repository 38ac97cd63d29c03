"""What the small notebooks show: an answer, a table, a chart and projections, made by hand."""

from statedfigures.display.records import Answer, Chart, Column, TableView
from statedfigures.display.words import Provenance, Quantity, sentence
from statedfigures.reports.downloads import PROJECTION_COLUMNS
from statedfigures.sources.records import ReleaseTables
from statedfigures.sources.release import read_release

GROWTH = {"low": 0, "central": 10, "high": 20}
SHIPS = Provenance(("figure:ships_2020",))
PROJECTED = Provenance(("figure:ships_2020", "parameter:scenario"), "the base and its growth")


def read_tables(release: str) -> ReleaseTables:
    """Read the release."""
    return read_release(release)


def stated(tables: ReleaseTables, figure_id: str) -> Quantity:
    """Give a stated figure."""
    figure = tables.figures[figure_id]
    return Quantity(f"{figure.value:,}", float(figure.value), Provenance((f"figure:{figure_id}",)))


def figures_answer(tables: ReleaseTables) -> Answer:
    """Say how many ships there were."""
    first = next(iter(tables.figures))
    words = sentence("The harbour states {count} first.", count=stated(tables, first))
    return Answer("figures-answer", (words,))


def figures_table(tables: ReleaseTables) -> TableView:
    """List the figures."""
    return TableView(
        id="figures-stated",
        caption="Stated figures",
        columns=(
            Column("id", "Figure"),
            Column("as_stated", "As stated"),
            Column("value", "Value", numeric=True),
        ),
        rows=tuple(
            (figure.label, figure.as_stated, stated(tables, figure.id))
            for figure in tables.figures.values()
        ),
        row_ids=tuple(f"figure-{figure_id}" for figure_id in tables.figures),
    )


def projected(scenario: str, horizon_year: int) -> Quantity:
    """Add a number of ships that depends on the scenario for each year."""
    value = 1000 + GROWTH[scenario] * (horizon_year - 2020)
    return Quantity(f"{value:,}", float(value), PROJECTED)


def ships_answer(
    tables: ReleaseTables,  # noqa: ARG001 - as the real ones are called
    topic: str,
    scenario: str,
    horizon_year: int,
) -> Answer:
    """Say where the ships are heading."""
    value = projected(scenario, horizon_year)
    words = sentence("In the harbour, {topic} would number {value}.", topic=topic, value=value)
    return Answer("ships-answer", (words, sentence("One cannot be sure.")))


def ships_chart(
    tables: ReleaseTables,  # noqa: ARG001
    scenario: str,
    horizon_year: int,
) -> Chart:
    """Draw one bar."""
    value = projected(scenario, horizon_year)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 120" role="img" '
        'aria-label="One bar"><rect x="10" y="20" width="500" height="60" '
        'style="fill: var(--chart-primary, #206095)"/></svg>'
    )
    return Chart(
        id="ships-chart",
        title=sentence("Ships would number {value}", value=value),
        subtitle=sentence("Ships in the harbour"),
        svg=svg,
        alt_text=sentence("One bar of {value}", value=value),
        data=TableView(
            id="ships-chart-data",
            caption="Ships projected",
            columns=(Column("scenario", "Scenario"), Column("ships", "Ships", numeric=True)),
            rows=((scenario, value),),
        ),
    )


def projections_table(
    tables: ReleaseTables,  # noqa: ARG001
    scenario: str,
    horizon_year: int,
) -> TableView:
    """Give the long form of projections."""
    year = Quantity(str(horizon_year), float(horizon_year), Provenance(("parameter:horizon_year",)))
    level = Quantity("0.5", 0.5, Provenance(("parameter:scenario",)))
    names = PROJECTION_COLUMNS
    return TableView(
        id="ships-projections",
        caption="All projections of ships",
        columns=tuple(
            Column(name, name.replace("_", " "), numeric=name in {"target_year", "value"})
            for name in names
        ),
        rows=(
            (
                "ships",
                scenario,
                "linear",
                year,
                "quantile",
                level,
                projected(scenario, horizon_year),
                "ships",
            ),
        ),
    )
