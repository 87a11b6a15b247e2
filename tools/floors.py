"""floors: the folders of src/ from the ground up, and how a file says what it is for."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent

# A file may include its own folder and lower floors. In reading order.
FOLDERS = [
    (0, "base", "what everything stands on"),
    (0, "bpf", "what runs in the kernel, and the records that cross from there"),
    (1, "model", "the profile and its algebra"),
    (1, "wire", "the grammars that formats are written in"),
    (1, "object", "ELF files"),
    (1, "proc", "what /proc tells about processes"),
    (1, "net", "HTTP"),
    (2, "codec", "profile formats, in and out"),
    (2, "unwind", "from registers to a call stack"),
    (2, "symbol", "from addresses to names"),
    (2, "render", "pictures and text"),
    (3, "sampler", "from a running machine to a profile"),
    (3, "inproc", "the same from inside a program"),
    (3, "store", "profiles kept"),
    (3, "debuginfo", "files with names, kept for frames that came as addresses"),
    (4, "agent", "the always-on pipeline"),
    (4, "ingest", "profiles of others, on their way to the store"),
    (4, "query", "questions to a store"),
    (5, "server", "routes and pages"),
    (6, "cli", "the commands"),
]
FLOOR = {folder: floor for floor, folder, _ in FOLDERS}

# The rest of the tree, in the order in which the code map shows it.
OTHERS = [
    ("include", "the public interface"),
    ("web", "the page"),
    ("examples", "programs to try it on"),
    ("tests", "beside the unit tests, which mirror src/"),
    ("fuzz", "targets for hostile input"),
    ("bench", "figures, with the peer beside us"),
    ("tools", "what keeps the house"),
]

COMMENT = re.compile(r'^(?:/\*\*?|//|#|"""| \*)\s*')


def tracked(*patterns):
    """Files of the checkout that git knows or would know, as paths from the root."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *patterns],
                            cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for path in sorted(listed.splitlines()) if (ROOT / path).is_file()]


def stem_of(path):
    """disk for disk.c and disk.h, sample.bpf for sample.bpf.c."""
    return re.sub(r"(\.c\.in|\.[a-z]+)$", "", pathlib.Path(path).name)


def purpose_of(path):
    """What the first line says the file is for, or None where it does not begin with "stem: "."""
    with open(ROOT / path, encoding="utf-8", errors="replace") as file:
        lines = [file.readline().rstrip("\n") for _ in range(4)]
    for line in lines:
        if line.startswith(("#!", "/* SPDX-", "// SPDX-")) or line.strip() in ("/*", "/**", "//", "#", "<!doctype html>"):
            continue
        text = COMMENT.sub("", line).removeprefix("<!--").strip()
        for name in (stem_of(path), stem_of(path).removesuffix(".bpf"), pathlib.Path(path).name):
            if text.startswith(name + ": "):
                text = text[len(name) + 2:]
                return re.sub(r'\s*(\*/|"""|-->)$', "", text).strip()
        return None
    return None
