"""The metrics again, with loops and sets: what the arrays must agree with."""

import math


def shown(row):
    """Items of a list at their first places: pairs of rank from 1 and item."""
    seen, kept = set(), []
    for rank, item in enumerate(row, 1):
        if item >= 0 and item not in seen:
            seen.add(item)
            kept.append((rank, item))
    return kept


def accuracy(row, relevant):
    if not relevant:
        return dict.fromkeys(("ndcg", "precision", "recall", "hit", "mrr"), math.nan)
    ranks = [rank for rank, item in shown(row) if item in relevant]
    gain = sum(1 / math.log2(rank + 1) for rank in ranks)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(row), len(relevant)) + 1))
    return {
        "ndcg": gain / ideal if ideal else 0.0,
        "precision": len(ranks) / len(row) if row else 0.0,
        "recall": len(ranks) / len(relevant),
        "hit": float(bool(ranks)),
        "mrr": 1 / ranks[0] if ranks else 0.0,
    }


def average(values):
    values = list(values)
    return sum(values) / len(values) if values else math.nan


def coverage(rows, n_items):
    return len({item for row in rows for item in row if item >= 0}) / n_items


def gini(counts):
    """Mean difference between all pairs, over twice the mean."""
    total, n = sum(counts), len(counts)
    if not total:
        return 0.0
    return sum(abs(a - b) for a in counts for b in counts) / (2 * n * total)


def self_information(row, popularity, n_users):
    return average(-math.log2(max(popularity[item], 1) / n_users) for _, item in shown(row))


def cosine(a, b):
    lengths = math.sqrt(sum(x * x for x in a)) * math.sqrt(sum(x * x for x in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / lengths if lengths else 0.0


def diversity(row, vectors):
    items = [item for item in row if item >= 0]
    return average(
        1 - cosine(vectors[a], vectors[b]) for at, a in enumerate(items) for b in items[at + 1 :]
    )


def breadth(row, touch):
    return len({touch[item] for item in row if item >= 0}) or math.nan


def distances(row, history, vectors):
    """(nearest, average) for each item shown; empty for an empty history."""
    if not history:
        return []
    all_of = [[1 - cosine(vectors[i], vectors[h]) for h in history] for _, i in shown(row)]
    return [(min(one), average(one)) for one in all_of]


def shares(weights, features):
    """Interests' shares of what is weighed, by item."""
    totals = [0.0] * len(features[0])
    for weight, row in zip(weights, features, strict=True):
        for interest, strength in enumerate(row):
            if sum(row):
                totals[interest] += weight * strength / sum(row)
    whole = sum(totals)
    return [total / whole if whole else 0.0 for total in totals]


def kullback_leibler(p, q, alpha=0.01):
    if not (sum(p) and sum(q)):
        return math.nan
    mixed = [(1 - alpha) * b + alpha * a for a, b in zip(p, q, strict=True)]
    return sum(a * math.log2(a / m) for a, m in zip(p, mixed, strict=True) if a)


def jensen_shannon(p, q):
    if not (sum(p) and sum(q)):
        return math.nan
    middle = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    halves = (
        sum(x * math.log2(x / m) for x, m in zip(d, middle, strict=True) if x) for d in (p, q)
    )
    return sum(halves) / 2
