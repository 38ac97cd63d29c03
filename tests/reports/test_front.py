"""The cards of the first page."""

from statedfigures.display.records import Answer
from statedfigures.display.words import sentence
from statedfigures.reports.front import answer_card
from statedfigures.reports.site import PageEntry

ENTRY = PageEntry("ships", "Ships")
ANSWER = Answer("answer-ships", tuple(sentence(one) for one in ("A.", "B.", "C.", "D.")))


def test_a_card_says_the_first_sentences_of_the_answer():
    card = answer_card(ENTRY, [ANSWER])

    assert card["sentences"] == ["A.", "B.", "C."]
    assert card["notice"] == ""


def test_a_card_leads_to_the_notice_of_its_page():
    """An overdue review or a disputed assumption is seen where a reader comes in."""
    notice = Answer("notice-reviews", (sentence("An assumption of this page is rejected."),))
    card = answer_card(ENTRY, [ANSWER, notice])

    assert card["notice"] == "ships.html#notice-reviews"
    assert card["sentences"] == ["A.", "B.", "C."]
