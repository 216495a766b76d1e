"""The Rasa pipeline components of Firstlight."""
