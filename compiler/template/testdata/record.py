"""Records what the templating functions of the real Prefect return, for recorded_test.go.

    PYTHON_OF_PREFECT_2 testdata/record.py testdata/recorded-2.json
    PYTHON_OF_PREFECT_3 testdata/record.py testdata/recorded-3.json

The cases come from a seeded generator; what they are made of is recorded with them. Results are Python's repr, "∅" for NotSet, and
"!" for an error. A case whose result depends on the order in which Prefect walks a set of placeholders, which changes from run to
run, is counted and left out: its strings are evaluated once for each order.
"""

import asyncio
import datetime
import itertools
import json
import os
import random
import re
import sys
import unicodedata
import warnings

warnings.simplefilter("ignore")

import prefect  # noqa: E402
from prefect.utilities import templating  # noqa: E402
from prefect.utilities.annotations import NotSet  # noqa: E402
from prefect.utilities.collections import get_from_dict  # noqa: E402

GEN = int(prefect.__version__.split(".")[0])
rng = random.Random(2026)
UTC = datetime.timezone.utc

STEP = {
    "a": {"b": [10, {"c": "x"}, [1.5, None, True]], "größe": "groß", "日本": {"k": 1}},
    "stdout": "out: é€🚀", "n": 5, "f": 1.5, "t": True, "none": None, "l": [1, 2, "it's"], "d": {"k": "v", 1: [False]}, "e": "",
    "big": 2**70, "neg": -3, "tiny": 1e-7, "huge": 1e22, "quote": "say \"hi\" and it's", "tab": "a\tb\n\\",
}
VALUES = [
    {"step": STEP, "image": "repo:tag", "get-hash": {"stdout": "abc"}, "dotted.key": "dk", "x": 1, "": {"": "empty", "a": 2}},
    {True: "yes", 0: "zero", "1": "text one", 10: {"-1": "minus as text", -1: "minus one"}, 2.0: "two", "x": [[[["deep"]]]],
     "5": "five as text", 5: "five", "١": "arabic as text", 12: {True: {False: "bools"}}, None: "none", "step": [STEP, "ab"]},
    {"a": "{{ b }}", "b": "{{ a }}", "c": "{{ prefect.variables.plain }}", "d": "{{ $ENV }}", "e": "{{", "f": "}}", "g": "{{ g }}",
     "h": "$&\\1", "x": {"a": "{{ prefect.blocks.secret.token }}"}, "l": ["{{ a }}", "{", "}"]},
    {"date": datetime.date(2024, 1, 2), "at": datetime.datetime(2024, 1, 2, 3, 4, 5, 678, tzinfo=UTC), "naive": datetime.datetime(2024, 1, 2, 3, 4),
     "bytes": b"a\x00\xff'", "one": {"x"}, "l": [datetime.date(1, 1, 1)], "s": "é\u200b\xa0\x7f\u2028🚀", "ctx": {"flow_run": {"id": "run"}}, "x": "mäh"},
    {},
]
ENV = {
    "ENV": "value", "EMPTY": "", "größe": "groß", "A.B": "dotted", "A-B": "dashed", "A[0]": "indexed", "a": "small a", "1": "one",
    "INJECT": "{{ a }}{{ $ENV }}", "BLOCK": "{{ prefect.blocks.secret.token }}", "日本": "にほん", "UTF": "é🚀\n\t",
}
BLOCKS = {
    "secret/token": {"value": "hush"}, "secret/num": {"value": 42}, "secret/none": {"value": None}, "secret/list": {"value": [1, "two", {"k": 3.5}]},
    "json/deep": {"value": {"key": {"nested-key": "nested"}, "list": [{"list-key": "item"}, 1], "value": "inner", "values": "plural", "5": "text five"}},
    "aws-credentials/prod": {"region": "eu", "keys": {"id": "AK", "secret": "é'\""}, "n": 1, "flag": True},
    "box/value": {"values": 7}, "box/two": {"value": 1, "other": 2}, "box/empty": {}, "box/inject": {"value": "{{ prefect.blocks.secret.num }}"},
    "box/text": {"value": "{{ a }}"}, "größe/日本": {"value": "groß"}, "": {"value": "no name"}, "box/": {"value": "empty name"},
    "id-1": {"host": "by id", "list": [1]}, "id-2": {"value": "wrapped"},
}
VARIABLES = {
    "plain": "text", "cfg.key": "dotted", "empty": "", "inject": "{{ prefect.variables.plain }}", "other": "{{ a }}", "größe": "groß",
    "quote": "it's \"so\"", "json": '{"a": 1}',
}
if GEN == 3:
    VARIABLES |= {"num": 42, "float": 1.0, "flag": True, "none": None, "list": [1, "a", None], "map": {"k": {"v": 1.5}}, "zero": 0}

BLANKS = ["", " ", " ", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\x1f", "\x85", "\u3000", "\u2028", " \x0b\x0c"]
NOT_BLANKS = ["\u200b", "\ufeff", "\u180e"]
HEADS = ["step", "image", "get-hash", "get_hash", "dotted", "x", "a", "b", "c", "d", "e", "f", "g", "h", "l", "1", "0", "5", "2", "10", "12", "١", "1_0", "-0",
         "date", "at", "naive", "bytes", "one", "s", "ctx.flow_run.id", "missing", "größe", "日本", "ﬁ", "ªb", "Ⅷ", "x_y"]
PARTS = ["a", "b", "c", "k", "d", "l", "n", "f", "t", "none", "stdout", "e", "big", "neg", "tiny", "huge", "quote", "tab", "0", "1", "2", "-1", "-2", "9", "-9",
         "1_0", "0_1", "_1", "1_", "1__0", "-_1", "--1", "٢", "-١", "１", "०_१", "²", "Ⅷ", "00", "-0", "0x1", "1e1", "99999999999999999999",
         "-99999999999999999999", "größe", "日本", "", "value", "values", "key", "list", "nested-key", "list-key"]
NAMES = ["$ENV", "$$ENV", "$MISSING", "$EMPTY", "$größe", "$A.B", "$A-B", "$A[0]", "$INJECT", "$BLOCK", "$日本", "$UTF", "$", "$1", "$a", "a$ENV", "ENV", "x.$ENV",
         "prefect.flow_run.id", "prefect.blocks", "prefect.variables", "Prefect.blocks.secret.token", "prefect.blocksx", "[0]", "[", "]", ".", "..", "-", "_", "step.", ".step"]
BLOCK_NAMES = ["secret.token", "secret.num", "secret.none", "secret.list", "json.deep", "aws-credentials.prod", "box.value", "box.two", "box.empty", "box.inject",
               "box.text", "größe.日本", "secret.gone", "secret", "", ".", "box.", "secret.token.", "prefect.blocks.secret.token", "secret.prefect.blocks.token"]
BLOCK_PATHS = ["", "", "", ".value", ".values", ".valueX", ".value.value", ".value[0]", ".value.list[0].list-key", ".list[0]", ".key.nested-key", ".region", ".keys.id", ".keys",
               ".0", "[0]", "[1]", ".-1", ".5", ".value.5", ".flag", ".n", ".gone", "."]
TEXT = ["a", " ", "-", "/", ":", "é", "🚀", "{", "}", "{{", "}}", "{{ }}", "{{}}", "{{ a b }}", "{{ a | b }}", "{{ 'a' }}", "{{ a }", "{ { a } }", "\\", "\n", "$ENV", "{% x %}",
        "{{- a -}}", "{{ a:b }}", "%s", "\\1", "{{\u200ba}}", "{{ a\u0301 }}", "{{ \ud7ff }}"]


INJECTIONS = ["{{ a }}{{ b }}", "{{ b }} {{ a }}{{ a }}", "x{{ g }}-{{ g }}", "{{ $INJECT }}{{ a }}{{ $ENV }}", "{{ $INJECT }}", "x{{ $BLOCK }}{{ d }}", "{{ d }}{{ $ENV }}",
              "{{ e }} b {{ f }}", "{{ e }} b {{ f }}{{ b }}", "{{ e }}{{ g }}{{ f }}", "{{{{ missing }} g }} {{ g }}", "{{ l }}{{ a }}", "{{ c }}/{{ prefect.variables.plain }}",
              "{{ prefect.variables.inject }}/{{ prefect.variables.plain }}", "{{ prefect.variables.other }}{{ a }}", "{{ prefect.variables.inject }} {{prefect.variables.plain}}",
              "{{ prefect.blocks.box.inject }}+{{ prefect.blocks.secret.num }}", "{{ prefect.blocks.box.inject }}!", "{{ prefect.blocks.box.text }}{{ a }}"]


def path():
    s = rng.choice(HEADS)
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        p = rng.choice(PARTS)
        s += rng.choice([f".{p}", f".{p}", f"[{p}]", f"[{p}]", f"[{p}", f"]{p}"])
    return s


def block_name():
    return "prefect.blocks." + rng.choice(BLOCK_NAMES) + rng.choice(BLOCK_PATHS)


def variable_name():
    return "prefect.variables." + rng.choice(list(VARIABLES) + ["gone", "", "prefect.variables.plain", "cfg", "plain.x", "plain[0]"])


def name(bias):
    kind = rng.random()
    if kind < 0.15:
        return rng.choice(NAMES)
    if bias and kind < 0.75:
        return bias()
    if kind > 0.95:
        return rng.choice([block_name, variable_name])()
    return path()


def placeholder(bias):
    blank = rng.choice(BLANKS) if rng.random() < 0.97 else rng.choice(NOT_BLANKS)
    return "{{" + blank + name(bias) + rng.choice(BLANKS) + "}}"


def string(bias=None):
    if rng.random() < 0.08:
        return rng.choice(INJECTIONS)
    if rng.random() < 0.45:
        return placeholder(bias)
    parts = [placeholder(bias) if rng.random() < 0.5 else rng.choice(TEXT) for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.2:
        parts.append(rng.choice(parts))
    return "".join(parts)


def data(bias=None, depth=0):
    kind = rng.random()
    if depth >= 3 or kind < (0.55, 0.6, 0.75)[depth]:
        return string(bias)
    if kind < 0.8:
        return {rng.choice(["k", "l", "m", 1, True, None, "{{ a }}", "é"]): data(bias, depth + 1) for _ in range(rng.randint(0, 3))}
    if kind < 0.95:
        return [data(bias, depth + 1) for _ in range(rng.randint(0, 3))]
    return rng.choice([1, 1.0, -0.0, True, None, 2**65, "plain", datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2), b"x", {"s"}, float("inf")])


def block_data():
    d = data(block_name)
    if isinstance(d, dict) and rng.random() < 0.3:
        d["$ref"] = rng.choice([{"block_document_id": rng.choice(["id-1", "id-2", "gone", "", None, 0])}, {}, {"x": 1}, "#/definitions/X", None, [1]])
    return d


def encode(v):
    """A value as JSON; what JSON cannot say becomes a mapping with one key that starts with "!"."""
    if isinstance(v, dict):
        if all(isinstance(k, str) for k in v):
            return {k: encode(x) for k, x in v.items()}
        return {"!map": [[encode(k), encode(x)] for k, x in v.items()]}
    if isinstance(v, list):
        return [encode(x) for x in v]
    if isinstance(v, datetime.datetime):
        return {"!time": v.isoformat()}
    if isinstance(v, datetime.date):
        return {"!date": v.isoformat()}
    if isinstance(v, bytes):
        return {"!bytes": list(v)}
    if isinstance(v, set):
        return {"!set": [encode(x) for x in v]}
    if isinstance(v, float):
        return {"!float": repr(v)}
    return v


class Ordered(set):
    """A set that is walked in a chosen order."""

    def __iter__(self):
        items = sorted(set.__iter__(self))
        order = list(itertools.permutations(range(len(items))))
        return iter([items[i] for i in order[Ordered.turn % len(order)]])


real_find = templating.find_placeholders
skipping = None


def ordered_find(template):
    found = real_find(template)
    return Ordered(p for p in found if not (skipping and p.name.startswith(skipping)))


def text_of(v):
    return "∅" if v is NotSet else repr(v)


def run(call):
    try:
        return text_of(call())
    except Exception:
        return "!"


def most_placeholders(v):
    if isinstance(v, str):
        return len(real_find(v))
    if isinstance(v, (dict, list)):
        return max((most_placeholders(x) for x in (v.values() if isinstance(v, dict) else v)), default=0)
    return 0


def result(template, call, skip=None):
    """What call returns, and whether that depends on the order of sets."""
    global skipping
    want = run(call)
    n = most_placeholders(template)
    if n < 2:
        return want, False
    templating.find_placeholders, skipping = ordered_find, skip
    try:
        seen = set()
        for Ordered.turn in range(120 if n > 4 else (1, 1, 2, 6, 24)[n]):
            seen.add(run(call))
    finally:
        templating.find_placeholders, skipping = real_find, None
    return want, seen != {want}


class Client:
    """Stands in for Prefect's API client."""

    _closed = False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    class Found:
        def __init__(self, v):
            self.data = self.value = v

    async def read_block_document_by_name(self, name, block_type_slug):
        return self.Found(BLOCKS[block_type_slug + "/" + name])

    async def read_block_document(self, block_document_id):
        return self.Found(BLOCKS[str(block_document_id)])

    async def read_variable_by_name(self, name):
        return self.Found(VARIABLES[name]) if name in VARIABLES else None


class Warnings(list):
    """Stands in for the logger and keeps the names it is told of."""

    def warning(self, message):
        quoted = re.search(r"Value for placeholder (.*) not found", message, re.S).group(1)
        text = eval(quoted)  # a repr
        self.append(re.sub(r"^{{\s*|\s*}}$", "", text))


def apply_case(keep, skip, template, values):
    def call():
        extra = {"skip_prefixes": [skip]} if skip and not skipping else {}  # ordered_find skips by itself
        if GEN == 3:
            extra["warn_on_notset"] = True
        return templating.apply_values(template, VALUES[values], remove_notset=not keep, **extra)

    logged = templating.logger = Warnings()
    want, depends = result(template, call, skip)
    return want, sorted(set(logged)), depends


cases, left_out = [], {}


def add(kind, *fields, depends=False):
    if depends:
        left_out[kind] = left_out.get(kind, 0) + 1
    else:
        cases.append([kind, *fields])


for _ in range(900):
    s = string(rng.choice([None, block_name, variable_name]))
    found = sorted({(p.type.name[0], p.full_match, p.name) for p in real_find(s)})
    add("find", s, [list(f) for f in found])
for _ in range(1300):
    i, p = rng.randrange(len(VALUES)), path()
    add("get", i, p, text_of(get_from_dict(VALUES[i], p, NotSet)))
os.environ.clear()
os.environ.update(ENV)
for _ in range(2600):
    keep = rng.random() < 0.5
    skip = rng.choice(["ctx.", "ctx.", "prefect.", "$", "s"]) if GEN == 3 and rng.random() < 0.35 else ""
    template = data((lambda: "ctx.flow_run.id") if skip and rng.random() < 0.4 else None)
    i = 2 if rng.random() < 0.3 else rng.randrange(len(VALUES))
    want, warned, depends = apply_case(keep, skip, template, i)
    add("apply", keep, skip, i, encode(template), want, warned, depends=depends)
for _ in range(1100):
    template = block_data()
    want, depends = result(template, lambda: asyncio.run(templating.resolve_block_document_references(template, client=Client())))
    add("blocks", encode(template), want, depends=depends)
for _ in range(800):
    template = data(variable_name)
    want, depends = result(template, lambda: asyncio.run(templating.resolve_variables(template, client=Client())))
    add("variables", encode(template), want, depends=depends)


def ranges(holds):
    """The code points for which holds, as first and last of each run. Those this Python's Unicode does not know are not looked at."""
    out = []
    for c in range(sys.maxunicode + 1):
        if 0xD800 <= c <= 0xDFFF or not holds(chr(c)):
            continue
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


WORD, SPACE = re.compile(r"\w"), re.compile(r"\s")
with open(sys.argv[1], "w", encoding="utf-8") as f:
    head = {
        "prefect": prefect.__version__, "left_out": left_out, "values": [encode(v) for v in VALUES], "env": ENV, "blocks": encode(BLOCKS), "variables": encode(VARIABLES),
        "word": ranges(WORD.match), "space": ranges(SPACE.match), "digits": ranges(str.isdecimal),
        "unassigned": ranges(lambda c: unicodedata.category(c) == "Cn"),
    }
    f.write('{"head": ' + json.dumps(head, ensure_ascii=False, separators=(",", ":")) + ',\n"cases": [\n')
    f.write(",\n".join(json.dumps(c, ensure_ascii=False, separators=(",", ":")) for c in cases))
    f.write("\n]}\n")
print(len(cases), left_out)
