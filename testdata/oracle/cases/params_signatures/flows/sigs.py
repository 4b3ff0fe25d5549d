import datetime
import decimal
import enum
import pathlib
import uuid
from dataclasses import dataclass
from typing import Annotated, Any, Callable, Dict, FrozenSet, Iterable, List, Literal, Mapping, NewType, Optional, Sequence, Set, Tuple, Type, TypeVar, Union

from prefect import flow
from pydantic import BaseModel, Field, SecretStr, HttpUrl, conint, constr

UserId = NewType("UserId", int)
T = TypeVar("T")
LIMIT = 10
DEFAULTS = {"a": 1}


class Color(enum.Enum):
    """A colour."""
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Kind(str, enum.Enum):
    A = "a"
    B = "b"


class Inner(BaseModel):
    """Inner docs."""
    x: int
    y: Optional[str] = None


class Outer(BaseModel):
    inner: Inner
    many: List[Inner] = []
    at: Color = Color.RED
    limit: int = Field(5, ge=1, description="a limit")


@dataclass
class Data:
    a: int
    b: str = "b"


@flow
def s1(a: int, b: str = "x", c: float = 1.0, d: bool = False, e: None = None, f: bytes = b"raw", g: complex = 1j):
    pass


@flow
def s2(a: Optional[int] = None, b: Union[int, str, None] = 5, c: "int | None" = None, d: Optional[Union[int, List[str]]] = None, e: Any = {"k": [1]}, f: object = None):
    pass


@flow
def s3(a: list = [1, 2], b: dict = {"x": None}, c: set = {1}, d: tuple = (1, "a"), e: frozenset = frozenset(), f: List = [], g: Dict = {}, h: Tuple[int, ...] = (1, 2), i: Tuple[()] = ()):
    pass


@flow
def s4(a: list[int] = [], b: dict[str, list[float]] = {}, c: Sequence[int] = (1,), d: Mapping[str, Any] = {}, e: Iterable[str] = (), f: FrozenSet[int] = frozenset({1}), g: Dict[int, str] = {1: "a"}, h: Set[str] = set()):
    pass


@flow
def s5(a: Color = Color.RED, b: Optional[Color] = None, c: Level = Level.HIGH, d: Kind = Kind.A, e: List[Color] = [Color.BLUE], f: Literal["a", 1, True, None] = "a", g: Literal[Color.RED] = Color.RED):
    pass


@flow
def s6(a: Inner, b: Outer = Outer(inner=Inner(x=1)), c: Optional[Inner] = None, d: List[Inner] = [Inner(x=2)], e: Dict[str, Outer] = {}):
    pass


@flow
def s7(a: datetime.datetime = datetime.datetime(2024, 1, 2, 3, 4, 5), b: datetime.date = datetime.date(2024, 1, 2), c: datetime.timedelta = datetime.timedelta(hours=1), d: datetime.time = datetime.time(1, 2), e: Optional[datetime.datetime] = None):
    pass


@flow
def s8(a: uuid.UUID = uuid.UUID(int=1), b: pathlib.Path = pathlib.Path("/tmp"), c: decimal.Decimal = decimal.Decimal("1.5"), d: UserId = 3, e: T = None, f: Callable = print, g: Type[int] = int, h: Data = Data(a=1), i: Optional[Data] = None):
    pass


@flow
def s9(a: Annotated[int, Field(ge=1, le=5)] = 2, b: Annotated[str, Field(min_length=1, description="lost?")] = "a", c: int = Field(default=4, gt=0), d: str = Field("dd", description="kept?"), e: conint(ge=3) = 4, f: constr(pattern="^a") = "a", g: SecretStr = SecretStr("s"), h: HttpUrl = "http://x"):
    pass


@flow
def s10(a, b=1, c="s", d=None, e=[1], f=1.5, g=-3, h=1_000, i=0x1f, j=1e3, k=LIMIT, l=DEFAULTS, m=LIMIT * 2, n="a" "b", o=not True, p=(1, 2), q=..., r=f"x{LIMIT}"):
    pass


@flow
def s11(a, /, b: int, *, c: str, d: int = 2):
    """Doc.

    Args:
        a: positional only
        b: either
            more of b
        c (str): keyword, with: colon
        d (int, optional): has default. Defaults to 2.

    Returns:
        nothing
    """


@flow
def s12(*args: int, **kwargs: str):
    pass


@flow
def s13(schema: dict = {}, copy: int = 1, json: str = "j", validate: int = 5, fields: int = 6, dict: int = 7, class_: int = 8):
    pass


@flow
def s14(x: int = 1, y: str = "a"):
    """Sphinx docs.

    :param x: the x
    :type x: int
    :param y: the y
    """


@flow
def s15(x: int = 1, y: str = "a"):
    """Numpy docs.

    Parameters
    ----------
    x : int
        the x
    y : str
        the y
    """
