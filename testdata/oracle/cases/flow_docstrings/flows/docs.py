"""Module docs."""
from prefect import flow

X = "x"


@flow
def d1():
    """First line

      more indent
    back
	tab
    """


@flow
def d2():
    r"""Raw \n docs."""


@flow
def d3():
    "con" "catenated"


@flow
def d4():
    f"""f {X}"""


@flow
def d5():
    b"""bytes"""


@flow
def d6():
    """"""


@flow(description="")
def d7():
    """docs behind empty"""


@flow(description="  spaced\n    more  ")
def d8():
    """not this"""


@flow(description=None)
def d9():
    """none given"""


@flow
def d10():
    # comment first
    """after comment"""


@flow
def d11():
    x = 1
    """not a docstring"""


@flow
def d12(): """on the def line"""


@flow
def d13():
    """Line one\
    continued
    	mixed \u00e9 \N{BULLET} \x41

    trailing   

    """
