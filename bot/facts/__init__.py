"""All interaction facts as one page to read and print, as a picture, and as a checklist for clinicians to sign."""

from bot.facts.matrix import severity_matrix
from bot.facts.page import POLICY, facts_page
from bot.facts.review import clinical_review

__all__ = ["POLICY", "clinical_review", "facts_page", "severity_matrix"]
