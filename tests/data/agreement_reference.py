"""Makes agreement_reference.json, the values that tests/agreement_reference.rs checks the measures of agreement against.

    pip install krippendorff statsmodels scikit-learn
    python tests/data/agreement_reference.py > tests/data/agreement_reference.json

Krippendorff's alpha comes from the package of that name, Fleiss' kappa from statsmodels, Cohen's from scikit-learn.
Made with krippendorff 0.9.0, statsmodels 0.15.0, scikit-learn 1.9.1.
"""

import json
import random
import warnings

import krippendorff
import numpy
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa

warnings.filterwarnings("ignore")


def clean(value):
    """A number, or nothing where the measure is not defined."""
    return None if numpy.isnan(value) else float(value)


def pairs():
    """Two raters: the textbook table [[20, 5], [10, 15]], and random ones with agreement of all strengths."""
    generator = random.Random(5)
    textbook = [(0, 0)] * 20 + [(0, 1)] * 5 + [(1, 0)] * 10 + [(1, 1)] * 15
    lists = [(2, textbook), (2, [(0, 0), (1, 1)]), (3, [(0, 2), (2, 0), (1, 1)])]
    for n_categories in [2, 3, 5]:
        for loyalty in [0.0, 0.3, 0.7, 0.95]:
            drawn = []
            for _ in range(generator.randint(20, 200)):
                one = generator.randrange(n_categories)
                other = one if generator.random() < loyalty else generator.randrange(n_categories)
                drawn.append((one, other))
            lists.append((n_categories, drawn))
    for n_categories, drawn in lists:
        one, other = zip(*drawn)
        labels = list(range(n_categories))
        yield {
            "n_categories": n_categories, "pairs": drawn,
            "unweighted": clean(cohen_kappa_score(one, other, labels=labels)),
            "linear": clean(cohen_kappa_score(one, other, labels=labels, weights="linear")),
            "quadratic": clean(cohen_kappa_score(one, other, labels=labels, weights="quadratic")),
        }


def tables():
    """Fleiss: the ten subjects and fourteen raters of his kind of example, and random tables."""
    generator = random.Random(6)
    example = [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
               [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]
    lists = [example]
    for n_categories, n_raters in [(2, 3), (3, 4), (5, 7)]:
        table = []
        for _ in range(40):
            row = [0] * n_categories
            favourite = generator.randrange(n_categories)
            for _ in range(n_raters):
                row[favourite if generator.random() < 0.6 else generator.randrange(n_categories)] += 1
            table.append(row)
        lists.append(table)
    for table in lists:
        yield {"table": table, "kappa": clean(fleiss_kappa(numpy.array(table), method="fleiss"))}


def units():
    """Krippendorff: the example with missing data of three coders and fifteen units, and random ones."""
    generator = random.Random(7)
    none = None
    example = [
        [none, none, none, none, none, 3, 4, 1, 2, 1, 1, 3, 3, none, 3],
        [1, none, 2, 1, 3, 3, 4, 3, none, none, none, none, none, none, none],
        [none, none, 2, 1, 3, 4, 4, none, 2, 1, 1, 3, 3, none, 4],
    ]
    lists = [example]
    for n_raters, n_units, values, missing in [(2, 30, [0, 1], 0.0), (3, 60, [0, 1], 0.2), (4, 50, [1, 2, 3, 4], 0.1),
                                               (3, 40, [1, 2, 3, 4, 5], 0.4), (2, 40, [0.0, 0.5, 1.0], 0.05)]:
        raters = [[] for _ in range(n_raters)]
        for _ in range(n_units):
            truth = generator.choice(values)
            for rater in raters:
                value = truth if generator.random() < 0.6 else generator.choice(values)
                rater.append(None if generator.random() < missing else value)
        lists.append(raters)
    for raters in lists:
        data = numpy.array([[numpy.nan if value is None else value for value in rater] for rater in raters])
        yield {
            "raters": raters,
            **{level: clean(krippendorff.alpha(reliability_data=data, level_of_measurement=level))
               for level in ["nominal", "ordinal", "interval"]},
        }


print(json.dumps({"pairs": list(pairs()), "tables": list(tables()), "units": list(units())}))
