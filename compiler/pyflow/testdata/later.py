"""Postponed annotations."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

from prefect import flow
from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from decimal import Decimal


class Kind(Enum):
    A = "a"


@dataclass
class D:
    x: int


class M(BaseModel):
    n: Optional[int] = None
    k: Kind = Kind.A


@flow
def simple(a: int, b: str | None = None, c: list[int] = [], d: dict[str, Any] = {}):
    pass


@flow
def models(a: M, b: M | None = None, c: list[M] = [], d: D = None, e: Kind = Kind.A):
    pass


@flow
def checking(a: Decimal = None):
    pass


@flow
def quoted(a: "int" = 1, b: "list[int]" = [], c: Optional["M"] = None):
    pass


@flow
def literal(a: Literal["x", "y"] = "x", b: Annotated[int, Field(gt=1)] = 2):
    pass


@flow
def times(a: datetime, b: datetime | None = None):
    pass


def outer():
    class Local(BaseModel):
        x: int

    @flow
    def inner(a: Local):
        pass

    return inner


made = outer()


@flow
async def unpacked(*args: int, **kwargs: M) -> list[M]:
    pass
