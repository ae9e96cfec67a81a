"""A fitted model: what each stage of the flow learned, in the order of the flow.

documents → space → taxonomy → V → U → scorers, fused → wishes
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from penchant.config import Settings
from penchant.data.dataset import Dataset, Histories
from penchant.data.stated import Stated
from penchant.data.weights import usual_dwell
from penchant.interests.discovery import Taken, discover
from penchant.interests.facets import Facets
from penchant.interests.features import touches
from penchant.interests.histories import read_histories, sample
from penchant.interests.lineage import succeed
from penchant.interests.merging import merge_alike
from penchant.interests.portraits import PortraitModel
from penchant.interests.reviews import read_reviews
from penchant.interests.steer import Steerer
from penchant.interests.taxonomy import Taxonomy
from penchant.interests.told import tell
from penchant.llm.ask import Asker
from penchant.llm.base import Encoder
from penchant.llm.space import TextSpace
from penchant.rank.again import Again
from penchant.rank.answers import listable
from penchant.rank.explain import Catalogue
from penchant.rank.explore import Explorer, scorers_of
from penchant.rank.goal import Chosen, choose_goal
from penchant.rank.hybrid import Hybrid
from penchant.rank.leanings import Tree
from penchant.rank.rerank import looks
from penchant.rank.rules import INTEREST, NO_RULES, Ruled
from penchant.rank.thin import thicken
from penchant.rank.wishes import Wishes
from penchant.recommend.base import Recommender
from penchant.recommend.cold import Cold
from penchant.recommend.content import Content
from penchant.recommend.ease import Ease, LatestEase, TimedEase
from penchant.recommend.factors import Ials
from penchant.recommend.interest import InterestScores
from penchant.recommend.lines import Mask
from penchant.recommend.neighbours import Neighbours
from penchant.recommend.popularity import Fresh, Popularity, Recent
from penchant.recommend.sequential import Transitions
from penchant.text.documents import item_documents
from penchant.types import Columns, Floats, Matrix, Progress, Rows, Vocabulary

__all__ = ["SHOWN_AS", "Fitted", "explorer_of", "fit_model", "hybrid_of", "titles_of"]

SHOWN_AS: Final = "shown_as"
"""Column of the interests' table: the id that each is shown under; ``""`` where it is hidden."""

_SMALL: Final = 1e-6

_CONTACTS: Final = 30.0
"""Contacts after which one counts half for iALS."""

_LATEST: Final = 5.0
"""Contacts after which one counts half where the next one is asked for."""


@dataclass(frozen=True)
class Fitted:
    """Everything that answers need.

    Attributes:
        settings: As fitted.
        users: User ids.
        items: Item ids, the catalogue.
        item_table: The items, in the order of *items*.
        histories: What every user did, in the order of *users*.
        has_time: Whether moments mean anything.
        span: Days from the first to the last event.
        space: Texts as vectors.
        taxonomy: Named interests.
        V: Items' interests, ``(n_items, n_leaves)``.
        portraits: Gives U.
        facets: What is chosen within interests.
        hybrid: Ranks what is new to somebody.
        again: Ranks that together with what is not.
        wishes: Answers words.
        explorer: Proposes interests that are new to somebody.
        summary: What was decided and how long it took; JSON values.
        lasting: Seconds that events last as a rule, by kind; of kinds that say how long.
    """

    settings: Settings
    users: Vocabulary
    items: Vocabulary
    item_table: pl.DataFrame
    histories: Histories
    has_time: bool
    span: float
    space: TextSpace
    taxonomy: Taxonomy
    V: Matrix
    portraits: PortraitModel
    facets: Facets
    hybrid: Hybrid
    again: Again
    wishes: Wishes
    explorer: Explorer
    summary: Mapping[str, Any]
    lasting: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def listable(self) -> Mask:
        """Which items may be listed at all, ``(n_items,)``."""
        return listable(self.item_table)

    def look(self, items: Rows) -> Floats:
        """Return what *items* are compared by where a list is to be diverse, ``(n, dim)``."""
        texts = self.space.vectors[self.space.unit[items]]
        return looks(texts, self.V[items].toarray())

    @cached_property
    def ruled_table(self) -> pl.DataFrame:
        """What is said of the items, and the interest that each touches, by name."""
        names = pl.Series(self.taxonomy.leaf_names, dtype=pl.String)
        touched = names.gather(self.explorer.touch).alias(INTEREST)
        return self.item_table.with_columns(touched)

    @cached_property
    def unruled(self) -> Ruled:
        """What no rules leave: everything."""
        return NO_RULES.of(self.items, self.item_table, listable=self.listable)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What reasons need to know."""
        return Catalogue(
            titles=self.titles,
            interests=self.taxonomy.leaf_names,
            uses=np.asarray(self.wishes.uses),
            span=self.span if self.has_time else np.inf,
        )

    @cached_property
    def steerer(self) -> Steerer:
        """Reads what somebody wants more or less of."""
        leaves = self.taxonomy.table.head(len(self.taxonomy.leaf_ids))
        return Steerer(
            self.taxonomy.leaf_ids,
            self.taxonomy.leaf_names,
            leaves["keywords"].to_list(),
            encoder=self.space.encoder,
            others=leaves["name_other"].to_list() if "name_other" in leaves.columns else (),
        )

    @cached_property
    def tree(self) -> Tree:
        """The interests that somebody can say something of."""
        leaves = self.taxonomy.table.head(len(self.taxonomy.leaf_ids))
        return Tree(
            self.taxonomy.leaf_ids,
            self.taxonomy.leaf_names,
            leaves[Columns.PARENT].fill_null("").to_list(),
            leaves[SHOWN_AS].to_list() if SHOWN_AS in leaves.columns else self.taxonomy.leaf_ids,
        )

    @cached_property
    def titles(self) -> list[str]:
        """What each item is called: its title, else its id."""
        return titles_of(self.item_table)


def titles_of(item_table: pl.DataFrame) -> list[str]:
    """Return what each item is called: its title, else its id."""
    titles = (
        pl.coalesce(Columns.TITLE, Columns.ITEM) if Columns.TITLE in item_table else Columns.ITEM
    )
    return item_table.select(titles).to_series().to_list()


def hybrid_of(
    settings: Settings,
    space: TextSpace,
    portraits: PortraitModel,
    V: Matrix,
    *,
    item_table: pl.DataFrame | None = None,
) -> Hybrid:
    """Return the unfitted hybrid of the scorers for the portraits' goal, in a fixed order.

    What somebody takes next hangs on the latest contacts, so EASE is asked with these as well; what
    they take up over a period hangs on what is taken now, so EASE is learned a second time from
    that, and what people begin to take counts beside what they keep taking.  Cold items are read
    from the *item_table*; a hybrid that is restored has read it.
    """
    items, regularization = settings.ease_items, settings.ease_regularization
    following = portraits.goal == "next"
    factors = Ials(
        factors=settings.als_factors,
        regularization=settings.als_regularization,
        alpha=settings.als_alpha,
        epochs=settings.als_epochs,
        half_life=_CONTACTS,
        seed=settings.seed,
    )
    popular: list[Recommender] = [Popularity(), Recent()]
    ease = Ease(items=items, regularization=regularization)
    timed = TimedEase(items=items, regularization=regularization)
    shared: list[Recommender] = (
        [ease, LatestEase(ease, half_life=_LATEST), factors, Neighbours()]
        if following
        else [Fresh(), ease, timed, factors, Neighbours()]
    )
    cold = Cold(space, item_table, seed=settings.seed)
    texts: list[Recommender] = [Content(space), InterestScores(portraits, V), cold]
    return Hybrid([*popular, *shared, Transitions(), *texts])


def explorer_of(taxonomy: Taxonomy, portraits: PortraitModel) -> Explorer:
    """Return the unfitted explorer of the leaf interests, for the portraits' goal."""
    return Explorer(
        touches(portraits.V),
        len(taxonomy.leaf_ids),
        in_time=portraits.goal == "period",
        scorers=scorers_of(taxonomy.centroids),
    )


def fit_model(
    data: Dataset,
    *,
    settings: Settings,
    encoder: Encoder | None,
    asker: Asker | None = None,
    stated: Stated | None = None,
    before: Fitted | None = None,
    clock: Callable[[], float],
    progress: Progress,
) -> Fitted:
    """Take *data* through all stages.

    Args:
        data: Training events, users and items.
        settings: For all stages.
        encoder: Reads texts; None leaves it to LSA.
        asker: Asks what generates text; None does without.
        stated: Interests to find instead of discovering some.
        before: A model of earlier data, whose interests keep their ids.
        clock: Tells seconds, for the summary.
        progress: Is told what goes on.
    """
    start = clock()
    data, reviews = read_reviews(data, encoder=encoder, asker=asker, progress=progress)
    goal, why = _goal(data, settings)
    uses = np.bincount(data.all_histories.contacts().indices, minlength=data.n_items)
    space = TextSpace.fit(
        item_documents(data.item_table),
        uses,
        encoder=encoder,
        encode_texts=settings.encode_texts,
        encode_words=settings.encode_words,
        seed=settings.seed,
        progress=progress,
    )
    read = clock()
    taxonomy = discover(
        space,
        data.item_table,
        uses,
        interests=settings.interests,
        stated=stated,
        taken=Taken.of(data, goal=goal),
        known=() if before is None else before.taxonomy.table[Columns.NAME].to_list(),
        seed=settings.seed,
        progress=progress,
    )
    V = taxonomy.features(space, data.item_table)
    lineage = {}
    if before is not None:
        taxonomy, V, lineage["since the model before"] = _succeeding(taxonomy, V, data, before)
    generator = "none: interests are named by counting words"
    if stated is not None:
        generator = "none: interests are stated"
    elif asker is not None:
        taxonomy, generator = tell(taxonomy, V, space, asker, progress=progress)
        taxonomy, V, alike = merge_alike(taxonomy, V, space, data.item_table, asker)
        generator += f"; {alike}" if alike else ""
    portraits = PortraitModel(V, horizon=settings.horizon, goal=goal)
    facets = Facets.fit(data.item_table, data.all_histories, touches(V), n_leaves=V.shape[1])
    wishes = Wishes.fit(data.item_table, space, uses, progress=progress)
    mined = clock()
    hybrid = hybrid_of(settings, space, portraits, V, item_table=data.item_table)
    again = Again(hybrid)
    hybrid.fit(data, goal=goal, also=again.look, progress=progress)
    again.fit(data)
    thin = thicken(hybrid.cold, data, asker=asker, seed=settings.seed, progress=progress)
    ranked = clock()
    progress("learning what is taken up anew", 0, 1)
    explorer = explorer_of(taxonomy, portraits).fit(data)
    progress("learning what is taken up anew", 1, 1)
    told = _histories_told(
        data,
        portraits,
        taxonomy=taxonomy,
        texts=space.texts,
        most=settings.llm_histories,
        asker=asker,
        progress=progress,
    )
    done = clock()
    summary = {
        "goal": f"{goal}: {why}",
        "ranking": hybrid.choice,
        "weights": ", ".join(f"{name} {weight:.2f}" for name, weight in hybrid.weights.items()),
        "again": again.choice,
        "exploring": explorer.choice,
        "texts": _texts(space),
        "interests": _interests(taxonomy),
        **lineage,
        "generator": generator,
        **({"reviews": reviews} if reviews else {}),
        **({"thin items": thin} if thin else {}),
        **({"histories": told} if told else {}),
        "seconds": f"{done - start:.0f} (reading {read - start:.0f}, interests "
        f"{mined - read:.0f}, ranking {ranked - mined:.0f}, exploring {done - ranked:.0f})",
    }
    return Fitted(
        settings=settings,
        users=data.users,
        items=data.items,
        item_table=data.item_table,
        histories=data.all_histories,
        has_time=data.has_time,
        span=data.span,
        space=space,
        taxonomy=taxonomy,
        V=V,
        portraits=portraits,
        facets=facets,
        hybrid=hybrid,
        again=again,
        wishes=wishes,
        explorer=explorer,
        summary=summary,
        lasting=usual_dwell(data.events),
    )


def _interests(taxonomy: Taxonomy) -> str:
    said = f"{len(taxonomy.leaf_ids)} in {int(taxonomy.parent_of.max()) + 1} groups"
    if taxonomy.together is None:
        return f"{said}, of texts"
    return f"{said}, of texts and, by {taxonomy.together.share:.0%}, what is taken together"


def _histories_told(
    data: Dataset,
    portraits: PortraitModel,
    *,
    taxonomy: Taxonomy,
    texts: Sequence[str],
    most: int,
    asker: Asker | None,
    progress: Progress,
) -> str:
    """Return what a generator read in some histories, in words; empty where none shall be read."""
    if asker is None or not most:
        return ""
    if not asker.generator.chats:
        return f"not read: {asker.label} only continues text"
    histories = data.all_histories
    users = sample(histories, most=most)
    reading = read_histories(
        histories,
        portraits.strengths(histories.take(users)),
        taxonomy,
        asker,
        users=users,
        titles=titles_of(data.item_table),
        texts=texts,
        progress=progress,
    )
    return reading.said()


def _succeeding(
    taxonomy: Taxonomy, V: Matrix, data: Dataset, before: Fitted
) -> tuple[Taxonomy, Matrix, str]:
    """Return *taxonomy* and *V* under the ids of *before*, and what became of its interests."""
    place = {item: row for row, item in enumerate(before.items.ids)}
    both = [(place[item], row) for row, item in enumerate(data.items.ids) if item in place]
    rows = np.array(both, np.int64).reshape(-1, 2)
    old, new = touches(before.V)[rows[:, 0]], touches(V)[rows[:, 1]]
    return succeed(taxonomy, V, before=before.taxonomy, old=old, new=new)


def _goal(data: Dataset, settings: Settings) -> tuple[Chosen, str]:
    if settings.goal == "auto":
        return choose_goal(data)
    return settings.goal, "as set"


def _texts(space: TextSpace) -> str:
    read, known = int(space.taught.sum()), len(space.texts)
    if read == known:
        return f"{known:,} distinct, all read by {space.encoder.name}"
    others = f"LSA placed the others (cosine to the encoder {space.fidelity:.2f})"
    if space.taught_student:
        others = (
            f"its student placed the others (cosine to it {space.fidelity:.2f}, "
            f"{space.neighbours:.0%} of the ten nearest the same)"
        )
    return f"{known:,} distinct; {space.encoder.name} read the {read:,} most used, {others}"
