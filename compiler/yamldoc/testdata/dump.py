"""Record how PyYAML writes text, for dump_test.go: python dump.py | gzip -9n > dump.json.gz, in an environment with Prefect's PyYAML."""
import json
import random

import yaml

WORDS = ["a", "is", "word", "1", "1.0", "1_0", "0x1F", "1:30", "yes", "Off", "null", "~", "=", "<<", "-", "--", "---", "...", "? ", "?", ":", ": ", "a: b",
         " #", "#", "'", '"', "\\", "\n", "\n\n", "\t", " ", "  ", "é", "\u2028", "\x85", "\ufeff", "日本", "😀", "\x07", "\x00", "{{ x }}", "[", "]", "{", "}",
         ",", "&a", "*a", "!t", "|", ">", "%", "@", "`", "https://example.org/a.git", "/opt/prefect/dir", "2024-01-01", "1e3", "1.e+3", ".inf", "0o7", "07",
         "a-rather-long-word-that-takes-room", "x" * 90]
random.seed(20261124)


def text():
    n = random.choice([0, 1, 1, 1, 2, 2, 3, 5, 12, 30, 60])
    return random.choice(["", " ", " ", ""]).join(random.choice(WORDS) for _ in range(n))


def value(depth):
    kind = random.random()
    if depth > 3 or kind < 0.7:
        return text() if random.random() < 0.9 else random.choice([None, True, False, 0, 12, -3])
    items = [value(depth + 1) for _ in range(random.randint(0, 3))]
    return items if kind < 0.85 else {random.choice(["key", "1", "yes", "image_name", "a b", "a: b", "é", "#x"]): v for v in items}


cases = [{"a": w} for w in WORDS] + [{"k": value(0)} for _ in range(1200)]
print(json.dumps([[c, yaml.dump(c, sort_keys=False)] for c in cases]))
