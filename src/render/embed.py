#!/usr/bin/env python3
"""embed: writes text files as C string constants: embed.py OUT HEADER NAME=FILE…"""

import json
import sys


def main():
    out, header, *pairs = sys.argv[1:]
    with open(out, "w", encoding="utf-8") as made:
        made.write(f'#include "{header}"\n')
        for pair in pairs:
            name, path = pair.split("=", 1)
            with open(path, encoding="utf-8") as text:
                lines = "\n".join("\t" + json.dumps(line) for line in text)
            made.write(f"\nconst char {name}[] =\n{lines};\n")


main()
