from prefect import flow

type Ints = list[int]


@flow
def aliased(a: Ints = []):
    pass


@flow
def bounded[T: int](a: T, b: list[T] = []):
    pass


@flow
def plain(x: int = 1):
    pass
