"""What people call their columns, in the languages of their programs.

A name is compared without case, accents, spaces and punctuation: see `plain`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from penchant.types import Columns

__all__ = ["ALIASES", "CATEGORIES", "RATING", "Role", "named_after", "plain"]

Role: TypeAlias = Literal["interactions", "items", "users"]

RATING: Final = "rating"
"""Raw column of ratings; `penchant.data.events` makes them ``value``."""


_IDS: Final = ("id", "nr", "number", "nummer", "code", "no")


def plain(name: str) -> str:
    """Return *name* in lower case with letters and digits only, accents off.

    Example:
        >>> plain(" Customer ID"), plain("movieId"), plain("Quantité")
        ('customerid', 'movieid', 'quantite')
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    return unicodedata.normalize("NFC", "".join(sign for sign in letters if sign.isalnum()))


_USER = (
    "userid user uid customerid customer custid reviewerid visitorid memberid accountid householdid"
    " clientid personid buyerid studentid learnerid username deviceid sessionid"
    " 用户id 用户 用户编号 会员id 会员 客户id 客户编号 顾客id 买家id"
    " kunde kundennummer kundennr kundenid benutzer benutzerid nutzer nutzerid mitglied"
    " client cliente idclient idcliente codeclient numeroclient codigocliente clienteid"
    " identifiantclient utilisateur idutilisateur usuario idusuario usuarioid utente"
    " ユーザーid ユーザー 会員番号 顧客id 顧客番号 사용자id 사용자 고객id 고객번호"
    " пользователь клиент"
)
_ITEM = (
    "itemid item iid productid product parentasin asin movieid stockcode sku articleid goodsid"
    " bookid isbn songid trackid videoid newsid courseid businessid contentid gameid postid appid"
    " recipeid listingid artistid offerid documentid"
    " 商品id 物品id 物品 商品 商品编号 物品编号 电影id 书籍id 图书id 课程id 文章id 内容id 视频id"
    " artikel artikelnummer artikelnr artikelid produkt produktid produktnummer buchid"
    " codearticle idarticle referencearticle refarticle produit idproduit codeproduit"
    " articulo idarticulo codigoarticulo producto idproducto productoid codigoproducto"
    " articolo codicearticolo prodotto idprodotto codiceprodotto produto idproduto codigoproduto"
    " 商品番号 商品コード 作品id アイテムid 상품id 상품번호 상품 товар артикул"
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
                " aktion ereignis evenement accion evento azione 行動 イベント 행동"
            ),
            RATING: (
                "rating overall stars star score starrating reviewscore ratingvalue ratings"
                " userrating 评分 打分 星级"
                " bewertung sterne etoiles calificacion valoracion puntuacion valutazione avaliacao"
                " 評価 評点 평점 оценка"
            ),
            Columns.VALUE: (
                "value quantity qty playcount plays listencount count strength weight 数量 次数"
                " menge anzahl stueckzahl stuckzahl quantite cantidad quantita quantidade 個数 수량"
                " количество"
            ),
            Columns.TIMESTAMP: (
                "timestamp eventtimestamp time ts datetime eventtime unixreviewtime unixtime date"
                " createdat created invoicedate orderdate purchasedate transactiontimestamp"
                " transactiondate transactiontime tdat reviewdate reviewtime visittime"
                " 时间戳 时间 日期 购买时间 评论时间 下单时间"
                " zeitstempel datum zeit uhrzeit kaufdatum bestelldatum rechnungsdatum bestellzeit"
                " horodatage dateheure datecommande datedecommande dateachat datedachat"
                " fecha fechahora fechapedido fechacompra dataora dataordine datapedido datacompra"
                " 日時 日付 購入日 購入日時 注文日 時刻 일시 날짜 주문일 구매일 дата время"
            ),
            Columns.TEXT: (
                "text reviewtext review comment reviewbody tag body content message"
                " 评论 评论内容 评价 评价内容 文本"
                " kommentar rezension commentaire comentario resena recensione commento"
                " コメント レビュー 리뷰 отзыв"
            ),
            Columns.DWELL: "dwell dwelltime dwellseconds timespent readtime watchtime 停留时间",
        },
        "items": {
            Columns.ITEM: f"{_ITEM} id",
            Columns.TITLE: (
                "title name itemname itemtitle producttitle productname movietitle booktitle"
                " headline 标题 名称 商品名称 物品名称 书名 片名 电影名"
                " titel bezeichnung artikelbezeichnung artikelname produktname produktbezeichnung"
                " titre libelle nom designation libellearticle nomproduit nomarticle titulo nombre"
                " nombreproducto titolo nome nomeprodotto nomeproduto"
                " 商品名 タイトル 作品名 品名 件名 제목 상품명 название наименование"
            ),
            Columns.DESCRIPTION: (
                "description desc itemdescription productdescription longdescription overview plot"
                " synopsis abstract summary content body text article"
                " 描述 简介 商品描述 内容 正文 摘要"
                " beschreibung artikelbeschreibung produktbeschreibung langtext inhalt"
                " descriptif resume contenu descripcion resumen descrizione descricao"
                " 説明 商品説明 概要 紹介 설명 описание"
            ),
            Columns.BRAND: (
                "brand brandname manufacturer maker store 品牌 marke hersteller marque fabricant"
                " marca fabricante ブランド メーカー 브랜드 бренд"
            ),
            Columns.PRICE: (
                "price unitprice listprice saleprice pricegbp priceusd priceeur pricecny"
                " 价格 售价 单价"
                " preis einzelpreis verkaufspreis prix prixunitaire prixttc prixht precio"
                " preciounitario prezzo preco 価格 値段 単価 가격 цена"
            ),
            Columns.AVAILABLE: ("available isavailable instock availability stock 有货 库存"),
        },
        "users": {Columns.USER: f"{_USER} id"},
    }
)

ALIASES: Final[Mapping[Role, Mapping[str, Sequence[str]]]] = MappingProxyType(
    {
        role: {key: tuple(map(plain, names.split())) for key, names in columns.items()}
        for role, columns in _NAMES.items()
    }
)

_LEVELS: Final = (
    "categories category genres genre productcategory producttype productgroup department"
    " maincategory maincat subcategory categoryname topcategory class"
    " 类别 分类 类型 品类 一级分类 二级分类 三级分类 类目"
    " kategorie kategorien warengruppe produktgruppe sortiment rubrik"
    " categorie famille rayon sousfamille categoria familia seccion reparto genere genero"
    " カテゴリ カテゴリー ジャンル 分類 카테고리 분류 категория"
)
CATEGORIES: Final = frozenset(map(plain, _LEVELS.split()))


def named_after(item: str) -> str:
    """Return what the items are, by the name of the column of their ids.

    Example:
        >>> named_after("course_id"), named_after("TrackNr"), named_after("id")
        ('course', 'track', '')
    """
    name = plain(item)
    return next((name.removesuffix(end) for end in _IDS if name.endswith(end)), "")
