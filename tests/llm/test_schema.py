"""Every shape is bounded, and nothing else than the shape passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.llm.schema import choice, items, number, parsed, problem_of, record, text

SHAPE = record(
    name=text(10),
    mood=choice(["good", "bad"]),
    words=items(text(5), 3, least=1),
    share=number(0, 1),
)
GOOD = {"name": "tea", "mood": "good", "words": ["a"], "share": 0.5}


def test_what_fits_passes():
    assert problem_of(GOOD, SHAPE) == ""


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": "x" * 11}, "answer.name"),
        ({"name": ""}, "answer.name"),
        ({"name": None}, "answer.name"),
        ({"mood": "GOOD"}, "answer.mood"),
        ({"mood": ["good"]}, "answer.mood"),
        ({"words": []}, "answer.words"),
        ({"words": ["a"] * 4}, "answer.words"),
        ({"words": ["a", 2]}, "answer.words[1]"),
        ({"words": "a"}, "answer.words"),
        ({"share": 1.01}, "answer.share"),
        ({"share": True}, "answer.share"),
        ({"share": float("nan")}, "answer.share"),
        ({"share": 10**400}, "answer.share"),
        ({"more": 1}, "answer"),
    ],
)
def test_what_does_not_fit_is_named(change, place):
    assert problem_of({**GOOD, **change}, SHAPE).startswith(f"{place} ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(max_size=6), one, max_size=4),
    max_leaves=8,
)


@given(JSON)
def test_the_check_answers_whatever_it_is_given(value):
    assert isinstance(problem_of(value, SHAPE), str)


@pytest.mark.parametrize("said", ['{"a": 1}', '```json\n{"a": 1}\n```', ' {"a": 1}\n'])
def test_json_is_read_in_or_out_of_a_fence(said):
    assert parsed(said) == {"a": 1}


@pytest.mark.parametrize("said", ["", "Sure!", '{"a": 1} and more', "[" * 100_000, "{"])
def test_what_is_no_json_is_a_value_error(said):
    with pytest.raises(ValueError):  # noqa: PT011  of any wording
        parsed(said)
