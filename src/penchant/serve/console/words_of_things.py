"""What is said of interests, items, models and figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["WORDS"]

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "held_by": (
        "{} of {} people have taken something of it.",
        "{} 人（共 {} 人）选择过其中的物品。",
    ),
    "edit": ("Edit this interest", "编辑此兴趣"),
    "new_name": ("Name", "名称"),
    "rename": ("Rename", "重命名"),
    "hide": ("Hide", "隐藏"),
    "hide_sure": (
        "{} ({} items) will stand in no list of interests, portrait or proposal; undone below.",
        "{}（{} 个物品）将不再出现在兴趣列表、喜好和建议中；可在下方撤销。",
    ),
    "merge": ("Merge", "合并"),
    "merge_into": ("Merge into", "合并到"),
    "merge_sure": (
        "{} will be shown as the chosen interest: one name, its items and portraits together.",
        "{} 将显示为所选兴趣：同一名称，物品与喜好合并。",
    ),
    "edited": ("Edited by hand", "手动编辑"),
    "is_renamed": ("renamed to {}", "重命名为 {}"),
    "is_merged": ("merged into {}", "合并到 {}"),
    "is_hidden": ("hidden", "已隐藏"),
    "typical": ("Typical items", "典型物品"),
    "n_users": ("people", "用户"),
    "n_items": ("items", "物品"),
    "n_events": ("events that the model knows, over {} days", "模型已知事件，跨 {} 天"),
    "n_since": ("events in the store", "存储中的事件"),
    "n_interests": ("interests", "兴趣"),
    "n_hours": ("hours since the model was made", "小时前创建了模型"),
    "came_in": ("What came in", "收到的事件"),
    "came_in_why": (
        "Events that the model knows, from {} to {}, in steps of {} days.",
        "模型已知的事件，从 {} 到 {}，每 {} 天一格。",
    ),
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
    "online": ("What became of the lists", "列表的效果"),
    "online_why": (
        (
            "Lists that the service gave out in the last {} days, and the events that name them by "
            "ranking_id; 95% interval."
        ),
        "服务在最近 {} 天给出的列表，以及通过 ranking_id 回应它们的事件；95% 区间。",
    ),
    "online_none": ("No list was given out yet.", "尚未给出列表。"),
    "lists": ("Lists", "列表"),
    "shown": ("Items shown", "展示物品"),
    "taken": ("Taken up", "被选择"),
    "take_up": ("Take-up", "选择率"),
    "interval": ("Interval", "区间"),
    "bought": ("Bought", "购买"),
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
    "did_interests": ("said what of interests", "设定兴趣"),
    "did_interest": ("edited an interest", "编辑兴趣"),
    "did_erase": ("erased everything", "删除全部数据"),
    "did_experiment": ("began or ended an experiment", "开始或结束实验"),
    "at": ("When", "时间"),
    "actor": ("Key", "密钥"),
    "action": ("What", "操作"),
    "subject": ("Of whom", "对象"),
    "title": ("Title", "标题"),
    "strength": ("Strength", "强度"),
    "trend": ("Trend", "趋势"),
    "evidence": ("Evidence", "依据"),
    "score": ("Score", "得分"),
    "reason": ("Reason", "理由"),
    "what": ("What", "项目"),
    "value": ("Value", "数值"),
}
"""Each in English and Chinese, by a name of its own."""
