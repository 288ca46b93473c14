#!/usr/bin/env python3
"""test_po2c.py TOOLS: what tools/po2c accepts and, row by row, what it refuses and why."""
import os
import subprocess
import sys
import tempfile

PO2C = os.path.abspath(os.path.join(sys.argv[1], 'po2c'))


def block(key, text):
    return f'#: somewhere\nmsgid "{key}"\nmsgstr "{text}"\n\n'


A = block('a.b', 'x {n}')
# vi, en, what the complaint must hold (None: accepted)
ROWS = [
    (A, A, None),
    ('', '', None),
    (A + A, A, None),                                          # union merges repeat blocks
    ('msgid ""\nmsgstr "Language: vi\\n"\n\n' + A, A, None),   # gettext's header
    ('msgid "a"\nmsgstr "one "\n"two"\n', block('a', 'x'), None),
    (block('a', 'say \\"x\\"\\n\\\\'), block('a', 'y'), None),
    ('msgid "a"\nmsgstr "x"\nmsgid "b"\nmsgstr "y"\n', block('a', '1') + block('b', '2'), None),
    (A, '', 'a.b is in vi.po but not in en.po'),
    ('', A, 'a.b is in en.po but not in vi.po'),
    (A + block('a.b', 'other'), A, 'a.b says something else'),
    (A, block('a.b', 'x {m}'), 'placeholders differ'),
    (A, block('a.b', 'x'), 'placeholders differ'),
    (block('a', ''), block('a', 'x'), 'empty text'),
    (block('a b', 'x'), '', 'not a dotted key'),
    (block('a..b', 'x'), '', 'not a dotted key'),
    (block('.a', 'x'), '', 'not a dotted key'),
    ('msgid "a"\n\n', '', 'a has no msgstr'),
    ('msgid "a"\nmsgid "b"\nmsgstr "x"\n', '', 'a has no msgstr'),
    ('msgstr "x"\n', '', 'without its msgid'),
    ('msgid "a"\nmsgstr "x"\nmsgstr "y"\n', '', 'without its msgid'),
    ('msgid a\nmsgstr "x"\n', '', 'quoted'),
    ('msgid "a"\nmsgstr "x\n', '', 'quoted'),
    ('msgid "a"\nmsgstr "x" y\n', '', 'quoted'),
    ('msgid "a"\nmsgstr "x\\q"\n', '', 'unknown escape'),
    ('msgctxt "a"\n', '', 'not a line'),
    ('<<<<<<< HEAD\n', '', 'not a line'),
]


def run(vi, en):
    with tempfile.TemporaryDirectory() as d:
        for name, text in (('vi.po', vi), ('en.po', en)):
            with open(os.path.join(d, name), 'w', encoding='utf-8') as f:
                f.write(text)
        return subprocess.run([sys.executable, PO2C, 'vi.po', 'en.po', '-o', 'out.h'], cwd=d,
                              capture_output=True, text=True, check=False)


bad = 0
for i, (vi, en, why) in enumerate(ROWS):
    r = run(vi, en)
    if (why is None) != (r.returncode == 0) or (why and why not in r.stderr):
        bad += 1
        print(f'row {i}: {r.returncode} {r.stderr}')
print(f'{len(ROWS) - bad} passed, {bad} failed')
sys.exit(bad != 0)
