"""What the commands tell: the page of a comparison."""

import statedfigures as sf
from statedfigures.site.listings import compare_page, compare_sides, read_side
from statedfigures.site.pages.coverage import require_coverage


def test_the_page_of_a_comparison_tells_what_differs_and_what_moved():
    sides = [read_side(f"scenario={name},draws=1024") for name in ("central", "high")]
    page = compare_page(compare_sides(*sides))
    html = page.decode()
    titles = sf.read_release().series.query("projectable == 'yes'")["title"]

    assert "<li><cite>parameter scenario: central → high</cite></li>" in html
    for title in titles:
        assert f">{title}, middle" in html
        assert f"{title}: what moved the middle" in html
    require_coverage({"compare.html": page})  # every number leads back


def test_the_page_of_two_equal_sides_says_so():
    side = read_side("draws=1024")
    html = compare_page(compare_sides(side, side)).decode()

    assert "<li>Nothing</li>" in html
    assert "<p>All are the same.</p>" in html
