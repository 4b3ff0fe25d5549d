import importlib
import os
import sys


def _get_function_for_step(path, requires=None):
    if requires:
        print(f"Attempting install of {requires}.")
    module, _, name = path.rpartition(".")
    sys.path.insert(0, os.getcwd())
    try:
        return getattr(importlib.import_module(module), name)
    finally:
        sys.path.pop(0)
