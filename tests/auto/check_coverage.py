#!/usr/bin/env python3
"""check_coverage.py - docs/coverage.md has its sixty rows, names only what exists, and leaves out no pack and no module
that answers pages."""
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


PLAIN = {"api", "web"}  # what every page and program uses is no system of its own


def modules(root):
    """Modules of src/ that answer addresses of pages."""
    found = {p.relative_to(root / "src").parts[0] for p in (root / "src").rglob("*.c")
             if re.search(r'\{GET, "/', p.read_text(encoding="utf-8"))}
    return sorted(found - PLAIN)


def addresses(root):
    """What routes answer, as patterns: {id} stands for one segment."""
    found = []
    for p in (root / "src").rglob("*.c"):
        for path in re.findall(r'\{(?:GET|POST), "(/[^"]*)"', p.read_text(encoding="utf-8")):
            parts = re.split(r"\{[^}]*\}", path)
            found.append(re.compile("[^/]+".join(re.escape(x) for x in parts) + "$"))
    return found


def left_out(text, root):
    """A pack or a module with pages that no row names: the table is older than the tree."""
    served = " ".join(r[3] for r in rows(text) or [])
    named = set(re.findall(r"`([^`]+)`", served))
    want = [f"packs/{p.name}" for p in sorted((root / "packs").iterdir()) if p.is_dir()]
    want += [f"src/{m}" for m in modules(root)]
    found = [f"no row names {w}" for w in want if w not in named]
    known = addresses(root)
    for path in re.findall(r"`(/[^`]*)`", text):
        if not any(k.match(path) for k in known):
            found.append(f"{path} is no address")
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
        text.replace("`packs/index-dti`", "`packs/index-tt01`"),
        text.replace("`src/opendata`, ", ""),
        text.replace("open `/data`", "open `/datasets`"),
    ]
    return [f"self-test {i} saw nothing" for i, t in enumerate(wrong)
            if not faults(t, root) + left_out(t, root)]


def main():
    text = (ROOT / "docs/coverage.md").read_text(encoding="utf-8")
    found = faults(text, ROOT) + left_out(text, ROOT) + self_test(text, ROOT)
    for f in found:
        print(f"docs/coverage.md: {f}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
