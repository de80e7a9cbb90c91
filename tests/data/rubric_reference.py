"""Makes rubric_reference.json, against which tests/rubric_reference.rs checks the scoring of rubrics.

    python tests/data/rubric_reference.py > tests/data/rubric_reference.json

A second implementation, by exact fractions of Python's standard library, of the rules as HealthBench's own code, Inspect's
and the study's compute them; verdicts that are missing leave their criterion out.
"""

import json
import random
from fractions import Fraction

N_RUBRICS = 1000
N_IN_A_MODEL = 20
TAGS = ["axis:accuracy", "axis:completeness", "axis:communication_quality", "level:example"]


def rubric(rng):
    criteria = []
    for _ in range(rng.randint(1, 15)):
        points = rng.choice([p for p in range(-10, 11) if p])
        criteria.append({"points": points, "tags": rng.sample(TAGS, rng.randint(0, 2))})
    met = [rng.choices([True, False, None], [5, 4, 1])[0] for _ in criteria]
    return criteria, met


def points(criteria, met, tag=None):
    judged = [(c["points"], m) for c, m in zip(criteria, met) if m is not None and (tag is None or tag in c["tags"])]
    return sum(p for p, m in judged if m), sum(p for p, _ in judged if p > 0)


def share(earned, possible):
    return Fraction(earned, possible) if possible else None


def clip(x):
    return min(max(x, Fraction(0)), Fraction(1))


def number(x):
    return None if x is None else float(x)


def main():
    rng = random.Random(62)
    answers = []
    for _ in range(N_RUBRICS):
        criteria, met = rubric(rng)
        tags = sorted({t for c in criteria for t in c["tags"]})
        by_tag = {t: share(*points(criteria, met, t)) for t in tags}
        answers.append({
            "criteria": criteria, "met": met, "score": number(share(*points(criteria, met))),
            "by_tag": {t: float(s) for t, s in by_tag.items() if s is not None},
        })
    models = []
    for start in range(0, N_RUBRICS, N_IN_A_MODEL):
        part = answers[start:start + N_IN_A_MODEL]
        pairs = [points(a["criteria"], a["met"]) for a in part]
        pairs = [(e, p) for e, p in pairs if p]
        scores = [Fraction(e, p) for e, p in pairs]
        models.append({
            "healthbench": number(clip(sum(scores) / len(scores))),
            "pooled": number(Fraction(sum(e for e, _ in pairs), sum(p for _, p in pairs))),
            "clipped_each": number(sum(map(clip, scores)) / len(scores)),
        })
    print(json.dumps({"answers": answers, "models": models, "n_in_a_model": N_IN_A_MODEL}, separators=(",", ":")))


main()
