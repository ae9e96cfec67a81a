"""Every format is recognised by what is in it, and columns by the names that people use."""

import gzip
import json

import polars as pl
import pytest

from data.broken import ROWS, csv, frame, lines, objects, parquet
from penchant.data.columns import category_columns, recognise
from penchant.data.sources import read_ids, read_interactions, read_items, read_users
from penchant.errors import DataError, UsageError

GOOD = csv(ROWS).encode()
CANONICAL = ["user_id", "item_id", "event", "timestamp"]


def interactions(tmp_path, data, name="file", **options):
    (tmp_path / name).write_bytes(data)
    (raw,) = read_interactions(tmp_path / name, **options)
    return raw


def items(tmp_path, data):
    (tmp_path / "file").write_bytes(data)
    (raw,) = read_items(tmp_path / "file")
    return raw


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        gzip.compress(GOOD),
        parquet(frame()),
        gzip.compress(parquet(frame())),
        lines(objects()),
        gzip.compress(lines(objects())),
        json.dumps(objects(), indent=1).encode(),
        csv(ROWS, sep="\t").encode(),
        csv(ROWS, sep=";").encode("utf-16"),
        csv(
            ROWS,
            sep="\t",
            header="user_id:token,item_id:token,event:token,timestamp:float\n",
        ).encode(),
    ],
    ids=[
        "csv",
        "csv.gz",
        "parquet",
        "parquet.gz",
        "jsonl",
        "jsonl.gz",
        "json",
        "tsv",
        "utf16",
        "recbole",
    ],
)
@pytest.mark.parametrize("name", ["events.csv", "events.parquet", "events.json.gz", "events"])
def test_the_same_events_come_out_of_every_format_under_every_name(tmp_path, data, name):
    found = interactions(tmp_path, data, name).frame.select(CANONICAL)

    assert found.cast(pl.String).equals(frame().cast(pl.String))


@pytest.mark.parametrize(
    ("header", "renamed"),
    [
        ("userId,movieId,rating,timestamp", {"rating": "rating", "item_id": "movieId"}),
        (
            "CustomerID,StockCode,Quantity,InvoiceDate",
            {"value": "Quantity", "item_id": "StockCode"},
        ),
        ("reviewerID,asin,overall,unixReviewTime", {"rating": "overall", "user_id": "reviewerID"}),
        (
            "Customer ID,sku,event_type,created_at",
            {"user_id": "Customer ID", "event": "event_type"},
        ),
        ("用户ID,商品ID,行为,时间", {"user_id": "用户ID", "event": "行为", "timestamp": "时间"}),
        ("visitor-id,ITEM ID,Activity,ts", {"item_id": "ITEM ID", "event": "Activity"}),
        ("session_id,product_id,dwell_time,date", {"user_id": "session_id", "dwell": "dwell_time"}),
    ],
)
def test_names_of_columns_that_people_use_are_understood(tmp_path, header, renamed):
    raw = interactions(tmp_path, f"{header}\na,b,1,1700000000\n".encode())

    assert set(raw.renamed) >= {"user_id", "item_id"}
    assert renamed.items() <= raw.renamed.items()


def test_a_name_of_ours_wins_over_an_alias_and_mapping_over_both():
    names = ["customer", "user_id", "member", "item_id"]

    assert recognise(names, "interactions", file="f")["user_id"] == "user_id"
    mapped = recognise(names, "interactions", file="f", mapping={"user_id": "member"})
    assert mapped["user_id"] == "member"


def test_the_parent_of_a_product_is_its_id_as_in_the_metadata():
    """Newer Amazon files describe parents only, while reviews name both."""
    found = recognise(["asin", "parent_asin", "user_id"], "interactions", file="f")

    assert found["item_id"] == "parent_asin"


def test_mapping_to_a_name_that_nothing_reads_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="'userid'"):
        interactions(tmp_path, GOOD, mapping={"userid": "user_id"})


def test_columns_of_ours_in_a_file_make_room(tmp_path):
    """A file's own ``user`` beside ``user_id`` must not stand in for our rows."""
    raw = interactions(tmp_path, b"user_id,item_id,suspicious,user\na,b,x,y\n")

    assert raw.frame.columns == ["user_id", "item_id", "suspicious_given", "user_given"]


def test_levels_of_categories_are_found_in_their_order():
    names = ["id", "department", "name", "category_l2", "Sub Category", "colour"]

    assert category_columns(names, {"item_id": "id", "title": "name"}) == [
        *("department", "category_l2", "Sub Category")
    ]


def test_movielens_100k_needs_no_header(tmp_path):
    raw = interactions(tmp_path, b"196\t242\t3\t881250949\n186\t302\t3\t891717742\n")

    assert raw.frame.columns == ["user_id", "item_id", "rating", "timestamp"]
    assert raw.frame["user_id"].to_list() == ["196", "186"]


def test_genres_as_flags_become_a_list_and_latin_letters_survive(tmp_path):
    flags = [0, 1, 0, 0, 0, 1] + [0] * 13
    line = "7|Café, Le (1995)|01-Jan-1995||http://x.y/z|" + "|".join(map(str, flags)) + "\n"

    raw = items(tmp_path, line.encode("latin-1"))

    assert raw.frame["title"].to_list() == ["Café, Le (1995)"]
    assert raw.frame["categories"].to_list() == [["Action", "Comedy"]]
    assert raw.categories == ("categories",)


def test_movielens_with_double_colons(tmp_path):
    ratings = interactions(tmp_path, b"1::1193::5::978300760\n1::661::3::978302109\n")
    films = items(tmp_path, b"1::Star Wars: Episode IV (1977)::Action|Sci-Fi\n")

    assert ratings.frame["item_id"].to_list() == ["1193", "661"]
    assert films.frame["title"].to_list() == ["Star Wars: Episode IV (1977)"]


def test_users_of_movielens(tmp_path):
    (tmp_path / "u.user").write_bytes(b"1|24|M|technician|85711\n2|53|F|other|94043\n")
    (raw,) = read_users(tmp_path / "u.user")

    assert raw.frame["user_id"].to_list() == ["1", "2"]
    assert raw.frame["occupation"].to_list() == ["technician", "other"]


@pytest.mark.parametrize(
    "line",
    [
        '{"reviewerID": "A1", "asin": "0001", "overall": 5.0, "style": {"a": "b"}}',
        "{'reviewerID': 'A1', 'asin': '0001', 'overall': 5.0, 'helpful': [0, 1], 'x': None}",
    ],
    ids=["json", "python"],
)
def test_amazon_reviews_in_both_spellings(tmp_path, line):
    raw = interactions(tmp_path, gzip.compress(f"{line}\n{line}\n".encode()))

    assert raw.frame["item_id"].to_list() == ["0001", "0001"]
    assert raw.frame["rating"].to_list() == [5.0, 5.0]


def test_a_sequence_of_tokens_is_remembered_as_one(tmp_path):
    data = 'item_id:token\tmovie_title:token_seq\tgenre:token_seq\n1\t"Toy" Story\tDrama War\n'

    raw = items(tmp_path, data.encode())

    assert raw.frame["title"].to_list() == ['"Toy" Story']
    assert (raw.categories, raw.sequences) == (("genre",), ("title", "genre"))


def test_leading_zeros_and_quotes_within_fields_survive(tmp_path):
    data = b'user_id,item_id,text\n007,"a, ""b""\nc",ok\n'

    assert interactions(tmp_path, data).frame.row(0) == ("007", 'a, "b"\nc', "ok")


def test_several_files_and_folders_of_files_are_read_in_order(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    for name in ("part-1", "part-0", "_SUCCESS", ".crc"):
        (folder / name).write_bytes(b"" if name[0] in "._" else GOOD)
    (tmp_path / "more.csv").write_bytes(GOOD)

    raws = read_interactions([folder, tmp_path / "more.csv"])

    assert [raw.file.rsplit("/", 1)[-1] for raw in raws] == ["part-0", "part-1", "more.csv"]


def test_a_frame_is_a_source_too():
    (raw,) = read_interactions(frame())

    assert raw.frame.equals(frame())


def test_no_file_at_all_is_wrong_usage():
    with pytest.raises(UsageError):
        read_interactions([])


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (b"u 1\nu 2\n\nu 1\n", ["u 1", "u 2"]),
        (b"user_id\n007\n8\n", ["007", "8"]),
        (b"users\n007\n8\n", ["007", "8"]),
        (b"name,CustomerID\nann,7\nbob,8\n", ["7", "8"]),
        ("张三\n李四\n".encode(), ["张三", "李四"]),
        (parquet(pl.DataFrame({"anything": ["a", "b", None]})), ["a", "b"]),
        (b'{"user_id": "x"}\n{"user_id": "y"}\n', ["x", "y"]),
    ],
)
def test_lists_of_ids_are_lines_or_tables(tmp_path, data, ids):
    (tmp_path / "ids").write_bytes(data)

    assert read_ids(tmp_path / "ids", column="user_id") == ids


def test_a_table_without_the_column_of_ids_is_refused(tmp_path):
    (tmp_path / "ids").write_bytes(b"name,age\nann,7\n")

    with pytest.raises(DataError, match="'user_id'"):
        read_ids(tmp_path / "ids", column="user_id")
