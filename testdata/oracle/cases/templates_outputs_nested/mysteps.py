def give(what):
    return {"text": what, "num": 7, "flag": True, "none": None, "map": {"a": {"b": "deep"}}, "list": [1, "two", None]}
