# ruff: noqa: SIM905 - lists of words read better as text
"""Words that carry no topic, in English and Chinese.

`STOP_WORDS` are grammar; `FILLERS` are true of things of any kind, so they may stand in a text but
never name an interest; `WEAK` ones name nothing alone.
"""

from __future__ import annotations

from typing import Final

__all__ = ["COLOURS", "ENGLISH", "FILLERS", "FOREIGN", "STOP_WORDS", "WEAK"]

ENGLISH: Final = frozenset(
    """
    a about above after again against ago all almost alone along already also although always am
    among an and another any anybody anyone anything are aren't around as at away back be became
    because become becomes been before behind being below between both but by came can can't cannot
    come comes could couldn't did didn't do does doesn't doing don't done down during each either
    else enough even ever every everybody everyone everything few finally find finds first for
    former from further gave get gets getting give gives go goes going gone got had has have having
    he he's her here hers herself him himself his how however i i'm if in including inside instead
    into is isn't it it's its itself just keep keeps kept last later least less let like made make
    makes making many may maybe me meanwhile might mine more most much must my myself near need
    needs neither never next no nobody none nor not nothing now of off often on once one ones only
    onto or other others our ours ourselves out outside over own per perhaps put puts quite rather
    really same see seem seems sees several shall she she's should since so some somebody someone
    something soon still such take takes taken than that that's the their theirs them themselves
    then there there's therefore these they they're thing things this those though through
    throughout thus till to together too toward towards try tries under until unto up upon us use
    used using very via was wasn't way we well went were what when where whether which while who
    whole whom whose why will with within without won't would wouldn't yet you you're your yours
    yourself two three four five six seven eight nine ten etc vs
    """.split()
)
"""English function words."""

_CHINESE: Final = frozenset(
    """
    的 了 和 是 在 也 有 就 不 都 而 及 与 與 或 一个 一個 一种 一位 一名
    一部 一些 没有 我们 你们 他们 她们 它们 我 你 他 她 它 这 那 這 这个 那个 这些 那些
    这样 那样 自己 什么 怎么 为 为了 以 以及 于 从 到 被 把 对 对于 让 向 由 又
    但 但是 却 还 还是 因为 所以 如果 虽然 不过 只 只是 才 很 非常 更 最 太 之 其
    其中 并 并且 等 等等 着 过 上 下 中 里 后 前 会 能 可以 可 要 将 来
    去 说 做 给 用 个 们 地 得 吗 呢 吧 啊 一 二 三 两 各 每 该
    此 则 如 像 时 时候 当 已 已经 正在 再 多 少 大 小 适合 使用 进行
    """.split()
)

STOP_WORDS: Final = ENGLISH | _CHINESE
"""Function words of both languages, lower case."""

FOREIGN: Final = frozenset(
    """
    der die das und ist nicht ein eine mit für von zu den dem auf le la les des un une et est dans
    pour avec sur pas qui que el los las una y es en por con para del lo se il di che e per non sono
    gli nel della o os uma em não com de het een van niet och att som på är det jeg og ikke w na nie
    """.split()
)
"""Function words of other languages written in Latin letters, to tell them from English."""

FILLERS: Final = frozenset(
    """
    good great best better small large different various special main major minor general other misc
    miscellaneous assorted assortment asst astd mixed others all any item items product products
    article articles stuff goods set sets pack packs pk pc pcs piece pieces size sizes medium xl xxl
    type types kind kinds style styles brand brands series collection edition vol volume part no
    number unit units each dozen pair pairs regular standard original premium deluxe
    based film films movie movies video videos season episode chapter
    design designs colour colours color colors coloured colored mini finish assorted
    unknown none null nan na n/a tbd test sale sales offer price prices quality
    grocery department dept merchandise commodity supplies gm
    第一季 第二季 第三季 第四季 第五季 第六季 其他 其它 未知 商品 产品 用品 系列
    套装 新款 电影 影片 故事 片 部 类型 经典 优质
    """.split()
)
"""Words true of anything, lower case; no name starts or ends with one."""

COLOURS: Final = frozenset(
    """
    red blue green yellow pink white black purple orange brown grey gray ivory cream silver gold
    golden beige navy turquoise lilac violet magenta maroon teal khaki multicolour multicolor
    红色 蓝色 绿色 黄色 粉色 粉红色 白色 黑色 紫色 橙色 棕色 灰色 银色 金色 米色 彩色
    """.split()
)
"""Colours, lower case: they tell variants apart."""

WEAK: Final = frozenset(
    """
    new old big little long short high low full free real true world story stories night home
    classic basic young man men woman women boy boys girl girls guy guys people person life lives
    day days year years time times name turn turns place book books way ways mix
    processed mainstream economy added value
    中国 大陆 生活 时间
    """.split()
)
"""Words that name nothing alone, but do with another: "high school"."""
