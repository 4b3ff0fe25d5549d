from prefect import flow


@flow(name="extract/load")
def etl():
    pass
