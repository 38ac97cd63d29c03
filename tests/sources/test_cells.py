from statedfigures.sources.cells import explain_constraint, nearest_of, quoted


def test_the_nearest_known_word_is_offered():
    assert nearest_of("abuot", ["about", "exact"]) == 'did you mean "about"?'
    assert nearest_of("EXACT", ["about", "exact"]) == 'did you mean "exact"?'
    assert nearest_of("weekly", ["about", "exact"]) == "use one of: about, exact"
    assert "nothing of this kind exists yet" in nearest_of("weekly", [])


def test_a_long_cell_is_shortened_and_kept_on_one_line():
    shown = quoted("a\nlong " + "x" * 500)

    assert len(shown) < 70
    assert "\n" not in shown


def test_each_constraint_has_its_words():
    assert explain_constraint("", "required", True) == ("the cell is empty", "fill it in")
    assert explain_constraint("abuot", "enum", ["about"]) == (
        '"abuot" is not known here',
        'did you mean "about"?',
    )
    assert "below the smallest value allowed, 0" in explain_constraint("-5", "minimum", 0)[0]
    assert "above the largest value allowed, 31" in explain_constraint("32", "maximum", 31)[0]
    assert "make it match [a-z]+" in explain_constraint("A", "pattern", "[a-z]+")[1]
    assert "is too long" in explain_constraint("abc", "maxLength", 2)[0]
