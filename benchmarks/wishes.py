"""Wishes in words: do ten films that are listed for a wish have the genre that it means?

usage: python benchmarks/wishes.py --data FOLDER [--model DIR]

FOLDER holds ``movielens_small/`` with interactions.parquet and items.parquet.  `WISHES` were
written before the code that answers them was tuned; the weights were tuned on `TUNED`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import penchant

WISHES = {
    "movies set in outer space with aliens": "Sci-Fi",
    "ghost stories that keep me awake": "Horror",
    "a light romantic comedy for date night": "Romance",
    "gritty western with outlaws": "Western",
    "animated family film": "Animation",
    "Broadway style musicals": "Musical",
    "nature documentary": "Documentary",
    "film noir from the forties": "Film-Noir",
    "wizards, dragons and magic kingdoms": "Fantasy",
    "war film about soldiers": "War",
    "外星人和太空的科幻": "Sci-Fi",
    "吓人的鬼片": "Horror",
    "轻松的爱情喜剧": "Romance",
    "牛仔和枪手的西部片": "Western",
    "适合孩子看的动画": "Animation",
    "歌舞片": "Musical",
    "真实的纪录片": "Documentary",
    "犯罪黑帮片": "Crime",
    "魔法奇幻冒险": "Fantasy",
    "二战士兵的战争片": "War",
}

TUNED = {
    "haunted house that scares me": "Horror",
    "a vampire bites people at night": "Horror",
    "creepy slasher with a masked killer": "Horror",
    "恶魔附身的恐怖故事": "Horror",
    "僵尸": "Horror",
    "robots and the future": "Sci-Fi",
    "time travel paradox": "Sci-Fi",
    "机器人与未来世界": "Sci-Fi",
    "a cyberpunk dystopia": "Sci-Fi",
    "two people fall in love in Paris": "Romance",
    "a tearful love story": "Romance",
    "感人的爱情": "Romance",
    "cowboys and gunfights": "Western",
    "西部枪战": "Western",
    "cartoon for my kids": "Animation",
    "anime": "Animation",
    "给宝宝看的卡通": "Animation",
    "people singing and dancing": "Musical",
    "音乐剧": "Musical",
    "true stories about real animals": "Documentary",
    "a film about real events with interviews": "Documentary",
    "关于社会问题的纪录片": "Documentary",
    "a cynical detective in black and white": "Film-Noir",
    "fairies and elves on a quest": "Fantasy",
    "巫师和龙": "Fantasy",
    "battle of Normandy soldiers": "War",
    "vietnam combat": "War",
    "战场上的士兵": "War",
    "a mafia family": "Crime",
    "bank robbery heist": "Crime",
    "警察抓小偷": "Crime",
    "make me laugh out loud": "Comedy",
    "stupid jokes and slapstick": "Comedy",
    "搞笑的": "Comedy",
    "car chases and explosions": "Action",
    "martial arts fights": "Action",
    "动作打斗": "Action",
    "who is the murderer? a puzzle": "Mystery",
    "悬疑推理": "Mystery",
    "a nail-biting suspense story": "Thriller",
    "惊悚": "Thriller",
    "treasure hunt in the jungle": "Adventure",
    "探险": "Adventure",
    "for children": "Children",
    "serious tearful family drama": "Drama",
    "人生 感情 沉重的剧情": "Drama",
}
"""Wishes that the weights were tuned on; harder, since few name the genre."""

REFUSALS = [
    ("slow science fiction", "horror", "Horror"),
    ("a dark thriller", "恐怖片", "Horror"),
    ("films for children", "animation", "Animation"),
    ("something funny", "romance", "Romance"),
    ("浪漫爱情", "comedy", "Comedy"),
    ("魔法", "动画", "Animation"),
    ("space adventure", "no war please", "War"),
    ("crime story", "drama", "Drama"),
]


def main() -> int:
    """Print a row per wish and the two figures that count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, help="a fitted model; without it one is fitted")
    options = parser.parse_args()
    folder = options.data / "movielens_small"
    if not (folder / "items.parquet").is_file():
        print(f"skipped: {folder} is not there")
        return 0
    model = _model(folder, options.model)
    data = penchant.load(folder / "interactions.parquet", folder / "items.parquet")
    genres = dict(zip(data.items.ids, data.item_table["categories"].to_list(), strict=True))

    _shares(model, WISHES, genres)
    _shares(model, TUNED, genres, name="wishes that the weights were tuned on")
    left = 0
    for wish, refusal, genre in REFUSALS:
        items = model.recommend(like=[wish], not_like=[refusal], k=10)["item_id"].to_list()
        found = sum(genre in (genres[i] or []) for i in items)
        left += found
        print(f"{found:4}  {genre:12}  {wish}, not {refusal}")
    print(f"{left} items left of what was refused, in {len(REFUSALS)} lists")
    return 0


def _shares(
    model: penchant.Penchant,
    wishes: dict[str, str],
    genres: dict[str, list[str] | None],
    *,
    name: str = "wishes",
) -> None:
    """Print for each wish which share of ten listed films has the genre that it means."""
    shares = []
    for wish, genre in wishes.items():
        items = model.recommend(like=[wish], k=10)["item_id"].to_list()
        shares.append(sum(genre in (genres[i] or []) for i in items) / 10)
        print(f"{shares[-1]:4.0%}  {genre:12}  {wish}")
    good = sum(share >= 0.7 for share in shares)
    print(f"mean {sum(shares) / len(shares):.2f}; {good} of {len(shares)} {name} at .7 or more")


def _model(folder: Path, path: Path | None) -> penchant.Penchant:
    if path is not None:
        return penchant.Penchant.open(path)
    data = penchant.load(folder / "interactions.parquet", folder / "items.parquet")
    return penchant.Penchant(seed=0).fit(data)


if __name__ == "__main__":
    sys.exit(main())
