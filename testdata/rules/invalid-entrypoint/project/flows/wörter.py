from prefect import flow


@flow
def fluß():
    pass
