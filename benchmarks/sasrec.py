"""SASRec of RecTools, measured beside the others by ``quality.py --sasrec PYTHON``.

usage: PYTHON benchmarks/sasrec.py FOLDER

RecTools wants an older NumPy than Penchant, and torch: give it an environment of its own
(``pip install 'rectools[torch]' polars pyarrow``) and name its interpreter.  FOLDER holds
contacts.parquet (user_id, item_id, moment in seconds, earlier first) and users.txt, a user a line;
lists.parquet (user_id, item_id, rank from 1) is written beside them: ten items each, without what
the user took.  Thirty epochs, 128 factors, two blocks of two heads, a hundred items of history,
softmax over the catalogue.
"""

import sys
from pathlib import Path

import pandas as pd
import polars as pl
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import SASRecModel

EPOCHS, K = 30, 10


def main(folder: Path) -> None:
    """Learn from the contacts in *folder* and write lists there."""
    contacts = pl.read_parquet(folder / "contacts.parquet")
    frame = pd.DataFrame(
        {
            Columns.User: contacts["user_id"].to_list(),
            Columns.Item: contacts["item_id"].to_list(),
            Columns.Weight: 1.0,
            Columns.Datetime: pd.to_datetime(contacts["moment"].to_numpy(), unit="s"),
        }
    )
    dataset = Dataset.construct(frame)
    model = SASRecModel(
        n_factors=128,
        n_blocks=2,
        n_heads=2,
        session_max_len=100,
        epochs=EPOCHS,
        lr=1e-3,
        loss="softmax",
        deterministic=True,
        verbose=0,
    )
    model.fit(dataset)
    users = (folder / "users.txt").read_text().split("\n")
    lists = model.recommend(users=users, dataset=dataset, k=K, filter_viewed=True)
    pl.DataFrame(
        {
            "user_id": lists[Columns.User].to_list(),
            "item_id": lists[Columns.Item].to_list(),
            "rank": lists[Columns.Rank].to_list(),
        }
    ).write_parquet(folder / "lists.parquet")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
