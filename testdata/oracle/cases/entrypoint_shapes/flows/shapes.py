from __future__ import annotations
import functools
import prefect
from prefect import flow
from prefect import flow as make_flow
from flows.deep.er.nest import run

NAME = "constant name"
PART = "part"


@flow
def base(n: int = 0):
    """Base docs."""


renamed = base.with_options(name="renamed flow", description="other words", version="v9")
chained = base.with_options(name="one").with_options(description="two only")


def plain(q: bool = True):
    """Plain docs."""


made = flow(plain, name="made flow")
partial_named = flow(name="partial flow")(plain)


@flow
async def aio(z: list[int] | None = None):
    """Async docs."""


@flow
def gen(k: int = 1):
    """Yields."""
    yield k


@flow
async def agen(k: int = 1):
    yield k


if True:
    @flow(name="in-if")
    def conditional(x=1):
        "one-line"

try:
    import nothing_like_it
except ImportError:
    @flow
    def tried(x: str = "t"):
        pass


@flow(name=NAME, description=NAME + " described")
def const_named():
    """Not this."""


@flow(name=f"{PART} f")
def fstr_named():
    pass


@flow(name="con" "cat" + "ed")
def concat_named():
    pass


@make_flow(name="aliased-dec")
def aliased():
    pass


@prefect.flow(name="prefixed-dec")
def prefixed():
    pass


@flow(name="first")
def again(a: int = 1):
    pass


@flow(name="second")
def again(b: int = 2):  # noqa
    """The second."""


@flow
def _under__score_():
    pass


def deco(fn):
    @functools.wraps(fn)
    def inner(*args, **kwargs):
        return fn(*args, **kwargs)
    return inner


@flow
@deco
def stacked(a: int, b: str = "x"):
    """Stacked docs."""
