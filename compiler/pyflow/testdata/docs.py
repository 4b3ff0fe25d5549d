from typing import Optional

from prefect import flow


@flow
def numpy(a: int, b: str = "x", c: float = 1.0):
    """Summary.

    Longer text.

    Parameters
    ----------
    a : int
        The first.
    b : str, optional
        The second
        on two lines.
    c
        No type.

    Returns
    -------
    int
    """


@flow
def sphinx(a: int, b: str = "x", c: Optional[int] = None):
    """Summary.

    :param a: the first
    :param str b: the second
        continued
    :type c: int
    :param c: third: with colon
    :returns: nothing
    :raises ValueError: never
    """


@flow
def google_more(a: int, b: str = "x", *args: int, c: Optional[dict] = None, **kwargs):
    """Summary line.

    Extended description.

    Args:
        a (int): First.

            With a paragraph.
        b (:obj:`str`, optional): Second. Defaults to "x".
        *args: Rest.
        c: Third
            - a list
            - of things
        unknown: not there

    Raises:
        ValueError: if so.

    Example:
        >>> google_more(1)
    """


@flow
def epytext(a: int):
    """Summary.

    @param a: the first
    @return: nothing
    """


@flow
def keyword_section(a: int, *, k: str = "x"):
    """Summary.

    Args:
        a: pos

    Keyword Args:
        k: key
    """


@flow
def params_section(a: int, b: int = 1):
    """Summary.

    Params:
        a: one
        b: two
    """


@flow
def attributes_section(a: int):
    """Summary.

    Attributes:
        a: one
    """


@flow
def one_line(a: int):
    """Args: a: one"""


@flow
def raw(a: int):
    r"""Summary \d.

    Args:
        a: with \backslash
    """


@flow
def single_quotes(a: int):
    'Summary.\n\n    Args:\n        a: one\n    '


@flow
def concatenated(a: int):
    """Summary.

    Args:
        a: one
    """ """more"""


@flow
def formatted(a: int):
    f"""Summary.

    Args:
        a: one
    """


@flow
def tabs(a: int, b: int):
    """Summary.

	Args:
		a: one
		b: two
	"""


@flow
def unicode(a: int):
    """Zusammenfassung – ü.

    Args:
        a: Größe in „Metern“ 😀
    """


@flow
def repeated(a: int):
    """Summary.

    Args:
        a: one
        a: two
    """


@flow
def two_sections(a: int, b: int):
    """Summary.

    Args:
        a: one

    Text between.

    Args:
        b: two
    """


@flow
def stars(a, *args, **kwargs):
    r"""Summary.

    Args:
        a: one
        \*args: rest
        **kwargs: more
    """


@flow
def indented_code(a: int):
    """Summary.

    Args:
        a: one, see::

            code: here

        and text
    """


@flow
def assigned(a: int):
    pass


assigned.__doc__ = """Args:
    a: one
"""


@flow
def trailing_spaces(a: int, b: int = 1):
    """Summary.   

    Args:   
        a :   spaced   
        b(int): tight
    """


@flow
def empty_descriptions(a: int, b: int = 1):
    """Summary.

    Args:
        a:
        b: 
    """
