from prefect import flow


@flow(log_prints=True)
def my_flow(number: int = 1, message: str = "hello"):
    """Says a message a number of times."""
    for _ in range(number):
        print(message)


@flow
def yet_another_flow(factor: float = 1.5) -> float:
    return factor * 2
