"""Any release gives pages: with little in it, with one topic, with digits in its titles."""

import re

import pytest

import statedfigures as sf


def page(edition, name):
    """Return the HTML of the main part of a page."""
    html = (edition.folder / f"{name}.html").read_text(encoding="utf-8")
    return html[html.index("<main") : html.index("</main>")]


def read(copy):
    """Return a release after its tables were changed."""
    return sf.read_release("small-release", copy.data)


def keep_rows(copy, table, keep):
    """Leave only some rows of a table."""
    header, *rows = copy.rows(table)
    copy.write(table, [header, *(row for row in rows if keep(dict(zip(header, row, strict=True))))])


@pytest.fixture
def bare_release(small_release):
    """Return a release of which nobody published anything and nothing is projected."""
    for table in ("published", "measures", "findings", "scenarios", "reviews"):
        keep_rows(small_release, table, lambda _: False)
    series = {row[0] for row in small_release.rows("series")[1:]}
    for row in range(2, len(series) + 2):
        small_release.set_cell("series", row, "projectable", "no")
        small_release.set_cell("series", row, "reason", "Nothing carries it on.")
        for column in ("outturn_series", "base_figure", "growth_from", "growth_claim"):
            small_release.set_cell("series", row, column, "")
    for row in range(2, len(small_release.rows("claims")) + 1):
        small_release.set_cell("claims", row, "published_series", "")
    keep_rows(small_release, "assumptions", lambda row: not set(row["applies_to"].split()) & series)
    return small_release


def set_about(copy, name, value):
    """Change a line of release.toml."""
    path = copy.folder / "release.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text), encoding="utf-8")


def test_a_release_of_which_nobody_published_anything_and_nothing_is_projected(bare_release, build):
    set_about(bare_release, "worked_example", '""')
    edition = build(read(bare_release))

    assert "measures" not in edition.pages
    assert "No figure published elsewhere is known" in page(edition, "sources")
    assert "No stated figure is known to have been published" in page(edition, "changes")
    assert "Where each leads" not in page(edition, "scenarios")
    assert "recompute a score" not in page(edition, "downloads")
    assert "What came later" not in page(edition, "index")
    assert not (edition.folder / "data" / "projections.csv").exists()


def test_digits_in_titles_and_names_are_ordinary(small_release, build):
    row = small_release.row_of("topics", "ships")
    small_release.set_cell("topics", row, "title", "Category 1: 5G ships of 2020")
    small_release.set_cell("topics", row, "short_name", "Category 1")
    row = small_release.row_of("series", "ships")
    small_release.set_cell("series", row, "title", "Category 1 ships")
    set_about(small_release, "geography", '"Area 51"')
    set_about(small_release, "responsible", '"Team 7"')

    edition = build(read(small_release))

    assert "untraced" not in "".join(
        page(edition, name).split("<main")[1] for name in edition.pages
    )
    assert "<cite>Category 1</cite>" in page(edition, "index")
    assert "Category 1 ships" in page(edition, "scenarios")


def test_a_release_without_a_notice_has_neither_notice_nor_box(small_release, build):
    set_about(small_release, "notice", '""')
    set_about(small_release, "notice_links", "[]")

    front = page(build(read(small_release)), "index")

    assert "Where to turn" not in front
    assert 'class="notice"' not in front


def test_the_notice_of_a_release_stands_on_its_front_page_with_its_links(harbour, build):
    front = page(build(harbour), "index")

    assert "If you see an injured seal, call the seal watch." in front
    assert '<a href="https://example.org/seals">Seal watch</a>' in front


def test_pages_may_have_any_names(harbour, build, made):
    """Neither the page of claims nor the register is there; their rows are named all the same."""
    kept = ("ships", "nature", "plans")
    pages = [pair for pair in made.notebooks_of(harbour) if pair[0] in kept]

    edition = build(harbour, [*pages, ("a-page_2", made.notebook("Figures and assumptions"))])

    assert "a-page_2" in edition.pages
    assert 'href="claims.html' not in page(edition, "ships")
    assert '<a class="chip"' not in page(edition, "index")


def test_an_edition_of_an_own_scenario_says_so(harbour, build):
    name = harbour.scenarios["scenario"].iloc[0]

    edition = build(harbour, parameters={"scenario": name})

    assert f"<cite>{name}</cite> scenario" in page(edition, "index")
    assert f"<strong><cite>{name}</cite></strong>: this edition" in page(edition, "scenarios")


def test_the_scenarios_name_the_year_as_the_series_do(build):
    """Stated for May 2022, projected five years on."""
    edition = build(sf.read_release("broadband-2022"))

    assert "Middle in May <time>2027</time> in each scenario" in page(edition, "scenarios")


def test_a_release_with_one_topic(small_release, build):
    """The rows of the other topics move to it."""
    keep_rows(small_release, "topics", lambda row: row["id"] == "ships")
    for table in ("figures", "claims", "series", "findings"):
        for row in range(2, len(small_release.rows(table)) + 1):
            small_release.set_cell(table, row, "topic", "ships")

    edition = build(read(small_release))

    assert [name for name in edition.pages if name in ("ships", "nature")] == ["ships"]
    assert page(edition, "index").count('<div class="words">') == 1


def test_a_topic_without_a_trend_says_how_many_figures_it_has(harbour, build):
    """Three stated figures of one topic and one of another are of no series."""
    front = page(build(harbour), "index")

    told = re.findall(
        r'<p class="ahead"><span[^>]*>(\w+)</span> (stated figures?), no trend', front
    )
    assert told == [("Three", "stated figures"), ("One", "stated figure")]
