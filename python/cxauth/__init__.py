"""OAuth 2.0 tokens that stay alive."""

from cxauth import _fork as _fork
from cxauth._connection import Connection
from cxauth._native import Command, Environment, File, Keychain
from cxauth.errors import AuthError

__all__ = ["AuthError", "Command", "Connection", "Environment", "File", "Keychain"]
