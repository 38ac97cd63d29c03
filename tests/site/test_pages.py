"""An edition is built of executed notebooks: every page, what is on it, what is refused."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_notebook, new_output

import statedfigures as sf
from statedfigures.display import shown
from statedfigures.errors import NotebookError, RunError
from statedfigures.site.pages.coverage import require_coverage
from statedfigures.site.pages.template import Site, render_page
from statedfigures.site.publish.files import contents_of

PNG = base64.b64encode(b"not looked at").decode()
FRAME = '<style>td{}</style><table onclick="f()"><tr><th></th><td>12</td></tr></table>'
REFERENCE = ["methods", "sources", "scenarios", "downloads", "changes", "accessibility"]


def frame_output(html=FRAME):
    """Return the output of a cell that ends in a DataFrame."""
    data = {"text/html": html, "text/plain": "12"}
    return new_output("execute_result", data=data, execution_count=1)


def page(edition, name):
    """Return the HTML of a page."""
    return (edition.folder / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture
def with_own(harbour, build, made):
    """Build with a notebook of one's own, given as its title and what its cells show."""

    def built(*cells, **options):
        pages = [*made.notebooks_of(harbour), ("own", made.notebook(*cells))]
        return build(harbour, pages, **options)

    return built


def navigation(html):
    """Return the names and addresses of the pages in the navigation."""
    row = html[html.index('<nav class="pages"') : html.index("</nav>")]
    return re.findall(r'href="([\w-]+)\.html"[^>]*>([^<]+)<', row)


def test_every_page_is_made_and_the_navigation_names_topics_by_their_short_names(harbour, build):
    edition = build(harbour)

    topics = ["ships", "nature", "plans"]
    made = ["index", "claims", *topics, "measures", "assumptions", *REFERENCE]
    assert edition.pages == sorted(made)
    assert navigation(page(edition, "ships")) == [
        ("index", "Summary"),
        ("claims", "Claims"),
        ("ships", "Ships"),
        ("nature", "Nature"),
        ("plans", "Plans"),
        ("measures", "Measures"),
        ("assumptions", "Assumptions"),
    ]


def test_the_same_inputs_give_the_same_bytes(harbour, build):
    first, second = build(harbour, name="one"), build(harbour, name="other")

    def bytes_of(edition):
        files = sorted(path for path in edition.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(edition.folder)): path.read_bytes() for path in files}

    assert bytes_of(first) == bytes_of(second)


def test_every_numeral_leads_back(harbour, build):
    numerals, untraced = require_coverage(
        contents_of(build(harbour).folder) | {"manifest.json": b""}
    )

    assert numerals > 200
    assert untraced == 0


def test_a_page_has_its_title_once_as_its_only_first_heading(with_own):
    """An answer brings its own; else the title cell gives it, and its text follows."""
    edition = with_own("My page\n\nWords.", "# Another")

    for name in edition.pages:
        assert page(edition, name).count("<h1") == 1, name
    assert "<h1>My page</h1>" in page(edition, "own")
    assert "One topic" not in page(edition, "ships")[page(edition, "ships").index("<main") :]


def test_an_own_notebook_becomes_a_page_named_by_its_title(harbour, build, made):
    pages = [*made.notebooks_of(harbour), ("5g", made.notebook("Masts: where they stand"))]

    assert navigation(page(build(harbour, pages), "index"))[-1] == ("5g", "Masts")


def test_a_frame_of_an_own_notebook_is_published_marked_and_counted(with_own):
    edition = with_own("Mine", frame_output())

    html = page(edition, "own")
    assert "Not traced to the release" in html
    assert "<td>12</td>" in html
    assert edition.warnings == [
        "own.html shows 1 output not traced to the release, marked as such; --strict refuses them"
    ]


def test_a_strict_build_refuses_what_is_not_traced_naming_cell_and_remedy(harbour, build, made):
    """Both cells at once: a number in the text, and a frame."""
    own = made.notebook("Mine", "We counted 7 in 2014.", frame_output())
    injected = new_code_cell("seed = 1", metadata={"tags": ["injected-parameters"]})
    own.cells.insert(1, injected)  # its author does not see it, nor count it

    with pytest.raises(NotebookError) as caught:
        build(harbour, [("own", own)], strict=True)

    first, second = str(caught.value).splitlines()
    assert first == (
        "own.ipynb cell 2: a number is typed into the text; let a cell compute the sentence"
    )
    assert second.startswith("own.ipynb cell 3: what it shows is not traced to the release; ")
    assert "sf.table(frame, inputs=…, formula=…)" in second


def test_a_number_without_source_that_the_library_shows_is_counted_too(with_own):
    with pytest.raises(NotebookError, match=r"own\.ipynb cell 2: a number is not traced"):
        with_own("Mine", shown.table(7.5, "A number"), strict=True)


def test_a_chart_and_a_table_without_sources_are_published_and_marked(with_own):
    """Ticks and names of rows hold numbers, and words of a picture do."""
    drawn, names = Figure(), pd.Index(["ships_2020"], name="id")
    frame = pd.DataFrame({"value": [1.5]}, index=names)
    drawn.subplots().plot([1, 2])
    chart = shown.chart(drawn, data=pd.DataFrame(), title="Mine", alt="From 1 to 2.")
    cells = "Mine", chart, shown.table(frame, "Ships")

    assert page(with_own(*cells), "own").count("Not traced to the release") == 2
    with pytest.raises(NotebookError, match=r"cell 2: a number is not traced[^\n]*\n.*cell 3: a n"):
        with_own(*cells, strict=True)


def test_a_number_typed_into_text_is_marked_and_a_year_is_not(with_own):
    html = page(with_own("Mine", "We saw 7 in `f(9)`, 2014, -5 of 5G."), "own")

    assert 'title="not traced to the release">7</span> in <code>f(9)</code>, <time>2014' in html
    assert 'title="not traced to the release">5</span> of <cite>5G</cite>.' in html


def test_a_number_typed_into_the_title_is_marked_where_the_title_is_shown(with_own):
    cells = "Up by *45*% in 2014", "£5M, ½ of all."

    html = page(with_own(*cells), "own")

    assert 'release">45</span></em>% in <time>2014</time></h1>' in html
    assert 'release">5</span>M, <span class="untraced"' in html
    assert "<title>Up by 45% in 2014" in html
    with pytest.raises(NotebookError, match=r"own\.ipynb, its title: a number is typed into"):
        with_own(*cells, strict=True)


def test_remarks_in_markdown_stay_unseen_and_other_html_is_text(with_own):
    words = "<!-- a remark -->\n\nAT&amp;T <!-- another --> <b>said</b>"

    html = page(with_own("Mine", words), "own")

    assert "AT&amp;T  &lt;b&gt;said&lt;/b&gt;" in html
    assert "remark" not in html
    assert "another" not in html


@pytest.mark.parametrize("address", ["beside.png", "https://example.org/a.png", "data:image/png,"])
def test_a_picture_in_markdown_that_the_page_would_lose_is_refused(with_own, address):
    """One lies beside the notebook, one elsewhere, one has no words for those who cannot see."""
    words = "" if address.startswith("data") else "A map"

    with pytest.raises(NotebookError, match=r"own\.ipynb cell 2: a picture .*alternative text"):
        with_own("Mine", f"![{words}]({address})")


def test_a_picture_pasted_into_markdown_is_on_the_page(harbour, build, made):
    own = made.notebook("Mine", "![A map](attachment:map.png)")
    own.cells[1]["attachments"] = {"map.png": {"image/png": PNG}}

    html = page(build(harbour, [*made.notebooks_of(harbour), ("own", own)]), "own")

    assert f'<img src="data:image/png;base64,{PNG}" alt="A map"' in html


@pytest.mark.parametrize(
    "data",
    [
        {"text/html": "<div></div><script>plot()</script>"},
        {"text/html": '<iframe src="https://example.org"></iframe>', "text/plain": "<IFrame>"},
        {"application/javascript": "plot()", "text/plain": "<Javascript object>"},
    ],
)
def test_an_output_that_needs_scripts_is_refused_and_not_lost(with_own, data):
    with pytest.raises(NotebookError, match=r"own\.ipynb cell 2: what it shows needs a script"):
        with_own("Mine", new_output("display_data", data=data))


def test_a_style_that_a_notebook_sets_for_itself_is_no_output(with_own):
    edition = with_own("Mine", frame_output("<style>table{}</style>"))

    assert "Not traced" not in page(edition, "own")


def test_a_formula_that_a_cell_shows_is_shown_as_it_is_written(with_own):
    output = new_output("display_data", data={"text/latex": "$x^2$", "text/plain": "<Math>"})

    assert "<pre>$x^2$</pre>" in page(with_own("Mine", output), "own")


def test_what_is_printed_in_colour_is_printed(with_own):
    output = new_output("stream", text="\x1b[31mred\x1b[0m and \x07bell")

    assert "<pre>red and bell</pre>" in page(with_own("Mine", output), "own")


def test_foreign_html_brings_no_script_style_handler_or_picture(with_own):
    attacks = (
        '<p onclick="f()">a</p><script>f()</script><a href="javascript:f()">b</a>'
        '<img src="https://example.org/x.png"><style>p{}</style><iframe></iframe>'
    )

    html = page(with_own("Mine", frame_output(attacks)), "own")

    block = html[
        html.index('<div class="untraced') : html.index('<details class="fold sources"')
        if "fold sources" in html
        else html.index("</main>")
    ]
    assert "<p>a</p><a>b</a>" in block
    assert not re.search(r"<(img|style|script|iframe)|onclick|javascript", block)


def test_a_picture_without_alternative_text_is_refused_with_the_remedy(with_own):
    picture = new_output("display_data", data={"image/png": PNG, "text/plain": "<Figure>"})

    with pytest.raises(NotebookError) as caught:
        with_own("Mine", picture)

    assert str(caught.value) == (
        "own.ipynb cell 2: a picture has no alternative text; show it with "
        "sf.chart(figure, data=frame, title=…, alt=…), which asks for one"
    )


@pytest.mark.parametrize(("kind", "data"), [("png", PNG), ("svg+xml", "<svg/>")])
def test_a_picture_with_alternative_text_is_published_and_marked(with_own, kind, data):
    """A drawing is shown as a picture too, in which no script runs."""
    picture = new_output(
        "display_data", data={f"image/{kind}": data}, metadata={"alt": 'Ships <"rise">'}
    )

    html = page(with_own("Mine", picture), "own")

    packed = data if kind == "png" else base64.b64encode(data.encode()).decode()
    assert f'src="data:image/{kind};base64,{packed}" alt="Ships &lt;&#34;rise&#34;&gt;"' in html


def test_what_a_method_returns_and_what_a_kernel_warns_of_is_no_result(with_own):
    quiet = (
        new_output("execute_result", data={"text/plain": "<Axes: >"}, execution_count=1),
        new_output("stream", name="stderr", text="a warning with 7"),
    )

    assert with_own("Mine", *quiet).warnings == []


def test_a_failed_cell_is_refused(with_own):
    failed = new_output("error", ename="ValueError", evalue="no ships", traceback=[])

    with pytest.raises(NotebookError, match=r"own\.ipynb cell 2: ValueError: no ships"):
        with_own("Mine", failed)


def test_two_tables_that_differ_may_not_share_a_name(harbour, with_own):
    tables = (shown.table(harbour.figures.head(rows), "Ships", name="ships") for rows in (1, 2))

    with pytest.raises(NotebookError, match="two tables that differ have the name 'ships'"):
        with_own("Mine", *tables)


def test_a_link_to_a_page_that_is_not_made_this_time_holds_if_it_is_planned(harbour, build, made):
    pages = [pair for pair in made.notebooks_of(harbour) if pair[0] != "assumptions"]

    edition = build(harbour, pages, planned=["assumptions"])

    assert 'href="assumptions.html#assumption-' in page(edition, "claims")
    assert "assumptions" not in edition.pages


def test_rows_of_pages_that_are_not_there_are_named_without_a_link(harbour, build, made):
    pages = [pair for pair in made.notebooks_of(harbour) if pair[0] != "assumptions"]

    assert "assumptions.html#" not in page(build(harbour, pages), "claims")


def test_a_broken_link_stops_the_build(with_own):
    with pytest.raises(RunError, match=r"own\.html: a leads to nowhere\.html, which is not there"):
        with_own("Mine", "[x](nowhere.html)")


def test_a_page_runs_its_own_scripts_only_and_asks_no_host_for_anything(harbour, build):
    edition = build(harbour)

    for path in edition.folder.glob("*.html"):
        html = path.read_text(encoding="utf-8")
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
        scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        digests = {
            base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts
        }
        allowed = set(re.findall(r"sha256-([^&'#]+)", policy))
        assert scripts
        assert digests == allowed
        assert policy.startswith("default-src &#39;none&#39;; script-src ")
        assert "unsafe" not in policy.replace("style-src &#39;unsafe-inline&#39;", "")
        assert not re.search(r'\ssrc="(?!data:)|<link|@import|url\((?!["\']?(data:|#))', html)


def test_text_of_a_table_stays_text(small_release, build):
    payload = '"><img src=x onerror=f()>'
    small_release.set_cell("topics", 2, "short_name", payload)
    small_release.set_cell("figures", 2, "label", payload)
    small_release.set_cell("published", 2, "definition", payload)
    release = sf.read_release("small-release", small_release.data)

    edition = build(release)

    for path in edition.folder.glob("*.html"):
        assert "<img src=x" not in path.read_text(encoding="utf-8"), path.name


def test_an_edition_beyond_the_usual_horizon_says_so_on_every_page(harbour, build):
    edition = build(harbour, parameters={"horizon_year": 2029})

    for name in edition.pages:
        assert "Years after <time>2026</time> lie beyond the usual horizon" in page(edition, name)


def test_a_challenged_assumption_is_named_where_it_is_used(small_release, build):
    from statedfigures.analysis.review_state import review_states

    release = sf.read_release("small-release", small_release.data)
    prints = review_states(release)["fingerprint"]
    name = next(name for name in prints.index if name.startswith("growth_continues"))
    rows = small_release.rows("reviews")
    columns = dict.fromkeys(rows[0], "") | {
        "assumption": name,
        "fingerprint": prints[name],
        "decision": "challenge",
        "by": "A. Reviewer",
        "on": "2021-03-20",
        "comment": "Too low.",
    }
    small_release.write("reviews", [*rows, list(columns.values())])

    edition = build(sf.read_release("small-release", small_release.data))

    assert "an assumption that a reviewer has challenged" in page(edition, "index")
    assert "<cite>A. Reviewer</cite>" in page(edition, "index")
    assert "a reviewer has challenged" not in page(edition, "plans")


def test_a_page_about_several_editions_has_no_navigation_and_no_foot(harbour):
    html = render_page("page.html", title="Two editions compared", site=Site(harbour.about))

    assert "<nav" not in html
    assert "<footer" not in html
    assert "<title>Two editions compared – Merrow Harbour 2021</title>" in html
    assert "Merrow Harbour 2021" in html[html.index("<header") : html.index("</header>")]


class _Lines(HTMLParser):
    """Keeps the elements that are open at the end."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        del attrs
        if tag not in {"meta", "br", "img", "link", "input", "wbr", "hr", "col"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_every_element_of_every_page_is_closed_where_it_was_opened(harbour, build):
    edition = build(harbour)

    for path in edition.folder.glob("*.html"):
        reader = _Lines()
        reader.feed(path.read_text(encoding="utf-8"))
        assert reader.open == [], path.name


def test_notebooks_are_kept_as_they_were_run_without_what_differs_from_run_to_run(
    harbour, build, made
):
    cell = new_code_cell(
        "x",
        outputs=[
            new_output("stream", name="stderr", text="a path"),
            new_output("execute_result", data={"text/plain": "<A at 0x7f00>"}, execution_count=1),
        ],
        metadata={"papermill": {"duration": 1.5}, "tags": ["kept"]},
    )
    own = new_notebook(cells=[*made.notebook("Mine").cells, cell], metadata={"papermill": {"a": 1}})

    edition = build(harbour, [*made.notebooks_of(harbour), ("own", own)])

    text = (edition.folder / "notebooks" / "own.ipynb").read_text(encoding="utf-8")
    assert "papermill" not in text
    assert "a path" not in text
    assert "0x7f" not in text
    assert '"kept"' in text


def test_a_heading_that_nothing_follows_is_left_out(with_own):
    edition = with_own("Mine", "## Empty", shown.Notes(()), "## Full", "Words.", "## Last")
    html = page(edition, "own")

    assert ("Empty" in html, "Full</h2>" in html, ">Last" in html) == (False, True, False)


def test_a_front_page_without_projections_speaks_of_no_scenario(harbour, build):
    """Nor does it count assumptions that no number of it rests on."""
    none = pd.DataFrame(columns=harbour.series.columns).rename_axis("id")
    exact = harbour.figures.assign(qualifier="exact")
    bare = replace(
        harbour,
        about=replace(harbour.about, worked_example=""),
        figures=exact,
        claims=harbour.claims.iloc[:0],
        series=none,
        published=harbour.published.iloc[:0],
        findings=harbour.findings.iloc[:0],
    )

    front = page(build(bare, strict=True), "index")

    assert "these numbers rest on no assumption. Not official" in front
    assert "scenario</dt>" not in front.lower()
    assert "central</cite> scenario" not in front


def test_a_source_that_is_no_row_is_refused_by_its_name(with_own):
    with pytest.raises(NotebookError, match=r"own\.ipynb: figure:ships_2002 is no row of the"):
        with_own("Mine", shown.table(7.5, "A number", inputs="figure:ships_2002"))
