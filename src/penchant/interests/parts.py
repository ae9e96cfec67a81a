"""A text as parts: labels, title, description, and what a phrase weighs in each."""

from __future__ import annotations

from typing import Final

import polars as pl

from penchant.interests.labels import Labels
from penchant.text.documents import bounded
from penchant.text.keywords import Part
from penchant.text.language import fold
from penchant.text.measures import without_measures
from penchant.types import Columns

__all__ = ["RUNNING", "cells", "parts_of"]

RUNNING: Final = 0.5
"""What a phrase weighs at most in running text."""

_READ: Final = 80
"""Words of a description that are read."""


def parts_of(table: pl.DataFrame, labels: Labels, *, labelled: bool) -> list[list[Part]]:
    """Return the parts of each row of *table*.

    Args:
        table: Items.
        labels: Theirs.
        labelled: Whether labels say what items are, so that titles and descriptions weigh less.
    """
    in_title, in_description = (0.6, 0.35) if labelled else (1.0, RUNNING)
    titles = [without_measures(fold(title)) for title in cells(table, Columns.TITLE)]
    descriptions = [bounded(fold(text), _READ) for text in cells(table, Columns.DESCRIPTION)]
    return [
        [
            *(Part(label, 1.0, 0.7, step=True) for label in own),
            Part(title, in_title, in_title, step=title in own),
            Part(description, in_description, in_description),
        ]
        for own, title, description in zip(labels.bags, titles, descriptions, strict=True)
    ]


def cells(table: pl.DataFrame, name: str) -> list[str]:
    """Return a column of text, empty where there is none or it is only the id."""
    if name not in table.columns or table[name].dtype != pl.String:
        return [""] * len(table)
    ids = table[Columns.ITEM].to_list()
    values = table[name].to_list()
    return ["" if text == key else text or "" for text, key in zip(values, ids, strict=True)]
