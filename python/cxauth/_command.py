"""The command's main verbs: `platforms`, `token`, `headers` and `call`.

It reads the same configuration file and ends with the same statuses as the command `cxauth` of the Rust package; both
are described in the project's documentation of the command.
"""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentParser, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING, NoReturn

from cxauth._command_call import call
from cxauth._command_failure import FIX_CONFIGURATION, CommandError, forbid_core_dumps
from cxauth._command_given import SECRETS, ways_in
from cxauth._command_platforms import platforms
from cxauth._command_token import headers, token
from cxauth.errors import AuthError

if TYPE_CHECKING:
    from collections.abc import Sequence

SECRETS_HELP = """
Secrets never stand on the command line. They come from the configuration file, from a --secret flag, or from
CXAUTH_CLIENT_SECRET, CXAUTH_PASSWORD, CXAUTH_API_KEY and CXAUTH_REFRESH_TOKEN.
"""
STATUS_HELP = """
Exit status: 0 success, 1 not as it should be, 2 fix the configuration, 3 sign in again,
  4 try again later, 5 report it, 6 the API answered 3xx or 4xx, 7 the API answered 5xx
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    forbid_core_dumps()
    try:
        parsed = _parser().parse_args(arguments)
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except CommandError as failure:
        return failure.report()
    except AuthError as error:
        return CommandError.of(error).report()
    except BrokenPipeError:
        # A reader that has seen enough, such as `head`, is no failure.
        return _silence(0)
    except OSError as error:
        return CommandError(1, f"cannot write the output: {error}").report()
    except KeyboardInterrupt:
        return _silence(130)
    return status


def _silence(status: int) -> int:
    """Has the interpreter's end write nothing to an output that is gone."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return status


class _Parser(ArgumentParser):
    """What is wrong is one line that says what to do. What was typed is not repeated: it may be a secret."""

    def error(self, message: str) -> NoReturn:
        words = message.split()
        for name in SECRETS:
            flag = f"--{name.replace('_', '-')}"
            if any(word.partition("=")[0] in (flag, f"--{name}") for word in words):
                raise CommandError(
                    FIX_CONFIGURATION,
                    f"there is no {flag}, because other users of the machine can read a command line: {ways_in(name)}",
                )
        if message.startswith("argument VERB"):
            what = "there is no such verb"
        elif message.startswith("unrecognized arguments"):
            flags = [word.partition("=")[0] for word in words[2:] if word.startswith("-")]
            what = f"there is no {flags[0]}" if flags else "there is one word too many on the command line"
        else:
            what = message.partition("(choose")[0].partition("invalid choice")[0].rstrip(" :")
        raise CommandError(FIX_CONFIGURATION, f"{what}; see `{self.prog} --help`")


def _parser() -> ArgumentParser:
    parser = _Parser(
        prog="python -m cxauth",
        description="Access tokens that stay alive, for customer-experience platforms and any OAuth 2.0 server.",
        epilog=STATUS_HELP,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    listing = verbs.add_parser("platforms", help="list the platforms and what each needs", allow_abbrev=False)
    listing.add_argument("--json", action="store_true", help="print JSON, one object a line")
    listing.set_defaults(run=platforms)

    getting = verbs.add_parser(
        "token",
        help="get an access token; into a pipe it is printed, on a terminal it is not",
        epilog=SECRETS_HELP,
        allow_abbrev=False,
    )
    getting.add_argument("name", nargs="?", help="connection of the configuration file, or platform")
    getting.add_argument("--reveal", action="store_true", help="print the token on a terminal too")
    getting.add_argument("--json", action="store_true", help="print JSON, one object a line")
    _add_connection(getting)
    getting.set_defaults(run=token)

    heading = verbs.add_parser(
        "headers",
        help="get the header fields of an API request, a line each; never on a terminal without --reveal",
        epilog=SECRETS_HELP,
        allow_abbrev=False,
    )
    heading.add_argument("name", nargs="?", help="connection of the configuration file, or platform")
    heading.add_argument("--url", help="only when the token may be sent to this address")
    heading.add_argument("--reveal", action="store_true", help="print them on a terminal too")
    _add_connection(heading)
    heading.set_defaults(run=headers)

    calling = verbs.add_parser(
        "call",
        help="send an API request that carries a token, and print the answer",
        epilog=SECRETS_HELP,
        usage="python -m cxauth call [OPTIONS] [NAME] METHOD URL",
        allow_abbrev=False,
    )
    calling.add_argument("words", nargs="+", metavar="[NAME] METHOD URL", help="a path of the API, or a URL")
    calling.add_argument("-H", "--header", action="append", default=[], metavar="NAME: VALUE", help="header field")
    calling.add_argument("-d", "--data", help="body: text, @FILE, or - for standard input")
    calling.add_argument(
        "-i", "--include", action="store_true", help="print the status line and the header fields before the body"
    )
    _add_connection(calling)
    calling.set_defaults(run=call)
    return parser


def _add_connection(parser: ArgumentParser) -> None:
    who = parser.add_argument_group("connection", argument_default=SUPPRESS)
    who.add_argument("--config", metavar="PATH", help="configuration file [default: ~/.config/cxauth/config.toml]")
    who.add_argument("--platform", metavar="ID", help="platform, see `python -m cxauth platforms`")
    who.add_argument("--domain", help="CloudCX: the tenant's domain")
    who.add_argument("--client-id", metavar="ID", help="client's identifier")
    who.add_argument("--username", metavar="NAME", help="user's name")
    who.add_argument("--scope", action="append", help="scopes to ask for, blank-separated or one by one")
    who.add_argument("--set", action="append", metavar="NAME=VALUE", help="any other setting that is no secret")
    who.add_argument("--secret-file", action="append", metavar="NAME=PATH", help="read a secret from a file")
    who.add_argument(
        "--secret-command", action="append", metavar="NAME=COMMAND", help="read a secret from a program's output"
    )
    who.add_argument("--secret-stdin", metavar="NAME", help="read a secret from standard input")
    who.add_argument("--store", metavar="PATH", help="keep this connection's tokens in a file for the next run")
