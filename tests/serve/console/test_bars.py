"""Parts are called by what they ask; none is lost, and each scorer has its word."""

import pytest

from penchant import Penchant
from penchant.serve.console.bars import parts_by_kind
from penchant.serve.console.words import word


def test_parts_called_alike_are_one_and_the_total_stays():
    parts = {"ease": 1.0, "ials": 0.5, "popularity": -0.25, "unheard of": 2.0}
    assert parts_by_kind(parts) == {"together": 1.5, "popular": -0.25, "else": 2.0}


def test_each_scorer_of_a_model_has_its_word(fitted):
    for scorer in Penchant.open(fitted).fitted.hybrid.scorers:
        (kind,) = parts_by_kind({scorer.name: 1.0})
        assert kind != "else", scorer.name
        assert word(kind, "en") != kind
        assert word(kind, "zh") != word(kind, "en")


@pytest.mark.parametrize("parts", [{}, {"ease": 0.0}])
def test_what_adds_nothing_is_left_out(parts):
    assert parts_by_kind(parts) == {}
