"""`make staff-account NAME=ana`: an account from the command line, which the first admin needs."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from sqlalchemy.engine import Connection

from bot import environment
from bot.settings import Settings, SettingsError
from bot.staff import passwords
from bot.staff.roles import ADMIN, ROLES
from bot.staff.sign_in import NAME
from bot.store import accounts, audit, sign_ins
from bot.store.staff import StaffStore

WHO = "command line"


def main() -> int:
    """Make an account, or give one a new start; the second factor is set up at the first sign-in."""
    given = _arguments()
    environment.prepare()
    name = given.name.strip().lower()
    password = passwords.generated() if given.generate else _asked()
    if not NAME.fullmatch(name) or not passwords.good(password, name):
        print(
            f"A name is letters, digits and . _ @ -; a password has {passwords.LEAST} letters or more.", file=sys.stderr
        )
        return 1
    kept = (accounts.ONCE if given.generate else "") + passwords.HASHER.hash(password)
    try:
        _save(name, given.role, kept, given.reset)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return os.EX_CONFIG
    except accounts.NameTaken:
        print(
            f"There is an account {name}: --reset (RESET=1) gives it a new password and second factor.", file=sys.stderr
        )
        return 1
    except LookupError:
        print(f"There is no account {name}.", file=sys.stderr)
        return 1
    print(f"{name} can sign in now." + (f" One-time password: {password}" if given.generate else ""))
    return 0


def _save(name: str, role: str, kept: str, reset: bool) -> None:
    def work(db: Connection) -> None:
        if reset:
            accounts.reset(db, name, kept)
            accounts.enable(db, name)
            sign_ins.end_all(db, name)
        else:
            accounts.add(db, name, role, kept)
        audit.record(db, WHO, "account_reset" if reset else "account_added", name, "" if reset else role)

    store = StaffStore(Settings.from_environment(os.environ))
    try:
        store.prepare()
        store.change(work)
    finally:
        store.close()


def _asked() -> str:
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Once more: "):
        sys.exit("That was not twice the same.")
    return password


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.staff.new_account", description="Add an account of staff.")
    parser.add_argument("name", help="what they sign in with")
    parser.add_argument("--role", choices=ROLES, default=ADMIN)
    parser.add_argument("--generate", action="store_true", help="print a one-time password instead of asking for one")
    parser.add_argument("--reset", action="store_true", help="give an account a new password and second factor")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
