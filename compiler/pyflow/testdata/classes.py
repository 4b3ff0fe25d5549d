import enum
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Annotated, Dict, List, Literal, NamedTuple, Optional, Union

from prefect import flow
from pydantic import BaseModel, Field


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Named(str, Enum):
    """Names.

    More about them.
    """

    A = "a"
    B = "b"

    def shout(self):
        return self.value.upper()


class Level(IntEnum):
    LOW = 1
    HIGH = 10
    TOP = 10


class Mixed(Enum):
    ONE = 1
    TWO = "two"


class Floats(Enum):
    HALF = 0.5


class Auto(Enum):
    A = enum.auto()


class Address(BaseModel):
    """Where somebody lives."""

    street_name: str
    number: int = 1
    ZIPCode2nd: Optional[str] = None


class Person(BaseModel):
    name: str = Field(..., description="Full name")
    address: Optional[Address] = None
    home: Address
    tags: List[str] = []
    colour: Colour = Colour.RED
    age: Optional[int] = Field(None, description="in years")
    either: Union[Address, Colour, None] = None
    places: Dict[str, Address] = {}
    kind: Literal["a", "b"] = "a"


class Limited(BaseModel):
    n: int = Field(1, ge=0)


class Child(Address):
    extra: int = 1


class Configured(BaseModel):
    model_config = {"extra": "forbid"}
    a: int


@dataclass
class Point:
    x: int
    y: float = 0.5
    name: Optional[str] = None


@dataclass
class Documented:
    """A documented one."""

    point: Point
    tags: List[str] = field(default_factory=list)


@dataclass
class WithDoc:
    """Has a docstring."""

    point: Point


class Plain:
    def __init__(self, x):
        self.x = x


class Pair(NamedTuple):
    a: int


@flow
def enums(a: Colour, b: Named = Named.A, c: Level = Level.HIGH, d: Mixed = Mixed.TWO, e: Floats = Floats.HALF, f: Optional[Colour] = Colour.BLUE, g: List[Colour] = []):
    pass


@flow
def enum_keys(a: Dict[Colour, int], b: Optional[Dict[str, Colour]] = None, c: Union[Colour, Named, str] = "x"):
    pass


@flow
def auto(a: Auto):
    pass


@flow
def models(person: Person, maybe: Optional[Person] = None, people: List[Person] = []):
    pass


@flow
def model_default(a: Address = Address(street_name="x")):
    pass


@flow
def one_model(a: Address, b: Address = None):
    pass


@flow
def limited(a: Limited):
    pass


@flow
def inherited(a: Child):
    pass


@flow
def configured(a: Configured):
    pass


@flow
def dataclasses(a: Point, b: Optional[Point] = None, c: WithDoc = None):
    pass


@flow
def dataclass_factory(a: Documented):
    pass


@flow
def plain_class(a: Plain, b: Optional[Plain] = None, c: List[Plain] = [], d: Dict[str, Plain] = {}):
    pass


@flow
def named_tuple(a: Pair):
    pass


@flow
def annotated(a: Annotated[int, Field(ge=1, le=10)] = 2, b: Annotated[str, "a note"] = "x", c: Annotated[float, Field(gt=0)] = 1.5, d: Annotated[str, Field(min_length=1, max_length=3)] = "x", e: Annotated[int, Field(description="lost")] = 1):
    pass


@flow
def field_default(a: int = Field(default=4, gt=0)):
    pass


@flow
def list_enum_literal(a: Literal[Colour.RED] = Colour.RED):
    pass
