from prefect import flow


@flow(name="same")
def one():
    pass


@flow(name="same")
def two():
    pass


@flow
def three():
    pass
