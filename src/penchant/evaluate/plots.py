"""Plots as strings of SVG, for any page.

    bars       one horizontal bar a row, with an interval where there is one
    intervals  one dot with its interval a row, against a line of reference
    scatter    points in a plane, coloured by group: with axes, or as a map without
    lines      one line a series over named steps

Each is a pure function of its data, keeps the order given, escapes every text, has a title for
screen readers, and says more on hover.  `STYLE` is CSS that a page with plots carries once: the
colours of light and dark.
"""

from __future__ import annotations

from penchant.evaluate.bars import Bar, bars, intervals
from penchant.evaluate.planes import Line, Point, lines, scatter
from penchant.evaluate.svg import STYLE, escape, tag

__all__ = [
    "STYLE",
    "Bar",
    "Line",
    "Point",
    "bars",
    "escape",
    "figure",
    "intervals",
    "lines",
    "scatter",
]


def figure(svg: str, *, caption: str, note: str = "") -> str:
    """Return a ``<figure>`` around *svg* (markup) with a caption and a remark below (texts)."""
    below = tag("p", escape(note), class_="note") if note else ""
    return tag("figure", tag("figcaption", escape(caption)), svg, below)
