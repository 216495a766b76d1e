"""How well messages are understood, as one page: `python -m tests.report`; docs/nlu.md explains it."""
