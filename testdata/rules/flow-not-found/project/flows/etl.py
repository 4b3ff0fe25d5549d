from prefect import flow


@flow(name="Nightly ETL")
def etl():
    pass
