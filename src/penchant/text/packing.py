"""Strings as arrays, so that whatever keeps arrays keeps strings too, without pickle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Arrays", "pack_strings", "unpack_strings"]

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]
"""Learned arrays by name; what a snapshot keeps."""

_MARK = "\x1f"
"""Unit separator: cleaned text has no control characters."""


def pack_strings(strings: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Return *strings* as bytes, ``(n_bytes,)``; `unpack_strings` is the inverse.

    The separator (U+001F) inside a string turns into a space.
    """
    text = "".join(string.replace(_MARK, " ") + _MARK for string in strings)
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8).copy()


def unpack_strings(packed: npt.NDArray[np.uint8]) -> list[str]:
    """Return the strings that `pack_strings` packed."""
    return packed.tobytes().decode("utf-8", "surrogatepass").split(_MARK)[:-1]
