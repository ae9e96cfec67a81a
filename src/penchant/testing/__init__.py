"""Fakes, and the contracts that plug-ins keep, for tests of ours and of users."""

from __future__ import annotations

from penchant.testing.attacks import ATTACKS, WANTED, Attack, benign
from penchant.testing.encoders import FakeEncoder, check_encoder
from penchant.testing.generators import FakeGenerator, check_generator
from penchant.testing.recommenders import check_recommender

__all__ = [
    "ATTACKS",
    "WANTED",
    "Attack",
    "FakeEncoder",
    "FakeGenerator",
    "benign",
    "check_encoder",
    "check_generator",
    "check_recommender",
]
