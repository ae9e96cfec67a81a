"""A fitted model tells portraits in sentences that its own portrait bears out."""

import pytest

from penchant.errors import UnknownIdError, UsageError


@pytest.mark.parametrize("language", [None, "en", "zh"])
def test_every_sentence_rests_on_its_users_portrait(model, language):
    users = list(model.fitted.users.ids[:20])
    told = model.prose(users, language=language)
    portrait = model.portrait(users)

    assert set(told["user_id"]) == set(users)
    assert told["sentence"].max() <= 3
    for row in told.iter_rows(named=True):
        own = portrait.filter(user_id=row["user_id"], interest_id=row["interest_id"])
        assert row["evidence"]
        assert set(row["evidence"]) <= set(own["evidence"].item().to_list())
        assert row["by"] == ""
        assert own["name"].item() in row["text"]
        assert row["text"].startswith(("您",) if language == "zh" else ("You", "您"))


def test_one_user_is_as_good_as_several(model):
    user = model.fitted.users.ids[3]
    assert model.prose(user).equals(model.prose([user, user]))


def test_somebody_unknown_and_another_language_are_refused(model):
    with pytest.raises(UnknownIdError):
        model.prose("nobody")
    with pytest.raises(UsageError, match="'fr'"):
        model.prose(model.fitted.users.ids[0], language="fr")
