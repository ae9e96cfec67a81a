"""MIND's files of news: clicks and histories become events, news items."""

from penchant.data.load import load

NEWS = (
    "N1\tsports\tgolf\tThe long putt\tOn a green.\thttps://a.example/1\t[]\t[]\n"
    'N2\tnews\tworld\tA "quiet" vote\t\thttps://a.example/2\t[{"Label": "Vote"}]\t[]\n'
    "N3\tnews\tworld\tThe flood\tRain.\thttps://a.example/3\t[]\t[]\n"
)
SESSIONS = (
    "1\tU1\t11/15/2019 1:00:10 PM\tN3 N2\tN1-1 N2-0\n"
    "2\tU1\t11/15/2019 2:00:00 PM\tN3 N2\tN3-0 N2-1\n"
    "3\tU2\t11/14/2019 1:00:00 AM\t\tN3-1 N1-0\n"
)


def test_clicks_and_histories_are_events_in_their_order(tmp_path):
    (tmp_path / "behaviors.tsv").write_text(SESSIONS)
    (tmp_path / "news.tsv").write_text(NEWS)

    data = load(tmp_path / "behaviors.tsv", tmp_path / "news.tsv")

    rows = data.events.sort("timestamp").select("user", "item", "timestamp").rows()
    seen = [(data.users.ids[u], data.items.ids[i], moment) for u, i, moment in rows]
    noon = 1_573_822_810  # 15 November 2019, 13:00:10 UTC
    assert seen == [
        ("U2", "N3", 1_573_693_200),
        ("U1", "N3", noon - 2),
        ("U1", "N2", noon - 1),
        ("U1", "N1", noon),
        ("U1", "N2", 1_573_826_400),
    ]
    assert data.report.kinds == {"click": 5}


def test_news_have_titles_abstracts_and_categories(tmp_path):
    (tmp_path / "news.tsv").write_text(NEWS)
    (tmp_path / "behaviors.tsv").write_text(SESSIONS)

    table = load(tmp_path / "behaviors.tsv", tmp_path / "news.tsv").item_table

    assert table["title"].to_list() == ["The long putt", 'A "quiet" vote', "The flood"]
    assert table["description"].to_list() == ["On a green.", None, "Rain."]
    assert table["categories"].to_list()[0] == ["sports", "golf"]
