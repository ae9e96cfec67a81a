"""Which column of a file is what: canonical names, the names that people use for them, and guesses.

A name is compared without case, spaces and punctuation, so ``Customer ID``, ``customer_id`` and
``customerId`` are one.  What is asked for with *mapping* wins over canonical names, these over
aliases, and earlier aliases over later ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from penchant.errors import DataError, UsageError
from penchant.types import Columns

__all__ = ["ACTIVITY", "RATING", "Role", "category_columns", "check_mapping", "plain", "recognise"]

Role: TypeAlias = Literal["interactions", "items", "users"]

RATING: Final = "rating"
"""Raw column of ratings; `penchant.data.events` makes them ``value``."""
ACTIVITY: Final = "activity"
"""The source of `Columns.EVENT` that may hold kinds or strengths."""

_USER = (
    "userid user uid customerid customer custid reviewerid visitorid memberid accountid householdid"
    " clientid personid buyerid studentid learnerid username deviceid sessionid"
    " 用户id 用户 用户编号 会员id 会员 客户id 客户编号 顾客id 买家id"
)
_ITEM = (
    "itemid item iid productid product parentasin asin movieid stockcode sku articleid goodsid"
    " bookid isbn songid trackid videoid newsid courseid businessid contentid gameid postid appid"
    " recipeid listingid artistid offerid documentid"
    " 商品id 物品id 物品 商品 商品编号 物品编号 电影id 书籍id 图书id 课程id 文章id 内容id 视频id"
)

_NAMES: Final[Mapping[Role, Mapping[str, str]]] = MappingProxyType(
    {
        "interactions": {
            Columns.USER: _USER,
            Columns.ITEM: _ITEM,
            Columns.EVENT: (
                "event eventtype activity action actiontype behavior behaviour behaviortype"
                " behaviourtype interaction interactiontype eventname kind"
                " 行为 行为类型 事件 事件类型 操作"
            ),
            RATING: (
                "rating overall stars star score starrating reviewscore ratingvalue ratings"
                " userrating 评分 打分 星级"
            ),
            Columns.VALUE: (
                "value quantity qty playcount plays listencount count strength weight 数量 次数"
            ),
            Columns.TIMESTAMP: (
                "timestamp eventtimestamp time ts datetime eventtime unixreviewtime unixtime date"
                " createdat created invoicedate orderdate purchasedate transactiontimestamp"
                " transactiondate transactiontime tdat reviewdate reviewtime visittime"
                " 时间戳 时间 日期 购买时间 评论时间 下单时间"
            ),
            Columns.TEXT: (
                "text reviewtext review comment reviewbody tag body content message"
                " 评论 评论内容 评价 评价内容 文本"
            ),
            Columns.DWELL: "dwell dwelltime dwellseconds timespent readtime watchtime 停留时间",
        },
        "items": {
            Columns.ITEM: f"{_ITEM} id",
            Columns.TITLE: (
                "title name itemname itemtitle producttitle productname movietitle booktitle"
                " headline 标题 名称 商品名称 物品名称 书名 片名 电影名"
            ),
            Columns.DESCRIPTION: (
                "description desc itemdescription productdescription longdescription overview plot"
                " synopsis abstract summary content body text article"
                " 描述 简介 商品描述 内容 正文 摘要"
            ),
            Columns.BRAND: "brand brandname manufacturer maker store 品牌",
            Columns.PRICE: (
                "price unitprice listprice saleprice pricegbp priceusd priceeur pricecny"
                " 价格 售价 单价"
            ),
            Columns.AVAILABLE: ("available isavailable instock availability stock 有货 库存"),
        },
        "users": {Columns.USER: f"{_USER} id"},
    }
)

_ALIASES: Final[Mapping[Role, Mapping[str, Sequence[str]]]] = MappingProxyType(
    {
        role: {key: names.split() for key, names in columns.items()}
        for role, columns in _NAMES.items()
    }
)

_LEVELS: Final = (
    "categories category genres genre productcategory producttype productgroup department"
    " maincategory maincat subcategory categoryname topcategory class"
    " 类别 分类 类型 品类 一级分类 二级分类 三级分类 类目"
)
_CATEGORIES: Final = frozenset(_LEVELS.split())
_LEVEL: Final = re.compile(r"(?:l|lvl|level|cat)?\d+$")
"""The end of ``category_l2``, ``category3``."""

REQUIRED: Final[Mapping[Role, Sequence[str]]] = MappingProxyType(
    {
        "interactions": (Columns.USER, Columns.ITEM),
        "items": (Columns.ITEM,),
        "users": (Columns.USER,),
    }
)

_SHOWN: Final = 12
_MAPPABLE: Final = sorted({n for names in _ALIASES.values() for n in names} | {Columns.CATEGORIES})


def plain(name: str) -> str:
    """Return *name* in lower case with letters and digits only.

    Example:
        >>> plain(" Customer ID"), plain("movieId"), plain("user_id")
        ('customerid', 'movieid', 'userid')
    """
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Refuse a mapping to a column that nothing reads.

    Raises:
        UsageError: If a key of *mapping* is not a canonical name, or two keys name one column.
    """
    for name in mapping:
        if name not in _MAPPABLE:
            raise UsageError(
                f"cannot map a column to {name!r}", hint=f"Choose from: {', '.join(_MAPPABLE)}."
            )
    by_column: dict[str, str] = {}
    for name, column in mapping.items():
        other = by_column.setdefault(column, name)
        if other != name:
            raise UsageError(f"column {column!r} is mapped to both {other!r} and {name!r}")


def recognise(
    names: Sequence[str],
    role: Role,
    *,
    file: str,
    mapping: Mapping[str, str] | None = None,
    sample: str = "",
    optional: Sequence[str] = (),
) -> dict[str, str]:
    """Find the canonical columns of a file among the *names* that it has.

    Args:
        names: Column names of the file, unique.
        role: What the file is.
        file: Its name, for errors.
        mapping: Canonical name → column name; a column that the file has not is passed over.
        sample: The first row, for errors.
        optional: Required columns that may be missing all the same.

    Returns:
        Canonical name → column name.  `category_columns` tells those of categories.

    Raises:
        DataError: If a required column is missing.
    """
    found = {key: name for key, name in (mapping or {}).items() if name in names}
    taken = set(found.values())
    by_plain: dict[str, str] = {}
    for name in names:
        if name not in taken:
            by_plain.setdefault(plain(name), name)
    for key, aliases in _ALIASES[role].items():
        if key in found:
            continue
        source = key if key in names and key not in taken else None
        source = source or next((by_plain[a] for a in aliases if a in by_plain), None)
        if source is not None and source not in taken:
            found[key] = source
            taken.add(source)
    missing = [name for name in REQUIRED[role] if name not in found and name not in optional]
    if missing:
        raise _missing(missing[0], names, file=file, sample=sample)
    return found


def category_columns(names: Sequence[str], found: Mapping[str, str]) -> list[str]:
    """Return the columns that hold categories or a level of them, in the order of the file."""
    if Columns.CATEGORIES in found:
        return [found[Columns.CATEGORIES]]
    taken = set(found.values())
    return [n for n in names if n not in taken and _LEVEL.sub("", plain(n)) in _CATEGORIES]


def is_known(name: str) -> bool:
    """Tell whether *name* is a column name of any file that is understood."""
    key = plain(name)
    return key in _CATEGORIES or any(
        key == plain(canonical) or key in aliases
        for names in _ALIASES.values()
        for canonical, aliases in names.items()
    )


def _missing(column: str, names: Sequence[str], *, file: str, sample: str) -> DataError:
    shown = ", ".join(repr(name[:40]) for name in names[:_SHOWN])
    shown += ", …" if len(names) > _SHOWN else ""
    value = f"; its first row is {sample}" if sample else ""
    return DataError(
        f"{file}: no column {column!r}, nor one of its other names; the file has {shown}{value}",
        hint=f"Name the column: --map {column}=COLUMN.",
    )
