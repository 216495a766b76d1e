"""What is an emergency, and what is said about it: rules and reviewed sentences, all of them data."""

from helpline.safety.attention import Attention
from helpline.safety.errors import SafetyError
from helpline.safety.guide import Guide
from helpline.safety.replies import Reply
from helpline.safety.safety import Safety, load
from helpline.safety.triage import Triage

__all__ = ["Attention", "Guide", "Reply", "Safety", "SafetyError", "Triage", "load"]
