from __future__ import annotations

import typing as t
from datetime import datetime as dt, timedelta
from enum import Enum
from typing import TYPE_CHECKING

import pydantic as pd
from prefect import flow

if TYPE_CHECKING:
    from pandas import DataFrame


class Mode(str, Enum):
    ON = "on"
    OFF = "off"


class Cfg(pd.BaseModel):
    model_config = pd.ConfigDict(extra="forbid")
    mode: Mode = Mode.ON
    tags: t.List[str] = pd.Field(default_factory=list)
    nested: t.Dict[str, "Cfg"] = {}


@flow
def f1(a: t.Optional[int] = None, b: list[str] | None = None, c: dict[str, int | str] = {}, d: t.Literal["x", "y"] = "x", e: dt | None = None):
    pass


@flow
def f2(cfg: Cfg = Cfg(), mode: Mode = Mode.OFF, df: DataFrame = None, every: timedelta = timedelta(minutes=5)):
    pass


@flow
def f3(a: t.Annotated[int, pd.Field(gt=0)] = 1, b: "t.List[Cfg]" = [], c: Undefined = 5, d: type = int, e: t.Tuple[int, str] = (1, "b")):
    pass
