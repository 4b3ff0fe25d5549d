from prefect import flow

@flow(log_prints=True, retries=2)
def run(a: str, b: float = 2.5):
    '''
    Nested.

        indented

    Args:
        a: the a
        b (float): the b
            goes on
    '''
