"""What a cell shows becomes HTML that can do no harm."""

import re

import nbformat
import pytest

from statedfigures.display.records import MIME_TYPE
from statedfigures.reports.pages import PageExporter, cleaned, output_html


def shown(**data):
    """Give the HTML of an output with some forms."""
    return str(output_html(nbformat.v4.new_output("display_data", data)))


def test_a_display_record_is_taken_as_it_is():
    assert shown(**{"text/html": "<figure></figure>", MIME_TYPE: {}}) == "<figure></figure>"


def test_a_foreign_table_is_kept_and_what_acts_is_not():
    html = (
        "<style>td {color: red}</style><table onclick='x()'><tr><td style='x'>a"
        "<script>alert(1)</script><img src='https://example.org/x.png'></td></tr></table>"
    )

    assert str(cleaned(html)) == "<table><tbody><tr><td>aalert(1)</td></tr></tbody></table>"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_foreign_link_that_runs_something_loses_its_address(address):
    assert str(cleaned(f'<a href="{address}">x</a>')) == "<a>x</a>"


def test_plain_text_is_escaped():
    assert shown(**{"text/plain": "<b>1</b>"}) == "<pre>&lt;b&gt;1&lt;/b&gt;</pre>"


def test_a_picture_cannot_leave_its_attribute():
    html = shown(**{"image/png": 'x" onerror="alert(1)'})

    assert html.count('"') == 4
    assert 'src="data:image/png;base64,x&#34;onerror=&#34;alert(1)"' in html


def test_an_svg_of_others_is_not_shown_as_it_is():
    html = shown(**{"image/svg+xml": "<svg onload='alert(1)'/>", "text/plain": "<Figure>"})

    assert html == "<pre>&lt;Figure&gt;</pre>"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (
            "## Same\n\n## Same",
            '<h2 id="section-same">Same</h2>\n<h2 id="section-same-2">Same</h2>',
        ),
        ("# Second title", '<h2 id="section-second-title">Second title</h2>'),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[x](javascript:alert(1))", '<a href="#harmful-link">x</a>'),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
    ],
)
def test_markdown_gives_headings_ids_and_runs_nothing(markdown, html):
    words = str(output_html(nbformat.v4.new_output("display_data", {"text/markdown": markdown})))

    assert html in words


def test_the_users_own_nbconvert_settings_and_templates_do_not_count(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    (tmp_path / "jupyter_nbconvert_config.py").write_text("1 / 0")
    exporter = PageExporter()

    assert [path.split("/")[-2:] for path in exporter.template_paths] == [
        ["template", "statedfigures"]
    ]


@pytest.mark.parametrize("page", ["assumptions", "figures", "tor", "index"])
def test_a_link_to_a_place_on_the_page_itself_stays_on_the_page(report, page):
    html = (report / f"{page}.html").read_text(encoding="utf-8")
    own = set(re.findall(r'href="#([^"]+)"', html))

    assert f'href="{page}.html#' not in html
    assert len(own) >= 5
    assert own <= set(re.findall(r'\bid="([^"]+)"', html))
