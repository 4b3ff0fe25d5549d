"""Signatures that Prefect 3 cannot always deploy."""
import collections.abc as abc
from collections import OrderedDict, defaultdict, deque
from typing import FrozenSet, Iterable, Optional, TypedDict

import prefect
from prefect import flow


class TD(TypedDict):
    a: int
    b: str


class TDPartial(TypedDict, total=False):
    a: int


@flow
def containers(a: deque = None, b: Iterable[int] = (), c: abc.Sequence[int] = (), d: abc.Mapping[str, int] = {}, e: FrozenSet[int] = frozenset(), f: OrderedDict = None, g: defaultdict = None):
    pass


@flow
def shadowing(list: list = None, str: str = "x", int: int = 1, flow: str = "a", schema: str = "s", model_config: str = "x", copy: bool = True, json: str = "", dict: dict = None, validate: bool = True):
    pass


@flow
def typed_dicts(a: TD, b: Optional[TDPartial] = None):
    pass


@flow
def names_with_odd_letters(_a: int, a_b_c: int, aB: int, A: int, b2c: int, __x: int, ünï: int, a__b: int, URLPath: str, class_: int):
    pass


@flow
def prefect_types(a: prefect.Flow = None, b: "prefect.States" = None):
    pass
