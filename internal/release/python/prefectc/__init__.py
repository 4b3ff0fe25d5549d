"""prefectc, a program that is not written in Python. This package finds it: ``python -m prefectc check``."""

from ._find import find_program

__all__ = ["find_program"]
