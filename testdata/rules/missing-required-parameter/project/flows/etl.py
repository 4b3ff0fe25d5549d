from typing import Literal, Optional

from prefect import flow


@flow
def etl(day: str, rows: int = 10, mode: Literal["fast", "full"] = "fast", limit: Optional[float] = None, flag: bool = False):
    pass


@flow
def open_end(**kwargs):
    pass
