"""The heart of Firstlight: what the helpline knows and decides, without a web framework, Rasa or a database."""
