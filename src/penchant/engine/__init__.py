"""The composition root: a data set in; lists, portraits, interests out."""

from __future__ import annotations

from penchant.engine.penchant import Penchant

__all__ = ["Penchant"]
