from prefect import flow


@flow
def etl():
    pass


if __name__ == "__main__":
    etl()
