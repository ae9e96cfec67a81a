"""Languages of a catalogue at a glance: by script, and by the small words of Latin ones.

Only for the data report; `penchant.text.language` judges single texts.
"""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["language_shares"]

_SAMPLE: Final = 20_000
_HAN: Final = r"\p{Han}"
_ELSE: Final = (
    r"[\p{Hiragana}\p{Katakana}\p{Hangul}\p{Cyrillic}\p{Arabic}\p{Greek}\p{Thai}\p{Hebrew}]"
)
_ENGLISH: Final = r"(?i)\b(?:the|and|of|for|with|to|is|by|from|your)\b"
_FOREIGN: Final = (
    r"(?i)\b(?:der|die|das|und|für|mit|von|ein|eine|le|la|les|des|du|et|pour|avec|une|el|los|las"
    r"|del|para|con|una|il|gli|che|della|het|een|van|och|som|com|uma)\b|[äöüßéèêçñãõåøæł]"
)


def language_shares(texts: pl.Series) -> dict[str, float]:
    """Return the share of *texts* in each language, largest first: ``en``, ``zh``, ``other``.

    Args:
        texts: Clean texts; null ones do not count, and of many only an even sample is read.

    Example:
        >>> language_shares(pl.Series(["The tea", "红茶", "绿茶", None]))
        {'zh': 0.6666666666666666, 'en': 0.3333333333333333}
    """
    said = texts.drop_nulls()
    said = said.gather_every(max(1, len(said) // _SAMPLE)).str.head(500)
    if said.is_empty():
        return {}
    han = said.str.count_matches(_HAN)
    letters = said.str.count_matches(r"\p{L}")
    other = said.str.count_matches(_ELSE)
    foreign = said.str.count_matches(_FOREIGN) > said.str.count_matches(_ENGLISH)
    chinese = (han > 0) & (4 * han >= letters) & (other * 4 < han)
    kinds = pl.select(
        pl.when(chinese)
        .then(pl.lit("zh"))
        .when((4 * (other + han) >= letters) | foreign)
        .then(pl.lit("other"))
        .otherwise(pl.lit("en"))
        .alias("language")
    ).to_series()
    counts = kinds.value_counts().sort(["count", "language"], descending=[True, False])
    return {name: count / len(said) for name, count in counts.iter_rows()}
