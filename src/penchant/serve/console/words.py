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
    "try": ("Try it", "试一试"),
    "map": ("Map of items", "物品地图"),
    "drawing": ("Drawing the map …", "正在绘制地图……"),
    "thinned": (
        "The {} most used items of {}; scroll to zoom, click a dot for its interest.",
        "使用最多的 {} 个物品，共 {} 个；滚动缩放，点击圆点查看其兴趣。",
    ),
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
    "wait": ("Working", "处理中"),
    "all_of": ("All {} interests", "全部 {} 个兴趣"),
    "anybody": ("Somebody", "随机用户"),
    "this_run": (
        "Looked at without a store: what you change here lasts for this run.",
        "未使用存储：此处的更改仅在本次运行中有效。",
    ),
    "change": ("Change it", "调整"),
    "sentence": ("In plain words", "用日常语言"),
    "sentence_such_as": ("less horror, more comedy", "少一点恐怖，多一点喜剧"),
    "steer": ("Steer", "调整"),
    "more": ("More", "更多"),
    "less": ("Less", "更少"),
    "more_of": ("More: {}", "更多：{}"),
    "less_of": ("Less: {}", "更少：{}"),
    "unread": ("Not understood: {}", "未能理解：{}"),
    "from_price": ("Price from {}", "价格不低于 {}"),
    "to_price": ("Price to {}", "价格不高于 {}"),
    "undo": ("Undo", "撤销"),
    "before": ("The list before", "之前的列表"),
    "same_list": (
        "The first {} stay as they were: nothing among them is of it, and nothing came up.",
        "前 {} 项不变：其中没有相关物品，也没有新物品上升。",
    ),
    "came": ("new here", "新出现"),
    "up": ("up by {}", "上升 {}"),
    "down": ("down by {}", "下降 {}"),
    "own_data": ("This person's data", "该用户的数据"),
    "export": ("Export", "导出"),
    "export_sure": (
        "Everything kept of {} goes into a file on your machine. The export is noted.",
        "将把 {} 的全部数据保存到您的电脑。导出会被记录。",
    ),
    "erase": ("Erase", "删除"),
    "erase_sure": (
        "Everything kept of {} is erased: events, lists, what was steered. This cannot be undone.",
        "将删除 {} 的全部数据：事件、列表和调整。此操作无法撤销。",
    ),
    "erased": ("Erased: {} events. Receipt: {}", "已删除 {} 个事件。回执：{}"),
    "cancel": ("Cancel", "取消"),
    "times_average": ("{} × the average person", "平均用户的 {} 倍"),
    "strength_of": ("strength {}", "强度 {}"),
    "disliked": ("disliked", "不喜欢"),
    "seen": ("seen {}", "出现于 {}"),
    "steered": ("What was steered", "调整"),
    "wishes": ("Meets the wish", "符合愿望"),
    "again": ("Taken before", "曾经选择"),
    "together": ("Goes with what was taken", "与已选物品相配"),
    "next_step": ("Often comes next", "常随其后"),
    "fits": ("Fits the interests", "符合兴趣"),
    "alike": ("Reads like what was taken", "与已选物品相似"),
    "popular": ("Everybody takes it", "大家都选"),
    "average": ("Against the average item", "相对平均物品"),
    "like_such_as": ("slow science fiction; for a long train ride", "节奏舒缓的科幻；适合长途旅行"),
    "pick": ("Or pick items as a history", "或选择物品作为历史"),
    "make": ("Make the lists", "生成列表"),
    "ask_first": ("Say a wish, or pick an item.", "请输入愿望或选择物品。"),
    "setting_a": ("Setting A", "设置 A"),
    "setting_b": ("Setting B, against A", "设置 B（与 A 对比）"),
    "calibration": ("Calibration", "校准"),
    "held_by": (
        "{} of {} people have taken something of it.",
        "{} 人（共 {} 人）选择过其中的物品。",
    ),
    "typical": ("Typical items", "典型物品"),
    "n_users": ("people", "用户"),
    "n_items": ("items", "物品"),
    "n_events": ("events that the model knows, over {} days", "模型已知事件，跨 {} 天"),
    "n_since": ("events in the store", "存储中的事件"),
    "n_interests": ("interests", "兴趣"),
    "n_hours": ("hours old is the model", "小时：模型的年龄"),
    "decided": ("What was decided", "所作决定"),
    "models": ("Models", "模型"),
    "fits_done": ("Fits", "拟合"),
    "no_fits": ("No fit yet beside the service.", "服务尚未进行拟合。"),
    "model": ("Model", "模型"),
    "made": ("Made", "创建于"),
    "status": ("Status", "状态"),
    "fit": ("Fit", "拟合"),
    "began": ("Began", "开始于"),
    "detail": ("Detail", "详情"),
    "name": ("Name", "名称"),
    "keywords": ("Keywords", "关键词"),
    "items": ("Items", "物品"),
    "item_words": ("Words of a title, or an id", "标题中的词语或编号"),
    "unpublished": ("A text that is not out yet", "尚未发布的文本"),
    "unpublished_why": (
        "Paste a title and a description: which interests would it meet, and how many people?",
        "粘贴标题和描述：它会满足哪些兴趣，涉及多少人？",
    ),
    "text": ("Text", "文本"),
    "place": ("See whom it would meet", "查看受众"),
    "would_meet": ("It would meet", "它将满足"),
    "reaches": ("{} of {} people", "{} 人（共 {} 人）"),
    "n_took": ("people took it", "人选择过"),
    "cold_item": (
        "Nobody has taken it yet: its text decides where it is listed.",
        "尚无人选择：由其文本决定推荐位置。",
    ),
    "price": ("price", "价格"),
    "brand": ("brand", "品牌"),
    "neighbours": ("Like it", "相似物品"),
    "quality": ("Quality", "质量"),
    "chosen": ("How the model was chosen", "模型如何选定"),
    "chosen_why": (
        "Measured on the newest part of the data, which the compared models had not seen.",
        "在最新的一部分数据上测得，被比较的模型未见过这部分数据。",
    ),
    "ranking": ("Lists of what is new", "新物品列表"),
    "exploring": ("New interests", "新兴趣"),
    "compared": ("Each refit against the model before", "每次重新拟合与之前模型的比较"),
    "compared_why": (
        (
            "nDCG@10 in [0, 1], higher is better, with 95% interval of the difference; coverage: "
            "share of items listed; distance of lists from tastes in [0, 1], lower is better."
        ),
        (
            "nDCG@10 介于 [0, 1]，越高越好，附差值的 95% 区间；覆盖率：被推荐物品的比例；"
            "列表与喜好的距离介于 [0, 1]，越低越好。"
        ),
    ),
    "compared_none": (
        "No comparison yet: the first is made when the service fits again.",
        "尚无比较：服务重新拟合时进行首次比较。",
    ),
    "ndcg": ("nDCG@10", "nDCG@10"),
    "ndcg_before": ("Before", "之前"),
    "coverage": ("Coverage", "覆盖率"),
    "distance": ("Distance", "距离"),
    "measured": ("People asked", "测量人数"),
    "privacy": ("Privacy", "隐私"),
    "keys": ("Keys", "密钥"),
    "keys_why": (
        "Made and revoked by penchant keys; a secret is shown once and kept nowhere.",
        "由 penchant keys 创建和撤销；密钥只显示一次，不保存。",
    ),
    "key_id": ("Key", "密钥"),
    "scopes": ("May do", "权限"),
    "revoked": ("Revoked", "撤销于"),
    "audit": ("Who read or changed personal data", "谁读取或更改了个人数据"),
    "audit_why": (
        "The latest {} entries, newest first. People stand as digests of their ids.",
        "最近 {} 条，最新在前。用户以编号摘要显示。",
    ),
    "did_portrait": ("read the portrait", "查看喜好"),
    "did_explore": ("read likely new interests", "查看可能的新兴趣"),
    "did_export": ("exported everything", "导出全部数据"),
    "did_steer": ("changed the lists", "调整列表"),
    "did_erase": ("erased everything", "删除全部数据"),
    "at": ("When", "时间"),
    "actor": ("Key", "密钥"),
    "action": ("What", "操作"),
    "subject": ("Of whom", "对象"),
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
