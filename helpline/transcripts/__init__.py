"""What of a conversation may be kept, and in which words."""
