"""What a cell shows: every form at once, and the same object again from its record."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.figure import Figure

import statedfigures as sf
from statedfigures.display import shown
from statedfigures.display.provenance import Ledger
from statedfigures.display.words import Link, Number, Sentence, name, sentence
from statedfigures.errors import ParameterError

TITLE = sentence("{title} rose", title=name("Places", "series:places"))
FRAME = pd.DataFrame(
    {
        "place": ["Aston", ""],
        "people": [12.5, float("nan")],
        "seen": [True, False],
        "day": pd.to_datetime(["2014-12-11", None]),
        "inputs": ["figure:aston", "figure:barton"],
    }
)


@pytest.fixture
def figure():
    """Draw a line with a label of two dollar signs."""
    drawn = Figure()
    axes = drawn.subplots()
    axes.plot([2014, 2015], [1, 2])
    axes.text(2014, 1, "Fines up from US$5m to US$9m")
    return drawn


def everything(figure):
    """Return one of each kind."""
    line = Sentence(("Up ", Number("5", "figure:a"), ", ", Link("here", "https://a.org")))
    card = shown.Card("not supported", TITLE, line, 3)
    table = sf.table(FRAME, "People", fold="All")
    return [
        shown.Answer(TITLE, line, (line,)),
        shown.Cards((card,)),
        shown.Notes((line, line), as_list=True, fold="More"),
        table,
        sf.table(FRAME, "People", name="blocks", as_blocks=True),
        sf.chart(figure, data=table, title=TITLE, alt="A line that rises."),
    ]


def test_everything_comes_back_from_what_the_notebook_carries(figure):
    for made in everything(figure):
        again = shown.from_record(made._repr_mimebundle_()[shown.MIME_TYPE])

        assert type(again) is type(made)
        assert again.html(Ledger()) == made.html(Ledger())
        assert again.text == made.text
        assert repr(again) == made.text


def test_a_notebook_shows_html_without_links_into_the_site(figure):
    for made in everything(figure):
        html = made._repr_mimebundle_()["text/html"]

        assert '<a href="#' not in html
        assert ".html" not in html


def test_a_chart_carries_pictures_of_a_size_for_other_forms(figure):
    bundle = everything(figure)[-1]._repr_mimebundle_()

    assert 'width="' in bundle["text/html"]
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert "max-width:46rem" in bundle["text/html"]


def test_two_dollar_signs_in_a_chart_are_text(figure):
    made = sf.chart(figure, data=FRAME, title="Fines rose", alt="A line.")

    assert "Fines up from US$5m to US$9m" in made.wide


def test_dollar_signs_that_make_no_formula_are_text(figure):
    figure.axes[0].set_title("Fines ($$)")
    figure.axes[0].set_xticks([2014, 2015], ["US$$", "A$^$"])
    made = sf.chart(figure, data=FRAME, title="Fines rose", alt="A line.")

    assert all(words in made.wide for words in ("Fines ($$)", "US$$", "A$^$"))


def test_a_figure_of_pyplot_that_became_a_chart_is_not_shown_again():
    sf.chart(plt.figure(), data=FRAME, title="Fines rose", alt="A line.")

    assert plt.get_fignums() == []


def test_a_label_in_another_script_is_drawn_without_a_warning(figure):
    figure.axes[0].text(2014, 2, "東京")

    assert "東京" in sf.chart(figure, data=FRAME, title="Fines rose", alt="A line.").wide


def test_a_chart_takes_what_the_plot_of_a_frame_returns():
    axes = FRAME.plot(y="people", legend=False)

    chart = sf.chart(axes, data=FRAME, title="People", alt="A line.")

    assert chart.figure is axes.figure


@pytest.mark.parametrize("given", [None, FRAME, plt])
def test_what_is_no_figure_is_no_chart(given):
    with pytest.raises(ParameterError, match=r"sf\.chart shows a Figure of matplotlib"):
        sf.chart(given, data=FRAME, title="People", alt="A line.")


@pytest.mark.parametrize("title", ["", " ", None])
def test_a_chart_without_a_title_is_refused(figure, title):
    with pytest.raises(ParameterError, match='a chart needs a title: title="what it says"'):
        sf.chart(figure, data=FRAME, title=title, alt="A line.")


def test_an_empty_label_in_a_chart_is_a_fault(figure):
    figure.axes[0].text(2014, 2, " ")
    with pytest.raises(ParameterError, match=r"^a label in the chart is empty; write its words"):
        sf.chart(figure, data=FRAME, title="Fines rose", alt="A line.")


def test_a_title_of_more_than_fifteen_words_is_refused(figure):
    with pytest.raises(ParameterError, match=r"at most 15 words, this one has 16: .*subtitle="):
        sf.chart(figure, data=FRAME, title="word " * 16, alt="A line.")


def test_a_chart_has_one_link_and_its_table_folded(figure):
    ledger = Ledger(files={"places-rose": "data/places.csv"})
    html = everything(figure)[-1].html(ledger)

    assert html.count(">How it was worked out</a>") == 1
    assert '<a href="data/places.csv">Data</a>' in html
    assert '<details class="fold"><summary>Table' in html


def test_cards_have_words_and_marks_for_their_verdicts(figure):
    html = everything(figure)[1].html(Ledger())

    assert '<li class="card fails">' in html
    assert '<span class="mark" aria-hidden="true">✕</span> Not supported (<data>3</data>)' in html


def test_a_heading_of_an_answer_has_no_link_in_it():
    html = shown.Answer(Sentence((Number("5", "figure:a"),)), TITLE).html(Ledger())

    heading, rest = html.split("</h1>")
    assert "<a " not in heading
    assert 'class="why"' in rest


def test_columns_that_are_named_by_numbers_are_shown():
    quantiles = pd.DataFrame({0.05: [12.0], 0.5: [30.0]}, index=pd.Index([2015], name="year"))

    assert ">12<" in sf.table(quantiles, "Quantiles", inputs="figure:a").html()


def test_words_that_a_table_leaves_empty_make_no_paragraph():
    """A heading above them would head nothing."""
    empty = Sentence(())

    assert shown.Notes((empty,)).html(Ledger()) == ""
    assert "<p></p>" not in shown.Answer(TITLE, TITLE, (empty,)).html(Ledger())


def test_on_a_terminal_each_block_is_a_line(figure):
    """Two cards of a verdict, its words and a sentence; a fold of two sentences."""
    _, cards, notes, *_ = everything(figure)

    assert cards.text == "✕ Not supported (3)\nPlaces rose\nUp 5, here"
    assert notes.text == "More\nUp 5, here\nUp 5, here"
    lines = sf.table(FRAME, "People").text.splitlines()
    assert lines[0] == "People"
    assert lines[2].split() == ["Aston", "12.5", "yes", "11", "December", "2014"]


def test_a_table_without_rows_shows_nothing():
    assert sf.table(FRAME.head(0), "None", fold="None").html(Ledger()) == ""


def test_a_chart_stands_in_a_fold_on_the_site_alone(figure):
    made = sf.chart(figure, data=FRAME, title="Fines rose", alt="A line.", fold="What moves it")

    assert made.html(Ledger()).startswith('<details class="fold"><summary>What moves it</summary>')
    assert "<details" not in made.html()


def test_a_named_index_heads_its_rows_and_only_whole_years_are_years():
    """The index of a Series made from `range` is a RangeIndex; its name says it is meant."""
    by_year = pd.Series([0.125, 0.25], index=pd.RangeIndex(2015, 2017, name="year"))
    html = sf.table(by_year.rename("growth a year"), "Growth", inputs="figure:a").html()

    for text in ("2015", "2016", "0.125", "0.25"):
        assert f">{text}<" in html
