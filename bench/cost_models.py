"""How well three forms of cost model predict towns of prefectures they have not seen, and what they say of size.

    python bench/cost_models.py [--json]

SSDSE-A-2025 as shipped, 1,734 municipalities. Each of the 47 prefectures is left out in turn, the model is fitted on
the others (all of it: knots, means, coefficients) and predicts the towns of the one left out.

JSON: a list of ``purpose`` and ``form``, each with ``rmse`` and ``r2`` (of the logarithm of cost per head, held out),
``median_error`` (median of |predicted / actual - 1|), ``covered`` (share of towns within their 95 % prediction
interval), ``sample_r2`` (not held out), ``elasticities`` (at each population: value, low, high; all else as in the
median town) and ``seconds`` (one fit).
"""

import argparse
import json
import time

from machi.joint.engine.cost_model import Form, elasticities, fit, held_out
from machi.joint.engine.cost_sample import Purpose, sample
from machi.joint.engine.indicators import shipped

POPULATIONS = (3_000, 10_000, 30_000, 100_000, 300_000)


def measured(purpose: Purpose, form: Form) -> dict[str, object]:
    table = sample(shipped())
    cost = table.costs[purpose]
    started = time.perf_counter()
    model = fit(table.towns, cost, form)
    seconds = time.perf_counter() - started
    error = held_out(table.towns, cost, table.prefectures, form)
    return {
        "purpose": purpose.value,
        "form": form.value,
        "rmse": error.rmse,
        "r2": error.r2,
        "median_error": error.median_error,
        "covered": error.covered,
        "sample_r2": model.r2,
        "elasticities": {
            int(one.population): [one.value, one.low, one.high]
            for one in elasticities(model, table.towns, POPULATIONS)
        },
        "seconds": seconds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    rows = [measured(purpose, form) for purpose in Purpose for form in Form]
    if as_json:
        print(json.dumps(rows))
        return
    print(
        "purpose       form      rmse   R2   median error  covered  R2 in sample  elasticity at", *POPULATIONS
    )
    for row in rows:
        values = row["elasticities"]
        assert isinstance(values, dict)
        at = " ".join(f"{value:+.2f} [{low:+.2f}, {high:+.2f}]" for value, low, high in values.values())
        print(
            f"{row['purpose']:<13} {row['form']:<9} {row['rmse']:.3f} {row['r2']:.3f} {row['median_error']:>8.1%} "
            f"{row['covered']:>10.1%} {row['sample_r2']:>9.3f}        {at}"
        )


if __name__ == "__main__":
    main()
