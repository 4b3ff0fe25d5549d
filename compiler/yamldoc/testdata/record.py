"""Record what PyYAML's safe loader makes of every case in cases.txt, opened as Prefect opens a file.

  python record.py            # in an environment with Prefect's PyYAML; rewrites pyyaml.json

cases.txt holds documents separated by lines "=== title". Inside, "<TAB>", "<CR>", "<BOM>", "<NUL>", "<LS>" and "<NEL>"
stand for those characters, "<NONL>" at the end for no final line break, and "<XFF>" for a byte that is no UTF-8.
"""
import datetime
import io
import json
import pathlib

import yaml

HERE = pathlib.Path(__file__).parent
MARKS = {"<TAB>": b"\t", "<CR>": b"\r", "<BOM>": b"\xef\xbb\xbf", "<NUL>": b"\0", "<LS>": "\u2028".encode(),
         "<NEL>": "\x85".encode(), "<NONL>\n": b"", "<XFF>": b"\xff"}


def typed(v):
    if v is None:
        return ["null"]
    if isinstance(v, bool):
        return ["bool", v]
    if isinstance(v, int):
        return ["int", str(v)]
    if isinstance(v, float):
        return ["float", repr(v)]
    if isinstance(v, str):
        return ["str", v]
    if isinstance(v, datetime.datetime):
        return ["datetime", v.isoformat()]
    if isinstance(v, datetime.date):
        return ["date", v.isoformat()]
    if isinstance(v, bytes):
        return ["bytes", v.hex()]
    if isinstance(v, set):
        return ["set"] + sorted((typed(e) for e in v), key=lambda e: json.dumps(e, ensure_ascii=False, separators=(",", ":")))
    if isinstance(v, (list, tuple)):
        return ["list"] + [typed(e) for e in v]
    return ["map"] + [[typed(k), typed(e)] for k, e in v.items()]


def main():
    out = []
    for part in (HERE / "cases.txt").read_text("utf-8").split("=== ")[1:]:
        title, _, text = part.partition("\n")
        raw = text.encode()
        for mark, b in MARKS.items():
            raw = raw.replace(mark.encode(), b)
        case = {"title": title, "text": raw.hex() if b"\xff" in raw else raw.decode(), "hex": b"\xff" in raw}
        try:
            case["value"] = typed(yaml.safe_load(io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8")))
        except Exception as e:
            case["error"] = type(e).__name__
        out.append(case)
    lines = ",\n".join(json.dumps(c, ensure_ascii=True) for c in out)
    (HERE / "pyyaml.json").write_text('{"pyyaml": "%s", "cases": [\n%s\n]}\n' % (yaml.__version__, lines))


if __name__ == "__main__":
    main()
