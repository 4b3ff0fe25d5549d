#!/usr/bin/env python3
"""Record what Python's shlex.split, string.Template and str.splitlines make of many texts, as text.json beside this file."""

import json
import random
import shlex
import string
from pathlib import Path

HERE = Path(__file__).parent
random.seed(20)

WORDS = [
    "", " ", "echo a | tr a b", "echo x && echo y > out.txt", "echo *.yaml \"two  words\" 'single $USER' back\\ slash ~ {a,b}",
    "  echo indented; echo same line", "# comment", "echo a # b", "echo ''", "echo \"\"", "''", "'' ''", "a''b", "a'b'\"c\"d", "\\", "a\\",
    "'a", "\"a", "\"a\\", "\"a\\\"", "'a\\'", "'a\\'b'", "\"\\a\\\\\\\"\\'\"", "a\\'b", "a\\\nb", "\"a\\\nb\"", "a\tb\rc\x0bd\x0ce", "é ü\u00a0x\u2003y",
    "a=b c=\"d e\"", "git commit -m 'it'\\''s'", "python -c \"import sys; print('to err', file=sys.stderr)\"", "bash -c 'echo \"$A/$B\"'",
    "\x00 a", "😀 '😀 😀'", "a\\ b\\\tc", "$'x y'", "`date +%s`", "$(date '+%s')", "<<EOF",
]
TEMPLATES = [
    "", "$", "$$", "$$$", "$A", "${A}", "$AB", "${AB", "${A B}", "$ A", "$5", "${5}", "$_x", "${_x}", "$A$B", "$A.b", "$A-b", "${A}b", "$é", "$Aé", "${Aé}",
    "$\u017f", "$\u212a", "cost: 5$", "$${A}", "$$A", "${}", "$}", "$NUM $NONE $BOOL", "$a", "$A\n$B", "{A}", "%A%", "$\n", "${A", "$A}", "${${A}}", "$Ab $aB",
]
LINES = ["", "a", "a\n", "\n", "\n\n", "a\r\nb", "a\rb", "a\n\rb", "a\x0bb\x0cc", "a\x1cb\x1dc\x1ed\x1fe", "a\x85b\u2028c\u2029d", "a\r", "\r\n\r\n", "  \n a", "é\n😀"]
VALUES = {"A": "one", "B": "two words", "_x": "$A", "NUM": "5", "NONE": "", "BOOL": "True", "a": "low", "AB": "ab"}


def sample(alphabet, n):
    return ["".join(random.choices(alphabet, k=random.randint(1, 14))) for _ in range(n)]


def words(text):
    try:
        return {"text": text, "words": shlex.split(text)}
    except ValueError as exc:
        return {"text": text, "error": str(exc)}


def main():
    data = {
        "words": [words(t) for t in WORDS + sample(list("ab '\"\\\t$#=;é"), 700)],
        "values": VALUES,
        "templates": [{"text": t, "result": string.Template(t).safe_substitute(VALUES)} for t in TEMPLATES + sample(list("$${}AaB_x5 é-"), 500)],
        "lines": [{"text": t, "lines": t.splitlines()} for t in LINES + sample(list("ab\n\r\x0b\x0c\x1c\x1f\x85\u2028"), 200)],
    }
    (HERE / "text.json").write_text(json.dumps(data, ensure_ascii=True, indent=0) + "\n")


main()
