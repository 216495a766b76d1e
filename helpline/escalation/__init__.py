"""Whom to call: every phone number and text line, and which of them belong to which concern."""

from helpline.escalation.contacts import Contacts, Resource, load
from helpline.escalation.errors import ContactError

__all__ = ["ContactError", "Contacts", "Resource", "load"]
