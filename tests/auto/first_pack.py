#!/usr/bin/env python3
"""first_pack.py MOTCUA: docs/guide/first-pack.md does what it says. Its files are written, its
commands run in one shell in a scratch folder, and what it promises is compared."""
import os, pathlib, re, shutil, socket, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / 'docs/guide/first-pack.md'
PORT = '8081'  # as printed on the page; a free one is put in its place
WAIT = 60


def blocks(text):
    """(kind, info, lines) of each fenced block, in order."""
    for m in re.finditer(r'^```(\w+)([^\n]*)\n(.*?)^```$', text, re.M | re.S):
        yield m[1], m[2].strip(), m[3]


def steps(text):
    """('file', path, content) and ('run', command, wanted lines)."""
    for kind, info, body in blocks(text):
        if info.startswith('file='):
            yield 'file', info[5:], body
        elif kind == 'sh':
            for part in re.split(r'^\$ ', body, flags=re.M)[1:]:
                command, _, wanted = part.partition('\n')
                yield 'run', command, wanted


def fits(wanted, got):
    """Every wanted line stands in the output, in this order; … is anything."""
    lines, at = got.splitlines(), 0
    for want in wanted.splitlines():
        if want == '…':
            continue
        pattern = re.sub('[ \t]*…[ \t]*', '.*', re.sub(r'\\? +', ' ', re.escape(want).replace('\\ ', ' ')))
        while at < len(lines) and not re.match(pattern + r'\s*$', re.sub(' +', ' ', lines[at])):
            at += 1
        if at == len(lines):
            return want
        at += 1
    return None


class Shell:
    """One bash: `cd`, variables and background jobs last from command to command."""

    def __init__(self, folder, motcua):
        bin_dir = os.path.join(folder, '.bin')
        os.mkdir(bin_dir)
        os.symlink(os.path.abspath(motcua), os.path.join(bin_dir, 'motcua'))
        env = {**os.environ, 'PATH': bin_dir + ':' + os.environ['PATH'], 'LC_ALL': 'C.UTF-8'}
        self.p = subprocess.Popen(['bash', '--norc'], cwd=folder, env=env, text=True, stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.say('set -m')

    def say(self, text):
        self.p.stdin.write(text + '\n')
        self.p.stdin.flush()

    def run(self, command, until=None):
        """The output of one command; a background one is read up to the text `until`."""
        self.say(command)
        if not until:
            self.say('printf "\\n--end-of-step--\\n"')
        out = []
        for line in self.p.stdout:
            if line == '--end-of-step--\n':
                break
            out.append(line)
            if until and until in line:
                break
        return ''.join(out)

    def end(self):
        self.say('kill $(jobs -p) 2>/dev/null; wait; exit')
        try:
            self.p.communicate(timeout=WAIT)
        except subprocess.TimeoutExpired:
            self.p.kill()


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return str(s.getsockname()[1])


def play(folder, motcua):
    passed, failed, port = 0, [], free_port()
    shell = Shell(folder, motcua)
    for kind, what, body in steps(PAGE.read_text(encoding='utf-8')):
        if kind == 'file':
            path = pathlib.Path(folder, what)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding='utf-8')
            continue
        what, body = what.replace(PORT, port), body.replace(PORT, port)
        background = what.endswith('&')
        got = shell.run(what, body.strip() if background else None)
        missing = fits(body, got)
        if missing is None:
            passed += 1
        else:
            failed.append(f'$ {what}\n  promised: {missing}\n  got: {got}')
    shell.end()
    return passed, failed


def self_test():
    ok = fits('a … d\n…\nz', 'a b c d\nx\nz\n') is None and fits('a … d', 'a b\n') == 'a … d'
    return [] if ok else ['self-test: lines are not compared as they should be']


def main():
    folder = tempfile.mkdtemp(prefix='motcua-first-pack-')
    try:
        passed, failed = play(folder, sys.argv[1])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    failed += self_test()
    for f in failed:
        print(f)
    print(f'tests {passed} failed {len(failed)}')
    return 1 if failed or passed < 15 else 0


if __name__ == '__main__':
    sys.exit(main())
