"""Lists of interests are read from any table, and refused with the value that is wrong."""

import pytest

from penchant.data.stated import Stated, read_stated
from penchant.errors import DataError


def written(folder, text, name="mine.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_names_alone_are_enough(tmp_path):
    stated = read_stated(written(tmp_path, "name\nTea\n茶具\n"))

    assert stated == Stated(("Tea", "茶具"), ("", ""), ("", ""))


def test_descriptions_and_parents_are_read_whatever_the_columns_order(tmp_path):
    rows = "parent,Name,description\nDrinks,Tea,green and black\nHome,Lamps,\n"

    assert read_stated(written(tmp_path, rows)) == Stated(
        ("Tea", "Lamps"), ("green and black", ""), ("Drinks", "Home")
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("title\nTea\nLamps\n", r"mine.csv: no column 'name' among 'title'"),
        ("name,parent\nTea,Drinks\n,Home\n", r"mine.csv: column 'name' is empty in row 2"),
        ("name,parent\nTea,A\ntea,B\n", "the name 'tea' stands twice"),
        ("name,parent\nTea,Drinks\nDRINKS,Home\n", "the name 'Drinks' stands twice"),
        ("name,parent\nTea,Drinks\nLamps,\n", "'Lamps' has no parent"),
        ("name,description\nTea,a, green\nOil,x\n", "1 rows cannot be read.*green"),
        ("name,parent\nTea,A\n", "1 interests are stated"),
        (f"name,parent\nTea,A\n{'x' * 81},B\n", "81 characters"),
    ],
)
def test_what_is_no_list_of_interests_is_refused(tmp_path, rows, said):
    with pytest.raises(DataError, match=said):
        read_stated(written(tmp_path, rows))
