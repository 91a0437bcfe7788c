"""Compares the models crate with the Python package lifetimes 0.11 on the same simulated customers.

    cargo build --release -p models --example compare
    python3 -m venv VENV && VENV/bin/pip install 'lifetimes==0.11.*' scipy pandas numpy
    VENV/bin/python crates/models/compare/compare.py target/release/examples/compare

VENV is any folder outside the checkout.

Prints a table of seconds and memory, each program in a process of its own, and the factors the project asks for.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")

MONTH = 4.345
WANTED = {"fit": 10, "expectations": 3, "values": 20, "pareto_fit": 20, "memory": 3}


def simulated(customers, seed=1):
    """BG/NBD customers with the parameters of the CDNOW data, seen for 27 to 78 weeks."""
    chance = np.random.default_rng(seed)
    observed = chance.uniform(27, 78, customers)
    rate = chance.gamma(0.243, 1 / 4.414, customers)
    leaves = chance.beta(0.793, 2.426, customers)
    repeats, last = np.zeros(customers), np.zeros(customers)
    there = np.arange(customers)
    while len(there):
        following = last[there] + chance.exponential(1, len(there)) / np.maximum(rate[there], 1e-300)
        came = following <= observed[there]
        there, following = there[came], following[came]
        last[there] = following
        repeats[there] += 1
        there = there[chance.uniform(size=len(there)) > leaves[there]]
    return repeats, last, observed


def write(file, customers):
    columns = np.column_stack(simulated(customers))
    np.savetxt(file, columns, delimiter=",", header="repeats,last,observed", comments="", fmt=["%d", "%.17g", "%.17g"])


def python_half(model, file):
    """Runs in a process of its own."""
    import lifetimes
    import pandas

    data = pandas.read_csv(file)
    repeats, last, observed = data["repeats"], data["last"], data["observed"]
    fitter = lifetimes.BetaGeoFitter() if model == "bgnbd" else lifetimes.ParetoNBDFitter()
    start = time.perf_counter()
    fitter.fit(repeats, last, observed)
    told = {"fit": time.perf_counter() - start, "parameters": [float(one) for one in fitter.params_]}
    if model == "bgnbd":
        start = time.perf_counter()
        expected = fitter.conditional_expected_number_of_purchases_up_to_time(52, repeats, last, observed)
        told["expectations"] = time.perf_counter() - start
        told["expected"] = float(np.sum(expected))
        start = time.perf_counter()
        ones = pandas.Series(np.ones(len(data)))
        worth = lifetimes.utils._customer_lifetime_value(
            fitter, repeats, last, observed, ones, time=12, discount_rate=0.01, freq="W"
        )
        told["values"] = time.perf_counter() - start
        told["worth"] = float(np.sum(worth))
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


def run(command):
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def main(program):
    factors = {}
    with tempfile.TemporaryDirectory() as folder:
        for model, customers in [("bgnbd", 1_000_000), ("paretonbd", 100_000)]:
            file = f"{folder}/{model}.csv"
            write(file, customers)
            ours = run([program, model, file])
            theirs = run([sys.executable, __file__, "--python-half", model, file])
            print(f"{model}, {customers} customers: models, lifetimes, factor")
            for what in ["fit", "expectations", "values", "peak_mb"]:
                if what in ours:
                    factor = theirs[what] / ours[what]
                    name = "memory" if what == "peak_mb" else what
                    factors.setdefault(name if model == "bgnbd" else f"pareto_{name}", factor)
                    print(f"  {name:<13} {ours[what]:>10.3f} {theirs[what]:>10.3f} {factor:>8.1f}")
            for what in ["parameters", "expected", "worth"]:
                if what in ours:
                    print(f"  {what:<13} {ours[what]}  {theirs[what]}")
    missed = [name for name, wanted in WANTED.items() if factors[name] < wanted]
    print("wanted:", WANTED, "missed:", missed or "none")
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--python-half":
        python_half(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 2:
        sys.exit(main(sys.argv[1]))
    else:
        sys.exit(__doc__)
