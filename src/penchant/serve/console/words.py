"""What the console says, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["LANGUAGES", "language", "word"]

LANGUAGES: Final = {"en": "English", "zh": "中文"}
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "key": ("Key", "密钥"),
    "enter": ("Log in", "登录"),
    "leave": ("Log out", "退出"),
    "wrong_key": ("This key does not open the console.", "此密钥无法打开控制台。"),
    "overview": ("Overview", "概览"),
    "interests": ("Interests", "兴趣"),
    "people": ("People", "用户"),
    "wishes": ("Try it", "试一试"),
    "map": ("Map of items", "物品地图"),
    "drawing": ("Drawing the map …", "正在绘制地图……"),
    "thinned": (
        "The {} most used items of {}; scroll to zoom, click a dot for its interest.",
        "使用最多的 {} 个物品，共 {} 个；滚动缩放，点击圆点查看其兴趣。",
    ),
    "choose": ("Choose an interest to see its items.", "选择一个兴趣以查看其物品。"),
    "none": ("Nothing here.", "暂无内容。"),
    "user": ("User id", "用户编号"),
    "search": ("Search", "查找"),
    "portrait": ("What this person likes", "该用户的喜好"),
    "next": ("Next list", "推荐列表"),
    "like": ("Wishes, separated by semicolons", "愿望，用分号分隔"),
    "not_like": ("Not", "不要"),
    "diversity": ("Diversity", "多样性"),
    "explore_share": ("Exploration", "探索"),
    "pages": ("Pages", "页面"),
    "dark": ("Dark", "深色"),
    "light": ("Light", "浅色"),
    "lane": ("Lane", "通道"),
    "known": ("Known interest", "已知兴趣"),
    "explore": ("New interest", "新兴趣"),
    "rising": ("Rising", "上升"),
    "steady": ("Steady", "平稳"),
    "fading": ("Fading", "减弱"),
    "name": ("Name", "名称"),
    "keywords": ("Keywords", "关键词"),
    "items": ("Items", "物品数"),
    "title": ("Title", "标题"),
    "strength": ("Strength", "强度"),
    "lift": ("Lift", "提升度"),
    "trend": ("Trend", "趋势"),
    "evidence": ("Evidence", "依据"),
    "rank": ("Rank", "名次"),
    "score": ("Score", "得分"),
    "reason": ("Reason", "理由"),
    "what": ("What", "项目"),
    "value": ("Value", "数值"),
}


def language(cookies: Mapping[str, str]) -> str:
    """Return the language that a browser chose, else English."""
    code = cookies.get("penchant_language", "en")
    return code if code in LANGUAGES else "en"


def word(name: str, code: str) -> str:
    """Return what *name* is called; what has no name is called by its own."""
    said = _WORDS.get(name)
    return name if said is None else said[list(LANGUAGES).index(code)]
