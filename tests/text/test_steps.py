"""Labels name as a whole: what they are of, never a piece cut out of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.text.steps import alternatives, joined, segments, together


@pytest.mark.parametrize(
    ("label", "things"),
    [
        ("frozen pizza", ["frozen pizza"]),
        ("candy - checklane", ["candy"]),
        ("bread:italian/french", ["bread"]),
        ("cookies/cones", ["cookies", "cones"]),
        ("first aid products", ["first aid"]),
        ("hand/body/facial products", []),
        ("electrical supplies", []),
        ("peppers-all", ["peppers"]),
        ("spices & extracts", ["spices and extracts"]),
        ("products", ["products"]),
        ("动画/短片", ["动画", "短片"]),
        ("", []),
    ],
)
def test_the_things_that_a_label_is_of(label, things):
    assert [joined(words) for words in alternatives(label)] == things


@pytest.mark.parametrize(
    ("label", "phrase"),
    [
        ("pnt btr/jelly/jams", "peanut butter, jelly and jams"),
        ("cookies/cones", "cookies and cones"),
        ("动画/短片", "动画与短片"),
        ("frozen pizza", None),
        ("crackers/misc baked food", None),
        ("a/b/c/d", None),
        ("bath & body/soap", None),
    ],
)
def test_all_that_a_label_is_of_in_one_breath(label, phrase):
    said = together(label)

    assert (said[0] if said else None) == phrase


@given(st.text(max_size=40))
def test_any_text_is_a_label(text):
    """Whatever a shop writes there, the words of a step are words of the label."""
    said = {word for tokens in segments(text) for word in tokens}

    assert {word for words in alternatives(text) for word in words} <= said
    listed = together(text)
    assert listed is None or set(listed[1]) <= said
