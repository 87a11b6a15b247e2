#!/usr/bin/env python3
"""folded_of: folded stacks of a large made-up program: folded_of.py NODES > FILE

Mean depth about 28, 20,000 names, sorted as flamegraph.pl sorts them. The same every time.
"""

import random
import sys


def main():
    wanted, rng = int(sys.argv[1]), random.Random(1)
    names = [f"{rng.choice(['net', 'db', 'json', 'std', 'app', 'mem'])}::module_{i % 97}::function_{i}"
             for i in range(20000)]
    path, made, lines = [], 0, []
    while made < wanted:
        keep = min(len(path), int(rng.triangular(0, 36, 24)))
        grow = 1 + int(rng.expovariate(1 / 9))
        path = path[:keep] + rng.choices(names, k=grow)
        path = path[:60]
        made += len(path) - keep
        lines.append(";".join(path) + f" {1 + int(rng.expovariate(1 / 40))}\n")
    lines.sort()
    sys.stdout.writelines(lines)


main()
