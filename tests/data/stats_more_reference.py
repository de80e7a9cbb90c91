"""Makes stats_more_reference.json, the values that tests/stats_more_reference.rs checks repeats, bootstraps, calibration,
planning, consistency and the comparison of groups against.

    pip install numpy scipy statsmodels scikit-learn
    python tests/data/stats_more_reference.py > tests/data/stats_more_reference.json

Values come from scipy, statsmodels or scikit-learn where they have the method; else from a direct count or the published
formula, written in another way than the program has it. Bootstraps are made twice: with the program's own generator,
which must agree to rounding, and by scipy with its own, which must agree within the bootstrap's error.
"""

import itertools
import json
import math
import random

import numpy
import statsmodels.api
from scipy import stats
from sklearn.metrics import brier_score_loss, roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar

MASK = (1 << 64) - 1


class SplitMix64:
    """Steele, Lea and Flood 2014."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def indices(self, n, count):
        drawn = []
        while len(drawn) < count:
            bits = self.next()
            drawn += [((bits >> 32) * n) >> 32, ((bits & 0xFFFFFFFF) * n) >> 32]
        return drawn[:count]


def chi_squares():
    """Upper tails, Pearson's tests."""
    for df, x in itertools.product([1, 2, 3, 4, 9, 25, 200], [0.01, 0.5, 2.0, 5.0, 12.5, 60.0, 230.0]):
        yield {"df": df, "x": x, "tail": float(stats.chi2.sf(x, df))}
    for counts in [[30, 20, 25, 25], [10, 0, 3], [250, 251, 249, 250], [900, 40, 30, 30]]:
        found = stats.chisquare(counts)
        yield {"counts": counts, "statistic": float(found.statistic), "p": float(found.pvalue)}
    for groups in [[(30, 50), (20, 50), (45, 60)], [(1, 10), (9, 10)], [(400, 500), (410, 500), (390, 500), (405, 500)]]:
        table = [[right for right, _ in groups], [n - right for right, n in groups]]
        found = stats.chi2_contingency(table, correction=False)
        yield {"groups": groups, "statistic": float(found.statistic), "p": float(found.pvalue)}


def repeats():
    """All and any of k tries, and the worst and best of k scores, by counting every draw."""
    for n in [1, 3, 5, 8]:
        for right in range(n + 1):
            tries = [1] * right + [0] * (n - right)
            for k in range(1, n + 1):
                draws = list(itertools.combinations(tries, k))
                yield {"right": right, "n": n, "k": k, "all": sum(map(all, draws)) / len(draws),
                       "any": sum(map(any, draws)) / len(draws)}
    generator = random.Random(5)
    for n in [2, 5, 7]:
        scores = [round(generator.random(), 3) for _ in range(n)]
        for k in range(1, n + 1):
            draws = list(itertools.combinations(scores, k))
            yield {"scores": scores, "k": k, "worst": sum(map(min, draws)) / len(draws),
                   "best": sum(map(max, draws)) / len(draws)}


def variance_parts():
    """Between and within items: statsmodels' analysis of variance, balanced and not."""
    generator = numpy.random.default_rng(9)
    for sizes in [[4] * 12, [2, 5, 3, 1, 4, 6, 2, 3]]:
        items = [(generator.random() + 0.5 * generator.random(size)).tolist() for size in sizes]
        values = numpy.concatenate(items)
        groups = numpy.repeat(numpy.arange(len(sizes)), sizes)
        dummies = (groups[:, None] == numpy.arange(len(sizes))).astype(float)
        fit = statsmodels.api.OLS(values, dummies).fit()
        total = len(values)
        between = (statsmodels.api.OLS(values, numpy.ones(total)).fit().ssr - fit.ssr) / (len(sizes) - 1)
        size = (total - sum(s * s for s in sizes) / total) / (len(sizes) - 1)
        yield {"items": items, "within": float(fit.mse_resid), "between": float(max(0, (between - fit.mse_resid) / size))}


def bca(replicates, estimate, without_one, confidence):
    """scipy's formulas, scipy/stats/_resampling.py."""
    share = (numpy.mean(replicates < estimate - 1e-13) + numpy.mean(replicates <= estimate + 1e-13)) / 2
    shift = stats.norm.ppf(share)
    gaps = numpy.mean(without_one) - without_one
    acceleration = numpy.sum(gaps ** 3) / (6 * numpy.sum(gaps ** 2) ** 1.5)
    levels = []
    for z in stats.norm.ppf([(1 - confidence) / 2, (1 + confidence) / 2]):
        levels.append(stats.norm.cdf(shift + (shift + z) / (1 - acceleration * (shift + z))))
    return numpy.quantile(replicates, levels)


def bootstraps():
    """Ratio of sums over clusters."""
    generator = numpy.random.default_rng(13)
    skewed = numpy.round(generator.exponential(0.3, 40) - 0.2, 4)
    differences = numpy.round(generator.normal(0.05, 0.3, 120), 4)
    sizes = generator.integers(1, 6, 50)
    sums = numpy.round([generator.normal(0.1, 0.4, size).sum() for size in sizes], 4)
    cases = [(skewed, numpy.ones(40)), (differences, numpy.ones(120)), (sums, sizes.astype(float))]
    for (values, weights), (n_resamples, seed) in itertools.product(cases, [(2000, 62), (1999, 7)]):
        n = len(values)
        numbers = SplitMix64(seed)
        replicates = []
        for _ in range(n_resamples):
            drawn = numbers.indices(n, n)
            replicates.append(values[drawn].sum() / weights[drawn].sum())
        replicates = numpy.array(replicates)
        estimate = values.sum() / weights.sum()
        without_one = (values.sum() - values) / (weights.sum() - weights)
        by_scipy = stats.bootstrap((values, weights), lambda v, w, axis: v.sum(axis) / w.sum(axis), paired=True,
                                   vectorized=True, n_resamples=100000, batch=10000, method="BCa", rng=numpy.random.default_rng(1))
        interval = by_scipy.confidence_interval
        yield {
            "clusters": [[float(v), float(w)] for v, w in zip(values, weights)], "n_resamples": n_resamples, "seed": seed,
            "estimate": float(estimate), "error": float(replicates.std(ddof=1)),
            "percentile": numpy.quantile(replicates, [0.025, 0.975]).tolist(),
            "bca": bca(replicates, estimate, without_one, 0.95).tolist(),
            "scipy_error": float(by_scipy.standard_error), "scipy_bca": [float(interval.low), float(interval.high)],
        }


def crossed():
    """Two groups of models: the parts of the variance by analysis of variance on all answers in long form."""
    generator = numpy.random.default_rng(21)
    for m1, m2, n in [(3, 2, 40), (5, 4, 25), (2, 2, 100)]:
        ease = generator.normal(0, 1, n)
        group = [[((ease + generator.normal(0, 0.4) + generator.normal(0, 1, n)) > -0.5 + shift).astype(int).tolist()
                  for _ in range(m)] for m, shift in [(m1, 0.0), (m2, 0.4)]]
        parts, shared, dfs = [], 0.0, []
        for models in group:
            table = numpy.array(models, dtype=float)
            m = len(models)
            values = table.ravel()
            model_of = numpy.repeat(numpy.arange(m), n)
            item_of = numpy.tile(numpy.arange(n), m)
            design = numpy.hstack([(model_of[:, None] == numpy.arange(m)), (item_of[:, None] == numpy.arange(1, n))]).astype(float)
            fit = statsmodels.api.OLS(values, design).fit()
            parts.append(table.mean(axis=1).var(ddof=1) / m)
            shared += fit.ssr / ((m - 1) * (n - 1)) / (m * n)
            dfs.append(m - 1)
        one, other = (numpy.array(models, dtype=float).mean(axis=0) for models in group)
        of_items = (one - other).var(ddof=1) / n
        total = max(of_items + sum(parts) - shared, of_items, sum(parts))
        df = total ** 2 / (parts[0] ** 2 / dfs[0] + parts[1] ** 2 / dfs[1] + of_items ** 2 / (n - 1))
        difference = one.mean() - other.mean()
        low, high = stats.t.interval(0.95, df, difference, math.sqrt(total))
        # The pigeonhole bootstrap by numpy, with its own draws.
        replicates = []
        tables = [numpy.array(models, dtype=float) for models in group]
        for _ in range(20000):
            items = generator.integers(0, n, n)
            means = [table[generator.integers(0, len(table), len(table))][:, items].mean() for table in tables]
            replicates.append(means[0] - means[1])
        yield {"first": group[0], "second": group[1], "difference": float(difference), "error": math.sqrt(total), "df": float(df),
               "interval": [float(low), float(high)], "p": float(2 * stats.t.sf(abs(difference) / math.sqrt(total), df)),
               "of_items": float(of_items), "of_models": float(sum(parts)), "bootstrap_error": float(numpy.std(replicates, ddof=1))}


def calibrations():
    """Brier score, its parts, the expected calibration error, discrimination, selective accuracy."""
    generator = numpy.random.default_rng(3)
    published = ([.95, .9, .9, .8, .7, .6, .55, .3], [1, 1, 0, 1, 1, 0, 1, 0])
    coarse = numpy.round(generator.random(300), 1)
    fine = generator.random(200)
    sets = [published, (coarse, generator.random(300) < coarse), (fine, generator.random(200) < 0.3 + 0.5 * fine)]
    for confidences, rights in sets:
        p, y = numpy.array(confidences, dtype=float), numpy.array(rights, dtype=int)
        n, base = len(p), y.mean()
        reliability = sum((p == c).sum() * (c - y[p == c].mean()) ** 2 for c in numpy.unique(p)) / n
        resolution = sum((p == c).sum() * (y[p == c].mean() - base) ** 2 for c in numpy.unique(p)) / n
        # The lower edge belongs to a bin, the upper one to the last bin only.
        edges = [k / 10 for k in range(11)]
        place = numpy.clip(numpy.searchsorted(edges, p, side="right") - 1, 0, 9)
        gaps = [(abs(y[place == k].mean() - p[place == k].mean()), (place == k).sum()) for k in range(10) if (place == k).any()]
        risks, orders = 0.0, 400
        for _ in range(orders):
            order = generator.permutation(n)
            order = order[numpy.argsort(-p[order], kind="stable")]
            risks += numpy.mean(numpy.cumsum(1 - y[order]) / numpy.arange(1, n + 1))
        # Ties by their mean, exactly.
        mean_wrong = numpy.array([1 - y[p == c].mean() for c in p])
        order = numpy.argsort(-p, kind="stable")
        exact = numpy.mean(numpy.cumsum(mean_wrong[order]) / numpy.arange(1, n + 1))
        assert abs(exact - risks / orders) < 0.01, (exact, risks / orders)
        yield {"stated": [[float(a), bool(b)] for a, b in zip(p, y)], "brier": float(brier_score_loss(y, p)),
               "reliability": float(reliability), "resolution": float(resolution), "uncertainty": float(base * (1 - base)),
               "ece": float(sum(gap * size for gap, size in gaps) / n), "max_gap": float(max(gap for gap, _ in gaps)),
               "auc": float(roc_auc_score(y, p)), "area_under_risk": float(exact),
               "kept": [[float(c), float((p >= c).mean()), float(y[p >= c].mean())] for c in sorted(set(p), reverse=True)]}


def plans():
    """Questions needed and differences that can be found."""
    for deviation, difference, significance, power in itertools.product([0.35, 1 / 3, 0.5], [0.02, 0.03, 0.1], [0.05, 0.01], [0.8, 0.9]):
        z = stats.norm.isf(significance / 2) + stats.norm.ppf(power)
        n = (z * deviation / difference) ** 2
        yield {"deviation": deviation, "difference": difference, "significance": significance, "power": power, "n": float(n),
               "detectable_at_500": float(z * deviation / math.sqrt(500))}
    for discordant, difference in [(0.1367, 0.0487), (0.2, 0.1), (0.3, 0.05)]:
        root = math.sqrt(discordant), math.sqrt(discordant - difference ** 2)
        n = ((stats.norm.isf(0.025) * root[0] + stats.norm.ppf(0.8) * root[1]) / difference) ** 2
        z = (difference * math.sqrt(300) - stats.norm.isf(0.025) * root[0]) / root[1]
        # How often McNemar's test (mid-p) really finds it with so many questions: its power by simulation.
        generator = numpy.random.default_rng(17)
        only_first = (discordant + difference) / 2
        counts = generator.multinomial(math.ceil(n), [only_first, discordant - only_first, 1 - discordant], 4000)
        cache = {}
        found = 0
        for b, c, _ in counts.tolist():
            if (b, c) not in cache:
                exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue
                cache[b, c] = exact - stats.binom.pmf(min(b, c), b + c, 0.5) < 0.05 if b != c else False
            found += cache[b, c]
        yield {"discordant": discordant, "difference": difference, "n_mcnemar": float(n), "power_at_300": float(stats.norm.cdf(z)),
               "simulated_power": found / 4000}


print(json.dumps({
    "chi_squares": list(chi_squares()), "repeats": list(repeats()), "variance_parts": list(variance_parts()),
    "bootstraps": list(bootstraps()), "crossed": list(crossed()), "calibrations": list(calibrations()), "plans": list(plans()),
}, indent=None, separators=(",", ":")))
