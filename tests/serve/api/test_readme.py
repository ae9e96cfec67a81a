"""The README's path from the first list to the changed one, as its lines of curl ask for it."""

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_a_purchase_changes_the_next_list(shop, name):
    text = (ROOT / name).read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    answers = [asked(shop, line, user=name) for line in block.splitlines()]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[1].json()["accepted"] == 1
    first, last = (
        [row["item_id"] for row in answer.json()["items"]] for answer in (answers[0], answers[2])
    )
    assert first != last


def asked(shop, line, *, user):
    """Send what a line of curl asks for, with the shop's ids in the place of the README's."""
    words = shlex.split(line.replace("u42", user).replace("i7", "garden-00"))
    assert words[:4] == ["curl", "-s", "-H", "X-API-Key: $KEY"]
    address = urlsplit(words[4])
    path = f"{address.path}?{address.query}"
    if "-d" in words:
        return shop.client.post(path, content=words[words.index("-d") + 1])
    return shop.client.get(path)
