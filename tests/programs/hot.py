"""hot.py: a deep chain of Python calls with nearly all work at its end."""
import sys
import time


def inner(n):
    total = 0
    for i in range(n):
        total = (total * 31 + i) % 1000003
    return total


def outer(depth, n):
    return inner(n) if depth == 0 else outer(depth - 1, n)


end = time.time() + float(sys.argv[1])
while time.time() < end:
    outer(10, 20000)
