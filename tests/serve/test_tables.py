"""Tables fit 100 columns, whatever is in them, and columns stand under each other."""

import datetime as dt
import io

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from penchant.serve.tables import WIDTH, cell, table


def drawn(frame, width=WIDTH):
    file = io.StringIO()
    Console(file=file, width=width, color_system=None).print(table(frame, width=width))
    return file.getvalue().splitlines()


WORDS = st.text(st.sampled_from("ab 中文，🍎é"), max_size=80)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS, st.floats(0, 1)), min_size=1, max_size=5))
def test_every_line_fits(rows):
    """Long and wide (Chinese) cells are shortened, never wrapped over the edge."""
    frame = pl.DataFrame(rows, schema=["user_id", "title", "reason", "score"], orient="row")

    assert all(cell_len(line) <= WIDTH for line in drawn(frame))


def test_numbers_are_never_shortened():
    frame = pl.DataFrame({"name": ["x" * 300], "because": ["y" * 300], "score": [0.123456]})

    assert any("0.1235" in line and "…" in line for line in drawn(frame, width=60))


def test_a_repeated_first_cell_is_left_out():
    lines = drawn(pl.DataFrame({"user_id": ["ann", "ann", "bob"], "item": ["tea", "milk", "tea"]}))

    assert sum("ann" in line for line in lines) == 1
    assert sum("bob" in line for line in lines) == 1


def test_markup_in_data_is_text():
    """A title is data: it cannot colour or break the table."""
    assert any("[red]x[/]" in line for line in drawn(pl.DataFrame({"title": ["[red]x[/]"]})))


def test_cells_read_well():
    assert cell(3.14, column="lift") == "3.1 ×"
    assert cell(0.9, column="polarity") == "+0.90"
    assert cell(dt.datetime(2017, 3, 4, 5, tzinfo=dt.UTC)) == "2017-03-04"
    assert cell(["a", "b"]) == "a, b"
    assert cell(True) == "yes"
    assert cell(12345) == "12,345"
    assert cell("two\nlines") == "two lines"
