"""The one error of the escalation room."""


class ContactError(Exception):
    """The contacts cannot be used; the message is one sentence such as `resources.csv:4: empty source`."""
