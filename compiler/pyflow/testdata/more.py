"""Signatures of every other kind."""
import collections
import collections.abc as abc
import datetime as dt
import enum
import ipaddress
import re
import typing as t
from collections import deque, defaultdict, OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, IntFlag
from fractions import Fraction
from pathlib import Path, PurePath, PosixPath
from typing import (Annotated, Any, Callable, ClassVar, Dict, Final, FrozenSet, Generic, Iterable, List, Literal, Mapping,
                    NewType, Optional, Sequence, Set, Tuple, Type, TypedDict, TypeVar, Union)
from uuid import UUID

import prefect
from prefect import flow, task
from pydantic import BaseModel, Field, conint, constr, confloat, PositiveInt, NonNegativeFloat, SecretStr, EmailStr, AnyUrl, HttpUrl

UserId = NewType("UserId", int)
T = TypeVar("T")
Alias = Optional[List[int]]
Name = str
MODES = ("a", "b")
DEFAULT = 5
NONE = None


@flow
def positional_only(a: int, b: str = "x", /, c: float = 1.0, *, d: bool, e: list = None):
    pass


@flow
def keyword_only(*, a: int, b: Optional[str] = None, **rest: int):
    pass


@flow
def var_args(a, *args: int, **kwargs: str):
    pass


@flow
async def asynchronous(a: int = 1, b: "Optional[str]" = None) -> None:
    """Async one."""


@flow
def dates(a: datetime, b: date, c: time, d: timedelta, e: dt.datetime = None, f: Optional[dt.date] = None):
    pass


@flow
def date_defaults(a: datetime = datetime(2024, 1, 2), b: date = date(2024, 1, 2), c: timedelta = timedelta(hours=1)):
    pass


@flow
def others(a: UUID, b: Decimal, c: Path, d: PurePath, e: bytes, f: complex = None):
    pass


@flow
def decimals(a: Decimal = Decimal("1.5"), b: Path = Path("x"), c: UUID = None):
    pass


@flow
def literals(a: Literal["a"], b: Literal["a", "b"] = "a", c: Literal[1, 2] = 1, d: Literal["a", 1, None] = None, e: Literal[True, False] = True, f: Optional[Literal["x", "y"]] = None):
    pass


@flow
def nested_literals(a: Literal["a", Literal["b", "c"]] = "a", b: List[Literal["a", "b"]] = [], c: Dict[Literal["k"], int] = {}):
    pass


@flow
def annotated(a: Annotated[int, "meta"], b: Annotated[int, Field(gt=0)] = 1, c: Annotated[str, Field(description="text", min_length=1)] = "x", d: Annotated[Optional[int], Field(ge=0, le=10)] = None):
    pass


@flow
def fields(a: int = Field(1, gt=0, description="positive"), b: str = Field(default="x", title="The B"), c: list = Field(default_factory=list), d: int = Field(...)):
    pass


@flow
def field_more(a: str = Field("x", max_length=3, pattern="^x"), b: float = Field(0.5, ge=0, le=1, multiple_of=0.5), c: int = Field(default=3, examples=[1, 2])):
    pass


@flow
def constrained(a: PositiveInt = 1, b: NonNegativeFloat = 0.0, c: conint(gt=1) = 2, d: constr(min_length=1) = "a"):
    pass


@flow
def secrets(a: SecretStr, b: Optional[SecretStr] = None):
    pass


@flow
def urls(a: AnyUrl = None, b: HttpUrl = None):
    pass


@flow
def new_types(a: UserId, b: UserId = UserId(5), c: Optional[UserId] = None):
    pass


@flow
def aliases(a: Alias, b: Alias = None, c: Name = "x", d: List[Name] = []):
    pass


@flow
def type_vars(a: T, b: List[T] = None):
    pass


@flow
def constants(a: int = DEFAULT, b: tuple = MODES, c=NONE, d=DEFAULT, e: int = DEFAULT * 2, f: str = "a" + "b", g: float = -DEFAULT):
    pass


@flow
def callables(a: Callable = None, b: Callable[[int], str] = None, c: Type[int] = None, d: type = None):
    pass


@flow
def tuples_more(a: Tuple[()] = (), b: Tuple[int, ...] = (1, 2), c: Tuple[int, str, float] = (1, "a", 2.0), d: tuple[int, ...] = (), e: List[Tuple[str, int]] = []):
    pass


@flow
def unions_more(a: Union[str, int, None], b: int | str | None = None, c: Union[List[str], str] = "x", d: Union[Dict[str, int], List[int], None] = None, e: "int | None" = None):
    pass


@flow
def optional_without_default(a: Optional[int], b: Optional[Dict[str, Any]], c: Any, d: Optional[Any]):
    pass


@flow
def none_defaults(a: int = None, b: str = None, c: list = None, d: dict = None, e: List[int] = None, f: datetime = None, g: bool = None):
    pass


@flow
def objects(a: object = None, b: "object" = 1, c: Any = object):
    pass


@flow
def deep(a: Dict[str, Dict[str, List[Optional[int]]]] = {"a": {"b": [1, None]}}, b: List[List[List[str]]] = [[["x"]]], c: Dict[str, Union[int, List[str]]] = {}):
    pass


@flow
def keys(a: Dict[int, str] = {1: "a"}, b: Dict[UUID, int] = {}, c: Dict[str, None] = {}, d: Mapping[str, Sequence[int]] = {}):
    pass


@flow
def sets(a: Set[int] = {1}, b: set = {"a"}, c: frozenset = frozenset({1}), d: Set[str] = set()):
    pass


@flow
def ellipsis_default(a: int = ..., b=...):
    pass


@flow
def expressions(a: int = 1 + 1, b: list = [1] * 2, c: str = f"{DEFAULT}", d: dict = dict(a=1), e: int = int("5"), f: str = "%s" % 1, g: bool = not True, h=lambda: 1):
    pass


@flow
def strings_of_all_kinds(a: str = """a
b""", b: str = 'q"q', c: bytes = b"\x00\xff", d: str = "\N{BULLET}", e: str = r"\n" "\n", f: str = "", g: str = "😀"):
    pass


@flow
def numbers_more(a: int = 10**3, d: int = 0o17, e: float = 1_0.5, f: int = -0, g: float = -0.0, h: int = 123456789012345678901234567890, i: float = 1e-7, j: float = 1e22, k: float = 100000000000000000000.0):
    pass


@flow
def typing_module(a: t.Optional[int] = None, b: t.List[t.Dict[str, t.Any]] = None, c: t.Literal["x"] = "x", d: t.Annotated[int, 1] = 1, e: t.Union[int, str] = 1):
    pass


@flow
def finals(a: Final[int] = 1, b: ClassVar[int] = 1):
    pass


class TD(TypedDict):
    a: int
    b: str


class TDPartial(TypedDict, total=False):
    a: int


@dataclass
class Point:
    """A point."""

    x: int
    y: int = 0
    tags: List[str] = field(default_factory=list)


@flow
def dataclasses(a: Point, b: Optional[Point] = None, c: List[Point] = None):
    pass


class Flags(IntFlag):
    A = 1
    B = 2


class Plain:
    def __init__(self, x):
        self.x = x


@flow
def flags(a: Flags = Flags.A):
    pass


@flow
def arbitrary_class(a: Plain, b: Optional[Plain] = None):
    pass


class Colour(str, Enum):
    RED = "red"
    BLUE = "blue"


class Size(Enum):
    S = 1
    M = 2
    "not a member"
    L = M


@flow
def enums(a: Colour, b: Colour = Colour.RED, c: Optional[Colour] = None, d: List[Colour] = [Colour.BLUE], e: Size = Size.M, f: Dict[Colour, int] = {}):
    pass


class Inner(BaseModel):
    a: int
    b: Optional[str] = None


class Outer(BaseModel):
    """Outer doc."""

    inner: Inner
    many: List[Inner] = []
    by_name: Dict[str, Inner] = {}
    maybe: Optional[Inner] = None
    when: datetime
    mode: Literal["x", "y"] = "x"
    colour: Colour = Colour.RED
    n: int = Field(3, gt=0, description="the n")


@flow
def models(a: Outer, b: Inner = None, c: Optional[Outer] = None, d: List[Inner] = [], e: Union[Inner, str] = "x"):
    pass


class Child(Inner):
    c: float = 1.0


class Recursive(BaseModel):
    name: str
    children: List["Recursive"] = []


@flow
def inheriting(a: Child):
    pass


@flow
def recursive(a: Recursive):
    pass


class G(BaseModel, Generic[T]):
    item: T


@flow
def generic_model(a: G[int]):
    pass


class Aliased(BaseModel):
    a: int = Field(1, alias="theA")
    b: int = 2

    class Config:
        title = "Another"


@flow
def aliased_model(a: Aliased):
    pass


@flow
def model_defaults(a: Inner = Inner(a=1), b: Inner = Inner(a=1, b="x")):
    pass


@flow
def ips(a: ipaddress.IPv4Address = None, b: re.Pattern = None, c: Fraction = None):
    pass


@flow(validate_parameters=False)
def unvalidated(a: int, b: Plain = None):
    pass


@flow(name="x", description="from the decorator", version="7")
def decorated(a: int):
    """From the docstring."""


@flow
def forward(a: "Later", b: Optional["Later"] = None, c: "List[Later]" = []):
    pass


class Later(BaseModel):
    x: int


@flow
def model_names(model_name: str, model_path: str = "x", self_: int = 1, definitions: int = 1, properties: str = "p", fields: list = []):
    pass


class Holder:
    @flow
    def method(self, a: int, b: str = "x"):
        """A method."""

    @staticmethod
    @flow
    def static(a: int = 1):
        pass


@flow
def comments(
    a: int,  # the first
    b: str = "x",  # type: ignore
    # between
    c: Optional[
        int
    ] = None,
    *,
    d: Dict[
        str,
        int,
    ] = {"a": 1},
):  # after
    pass


@flow
def conditional_alias(a: "MaybeInt" = None):
    pass


if True:
    MaybeInt = Optional[int]
else:
    MaybeInt = int


if t.TYPE_CHECKING:
    from nowhere import Nothing


@flow
def only_checked(a: "Nothing" = None):
    pass
