import functools

from prefect import flow, task


def plain_decorator(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    return wrapper


@flow
@plain_decorator
def wrapped_below(x: int = 1):
    """Wrapped."""


@plain_decorator
@flow
def wrapped_above(x: int = 1):
    pass


@task
def a_task(x: int):
    pass


def not_a_flow(x: int):
    pass


class Jobs:
    """Holds flows."""

    @flow
    def instance(self, x: int, y: str = "a"):
        """An instance method."""

    @staticmethod
    @flow
    def static(x: int):
        pass

    @flow
    @staticmethod
    def static_inside(x: int, y: int = 1):
        pass

    @classmethod
    @flow
    def klass(cls, x: int):
        pass

    def helper(self):
        pass


@flow(name='quoted "name"', description="ünï")
def odd_name(λ: int = 1):
    pass


@flow\
(name="continued")
def continued(a: int, \
              b: int = 2):
    pass


@flow(name=f"{1 + 1}", description="a" "b")
def computed(x: int):
    pass


@flow(name=("in brackets"))
def bracketed(x: (int) = (1)):
    pass


@flow(flow_run_name=lambda: "x, y", on_failure=[lambda *a, **k: None])
def lambdas(x=lambda a, b=1: {a: b}, y: int = 2):
    pass


if True:
    @flow
    def conditional(x: int):
        pass
else:
    @flow
    def conditional(y: int):
        pass


for _ in range(1):
    @flow
    def in_loop(x: int):
        pass


with open(__file__) as handle:
    @flow
    def in_with(x: int):
        pass


@flow(version="v1", validate_parameters=False)
def versioned(x: int):
    pass
