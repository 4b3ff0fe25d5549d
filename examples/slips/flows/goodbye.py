from prefect import flow


@flow(log_prints=True)
def my_other_flow(name: str = "world"):
    print(f"Goodbye, {name}!")
