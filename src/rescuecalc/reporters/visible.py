"""Text from files, made harmless for terminals and logs."""


def visible(text: str) -> str:
    r"""Return ``text`` with every character escaped that is not printed as itself.

    >>> visible("a\x1b[31m")
    'a\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
