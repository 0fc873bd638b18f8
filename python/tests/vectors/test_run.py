"""The runner can fail: on what came out wrong, and on what it does not understand."""

from __future__ import annotations

import copy
import io
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from reading import Json
from run import Report, run

_HERE = Path(__file__).resolve().parent
_WRONG = _HERE.parents[2] / "crates" / "cxauth-cli" / "tests" / "wrong"

_RIGHT: Json = {
    "id": "a/b",
    "kind": "session",
    "why": "an example",
    "epoch": 1_700_000_000,
    "connection": {
        "platform": "cisco-cx-cloud",
        "client_id": "k",
        "client_secret": "s",
    },
    "steps": [
        {
            "at": 0,
            "do": "acquire",
            "as": "one",
            "expect": {
                "lead": {
                    "token": None,
                    "request": {
                        "method": "POST",
                        "form": {
                            "grant_type": "client_credentials",
                            "client_id": "k",
                            "client_secret": "s",
                        },
                    },
                }
            },
        },
        {
            "at": 0,
            "do": "answer",
            "of": "one",
            "answer": {"status": 503, "headers": [], "body": ""},
            "expect": {"wait": {"until": [1, 1.5], "error": {"action": "retry"}}},
            "wakeup": [1, 1.5],
            "events": ["waiting"],
        },
        {"at": 2, "do": "acquire"},
        {
            "at": 2,
            "do": "answer",
            "answer": {"status": 200, "body": '{"access_token":"A","expires_in":3600}'},
            "expect": {"token": {"headers": {"authorization": "Bearer A"}, "expires_at": 3602}},
        },
        {
            "at": 3,
            "do": "outage",
            "until": 10,
            "every": 1,
            "failure": "connect",
            "expect": {"requests": 0},
        },
        {
            "at": 11,
            "do": "refuse",
            "status": 401,
            "www_authenticate": 'Bearer error="invalid_token"',
            "body": "",
            "expect": "retry",
        },
        {"at": 12, "do": "change_secret", "connection": {"client_secret": "t"}},
    ],
}
"""A session scenario that holds and uses every kind of place where a key can stand."""


_SHARED: Json = {
    "id": "a/b",
    "kind": "session",
    "store": True,
    "steps": [
        {"at": 0, "session": "a", "do": "acquire", "as": "one", "expect": {"lead": {"token": None}}},
        {"at": 0, "session": "b", "do": "acquire", "as": "two", "expect": {"locked": {"token": None}}},
        {"at": 1, "session": "b", "do": "go_on", "of": "two", "as": "three", "expect": {"locked": {}}},
        {"at": 2, "do": "store", "fails": ["save"], "loses_lock": True, "held": True, "snapshot": None},
        {"at": 2, "do": "store", "fails": [], "held": False},
        {"at": 3, "session": "b", "do": "go_on", "expect": {"lead": {}}},
        {"at": 3, "do": "acquire", "expect": {"locked": {}}},
        {"at": 3, "do": "give_up", "expect": {"wait": {"error": {"code": "store_unavailable"}}}, "events": ["waiting"]},
        {"at": 4, "session": "b", "do": "end", "expect": None, "wakeup": None, "events": []},
        {"at": 5, "session": "a", "do": "sign_out", "as": "out", "expect": None, "events": ["signed_out"]},
    ],
}
"""The same of what several processes and a store have."""


def _answer(value: Json) -> Json:
    return {"status": 200, "headers": [["content-type", "application/json"]], "body": json.dumps(value)}


_SIGNING_IN: Json = {
    "id": "a/b",
    "kind": "session",
    "connection": {
        "platform": "generic",
        "grant": "authorization_code",
        "authorization_endpoint": "https://as.example/authorize?tenant=7",
        "device_authorization_endpoint": "https://as.example/device",
        "token_endpoint": "https://as.example/token",
        "client_id": "app",
        "client_key": {"function": "key", "algorithm": "ES256"},
    },
    "steps": [
        {
            "at": 0,
            "do": "sign_in",
            "redirect_uri": "https://app.example/callback",
            "as": "browser",
            "expect": {
                "authorize": {
                    "url": "https://as.example/authorize",
                    "parameters": {
                        "tenant": "7",
                        "response_type": "code",
                        "client_id": "app",
                        "redirect_uri": "https://app.example/callback",
                        "state": "{state}",
                        "code_challenge": "{code_challenge}",
                        "code_challenge_method": "S256",
                    },
                },
            },
        },
        {
            "at": 1,
            "do": "redirect",
            "url": "https://app.example/callback?code=c&state={state}",
            "of": "browser",
            "expect": {
                "lead": {
                    "request": {
                        "form": {
                            "grant_type": "authorization_code",
                            "code": "c",
                            "code_verifier": "{code_verifier}",
                            "redirect_uri": "https://app.example/callback",
                            "client_id": "app",
                            "client_assertion": "{client_assertion}",
                            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        },
                    },
                },
            },
        },
        {
            "at": 2,
            "do": "answer",
            "answer": _answer({"access_token": "AT", "expires_in": 3600}),
            "expect": {"token": {"expires_at": 3601}},
        },
        {"at": 3, "do": "sign_in", "device": True, "as": "device", "expect": {"lead": {"request": {}}}},
        {
            "at": 4,
            "do": "answer",
            "answer": _answer(
                {"device_code": "d", "user_code": "u", "verification_uri": "https://as.example/d", "expires_in": 100}
            ),
            "expect": {
                "prompt": {
                    "user_code": "u",
                    "verification_uri": "https://as.example/d",
                    "verification_uri_complete": None,
                    "expires_at": 103,
                    "ask_at": 9,
                },
            },
        },
        {"at": 8, "do": "go_on", "expect": {"pause": {"until": 9}}},
        {"at": 9, "do": "go_on", "signs": False, "expect": {"error": {"code": "secret_unreadable"}}},
    ],
}
"""People who sign in, in a browser and on a device."""


def _changed(place: str, key: str, value: Json, scenario: Json = _RIGHT) -> Json:
    scenario = copy.deepcopy(scenario)
    inner = scenario
    for name in place.split():
        inner = inner[int(name)] if isinstance(inner, list) else inner[name]
    inner[key] = value
    return scenario


class RunnerTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_folder(self, folder: Path) -> tuple[Report, str]:
        out = io.StringIO()
        return run(folder, out), out.getvalue()

    def run_text(self, text: str) -> tuple[Report, str]:
        (self.folder / "a.json").write_text(text, encoding="utf-8")
        return self.run_folder(self.folder)

    def assert_fails(self, scenario: Json, *words: str) -> None:
        report, out = self.run_text(json.dumps([scenario]))
        self.assertEqual((report.passed, report.failed), (0, 1), out)
        for word in words:
            self.assertIn(word, out)

    def test_an_example_holds(self) -> None:
        report, out = self.run_text(json.dumps([_RIGHT]))
        self.assertEqual((report.passed, report.failed), (1, 0), out)
        self.assertEqual(out, "pass a/b\n1 passed, 0 failed\n")
        _, out = self.run_text(json.dumps([_SHARED]))
        self.assertEqual(out, "pass a/b\n1 passed, 0 failed\n")

    def test_a_wrong_value_of_any_key_fails_and_is_named(self) -> None:
        """Each of them is wrong in one key, which the end of its id names."""
        scenarios = [json.loads(file.read_text("utf-8")) for file in sorted(_WRONG.glob("*.json"))]
        expected = sum(map(len, scenarios))
        self.assertGreater(expected, 60)
        report, out = self.run_folder(_WRONG)
        self.assertEqual((report.passed, report.failed), (0, expected), out)
        for line in out.splitlines()[:-1]:
            name, why = line.removeprefix("FAIL ").split(": ", 1)
            self.assertIn(name.rsplit("/", 1)[1], why, line)
            self.assertNotIn("; expect", why, line)
            self.assertNotIn("unknown key", why, line)

    def test_what_differed_is_told_in_a_line(self) -> None:
        _, out = self.run_text(json.dumps([_RIGHT, {**_changed("steps 1", "wakeup", 7), "id": "a/c"}]))
        lines = out.splitlines()
        self.assertEqual([lines[0], lines[2]], ["pass a/b", "1 passed, 1 failed"])
        start = "FAIL a/c: step 1 (answer at 0): wakeup: 7 was expected, "
        self.assertTrue(lines[1].startswith(start), out)

    def test_times_are_compared_within_a_millisecond(self) -> None:
        for difference, failed in [(0.0009, 0), (-0.001, 0), (0.0011, 1), (-0.002, 1)]:
            expected = {"token": {"expires_at": 3602 + difference}}
            report, out = self.run_text(json.dumps([_changed("steps 3", "expect", expected)]))
            self.assertEqual(report.failed, failed, out)

    def test_an_unknown_key_fails_wherever_it_stands(self) -> None:
        for place in [
            "",
            "connection",
            "steps 0",
            "steps 0 expect",
            "steps 0 expect lead",
            "steps 0 expect lead request",
            "steps 1 answer",
            "steps 1 expect wait",
            "steps 1 expect wait error",
            "steps 3 expect token",
            "steps 4",
            "steps 4 expect",
            "steps 5",
            "steps 6",
            "steps 6 connection",
        ]:
            for value in (1, None):
                with self.subTest(place=place, value=value):
                    self.assert_fails(_changed(place, "surprise", value), "unknown key `surprise`")

    def test_an_unknown_key_beside_a_wrong_setting_fails(self) -> None:
        scenario = _changed("connection", "grant", "nothing")
        scenario["connection"]["surprise"] = 1
        self.assert_fails(scenario, "unknown key `surprise`")

    def test_an_unknown_key_inside_any_of_and_not_fails(self) -> None:
        for expected in [
            {"any_of": [{"lead": {}}, {"surprise": {}}]},
            {"not": {"token": {"surprise": 1}}},
            {"lead": {"token": {"any_of": [None, {"surprise": 1}]}}},
        ]:
            self.assert_fails(_changed("steps 0", "expect", expected), "surprise")

    def test_a_key_of_another_step_or_kind_fails(self) -> None:
        for place, key in [
            ("steps 0", "answer"),
            ("steps 1", "until"),
            ("steps 2", "of"),
            ("steps 5", "as"),
            ("steps 6", "failure"),
            ("", "header"),
            ("", "url"),
            ("", "expect"),
        ]:
            self.assert_fails(_changed(place, key, "x"), f"unknown key `{key}`")

    def test_what_is_missing_or_of_a_wrong_kind_fails(self) -> None:
        for place, key, value in [
            ("", "id", 1),
            ("", "kind", "sessions"),
            ("", "epoch", True),
            ("", "connection", None),
            ("", "steps", None),
            ("steps 0", "do", "aquire"),
            ("steps 0", "at", "now"),
            ("steps 1", "of", "nobody"),
            ("steps 1", "events", "waiting"),
            ("steps 1 expect wait", "until", "later"),
            ("steps 3 answer", "status", "200"),
            ("steps 3 answer", "headers", [["a"]]),
            ("steps 3 answer", "body_base64", "no"),
            ("steps 4", "failure", "dns"),
            ("steps 4", "every", 0),
            ("steps 4", "answer", {"status": 200}),
        ]:
            with self.subTest(place=place, key=key):
                self.assert_fails(_changed(place, key, value))
        for kind, key in [
            ("answer", "answer"),
            ("challenge", "header"),
            ("destination", "url"),
            ("session", "steps"),
        ]:
            self.assert_fails({"id": "a/b", "kind": kind}, f"`{key}` is missing")
        self.assert_fails({"kind": "challenge", "header": "Bearer", "expect": None}, "`id`")
        self.assert_fails("a/b")

    def test_an_unknown_key_about_a_store_fails(self) -> None:
        places = ["", *(f"steps {index}" for index in range(len(_SHARED["steps"]))), "steps 1 expect locked"]
        for place in places:
            with self.subTest(place=place):
                self.assert_fails(_changed(place, "surprise", 1, _SHARED), "unknown key `surprise`")
        elsewhere: list[tuple[str, str, Json]] = [
            ("", "processes", 2),
            ("steps 1 expect locked", "request", None),
            ("steps 2", "failure", "timeout"),
            ("steps 3", "session", "a"),
            ("steps 3", "expect", None),
            ("steps 3", "wakeup", None),
            ("steps 3", "events", []),
            ("steps 3", "of", "one"),
            ("steps 8", "of", "three"),
        ]
        for place, key, value in elsewhere:
            with self.subTest(place=place, key=key):
                self.assert_fails(_changed(place, key, value, _SHARED), f"unknown key `{key}`")
        for kind, key, value in [("challenge", "header", "Bearer"), ("destination", "url", "https://a.example/")]:
            scenario = {"id": "a/b", "kind": kind, key: value, "expect": None, "store": True}
            self.assert_fails(scenario, "unknown key `store`")

    def test_a_wrong_value_about_a_store_fails(self) -> None:
        wrong: list[tuple[str, str, Json]] = [
            ("", "store", "yes"),
            ("", "store", None),
            ("steps 0", "session", 1),
            ("steps 0", "session", None),
            ("steps 3", "fails", "save"),
            ("steps 3", "fails", ["unlock"]),
            ("steps 3", "fails", [[]]),
            ("steps 3", "fails", None),
            ("steps 3", "loses_lock", 1),
            ("steps 3", "held", "a"),
            ("steps 3", "held", None),
            ("steps 3", "snapshot", 1),
        ]
        for place, key, value in wrong:
            with self.subTest(place=place, key=key, value=value):
                self.assert_fails(_changed(place, key, value, _SHARED), f"`{key}`")

    def test_a_mistake_about_a_store_fails(self) -> None:
        lead, wait = _SHARED["steps"][:2]
        lose, hold = {"at": 2, "do": "store", "loses_lock": True}, {"at": 2, "do": "store", "held": True}
        answer = {"at": 2, "do": "answer", "answer": {"status": 503}}
        for steps, why in [
            ([lead, {"at": 2, "session": "a", "do": "go_on"}], "does not wait"),
            ([lead, {"at": 2, "session": "a", "do": "give_up"}], "does not wait"),
            (
                [lead, wait, {"at": 2, "session": "b", "do": "abandon"}, {"at": 2, "session": "b", "do": "go_on"}],
                "does not wait",
            ),
            ([lead, wait, {"at": 2, "session": "a", "do": "go_on", "of": "two"}], "there is no flight two"),
            ([lead, wait, {**answer, "session": "b"}], "waits for the lock"),
            ([lead, wait, {"at": 2, "session": "b", "do": "fail", "failure": "timeout"}], "waits for the lock"),
            ([lead, hold], "`held`: somebody holds"),
            ([hold, hold], "`held`: somebody holds"),
            ([{**hold, "held": False}], "`held`: nobody outside"),
            ([lead, {**hold, "held": False}], "`held`: nobody outside"),
            ([lose], "`loses_lock`: no process"),
            ([hold, lose], "`loses_lock`: no process"),
            ([lead, {"at": 2, "session": "b", "do": "end"}], "no such process"),
            ([lead, {"at": 2, "do": "end"}], "no such process"),
            ([lead, *2 * [{"at": 2, "session": "a", "do": "end"}]], "no such process"),
        ]:
            with self.subTest(steps=steps):
                self.assert_fails({**_SHARED, "steps": steps}, why)
        for step in [
            {"at": 2, "do": "store", "fails": []},
            {"at": 2, "do": "give_up"},
            {"at": 2, "do": "sign_out", "as": "out"},
        ]:
            for has_store in ({}, {"store": False}):
                with self.subTest(step=step):
                    steps = [{"at": 0, "do": "acquire"}, step]
                    self.assert_fails({"id": "a/b", "kind": "session", "steps": steps, **has_store}, "key `store`")

    def test_people_who_sign_in_can_be_played(self) -> None:
        report, out = self.run_text(json.dumps([_SIGNING_IN]))
        self.assertFalse(report.failed, out)
        for step, path, value, why in [
            (0, "expect.authorize.url", "https://as.example/other", "expect.authorize.url"),
            (0, "expect.authorize.parameters.state", "x", "expect.authorize.parameters"),
            (0, "expect.authorize.parameters.more", "x", "expect.authorize.parameters"),
            (1, "url", "https://app.example/callback?code=c&state=x", "expect.lead"),
            (1, "expect.lead.request.form.code_verifier", "x", "expect.lead.request.form"),
            (1, "expect.lead.request.form.client_assertion", "x", "expect.lead.request.form"),
            (4, "expect.prompt.user_code", "x", "expect.prompt.user_code"),
            (4, "expect.prompt.verification_uri_complete", "x", "expect.prompt.verification_uri_complete"),
            (4, "expect.prompt.expires_at", 1, "expect.prompt.expires_at"),
            (4, "expect.prompt.ask_at", 1, "expect.prompt.ask_at"),
            (5, "expect.pause.until", 1, "expect.pause.until"),
            (6, "signs", True, "expect.error"),
            # Mistakes in the scenario.
            (0, "device", True, "no browser comes back"),
            (0, "device", "yes", "`device`"),
            (0, "redirect_uri", 1, "`redirect_uri`"),
            (0, "signs", 1, "`signs`"),
            (0, "expect.authorize.extra", 1, "extra"),
            (1, "of", "nobody", "there is no sign-in nobody"),
            (1, "url", 1, "`url`"),
            (5, "do", "give_up", "key `store`"),
            (5, "of", "browser", "there is no flight browser"),
        ]:
            with self.subTest(step=step, path=path):
                wrong = copy.deepcopy(_SIGNING_IN)
                *parents, last = path.split(".")
                place = wrong["steps"][step]
                for name in parents:
                    place = place[name]
                place[last] = value
                self.assert_fails(wrong, why)

    def test_a_mistake_about_a_sign_in_fails(self) -> None:
        begin, *_ = _SIGNING_IN["steps"]
        for steps, why in [
            ([{"at": 0, "do": "redirect", "url": "https://app.example/callback"}], "there is no sign-in"),
            ([begin, {"at": 1, "do": "go_on"}], "there is no flight"),
            ([begin, {"at": 1, "do": "store", "signs": False}], "unknown key `signs`"),
        ]:
            with self.subTest(steps=steps):
                self.assert_fails({**_SIGNING_IN, "store": True, "steps": steps}, why)
        pausing = _SIGNING_IN["steps"][:5]
        for step in (
            {"at": 8, "do": "answer", "answer": _answer({"access_token": "AT"})},
            {"at": 8, "do": "fail", "failure": "timeout"},
        ):
            with self.subTest(step=step):
                self.assert_fails({**_SIGNING_IN, "steps": [*pausing, step]}, "pauses, and sent nothing")

    def test_metadata_is_read(self) -> None:
        body = {"issuer": "https://as.example", "token_endpoint": "https://as.example/token"}
        settings = {"platform": "generic", **body, "client_authentication": "client_secret_basic"}
        metadata = {"id": "a/b", "kind": "metadata", "issuer": body["issuer"]}
        read = {**metadata, "answer": _answer(body), "expect": {"settings": settings}}
        addresses = [
            "https://as.example/.well-known/oauth-authorization-server",
            "https://as.example/.well-known/openid-configuration",
        ]
        where = {**metadata, "addresses": True, "expect": addresses}
        refused = {"expect": {"error": {"code": "metadata_refused"}}}
        insecure = {**where, "issuer": "http://as.example", "expect": {"error": {"code": "insecure_url"}}}
        for right in (read, where, {**read, "issuer": "https://other.example", **refused}, insecure):
            report, out = self.run_text(json.dumps([right]))
            self.assertFalse(report.failed, out)
        for wrong, why in [
            ({**read, "expect": {"settings": {**settings, "more": 1}}}, "expect.settings"),
            ({**read, **refused}, "expect.error"),
            ({**where, "expect": addresses[1:]}, "expect"),
            ({**where, "expect": 1}, "an array of addresses or an error"),
            ({**insecure, "expect": addresses}, "expect"),
            ({**read, "addresses": True}, "`answer` and `addresses`"),
            ({**metadata, "expect": {}}, "`answer` and `addresses`"),
        ]:
            with self.subTest(wrong=wrong):
                self.assert_fails(wrong, why)

    def test_values_are_compared_as_json(self) -> None:
        for expected in (1, 1.0, "true"):
            self.assert_fails(
                {
                    "id": "a/b",
                    "kind": "destination",
                    "url": "https://api.example/",
                    "connection": {"hosts": ["api.example"], "api_key": "k"},
                    "expect": expected,
                }
            )

    def test_a_folder_without_scenarios_fails(self) -> None:
        (self.folder / "README.md").write_text("[]", encoding="utf-8")
        report, out = self.run_folder(self.folder)
        self.assertTrue(out.endswith("0 passed, 1 failed\n"), out)
        self.assertTrue(report.failed)
        self.assertTrue(self.run_text("[]")[0].failed)
        self.assertTrue(self.run_folder(self.folder / "nowhere")[0].failed)

    def test_an_id_that_comes_twice_fails(self) -> None:
        (self.folder / "b.json").write_text(json.dumps([_RIGHT]), encoding="utf-8")
        report, out = self.run_text(json.dumps([_RIGHT]))
        self.assertEqual((report.passed, report.failed), (1, 1))
        self.assertIn("FAIL a/b: the id stands twice; here in b.json\n", out)

    def test_a_damaged_file_fails_and_the_others_run(self) -> None:
        damaged = [
            '[{ "id": ',
            "[NaN]",
            "[1e999]",
            '["\\ud800"]',
            "\ufeff[]",
            "[" * 100_000,
        ]
        for index, text in enumerate(damaged):
            (self.folder / f"damaged-{index}.json").write_text(text, encoding="utf-8")
        (self.folder / "damaged-bytes.json").write_bytes(b'["\xff"]')
        (self.folder / "object.json").write_text("{}", encoding="utf-8")
        (self.folder / "deeper").mkdir()
        (self.folder / "deeper" / "right.json").write_text(json.dumps([_RIGHT]), encoding="utf-8")
        report, out = self.run_folder(self.folder)
        self.assertEqual((report.passed, report.failed), (1, len(damaged) + 2), out)
        self.assertEqual(out.count(".json: is no JSON: "), len(damaged) + 1, out)
        self.assertIn("FAIL object.json: is no array of scenarios\n", out)

    def test_the_process_fails_after_any_failure(self) -> None:
        (self.folder / "a.json").write_text(json.dumps([_RIGHT]), encoding="utf-8")
        for folder, status in [(self.folder, 0), (_WRONG, 1)]:
            command = [sys.executable, str(_HERE / "run.py"), str(folder)]
            process = subprocess.run(command, capture_output=True, check=False)
            self.assertEqual(process.returncode, status, process.stderr)


if __name__ == "__main__":
    unittest.main()
