"""Make YAML documents at random and record what PyYAML's safe loader makes of each, opened as Prefect opens a file.

  python generate.py COUNT SEED OUT.gz <FILES     # in an environment with Prefect's PyYAML

The same COUNT and SEED give the same documents. OUT.gz has one JSON array a line: the text, and the value in the form of
record.py, or null where it is refused. FILES, names that each end in a NUL byte, are recorded too.
generated.json.gz is COUNT 24000, SEED 1, </dev/null.
"""
import gzip
import io
import json
import random
import sys
import warnings

import yaml

from record import typed

SCALARS = """yes no on off true false True FALSE y n ~ null NULL 010 0o14 0x1F 0b11 08 1_000 1__0 1:30 -1:30 1:60 190:20:30.15 12:30:45
1e3 1e+3 1.5e3 1.0e+3 1.e-3 .5 5. ._5 .inf -.Inf .nan 3.10 0.10 -0 +0 +12 2024-01-01 2024-1-1 2024-13-01 2024-01-01T10:00:00Z
2024-01-01t1:00:00.5+01:30 = << <<x - -- --- ... .. ? : :a a:b a:b:c a#b #b a&b &a *a !a @a `a %a %TAG , a,b [a a] {a }b {{x}} -a ?a
:x a- a: a? | > |- ' '' '' '"' \" \"\" \"a\" 'a' 'a''b' \"a\\\\nb\" \"\\\\x41\" \"\\\\u00e9\" \"\\\\q\" \"a\\\\/b\" é 日本 \u00a0 a\u2028b nan inf 1. 1.2.3 0.0.1
0_ 0x 1,000 1/2 a\\\\b 00 0777 099 190 1e 1e-- 2001-12-14t21:59:43.10-05:00 12e03 685_230.15 1_2:30 0:0 0b1_0 -0x1f +.inf +.5""".replace("\\\\", "\\").split()
DIGITS = "0123456789_:.-+eExXbTtZ "
KEYS = ["a", "b", "c", "k", "name", "build", "yes", "1", "1.0", "~", "'q'", '"q"', "2024-01-01", "a b", "<<", "x-y", "é",
        "=", "&k a", "!!str 1", "&e é", "\"<<\"", "'a\tb'", "[1, 2]", "{a: b}", "*k", "true", "0o7", "a#b", "http://x"]
TAGS = ["!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map", "!!binary", "!!timestamp", "!!set", "!!omap", "!!pairs",
        "!", "!", "!", "!x", "!<tag:yaml.org,2002:str>", "!<!>", "!e!x", "!e!str", "!!str%20x", "!%73", "!!pairs", "!!omap", "!!python/none"]
SOUP = list("abc:  -  \n\n,[]{}'\"#&*!|>?%@\t.1") + ["\n  ", "\n- ", ": ", "- ", "\n\n", " #", "\r\n", "é", "{{ x }}", "<<: ", "---\n", "...\n",
    "\r", "\u0085", "\u2029", "\ufeff", "\t", "\n\t", "? ", "|2\n", ">+\n", "#\n", "&k ", "*k", "!!omap ", "%TAG !e! tag:yaml.org,2002:\n", "''", "\\"]
PROSE = ["a", "word", "two words", "it's", "x: y", "# no", "- item", "", "  more", "end.", "{{ v }}", "\ttab", "é", "'", '"', "\\", "key:"]
SEEDS = [
    "name: p\nprefect-version: 3.1.0\nbuild: null\npull:\n- prefect.deployments.steps.git_clone:\n    repository: https://x.io/a.git\n    branch: main\n",
    "deployments:\n- name: a\n  entrypoint: f.py:f\n  schedules: &s\n  - cron: '0 1 * * *'\n    timezone: UTC\n  parameters: {a: 1, b: [x, 'y']}\n- name: b\n  schedules: *s\n",
    "definitions:\n  p: &p\n    name: w\n    job_variables: {}\ndeployments:\n  - name: a\n    work_pool:\n      <<: *p\n      work_queue_name: q  # why\n    tags: [\"x\", y]\n",
    "d: >-\n  folded\n  text\n\n    more\nl: |\n  a\n   b\nq: \"a\n  b\\\n  c\"\np: plain\n  goes on\n  here\n",
    "? complex\n: value\n? [1, 2]\n: x\ns: !!set {a, b}\nt: !!binary aGk=\n",
    "%YAML 1.1\n%TAG !e! tag:yaml.org,2002:\n---\na: !e!int 3\nb: !e!pairs\n- ? x\n  : y\n- !x {[1]: 2}\n- ? {a: 1}\n...\n",
    "&k key: &v value\n*k : *v\nm:\n  <<: [&a {x: 1, y: 2}, &b {y: 3}]\n  x: 4\nn: {<<: *a, <<: *b}\no: !!map\n  <<: [*b, *a]\n",
    "steps:\n- run: |2-\n      a\n     b\n\n  # c\n  env: {A: '1', B: \"2\", C: , ? D}\n- run: >+\n\n   a\n    b\n\n\n  id: x\n",
    "a:\r\n- b\r\n-   - c\r\n    -   d: e\r\n        f: |\r\n          g\r\n\r\n          h\r\n",
    "a: [x, 'y', # one\n  \"z\\\n    w\", # two\n  {k: v, l: [1,2]}, ? m : n,\n  o: p]\nb: ! &p\n  c: d\ne: ! &q f\ng: &r !\n- h\n",
]


class Maker:
    """One document. Anchors are kept, so that most aliases have something to stand for."""

    def __init__(self, rng):
        self.r = rng
        self.anchors = []

    def scalar(self):
        r = self.r.random()
        if r < .55:
            return self.r.choice(SCALARS)
        if r < .75:
            return "".join(self.r.choice(DIGITS) for _ in range(self.r.randint(1, 9))).strip() or "0"
        if r < .83:
            return "'" + "".join(self.r.choice(["a", "''", " ", "\n  ", "\n\n ", "#", ": ", "é", '"']) for _ in range(self.r.randint(0, 5))) + "'"
        if r < .93:
            return '"' + "".join(self.r.choice(["a", "\\n", " ", "\n  ", "\n\n ", "#", "\\\n  ", "\\t", "\\x41", "\\\"", "\\e", "\\N", "'"]) for _ in range(self.r.randint(0, 5))) + '"'
        return " ".join(self.r.choice(["a", "b", "1", "x:y", "a#", "-", "?"]) for _ in range(self.r.randint(1, 4)))

    def props(self):
        out = ""
        if self.r.random() < .06:
            out += self.r.choice(TAGS) + " "
        if self.r.random() < .08:
            name = self.r.choice("xyz")
            out += "&" + name + self.r.choice([" ", " ", " ", "  "])
            self.anchors.append(name)
        return out

    def alias(self):
        return "*" + (self.r.choice(self.anchors) if self.anchors and self.r.random() < .95 else "u")

    def flow(self, depth):
        r = self.r.random()
        if depth <= 0 or r < .4:
            return self.props() + self.scalar() if r < .37 or not self.anchors else self.alias()
        gap = lambda: self.r.choice(["", " ", " ", " ", "\n    ", " # c\n    "])
        items = []
        for _ in range(self.r.randint(0, 3)):
            item = self.flow(depth - 1)
            if r < .7:
                colon = self.r.choice([": ", ": ", ": ", ":", " : ", ":\n     "])
                item = self.r.choice(["", "", "", "", "? "]) + self.r.choice(KEYS) + self.r.choice([colon + item, colon + item, colon + item, ""])
            items.append(item)
        body = ("," + gap()).join(items) + self.r.choice(["", "", "", ","])
        return self.props() + ("{%s}" if r < .7 else "[%s]") % (self.r.choice(["", "", " "]) + body + self.r.choice(["", "", " "]))

    def text(self, indent):
        head = self.r.choice("|>") + self.r.choice(["", "", "", "-", "+", "2", "1-", "+3", " # c", " "])
        deep = indent + self.r.choice([1, 2, 2, 2, 2, 4])
        lines = []
        for _ in range(self.r.randint(0, 5)):
            line = self.r.choice(PROSE)
            lines.append(" " * (deep + self.r.choice([0] * 8 + [1, 2, -1])) + line if line or self.r.random() < .2 else "")
        return self.props() + head + "\n" + "\n".join(lines)

    def block(self, depth, indent):
        r = self.r.random()
        pad = " " * indent
        if depth <= 0 or r < .3:
            return self.r.choice([" "] * 30 + ["\t", "  ", " \t"]) + (self.flow(2) if self.r.random() < .8 else self.text(max(indent - 1, 0)))
        out = self.r.choice(["", "", "", "", " # c"])
        p = self.props().strip()
        if p:
            out = " " + p + out
        lines = []
        step = self.r.choice([1, 2, 2, 2, 4])
        for _ in range(self.r.randint(1, 3)):
            if self.r.random() < .06:
                lines.append(self.r.choice(["", pad + "# note", "# far", "  "]))
            if r < .7:
                key = self.r.choice(KEYS)
                if key == "<<" or self.r.random() < .04:
                    lines.append(pad + "<<: " + self.r.choice([self.alias(), self.alias(), "[%s, %s]" % (self.alias(), self.alias()), "{a: 1}", "5"]))
                    continue
                lines.append(pad + self.r.choice(["", "", "", "", "", "", "", "", "? "]) + key + self.r.choice([":", ":", ":", ":", ":", ":", " :"]) + self.block(depth - 1, indent + self.r.choice([step, step, step, step, 0])))
            else:
                child = self.block(depth - 1, indent + 2)
                if child.startswith("\n") and self.r.random() < .7:
                    child = " " + child[1:].lstrip()
                lines.append(pad + "-" + child)
        return out + "\n" + "\n".join(lines)

    def document(self):
        head = self.r.choice([""] * 20 + ["---\n", "--- ", "%YAML 1.1\n---\n", "# c\n", "\n", "\ufeff", "%TAG ! tag:yaml.org,2002:\n---\n",
                                          "%TAG !e! tag:yaml.org,2002:\n--- ", "\ufeff---\n", "%FOO bar\n---\n", "%YAML 1.3 # c\n---\n", "...\n", "\t\n"])
        tail = self.r.choice(["\n"] * 20 + ["", "\n\n", "\n...\n", "\n---\n", "\n# c", "\n--- a\n", " \n"])
        body = self.block(self.r.randint(0, 3), 0).lstrip("\n").lstrip(" ")
        text = head + body + tail
        r = self.r.random()
        return text if r > .06 else text.replace("\n", "\r\n" if r > .03 else "\r" if r > .015 else "\u0085")


def changed(r, text):
    """Text with some characters put in, taken out or doubled."""
    for _ in range(r.randint(1, 3)):
        at = r.randint(0, len(text))
        kind = r.random()
        if kind < .5:
            text = text[:at] + r.choice(SOUP) + text[at:]
        elif kind < .85:
            text = text[:at] + text[at + r.randint(1, 3):]
        else:
            text = text[:at] + text[max(at - r.randint(1, 12), 0):]
    return text


def document(r):
    kind = r.random()
    if kind < .15:
        return "- " + Maker(r).scalar() + "\n" if r.random() < .5 else "k: [%s]\n" % Maker(r).scalar()
    if kind < .6:
        return Maker(r).document()
    if kind < .75:
        return changed(r, Maker(r).document())
    if kind < .9:
        lines = r.choice(SEEDS).splitlines(True)
        at = r.randrange(len(lines))
        return changed(r, "".join(lines[at:at + r.randint(1, 8)] if r.random() < .7 else lines))
    return "".join(r.choice(SOUP) for _ in range(r.randint(1, 14)))


def holds_itself(node, above=()):
    """An alias stands inside its own anchor: prefectc refuses that, for such data cannot be sent."""
    if any(node is a for a in above):
        return True
    parts = node.value if isinstance(node.value, list) else []
    return any(holds_itself(n, above + (node,)) for p in parts for n in (p if isinstance(p, tuple) else (p,)))


def loaded(raw):
    """The value, or None where it is refused."""
    try:
        open_text = lambda: io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8")
        value = typed(yaml.safe_load(open_text()))
        if b"*" in raw and value != ["null"] and holds_itself(yaml.compose(open_text(), yaml.SafeLoader)):
            return None
        return value
    except Exception:
        return None


def main(count, seed, out):
    warnings.simplefilter("ignore")
    rng = random.Random(int(seed))
    seen = set()
    with open(out, "wb") as raw_out, gzip.GzipFile("", "wb", 9, raw_out, mtime=0) as z:
        def record(raw, value):
            z.write(json.dumps([raw.decode(), value], ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
        refused = 0
        while len(seen) < int(count):
            text = document(rng)
            if text in seen:
                continue
            value = loaded(text.encode())
            if value is None:
                if refused * 3 > len(seen):
                    continue  # documents that load say more
                refused += 1
            seen.add(text)
            record(text.encode(), value)
        for name in filter(None, sys.stdin.read().split("\0")):
            raw = open(name, "rb").read()
            try:
                raw.decode()
            except UnicodeDecodeError:
                continue  # not for JSON; record.py has such cases
            value = loaded(raw)
            if len(repr(value)) < 8 << 20:  # no alias bombs
                record(raw, value)


if __name__ == "__main__":
    main(*sys.argv[1:])
