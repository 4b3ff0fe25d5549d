from prefect import flow


@flow
def etl(day: str = "today"):
    """Brackets in texts ([{ and quotes "' are no matter."""
    print(f"{day!r:>{10}} {{")  # nor are they ( in a comment
