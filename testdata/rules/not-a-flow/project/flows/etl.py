from prefect import flow, task


@task
def etl():
    pass


def plain():
    pass


ANSWER = 42
