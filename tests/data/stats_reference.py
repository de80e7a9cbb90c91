"""Makes stats_reference.json, the values that tests/stats_reference.rs checks the statistics against.

    pip install scipy statsmodels mpmath
    python tests/data/stats_reference.py > tests/data/stats_reference.json

Each value comes from scipy or statsmodels where they have the method, and from the published formula in 40-digit
arithmetic (mpmath) where they do not, or where their own rounding would hide ours. Made with scipy 1.17.1,
statsmodels 0.15.0, mpmath 1.4.1.
"""

import itertools
import json
import random

import mpmath
import numpy
import statsmodels.api
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

mpmath.mp.dps = 40
CONFIDENCES = [0.9, 0.95, 0.99]


def proportions():
    """Wilson and Clopper-Pearson."""
    counts = [(0, 1), (1, 1), (0, 10), (10, 10), (7, 50), (448, 500), (487, 500), (0, 100), (19, 100), (1, 3),
              (121, 1273), (1122, 1273), (1, 100000), (50000, 100000), (99999, 100000)]
    for (k, n), confidence in itertools.product(counts, CONFIDENCES):
        alpha = 1 - confidence
        yield {
            "k": k, "n": n, "confidence": confidence,
            "wilson": [float(x) for x in proportion_confint(k, n, alpha, "wilson")],
            "exact": [float(x) for x in proportion_confint(k, n, alpha, "beta")],
        }


def normals():
    """Quantiles and tails of the normal distribution."""
    for p in [1e-300, 1e-20, 1e-9, 1e-4, 0.001, 0.0249, 0.05, 0.0751, 0.3, 0.5, 0.7, 0.95, 0.975, 0.999, 0.9999999]:
        yield {"p": p, "quantile": float(stats.norm.ppf(p))}
    for z in [0.0, 1e-5, 0.3, 1.0, 1.959963984540054, 2.0, 2.8, 2.83, 5.0, 10.0, 30.0]:
        yield {"z": z, "two_sided": float(mpmath.erfc(mpmath.mpf(z) / mpmath.sqrt(2)))}


def students():
    """Quantiles and tails of Student's t."""
    for df in [1, 2, 3, 5, 11, 30, 119, 1272, 99999]:
        for confidence in CONFIDENCES:
            yield {"df": df, "confidence": confidence, "t": float(stats.t.ppf((1 + confidence) / 2, df))}
        for t in [0.1, 1.0, 2.5, 6.0]:
            x = mpmath.mpf(df) / (df + mpmath.mpf(t) ** 2)
            tail = mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, x, regularized=True)
            yield {"df": df, "at": t, "two_sided": float(tail)}


def binomials():
    """Densities and lower tails of the binomial distribution."""
    for k, n, p in [(0, 5, 0.3), (5, 5, 0.3), (2, 5, 0.5), (56, 174, 0.5), (3, 40, 0.01), (700, 1000, 0.68),
                    (49000, 100000, 0.5), (30, 100000, 0.0004)]:
        exact_p = mpmath.mpf(p)
        density = [mpmath.binomial(n, j) * exact_p ** j * (1 - exact_p) ** (n - j) for j in range(k + 1)]
        yield {"k": k, "n": n, "p": p, "density": float(density[-1]), "at_most": float(mpmath.fsum(density))}


def exact_mcnemar(b, c):
    """The two-sided exact and mid-p values."""
    n, fewer = b + c, min(b, c)
    half = mpmath.mpf(1) / 2
    tail = mpmath.fsum(mpmath.binomial(n, j) for j in range(fewer + 1)) * half ** n
    point = mpmath.binomial(n, fewer) * half ** n
    return min(mpmath.mpf(1), 2 * tail), (mpmath.mpf(1) if b == c else 2 * tail - point)


def newcombe(a, b, c, d, confidence):
    """Newcombe (1998), Statistics in Medicine 17:2635-2650, method 10."""
    n = mpmath.mpf(a + b + c + d)
    z = mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf(confidence))

    def wilson(k):
        p = k / n
        centre = (2 * n * p + z * z) / (2 * (n + z * z))
        half = z * mpmath.sqrt(z * z + 4 * n * p * (1 - p)) / (2 * (n + z * z))
        return p, centre - half, centre + half

    p1, l1, u1 = wilson(a + b)
    p2, l2, u2 = wilson(a + c)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    cross = a * d - b * c
    if margins == 0:
        phi = mpmath.mpf(0)
    elif cross > n / 2:
        phi = (cross - n / 2) / mpmath.sqrt(margins)
    elif cross >= 0:
        phi = mpmath.mpf(0)
    else:
        phi = cross / mpmath.sqrt(margins)
    diff = p1 - p2
    low = diff - mpmath.sqrt((p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2)
    high = diff + mpmath.sqrt((u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2)
    return [float(max(low, -1)), float(min(high, 1))]


def fourfolds():
    """Paired tables: the first two are [[both, first only], [second only, neither]] of the reference page."""
    tables = [(101, 121, 59, 33), (10, 5, 0, 3), (1004, 118, 56, 95), (1, 1, 7, 12), (0, 1, 0, 0), (5, 0, 0, 5),
              (4, 3, 3, 2), (0, 20, 0, 0), (10, 0, 0, 0), (3, 2, 9, 0), (40000, 30500, 29500, 0),
              (100, 50000, 49500, 400), (0, 99000, 1000, 0)]
    for a, b, c, d in tables:
        n = a + b + c + d
        exact, mid = exact_mcnemar(b, c)
        if b + c <= 1000:
            assert abs(mcnemar([[a, b], [c, d]], exact=True).pvalue - float(exact)) < 1e-12
        z = stats.norm.ppf(0.975)
        error = numpy.sqrt(max(0.0, b + c - (b - c) ** 2 / n)) / n
        diff = (b - c) / n
        yield {
            "table": [a, b, c, d], "exact_p": float(exact), "mid_p": float(mid), "difference": diff,
            "wald_error": float(error),
            "wald": [float(max(diff - z * error, -1)), float(min(diff + z * error, 1))],
            "newcombe": newcombe(a, b, c, d, 0.95),
        }


def means():
    """Paired mean differences with Student's t."""
    generator = random.Random(7)
    lists = [[0.25, -0.5, 0.75, 0.0, 0.5], [1.0, 1.0, 0.0],
             [generator.choice([-1, -0.5, 0, 0, 0.5, 1]) for _ in range(200)]]
    for d in lists:
        error = stats.sem(d)
        low, high = stats.t.interval(0.95, len(d) - 1, numpy.mean(d), error)
        yield {"d": d, "mean": float(numpy.mean(d)), "error": float(error), "interval": [float(low), float(high)]}


def sign_flips():
    """Fisher's randomisation test, by scipy over all patterns of signs, and by direct count."""
    lists = [([0.5, -0.5, 1.0, 1.0, 0.5, 1.0, 0.0, -0.5], 0.5), ([1.0] * 5, 1.0), ([1 / 3, 2 / 3, -1 / 3, 1.0, 1.0], 1 / 3),
             ([1.0] * 9 + [-1.0] * 3, 1.0)]
    for d, unit in lists:
        steps = [round(x / unit) for x in d]
        patterns = [sum(s * abs(x) for s, x in zip(signs, steps)) for signs in itertools.product([1, -1], repeat=len(d))]
        p = sum(abs(total) >= abs(sum(steps)) for total in patterns) / len(patterns)
        by_scipy = stats.permutation_test((numpy.array(steps),), numpy.sum, permutation_type="samples",
                                          n_resamples=numpy.inf).pvalue
        assert abs(p - by_scipy) < 1e-12, (p, by_scipy)
        yield {"d": d, "unit": unit, "p": p}


def clusters():
    """Clustered means: statsmodels' cluster-robust errors of a regression on a constant."""
    generator = random.Random(11)
    samples = [[[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 1, 1]],
               [[generator.randint(0, 1) for _ in range(generator.randint(1, 5))] for _ in range(60)]]
    for sample in samples:
        values = numpy.array([v for group in sample for v in group], dtype=float)
        groups = numpy.array([i for i, group in enumerate(sample) for _ in group])
        fit = statsmodels.api.OLS(values, numpy.ones_like(values))
        plain = fit.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
        g = len(sample)
        yield {
            "clusters": [[sum(group), len(group)] for group in sample], "mean": float(values.mean()),
            "uncorrected": float(plain.bse[0]), "corrected": float(plain.bse[0] * numpy.sqrt(g / (g - 1))),
        }


def adjustments():
    """Holm and Benjamini-Hochberg."""
    generator = random.Random(3)
    for p in [[0.01, 0.04, 0.03, 0.005], [0.5], [0.9, 0.8, 0.7], [0.02, 0.02, 0.02],
              [generator.random() ** 3 for _ in range(40)]]:
        yield {"p": p, "holm": [float(x) for x in multipletests(p, method="holm")[1]],
               "benjamini_hochberg": [float(x) for x in multipletests(p, method="fdr_bh")[1]]}


print(json.dumps({
    "proportions": list(proportions()), "normals": list(normals()), "students": list(students()),
    "binomials": list(binomials()), "fourfolds": list(fourfolds()), "means": list(means()),
    "sign_flips": list(sign_flips()), "clusters": list(clusters()), "adjustments": list(adjustments()),
}, indent=1))
