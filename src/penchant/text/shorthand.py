"""Words as one says them: a till's shorthand written out.

"FD WRAPS/BAGS/TRSH BG"   →  food wraps, bags, trash bag
"""

from __future__ import annotations

from typing import Final

from penchant.text.language import words

__all__ = ["spelled"]

_SHORTHAND: Final = {
    "asst": "assorted", "bg": "bag", "bkd": "baked", "bkngwares": "bakeware", "bn": "bean",
    "brd": "breaded", "brkfst": "breakfast", "btl": "bottle", "btr": "butter",
    "catfd": "cat food", "chix": "chicken", "choc": "chocolate", "chs": "cheese",
    "ckys": "cookies", "cleang": "cleaning", "cndy": "candy", "cntrl": "control",
    "crkr": "cracker", "crm": "cream", "crystl": "crystal", "disposible": "disposable",
    "dnr": "dinner", "dnrs": "dinners", "dps": "dips", "drng": "drink", "drnk": "drink",
    "drnks": "drinks", "drsng": "dressing", "dsh": "dish", "elstc": "elastic", "fd": "food",
    "flvr": "flavor", "flvrd": "flavored", "frz": "frozen", "frzn": "frozen", "grnd": "ground",
    "hygn": "hygiene", "jce": "juice", "liqs": "liquids", "mlk": "milk", "msc": "misc",
    "mx": "mix", "mxs": "mixes", "pckgd": "packaged", "pkgd": "packaged", "pkld": "pickled",
    "pnch": "punch", "pnt": "peanut", "ptty": "patty", "pwdr": "powder",
    "refrgratd": "refrigerated", "refrig": "refrigerated", "sald": "salad", "saus": "sausage",
    "sft": "soft", "sherbts": "sherbets", "sndwch": "sandwich", "sngl": "single",
    "snks": "snacks", "sply": "supplies", "sprd": "spread", "srv": "serve",
    "supplemen": "supplements", "suppplies": "supplies", "sweetners": "sweeteners",
    "tiss": "tissue", "trsh": "trash", "veg": "vegetable", "whl": "whole", "whlsm": "wholesome",
    "wtr": "water",
}  # fmt: skip
"""A till's shorthand that stands for one thing only, written out in names."""


def spelled(segment: str) -> list[str]:
    """Return the words of *segment*, lower case, shorthand written out.

    A hyphen that stands for a dash joins long words within a longer segment, or shorthand; what is
    of all kinds ("peppers-all") is what it is of.
    """
    found: list[str] = []
    spoken = words(segment)
    for word in spoken:
        pieces = word.split("-")
        dashed = len(spoken) > 1 and min(map(len, pieces)) >= _DASHED
        apart = len(pieces) > 1 and (dashed or not _SHORTHAND.keys().isdisjoint(pieces))
        found += [_SHORTHAND.get(piece, piece) for piece in (pieces if apart else [word])]
    return [word.removesuffix("-all") for word in found]


_DASHED: Final = 4
"""Letters of the shorter word from which a hyphen in a longer segment is taken for a dash."""
