"""What may be kept and shown of a conversation."""

from helpline.transcripts.redaction import redact

__all__ = ["redact"]
