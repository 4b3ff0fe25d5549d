import collections.abc as cabc
import datetime as dt
import prefect
import prefect as p
import typing as t
from datetime import datetime, timedelta as td
from functools import partial
from pathlib import Path as FilePath
from typing import List as L, Optional as O

from prefect import flow as f
from prefect.flows import flow as from_flows

NAME = "constant-name"
PREFIX = "pre-"
DEFAULT_LIMIT = 10
DEFAULTS = {"a": 1}
MaybeInt = O[int]
Number = t.Union[int, float]
Text = str
options = {"name": "from a dict"}


@f
def renamed_import(x: O[int] = None, y: L[str] = []):
    pass


@prefect.flow
def by_module(x: t.Optional[dt.datetime] = None, y: datetime = None, z: td = None):
    pass


@p.flow(name="by alias")
def by_alias(x: cabc.Sequence[int], y: FilePath = FilePath("a/b.txt")):
    pass


@from_flows(name=NAME)
def constant_name(x: int = DEFAULT_LIMIT, y: dict = DEFAULTS):
    pass


@f(name=PREFIX + "fixed")
def joined_name(x: MaybeInt = None, y: Number = 1, z: Text = ""):
    pass


@f(**options)
def unpacked(x: int):
    pass


team_flow = f(log_prints=True)
partial_flow = partial(f, name="from partial")


@team_flow
def by_team(x: int):
    pass


@partial_flow
def by_partial(x: int):
    pass


def helper(a: int, b: str = "x"):
    """A helper.

    Args:
        a: first
    """


made = f(helper)
made_named = f(helper, name="made-by-call", version="v9")
made_curried = f(name="curried")(helper)
changed = by_alias.with_options(name="changed", description="changed too")
unchanged = by_alias.with_options(name=None, retries=2)
alias = by_alias

int_ = int


@f
def shadowed_int(x: int_ = 1):
    pass


str = int


@f
def shadowed_str(x: str = 1):
    pass


try:
    from typing import Literal
except ImportError:
    Literal = None


@f
def guarded_import(x: Literal["a", "b"] = "a"):
    pass


@f
def twice(x: int):
    pass


@f
def twice(y: int):
    pass


if t.TYPE_CHECKING:
    from decimal import Decimal


@f
def type_checking(x: "Decimal" = 1, y: "int" = 2):
    pass


if __name__ == "__main__":
    by_alias = None
