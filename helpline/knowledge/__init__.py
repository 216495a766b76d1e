"""Interaction knowledge: words to substances, substances to sourced facts, facts to an answer."""

from helpline.knowledge.answer import Answer, answer, in_short
from helpline.knowledge.correction import corrected
from helpline.knowledge.interactions import Check, Finding, check
from helpline.knowledge.knowledge import Knowledge, load
from helpline.knowledge.recogniser import Heard, Mention, Recogniser
from helpline.knowledge.tables import KnowledgeError
from helpline.knowledge.unsure import depends, in_case, worst_case

__all__ = [
    "Answer", "Check", "Finding", "Heard", "Knowledge", "KnowledgeError", "Mention", "Recogniser", "answer", "check",
    "corrected", "depends", "in_case", "in_short", "load", "worst_case",
]  # fmt: skip
