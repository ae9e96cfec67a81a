"""Measures tell variants apart, not topics: they go, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.text.measures import without_measures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ICE - CRUSHED/CUBED (22 LB)", "ICE - CRUSHED/CUBED"),
        ("Detergent (52 loads)", "Detergent"),
        ("Cola 6 x 330ml", "Cola"),
        ("6x330ml", ""),
        ("12/16OZ DIET SODA", "DIET SODA"),
        ("15.25 - 16 OZ", ""),
        ("2% MILK 1 GAL", "MILK"),
        ("康师傅红烧牛肉面 103克*5", "康师傅红烧牛肉面"),
        ("Heat (1995)", "Heat"),
        ("Cop (1988-1992)", "Cop"),
    ],
)
def test_measures_go(text, expected):
    assert without_measures(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2001: A Space Odyssey",
        "3D电影",
        "12 Angry Men",
        "Toy Story 2",
        "Ocean's 11",
        "7 up",
        "Beaches (a film)",
        "",
    ],
)
def test_names_with_numbers_stay(text):
    assert without_measures(text) == text


@given(st.text(alphabet=st.characters(exclude_categories=["N"])))
def test_a_text_without_numbers_only_loses_spaces_and_edges(text):
    kept = without_measures(text)

    assert kept in " ".join(text.split())
