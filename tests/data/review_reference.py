"""Makes review_reference.json, the values that tests/review_reference.rs checks the statistics of blinded reviews against.

    pip install scipy statsmodels pandas
    python tests/data/review_reference.py > tests/data/review_reference.json

The ordinal model is statsmodels' OrderedModel, two-way clustered means its cov_cluster_2groups, Bradley-Terry its binomial
GLM with half wins for ties; Kendall's W is Friedman's chi-square of scipy (which corrects for ties) over m(n - 1). Made with
scipy 1.17.1 and statsmodels 0.15.0.

The last part reads review_assigned.json: who of a review of 20 answers by 6 reviewers rates what, as this program assigned
it with the seed that stands there. Ratings are made for all, and the model is fitted to those that were assigned.
"""

import json
import math
import os
import random
import sys
import warnings

import numpy
import statsmodels.api
from scipy import stats
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

warnings.simplefilter("ignore")


def dummies(levels):
    """Treatment contrasts: a column for each level but the first."""
    return [[1.0 if level == at else 0.0 for level in levels] for at in range(1, max(levels) + 1)]


def ordinal(ratings, factors):
    """Estimates and standard errors of the proportional odds model."""
    columns = numpy.array([column for levels in factors for column in dummies(levels)]).T
    model = OrderedModel(numpy.array(ratings), columns, distr="logit")
    start = model.fit(method="bfgs", maxiter=10000, gtol=1e-8, disp=False)
    fit = model.fit(start_params=start.params, method="newton", maxiter=200, tol=1e-12, disp=False)
    n_effects = columns.shape[1]
    raw = fit.params[n_effects:]
    thresholds = model.transform_threshold_params(fit.params)[1:-1]
    jacobian = numpy.zeros((len(raw), len(raw)))
    jacobian[:, 0] = 1.0
    for at in range(1, len(raw)):
        jacobian[at:, at] = math.exp(raw[at])
    covariance = numpy.asarray(fit.cov_params())
    of_thresholds = jacobian @ covariance[n_effects:, n_effects:] @ jacobian.T
    return {
        "ratings": [int(rating) for rating in ratings],
        "factors": factors,
        "effects": [float(x) for x in fit.params[:n_effects]],
        "errors": [float(math.sqrt(x)) for x in numpy.diag(covariance)[:n_effects]],
        "thresholds": [float(x) for x in thresholds],
        "threshold_errors": [float(math.sqrt(x)) for x in numpy.diag(of_thresholds)],
        "log_likelihood": float(fit.llf),
    }


def drawn(rng, effects, cuts):
    """A rating from 0 on for this sum of effects."""
    shifted = effects + math.log(1 / rng.uniform(1e-9, 1 - 1e-9) - 1)
    return sum(shifted > cut for cut in cuts)


def ordinals():
    """Models of growing size."""
    rng = random.Random(7)
    for n_models, n_items, n_raters, cuts in [(2, 1, 6, [0.0]), (3, 6, 4, [-1.0, 0.7]), (4, 10, 6, [-2.0, -0.8, 0.6]),
                                              (6, 25, 12, [-2.5, -1.0, 0.5])]:
        model_effects = [0.6 * at for at in range(n_models)]
        item_effects = [rng.gauss(0, 0.6) for _ in range(n_items)]
        rater_effects = [rng.gauss(0, 0.6) for _ in range(n_raters)]
        cells = [(m, i, r) for m in range(n_models) for i in range(n_items) for r in range(n_raters)
                 if n_items < 12 or rng.random() < 0.4]
        ratings = [drawn(rng, model_effects[m] + item_effects[i] + rater_effects[r], cuts) for m, i, r in cells]
        factors = [list(levels) for levels in zip(*cells)]
        factors = [levels for levels in factors if max(levels) > 0]
        if n_items == 1:
            factors = factors[:1]
        yield ordinal(ratings, factors)


def concordances():
    """Kendall's W without and with ties."""
    rng = random.Random(3)
    for n_rankings, n_ranked, most in [(5, 4, 1000), (5, 4, 3), (12, 6, 5), (100, 6, 4), (3, 9, 2)]:
        rows = [[rng.randint(0, most) + 0.3 * at for at in range(n_ranked)] if most > 100
                else [rng.randint(0, most) for _ in range(n_ranked)] for _ in range(n_rankings)]
        chi_square, p = stats.friedmanchisquare(*zip(*rows))
        yield {"rows": rows, "w": float(chi_square / (n_rankings * (n_ranked - 1))), "chi_square": float(chi_square),
               "p": float(p)}


def tails():
    """Upper tails of chi-square."""
    for df in [1, 2, 3, 4, 5, 10, 31]:
        for x in [0.01, 0.5, 2.0, 7.5, 30.0, 120.0]:
            yield {"x": x, "df": df, "p": float(stats.chi2.sf(x, df))}


def preferences():
    """Bradley-Terry with ties as half wins."""
    rng = random.Random(5)
    for n in [2, 3, 4, 6]:
        wins = [[0] * n for _ in range(n)]
        ties = [[0] * n for _ in range(n)]
        for one in range(n):
            for other in range(one + 1, n):
                for _ in range(15):
                    chance = 1 / (1 + math.exp(0.5 * (other - one)))
                    fate = rng.random()
                    if fate < 0.15:
                        ties[one][other] += 1
                    elif rng.random() < chance:
                        wins[one][other] += 1
                    else:
                        wins[other][one] += 1
        rows, won, lost = [], [], []
        for one in range(n):
            for other in range(one + 1, n):
                row = [0.0] * n
                row[one], row[other] = 1.0, -1.0
                rows.append(row[1:])
                half = ties[one][other] / 2
                won.append(wins[one][other] + half)
                lost.append(wins[other][one] + half)
        family = statsmodels.api.families.Binomial()
        fit = statsmodels.api.GLM(numpy.column_stack([won, lost]), numpy.array(rows), family=family).fit(tol=1e-14, maxiter=200)
        full = numpy.zeros((n, n))
        full[1:, 1:] = fit.cov_params()
        centre = numpy.eye(n) - numpy.ones((n, n)) / n
        values = centre @ numpy.concatenate([[0.0], fit.params])
        covariance = centre @ full @ centre.T
        yield {"wins": wins, "ties": ties, "values": [float(x) for x in values],
               "errors": [float(math.sqrt(x)) for x in numpy.diag(covariance)]}


def crossed():
    """Means with errors clustered by two things at once."""
    rng = random.Random(11)
    for n_first, n_second, share in [(5, 4, 1.0), (20, 6, 0.5), (8, 3, 0.7)]:
        first_effects = [rng.gauss(0, 1) for _ in range(n_first)]
        second_effects = [rng.gauss(0, 0.7) for _ in range(n_second)]
        values = [(2.5 + first_effects[f] + second_effects[s] + rng.gauss(0, 0.5), f, s)
                  for f in range(n_first) for s in range(n_second) for _ in range(2) if rng.random() < share]
        y, first, second = map(numpy.array, zip(*values))
        fit = statsmodels.api.OLS(y, numpy.ones(len(y))).fit()
        both, by_first, by_second = cov_cluster_2groups(fit, first, second, use_correction=True)
        yield {"values": [list(map(float, value)) for value in values], "mean": float(y.mean()),
               "error": float(math.sqrt(max(both[0, 0], by_first[0, 0], by_second[0, 0])))}


def review(assigned):
    """A review of 20 answers: ratings by everybody of everything, and the model of those assigned."""
    n_questions, n_models, n_reviewers = 5, 4, 6
    dimensions = ["correctness", "completeness", "safety", "clarity"]
    rng = random.Random(20261125)
    model_effects = [0.0, 0.9, -0.7, 1.6]
    question_effects = [0.0, 0.5, -0.6, 0.3, -0.2]
    reviewer_effects = [0.0, 0.7, -0.5, 0.2, -0.9, 0.4]
    ratings = {
        dimension: [[[1 + drawn(rng, model_effects[m] + question_effects[q] + reviewer_effects[r], [-2.2, -0.6, 1.1])
                      for r in range(n_reviewers)] for m in range(n_models)] for q in range(n_questions)]
        for dimension in dimensions
    }
    fits = {}
    for dimension in dimensions:
        cells = [(m, q, r) for q, m, r in assigned]
        given = [ratings[dimension][q][m][r] - 1 for m, q, r in cells]
        fits[dimension] = ordinal(given, [list(levels) for levels in zip(*cells)])
    return {"ratings": ratings, "fits": fits}


if __name__ == "__main__":
    with open(os.path.join(os.path.dirname(__file__), "review_assigned.json")) as file:
        ASSIGNED = json.load(file)
    json.dump({
        "ordinal": list(ordinals()), "concordance": list(concordances()), "chi_square": list(tails()),
        "preferences": list(preferences()), "crossed": list(crossed()), "review": review(ASSIGNED["assigned"]),
    }, sys.stdout, indent=None, separators=(",", ":"))
    print()
