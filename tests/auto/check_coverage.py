#!/usr/bin/env python3
"""check_coverage.py - docs/coverage.md has its sixty rows and names only what exists."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEAD = ["id", "system (vi)", "system (en)", "served by", "how to try"]


def rows(text):
    lines = [l for l in text.splitlines() if l.startswith("|")]
    table = [[c.strip() for c in l.strip("|").split("|")] for l in lines]
    if not table or table[0] != HEAD:
        return None
    return table[2:]


def faults(text, root):
    table = rows(text)
    if table is None:
        return ["the table's head must be: " + " | ".join(HEAD)]
    found = []
    want = [f"S{i:02d}" for i in range(1, 61)]
    if [r[0] for r in table] != want:
        found.append("the first column must be S01 to S60, each once and in order")
    for r in table:
        if len(r) != len(HEAD) or not all(r):
            found.append(f"{r[0]}: five filled columns are needed")
            continue
        served = r[3]
        paths = re.findall(r"`([^`]+)`", served)
        if served == "not yet":
            continue
        if not paths:
            found.append(f"{r[0]}: name a path in backquotes, or write: not yet")
        for p in paths:
            if ".." in p or p.startswith("/") or not (root / p).exists():
                found.append(f"{r[0]}: {p} does not exist")
            elif (root / p).is_dir() and not any((root / p).iterdir()):
                found.append(f"{r[0]}: {p} is empty")
    return found


def self_test(text, root):
    """The checker must see what is wrong: a lost row, a missing path, an empty claim."""
    row = next(l for l in text.splitlines() if l.startswith("| S36"))
    cells = row.split("|")
    wrong = [
        text.replace(row + "\n", ""),
        text.replace(row, row.replace("`packs/", "`packs/no-such-")),
        text.replace(row, "|".join(cells[:4] + [" soon "] + cells[5:])),
        text.replace("| id |", "| no |"),
    ]
    return [f"self-test {i} saw nothing" for i, t in enumerate(wrong) if not faults(t, root)]


def main():
    text = (ROOT / "docs/coverage.md").read_text(encoding="utf-8")
    found = faults(text, ROOT) + self_test(text, ROOT)
    for f in found:
        print(f"docs/coverage.md: {f}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
