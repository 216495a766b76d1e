"""The one error of this room."""


class SmsError(Exception):
    """A table of texts cannot be used; the message names file and row."""
