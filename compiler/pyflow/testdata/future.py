from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Dict, List, Optional

from prefect import flow
from pydantic import BaseModel

if TYPE_CHECKING:
    from collections import OrderedDict


@flow
def postponed(a: int, b: Optional[str] = None, c: list[int] = [], d: int | None = None):
    pass


@flow
def uses_later(a: Later, b: Colour = None):
    pass


@flow
def undefined(a: int, b: Nowhere = 1):
    pass


@flow
def checked_only(a: int, b: OrderedDict = None):
    pass


@flow
def undefined_return(a: int, b: List[str] = []) -> Nowhere:
    pass


@flow
def nested_quote(a: List["int"], b: "int" = 1, c: List["Later"] = []):
    pass


class Colour(enum.Enum):
    RED = "red"


class Later(BaseModel):
    x: int
    y: Dict[str, int] = {}
    z: Optional[Colour] = None


@flow
def after(a: Later, b: Optional[Later] = None, c: List[Later] = []):
    pass
