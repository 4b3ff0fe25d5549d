"""Signatures that a static reader must get right."""
import datetime
import decimal
import pathlib
import typing
import uuid
from typing import Any, Dict, List, Literal, Optional, Sequence, Set, Tuple, Union

from prefect import flow


@flow
def nothing():
    pass


@flow
def bare(x):
    pass


@flow
def bare_defaults(x=1, y="a", z=None, w=1.5, v=True, u=[1, "two"], t={"k": [None]}, s=(1, 2)):
    pass


@flow
def scalars(a: int, b: str, c: float, d: bool, e: bytes, f: None):
    pass


@flow
def scalar_defaults(a: int = 1, b: str = "x", c: float = 1.5, d: bool = False, e: bytes = b"raw", f: None = None):
    pass


@flow
def negative(a: int = -3, b: float = -1.5, c: int = +4, d: int = 1_000, e: int = 0x1F, f: float = 1e3, g: int = 0b101):
    pass


@flow
def texts(a: str = 'it''s', b: str = "a\nb", c: str = r"\d", d: str = """long
text""", e: str = "é\u20ac\x41", f: str = "con" "cat"):
    pass


@flow
def optional(a: Optional[int], b: Optional[str] = None, c: int | None = None, d: None | str = None, e: Union[None, int] = 3):
    pass


@flow
def unions(a: Union[int, str], b: int | float | str = 1, c: Union[int, Optional[str]] = None, d: Union[int, int] = 1, e: Union[int] = 1, f: Optional[Optional[int]] = None, g: Union[List[int], list[int]] = []):
    pass


@flow
def collections(a: list, b: dict, c: set, d: tuple, e: List, f: Dict, g: Set, h: Tuple, i: frozenset):
    pass


@flow
def generics(a: List[int], b: list[str], c: Dict[str, int], d: dict[str, Any], e: Set[str], f: set[int], g: Sequence[float], h: dict[str, list[int]], i: typing.Mapping[str, str], j: list[list[int]], k: Dict[int, str]):
    pass


@flow
def tuples(a: Tuple[int, str], b: tuple[int, ...], c: tuple[int], d: Tuple[str, ...] = ("a",)):
    pass


@flow
def nested(a: Optional[List[Optional[int]]] = None, b: List[Union[int, str]] = [1, "a"], c: dict[str, dict[str, int]] = {"a": {"b": 1}}, d: Optional[Dict[str, Any]] = None):
    pass


@flow
def literals(a: Literal["x", "y"], b: Literal["only"] = "only", c: Literal[1, 2] = 1, d: Literal["a", 1] = 1, e: Optional[Literal["p", "q"]] = None, f: Literal[True] = True, g: Literal[None, "a"] = None, h: Literal[Literal["a"], "b"] = "a", i: Literal[-1, 1] = -1):
    pass


@flow
def anything(a: Any, b: Any = None, c: object = None, d: typing.Callable = None, e: typing.Optional[Any] = None, f: List[Any] = []):
    pass


@flow
def times(a: datetime.date, b: datetime.datetime, c: datetime.timedelta, d: datetime.time, e: Optional[datetime.datetime] = None, f: List[datetime.date] = []):
    pass


@flow
def others(a: uuid.UUID, b: pathlib.Path, c: decimal.Decimal, d: Optional[decimal.Decimal] = None, e: pathlib.Path = pathlib.Path("/tmp/x"), f: decimal.Decimal = 1, g: Dict[datetime.date, int] = {}):
    pass


@flow
def mismatched(a: int = "notint", b: str = None, c: bool = 0, d: list = None, e: Dict[str, int] = [], f: float = 1):
    pass


@flow
def keyword_only(a, *, b: int, c="k"):
    pass


@flow
def positional_only(a: int, /, b: int = 2):
    pass


@flow
def variadic(a: int, *args: int, b: int = 1, **kwargs: str):
    pass


@flow
def variadic_bare(*args, **kwargs):
    pass


@flow
def aliased_names(schema: int, copy: str = "c", json: dict = {}, dict: int = 1, fields: int = 2, construct=None):
    pass


@flow
def comments(
    a: int,  # the first, with a comma
    b: str = "#no comment",
    # c: int,
    d: List[
        int
    ] = [
        1,
        2,  # two
    ],
) -> None:
    pass


@flow(
    name="several lines",
    description="from the decorator",
    version="1.2.3",
    retries=3,
)
def over_lines(x: int = 1):
    """not this"""


@flow(name="", description=None)
def empty_options(x: int = 1):
    """The docstring."""


@flow()
async def async_flow(x: int = 1) -> int:
    """Async."""


@flow
def one_line(x: int = 1): "inline docstring"; y = 2


@flow
def returns_type(x: int) -> "Missing":
    pass


@flow
def quoted(a: "int", b: "Optional[str]" = None, c: "int | None" = None, d: "list[int]" = [], e: 'Dict[str, "int"]' = {}):
    pass


@flow
def inner_quotes(a: List["int"], b: Optional["str"] = None):
    pass


@flow
def numbers(a: float = 1e100, b: float = 1e-7, c: float = 123456789.123, d: int = 2**3, e: int = 9223372036854775807):
    pass
