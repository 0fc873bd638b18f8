"""The bridge as Python sees it: one token from settings to a header, and one error."""

import json
from urllib.parse import parse_qs

from cxauth import AuthError
from cxauth import _native as bridge

NOW = 1_700_000_000_000.0

settings = {"token_endpoint": "https://as.example/token", "client_id": "id", "client_secret": "secret"}
connection = bridge.open_connection(
    json.dumps({"platform": "generic", "grant": "client_credentials", "client_authentication": "client_secret_post", **settings})
)
session = bridge.open_session(connection, NOW, bytes(range(16)), False)

lead = session.acquire(NOW)
assert lead.kind() == bridge.AcquiredKind.Lead
step = session.next(NOW, lead.flight())
assert step.kind() == bridge.StepKind.Send
request = step.request()
assert (request.method(), request.url()) == ("POST", settings["token_endpoint"])
assert parse_qs(bytes(request.body()).decode()) == {
    "grant_type": ["client_credentials"],
    "client_id": ["id"],
    "client_secret": ["secret"],
}

body = json.dumps({"access_token": "AT", "token_type": "Bearer", "expires_in": 3600}).encode()
session.done_answer(NOW, lead.flight(), 200, ["content-type"], ["application/json"], body)
assert session.next(NOW, lead.flight()).kind() == bridge.StepKind.Done
token = session.acquire(NOW).token()
assert (token.header_name(), token.header_value()) == ("authorization", "Bearer AT")
assert token.expires_at_ms() == NOW + 3_600_000
for secretive in (token, session, request, connection):
    assert "AT" not in repr(secretive) and "secret" not in repr(secretive)

try:
    bridge.open_connection('{"platform": "nowhere"}')
except AuthError as error:
    assert error.code in bridge.error_codes() and error.action == "fix_configuration"
else:
    raise AssertionError("an unknown platform was taken")

print("python: one token and one error, as expected")
