"""Who may do what: one table. What does not stand in it is denied."""

from __future__ import annotations

READER, COUNSELLOR, SUPERVISOR, ADMIN = ROLES = ("reader", "counsellor", "supervisor", "admin")
EVERYBODY = frozenset(ROLES)
WHO_ANSWER = frozenset((COUNSELLOR, SUPERVISOR, ADMIN))
WHO_DECIDE = frozenset((SUPERVISOR, ADMIN))

MAY = {
    "read": EVERYBODY,  # the night page, lists, search, conversations in their redacted copy
    "settle": EVERYBODY,  # one's own password, second factor, saved views, signing out
    "answer": WHO_ANSWER,  # claim, done, notes, tags, assign, review state, call-backs
    "reveal": WHO_ANSWER,  # an original text or a whole number, with a reason
    "export": WHO_DECIDE,
    "keep": WHO_DECIDE,  # legal holds, deletion requests, retention
    "audit": WHO_DECIDE,
    "accounts": frozenset((ADMIN,)),
}


def allowed(role: str, permission: str) -> bool:
    """Whether a role may do something."""
    return role in MAY.get(permission, frozenset())
