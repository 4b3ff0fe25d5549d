from prefect import flow
V = "c"
@flow(version="3.1")
def v1(): pass
@flow(version=V)
def v2(): pass
