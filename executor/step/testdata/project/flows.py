from typing import Optional

from prefect import flow


@flow(name="Named", version="1.2")
def described(x: int, names: Optional[list[str]] = None):
    """Does it."""


@flow
def plain_flow():
    pass


import package_that_is_nowhere  # noqa: E402,F401
