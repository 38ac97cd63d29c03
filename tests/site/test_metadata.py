"""What machines read: the data set, and verdicts on claims that have one."""

import json
import re

import pytest

import statedfigures as sf
from statedfigures.site.pages.metadata import claim_reviews_json_ld, dataset_json_ld, describe
from statedfigures.site.pages.reference_pages import changes_of
from statedfigures.site.pages.template import Site, render_page

# From the vocabulary of schema.org: the properties that each type may have.
VOCABULARY = {
    "ClaimReview": {"claimReviewed", "itemReviewed", "reviewRating", "author", "datePublished"}
    | {"url"},
    "Claim": {"appearance", "author", "datePublished", "name"},
    "Rating": {"alternateName", "bestRating", "ratingValue", "worstRating"},
    "Organization": {"name"},
    "CreativeWork": {"datePublished", "license", "name", "url"},
    "Dataset": {"name", "description", "version", "datePublished", "license", "creator"}
    | {"spatialCoverage", "isBasedOn", "variableMeasured", "distribution"},
    "DataDownload": {"contentUrl", "encodingFormat"},
}
PARAMETERS = {"scenario": "central"}


def check_words(value):
    """Hold every object to the properties of its type."""
    if isinstance(value, list):
        for item in value:
            check_words(item)
    elif isinstance(value, dict):
        names = {name for name in value if not name.startswith("@")}
        assert names <= VOCABULARY[value["@type"]]
        for item in value.values():
            check_words(item)


@pytest.fixture
def claims(harbour):
    return sf.check_claims(harbour)


def test_only_claims_with_a_verdict_are_reviewed(harbour, claims):
    """A claim that cannot be decided from the release gets no rating."""
    reviews = claim_reviews_json_ld(harbour.about, claims)

    decided = claims.index[claims["verdict"] != "not determinable from the release"]
    assert 0 < len(decided) < len(claims)
    assert [review["url"] for review in reviews] == [
        f"claims.html#claim-{name}" for name in decided
    ]


def test_a_refuted_claim_has_the_worst_rating_and_its_words(harbour, claims):
    decided = claims.assign(verdict="not supported").head(1)

    (review,) = claim_reviews_json_ld(harbour.about, decided)

    assert review["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 1,
        "worstRating": 1,
        "bestRating": 3,
        "alternateName": "Not supported",
    }
    assert review["claimReviewed"] == decided.iloc[0]["as_stated"]
    assert review["itemReviewed"]["author"]["name"] == "Merrow Harbour Authority"


def test_both_descriptions_keep_to_the_vocabulary(harbour, claims):
    offered = ["datapackage.json", "data/a.xlsx", "data/projections.csv"]

    check_words(claim_reviews_json_ld(harbour.about, claims))
    check_words(dataset_json_ld(harbour.about, harbour.series, PARAMETERS, offered))


def test_the_data_set_is_named_by_release_edition_and_scenario(harbour):
    described = dataset_json_ld(harbour.about, harbour.series, PARAMETERS, [])

    assert described["name"] == (
        "Merrow Harbour 2021: stated figures, checked and projected, edition of 2021-04-01, "
        "central scenario"
    )
    assert described["variableMeasured"] == ["Ships a year", "Pilots on duty"]
    assert "A projection is not a prediction." in describe(harbour.about)


@pytest.mark.parametrize("argument", ["data", "json_ld"])
def test_no_text_ends_the_script_that_it_stands_in(harbour, argument):
    told = {"a": "</script><!-- & \u2028"}
    given = {"json_ld": [told], "data": {"it": told}}[argument]

    html = render_page("page.html", title="A page", site=Site(harbour.about), **{argument: given})

    (written,) = re.findall(r'<script type="[^>]+>(.*)</script>', html)
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written) == told


def test_a_release_without_claims_has_no_review(harbour, claims):
    assert claim_reviews_json_ld(harbour.about, claims.head(0)) == []


def test_the_changes_of_a_release_are_not_told_in_the_report_of_another():
    changelog = (
        "### Numbers of ships-2014\nOld.\n### Software\nNew.\n### Corrections of hens-1\nNone."
    )

    assert changes_of(changelog, "hens-1") == "### Software\nNew.\n### Corrections\nNone."
    assert changes_of(changelog, "ships-2014") == "### Numbers\nOld.\n### Software\nNew.\n"
