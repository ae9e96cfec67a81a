"""What is said of experiments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["WORDS"]

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "experiments": ("Experiments", "实验"),
    "trials_why": (
        (
            "Arms are shown to different people; intervals of the difference to the first arm hold "
            "however often one looks."
        ),
        "不同的用户看到不同的组；与第一组差值的区间无论查看多少次都成立。",
    ),
    "no_trials": ("No experiment yet.", "尚无实验。"),
    "trial_runs": ("{}, under way since {}.", "{}，自 {} 起进行中。"),
    "trial_told": ("{}, from {} to {}. {}", "{}，从 {} 到 {}。{}"),
    "stop_rule": (
        (
            "Ends by itself when an arm is surely better than the first or the first surely best: "
            "with {} people counted at the earliest, with {} at the latest. All intervals hold "
            "with a chance of {}. Of each person the first {} days count, once they are over."
        ),
        (
            "当某组确定优于第一组，或第一组确定最优时自动结束："
            "最早在计入 {} 人时，最迟在计入 {} 人时。"
            "所有区间同时成立的概率为 {}。每位用户只计前 {} 天，且在期满后计入。"
        ),
    ),
    "first_counted": (
        "The first people are counted on {}.",
        "最早于 {} 计入第一批用户。",
    ),
    "conversion": ("Conversion", "转化率"),
    "paid": ("Value a list", "每个列表的价值"),
    "metric": ("What is compared", "比较指标"),
    "arm": ("Arm", "组"),
    "shows": ("Shows", "展示"),
    "users": ("People counted", "计入人数"),
    "mean": ("Mean", "均值"),
    "difference": ("Difference", "差值"),
    "model_id": ("Model", "模型"),
    "as_asked": ("as asked", "按请求"),
    "begin_trial": ("Begin an experiment", "开始实验"),
    "begin_why": (
        (
            "An empty field leaves a list as it is asked for. "
            "The first arm is what others are compared with."
        ),
        "留空表示按请求生成列表。其他组与第一组比较。",
    ),
    "trial_name": ("What is tried", "实验名称"),
    "arm_number": ("Arm {}", "第 {} 组"),
    "share": ("Share of people", "人数份额"),
    "today": ("as it is", "现状"),
    "other": ("other {}", "方案 {}"),
    "level": ("Chance that intervals hold", "区间成立的概率"),
    "days": ("Days a person counts", "每人计入天数"),
    "least_users": ("People at the earliest", "最早结束人数"),
    "most_users": ("People at the latest", "最迟结束人数"),
    "more_arms": ("Another arm", "添加一组"),
    "begin": ("Begin", "开始"),
    "begin_sure": (
        "From now on each person gets the lists of one arm, always the same: {}. {}",
        "从现在起，每位用户始终看到同一组的列表：{}。{}",
    ),
    "end": ("End", "结束"),
    "end_sure": (
        "{} ends: lists are as they are asked for from now on. It cannot be taken up again.",
        "{} 将结束：此后列表按请求生成。结束后不能继续。",
    ),
    "by_hand": ("It was ended by hand.", "由人手动结束。"),
    "enough_seen": (
        "Enough people were seen, and no arm is surely better.",
        "已有足够人数，没有哪组确定更优。",
    ),
    "arm_better": ("Arm {} is better.", "{} 组更优。"),
    "arm_best": ("Arm {} is best.", "{} 组最优。"),
    "one_at_a_time": (
        "One experiment runs at a time: the next can begin when this one has ended.",
        "同时只能进行一个实验：当前实验结束后才能开始下一个。",
    ),
}
"""Each in English and Chinese, by a name of its own."""
