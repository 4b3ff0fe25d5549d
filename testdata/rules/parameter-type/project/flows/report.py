from datetime import date, datetime, timedelta
from typing import Optional

from prefect import flow


@flow
def report(day: date, since: Optional[datetime] = None, every: timedelta = timedelta(hours=1), tables: list[str] | None = None, rows: int = 1):
    pass
