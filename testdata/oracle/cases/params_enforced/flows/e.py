from datetime import datetime
from enum import Enum
from typing import Any, Dict, List, Literal, Optional, Tuple, Union

from prefect import flow
from pydantic import BaseModel


class Color(Enum):
    RED = "red"


class M(BaseModel):
    x: int
    y: str = "y"


@flow
def e(i: int, f: float = 1, s: str = "", l: List[int] = [], d: Dict[str, int] = {}, o: Optional[int] = None, u: Union[int, str] = 1, lit: Literal["a", "b"] = "a", color: Color = Color.RED, m: M = M(x=0), t: Tuple[int, str] = (0, ""), when: datetime = None, any: Any = None):
    pass
