"""The one error of this room."""


class SafetyError(Exception):
    """A safety table cannot be used; the message is one sentence such as `phrases.csv:7: unknown concern 'overdos'`."""
