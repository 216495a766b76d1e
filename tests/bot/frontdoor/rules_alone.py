"""`python -m bot.frontdoor` on a machine where no classifier is trained yet."""

import sys
from pathlib import Path

from bot.frontdoor import __main__, app

if __name__ == "__main__":
    app.MODEL = Path(__file__).with_name("not_trained.npz")
    sys.exit(__main__.main())
