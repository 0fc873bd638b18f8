"""OAuth 2.0 tokens that stay alive."""

from cxauth.errors import AuthError

__all__ = ["AuthError"]
