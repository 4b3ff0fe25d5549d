from prefect import flow


@flow
def one():
    pass


@flow
def two():
    pass
