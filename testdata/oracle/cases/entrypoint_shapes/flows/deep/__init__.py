from prefect import flow


@flow(name="top of pkg", version="7")
def top(x: int = 3):
    """In the package itself."""
