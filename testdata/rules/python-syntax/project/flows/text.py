from prefect import flow


@flow
def etl(day: str = "today"):
    """Load a day.
    print(day)
