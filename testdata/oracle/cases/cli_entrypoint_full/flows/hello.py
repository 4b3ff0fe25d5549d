from prefect import flow


@flow
def my_flow(number: int = 1, message: str = "hi"):
    """Say hello."""
