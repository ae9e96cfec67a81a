"""What items must have to be listed: a category, a brand, a price within bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from penchant.engine.newcomers import categories_of
from penchant.types import Columns

__all__ = ["Filters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What items must have; an item of which nothing is said has it not.

    Attributes:
        categories: At least one of these, ignoring case; empty: any.
        brand: This one, ignoring case; None: any.
        min_price: At least this; None: any.
        max_price: At most this; None: any.
    """

    categories: Sequence[str] = ()
    brand: str | None = None
    min_price: float | None = None
    max_price: float | None = None

    def of_table(self, table: pl.DataFrame) -> list[str]:
        """Return the ids of the rows of a loader's table that have it."""
        keep = pl.lit(value=True)
        if self.categories:
            wanted = [name.strip().lower() for name in self.categories]
            own = pl.col(Columns.CATEGORIES).list.eval(pl.element().str.to_lowercase())
            keep &= own.list.eval(pl.element().is_in(wanted)).list.any()
        if self.brand is not None:
            keep &= pl.col(Columns.BRAND).str.to_lowercase() == self.brand.strip().lower()
        if self.min_price is not None:
            keep &= pl.col(Columns.PRICE) >= self.min_price
        if self.max_price is not None:
            keep &= pl.col(Columns.PRICE) <= self.max_price
        return table.filter(keep)[Columns.ITEM].to_list()

    def of_items(self, items: Sequence[Mapping[str, Any]]) -> list[str]:
        """Return the ids of the items, as they were sent, that have it."""
        return [str(item[Columns.ITEM]) for item in items if self._has(item)]

    def _has(self, item: Mapping[str, Any]) -> bool:
        wanted = {name.strip().lower() for name in self.categories}
        if wanted and wanted.isdisjoint(name.lower() for name in categories_of(item)):
            return False
        brand = item.get(Columns.BRAND)
        if self.brand is not None and str(brand).lower() != self.brand.strip().lower():
            return False
        price = item.get(Columns.PRICE)
        bounds = (self.min_price, self.max_price)
        if bounds == (None, None):
            return True
        if isinstance(price, bool) or not isinstance(price, int | float):
            return False
        low, high = bounds
        return (low is None or price >= low) and (high is None or price <= high)
