from prefect import flow


@flow
def etl():
    pass


def helper():
    pass
