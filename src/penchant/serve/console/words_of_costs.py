"""What is said of what text generation cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["WORDS"]

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "costs": ("Language model: budget and ledger", "语言模型：预算与账目"),
    "costs_why": (
        (
            "Generator: {}. Of this machine, by day, purpose and model; money as the price table "
            "has it, empty where it does not know the model; energy is an estimate."
        ),
        (
            "生成器：{}。本机账目，按日期、用途和模型；金额按价格表计算，未知模型留空；能耗为估计值。"
        ),
    ),
    "spent_today": ("tokens spent today (UTC)", "今日已用词元（UTC）"),
    "left_now": ("tokens left for a run now", "现在一次运行可用词元"),
    "of_a_run": ("tokens of a run at most", "一次运行词元上限"),
    "of_a_day": ("tokens of a day at most", "每日词元上限"),
    "no_costs": ("Nothing was generated yet.", "尚未生成任何内容。"),
    "latest_of": ("The latest {} of {} rows.", "最近 {} 行，共 {} 行。"),
    "day": ("Day", "日期"),
    "purpose": ("Purpose", "用途"),
    "calls": ("Calls", "调用"),
    "failed": ("Failed", "失败"),
    "tokens_in": ("Tokens read", "读入词元"),
    "tokens_out": ("Tokens written", "写出词元"),
    "seconds": ("Seconds", "秒"),
    "money": ("Money", "金额"),
    "watt_hours": ("Energy (Wh)", "能耗（瓦时）"),
}
"""Each in English and Chinese, by a name of its own."""
