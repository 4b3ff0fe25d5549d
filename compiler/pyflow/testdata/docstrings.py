from prefect import flow


@flow
def google(a: int, b: str = "x", c=None, *args, **kwargs):
    """Does things.

    Args:
        a: the first
        b (str): the second,
            on two lines
            and three
        c (Optional[int], optional): in brackets: with colon
        *args: the rest
        **kwargs: more

    Returns:
        int: nothing
    """


@flow
def arguments(a, b, c):
    """Arguments:
        a: looks fine
      b: less
    """


@flow
def blank_first(a, b):
    """

    Args:
        a: one
        b: two
    """


@flow
def only_args(a, b):
    """
    Args:
        a: one
        b: two
    """


@flow
def no_blank_line(a):
    """Summary.
    Args:
        a: not a section
    """


@flow
def extra_blank_line(a):
    """Summary.

    Args:

        a: not a section either
    """


@flow
def twice(a, b):
    """Summary.

    Args:
        a: first section

    Parameters:
        b: second section
    """


@flow
def spaced(a, b, c):
    """Summary.

    Params:
        a : a space before the colon
        b(int): no space
        c:no space after
        d
    """


@flow
def paragraphs(a, b):
    """Summary.

    Args:
        a: one

            a paragraph

        b: two
          odd indentation
    Text after.
    """


@flow
def fenced(a):
    """Summary.

    ```
    Args:
        a: in code

    ```

    Example:
        Args:
            a: in an example

    Args: with a title
        a: real
    """


@flow
def numpy_style(a):
    """Summary.

    Parameters
    ----------
    a : int
        not read
    """


@flow
def tabs(a, b):
	"""Summary.

	Args:
		a: with tabs
		b: too
	"""


@flow
def empty(a):
    """"""


@flow
def empty_text(a, b):
    """Summary.

    Args:
        a:
        b: x
    """


@flow
def escaped(a):
    "One\n\n    Args:\n        a: from escapes\n    "


@flow
def raw_doc(a):
    r"""Raw \d.

    Args:
        a: \w and ünïcode
    """


@flow
def formatted(a):
    f"""Not a docstring."""


@flow
def bytes_doc(a):
    b"""Not a docstring."""


@flow
def raises_section(a):
    """Summary.

    Raises:
        ValueError: always
    Args:
        a: right after
    """


@flow
def note(a):
    """Summary.

    Note:
        Something.

    Keyword Args:
        a: a keyword

    Args:
        a: real
        b: not a parameter
    """
