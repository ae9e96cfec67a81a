"""Sentences that speak well or badly of a thing, whatever it is: what reviews are compared with."""

from __future__ import annotations

from typing import Final

__all__ = ["AGAINST", "FOR"]

FOR: Final = (
    "I love it",
    "Excellent, better than I expected",
    "Very good quality for the price",
    "Wonderful story, moving to the end",
    "One of the best of the year",
    "Works perfectly, easy to use",
    "Delicious, we order it again and again",
    "My daughter is delighted with it",
    "Great fun from start to finish",
    "Beautifully made and well packed",
    "Highly recommended",
    "Arrived quickly and exactly as described",
    "Clever, funny and warm",
    "Worth every penny",
    "I could not put it down",
    "非常喜欢",
    "太好看了，强烈推荐",
    "质量很好，物超所值",
    "故事感人，看哭了",
    "今年最好的一部",
    "很好用，操作简单",
    "味道很好，会再买",
    "孩子特别喜欢",
    "从头到尾都很精彩",
    "做工精致，包装也好",
    "演得真好，值得一看",
    "发货快，和描述一样",
    "又好笑又温暖",
    "很满意，五星好评",
    "百看不厌的经典",
)
"""For the thing; the sentence at the same place in `AGAINST` says the opposite."""

AGAINST: Final = (
    "I hate it",
    "Terrible, worse than I expected",
    "Very poor quality for the price",
    "A dull story that goes nowhere",
    "One of the worst of the year",
    "Stopped working after two days, hard to use",
    "Tasteless, we threw it away",
    "My daughter was disappointed with it",
    "Boring from start to finish",
    "Badly made and damaged in the box",
    "Not recommended",
    "Arrived late and not as described",
    "Silly, loud and empty",
    "A waste of money",
    "I gave up half way through",
    "非常失望",
    "太难看了，不推荐",
    "质量很差，不值这个价",
    "故事无聊，看睡着了",
    "今年最烂的一部",
    "用了两天就坏了，很难用",
    "味道很差，不会再买",
    "孩子一点也不喜欢",
    "从头到尾都很无聊",
    "做工粗糙，包装破损",
    "演得尴尬，浪费时间",
    "发货慢，和描述不符",
    "又吵又空洞",
    "很不满意，差评",
    "看到一半就弃了",
)
"""Against it."""
