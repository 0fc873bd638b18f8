package io.github.cxauth.vectors

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.ArrayNode
import com.fasterxml.jackson.databind.node.ObjectNode
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.junit.jupiter.params.provider.ValueSource
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.createDirectory
import kotlin.io.path.extension
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText

/** The runner can fail: on what came out wrong, and on what it does not understand. */
class RunnerTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `an example holds`() {
        assertEquals("pass a/b\n1 passed, 0 failed\n", run(RIGHT).out)
    }

    @Test
    fun `an example with a store holds`() {
        assertEquals("pass a/s\n1 passed, 0 failed\n", run(SHARED).out)
    }

    /** Each of them is wrong in one key, which the end of its id names. */
    @Test
    fun `a wrong value of any key fails and is named`() {
        val files = WRONG.listDirectoryEntries().filter { it.extension == "json" }
        val expected = files.sumOf { parseJson(it.readBytes()).size() }
        assertTrue(expected > 60)
        val run = runFolder(WRONG)
        assertEquals(0 to expected, run.counts, run.out)
        for (line in run.lines.dropLast(1)) {
            val (id, why) = line.removePrefix("FAIL ").split(": ", limit = 2)
            assertTrue(id.substringAfterLast('/') in why, line)
            assertFalse("; expect" in why, line)
            assertFalse("unknown key" in why, line)
        }
    }

    @Test
    fun `what differed is told in a line`() {
        val other = changed("steps 1", "wakeup", "7").put("id", "a/c")
        val lines = run(RIGHT, other).lines
        assertEquals("pass a/b", lines[0])
        assertTrue(
            lines[1].startsWith("FAIL a/c: step 1 (answer at 0) (entropy 0): wakeup: 7 was expected, "),
            lines[1],
        )
        assertEquals("1 passed, 1 failed", lines[2])
    }

    @ParameterizedTest
    @CsvSource("0.0009, 0", "-0.001, 0", "0.0011, 1", "-0.002, 1")
    fun `times are compared within a millisecond`(
        difference: Double,
        failed: Int,
    ) {
        val run = run(changed("steps 3", "expect", """{"token": {"expires_at": ${3602 + difference}}}"""))
        assertEquals(1 - failed to failed, run.counts, run.out)
    }

    @ParameterizedTest
    @ValueSource(
        strings = [
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
        ],
    )
    fun `an unknown key fails wherever it stands`(place: String) {
        for (value in listOf("1", "null")) assertFails(changed(place, "surprise", value), "unknown key `surprise`")
    }

    @ParameterizedTest
    @ValueSource(strings = ["", "steps 1 expect locked", "steps 2", "steps 5", "steps 7", "steps 9"])
    fun `an unknown key fails beside a store too`(place: String) {
        for (value in listOf("1", "null")) assertFails(changed(place, "surprise", value, SHARED), "unknown key `surprise`")
    }

    @ParameterizedTest
    @CsvSource(
        "steps 2, answer",
        "steps 5, as",
        "steps 5, session",
        "steps 5, expect",
        "steps 5, wakeup",
        "steps 5, events",
        "steps 7, failure",
        "steps 9, of",
        "steps 1 expect locked, request",
    )
    fun `a key of another step fails beside a store too`(
        place: String,
        key: String,
    ) {
        assertFails(changed(place, key, "\"x\"", SHARED), "unknown key `$key`")
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = [
            "''      | store      | 1              | `store`: true or false is wanted",
            "''      | store      | null           | `store`: true or false is wanted",
            "''      | store      | false          | this needs the scenario's key `store`",
            "steps 0 | session    | 1              | `session`: a text is wanted",
            "steps 0 | session    | null           | `session`: a text is wanted",
            "steps 3 | session    | \"two\"          | waits for the lock",
            "steps 4 | session    | \"one\"          | does not wait for the lock",
            "steps 4 | of         | \"nobody\"       | `of`: there is no flight nobody",
            "steps 5 | fails      | \"save\"         | `fails`: an array of names is wanted",
            "steps 5 | fails      | [\"unlock\"]     | `fails`: `unlock` is none of lock, load, save",
            "steps 5 | held       | 1              | `held`: true or false is wanted",
            "steps 5 | held       | false          | `held`: nobody outside has the lock",
            "steps 5 | loses_lock | \"now\"          | `loses_lock`: true or false is wanted",
            "steps 8 | loses_lock | true           | `loses_lock`: no process has the lock",
            "steps 5 | snapshot   | 1              | `snapshot`: a text or null is wanted",
            "steps 7 | session    | \"two\"          | `of`: there is no flight leaves",
            "steps 7 | of         | \"one\"          | `of`: there is no flight one",
            "steps 8 | held       | true           | `held`: somebody has the lock already",
            "steps 9 | session    | \"nobody\"       | there is no such process",
        ],
    )
    fun `a mistake about processes and their store fails and is named`(
        place: String,
        key: String,
        value: String,
        words: String,
    ) {
        assertFails(changed(place, key, value, SHARED), words)
    }

    @Test
    fun `what waited for the lock has sent nothing, abandoned or not`() {
        val scenario = changed("steps 18", "do", "\"fail\"", SHARED)
        (scenario["steps"][18] as ObjectNode).put("failure", "timeout")
        assertFails(scenario, "step 18 (fail at 8) (entropy 0): the flight waits for the lock")
    }

    @ParameterizedTest
    @ValueSource(strings = ["give_up", "store", "sign_out"])
    fun `what needs a store fails without one`(action: String) {
        val scenario = changed("steps 2", "do", "\"$action\"")
        if (action == "sign_out") (scenario["steps"][2] as ObjectNode).put("as", "x")
        assertFails(scenario, "step 2 ($action at 2): this needs the scenario's key `store`")
    }

    @Test
    fun `an example of signing in holds`() {
        assertEquals("pass a/i\n1 passed, 0 failed\n", run(SIGNING_IN).out)
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = [
            "steps 0 expect authorize            | url              | \"https://as.example/other\" | expect.authorize.url",
            "steps 0 expect authorize parameters | state            | \"x\"        | expect.authorize.parameters",
            "steps 0 expect authorize parameters | more             | \"x\"        | expect.authorize.parameters",
            "steps 0 expect authorize            | more             | \"x\"        | unknown key `more`",
            "steps 0                             | device           | true         | no browser comes back",
            "steps 0                             | device           | \"yes\"      | `device`: true or false is wanted",
            "steps 0                             | redirect_uri     | 1            | `redirect_uri`: a text is wanted",
            "steps 0                             | signs            | 1            | `signs`: true or false is wanted",
            "steps 1                             | of               | \"nobody\"   | there is no sign-in nobody",
            "steps 1                             | url              | \"https://app.example/callback?code=c\" | expect.lead",
            "steps 1 expect lead request form    | code_verifier    | \"x\"        | expect.lead.request.form",
            "steps 1 expect lead request form    | client_assertion | \"x\"        | expect.lead.request.form",
            "steps 4 expect prompt               | user_code        | \"x\"        | expect.prompt.user_code",
            "steps 4 expect prompt               | verification_uri | \"x\"        | expect.prompt.verification_uri",
            "steps 4 expect prompt               | verification_uri_complete | \"x\" | verification_uri_complete",
            "steps 4 expect prompt               | expires_at       | 1            | expect.prompt.expires_at",
            "steps 4 expect prompt               | ask_at           | 1            | expect.prompt.ask_at",
            "steps 5 expect pause                | until            | 1            | expect.pause.until",
            "steps 5                             | of               | \"browser\"  | there is no flight browser",
            "steps 5                             | do               | \"give_up\"  | needs the scenario's key `store`",
            "steps 6                             | signs            | true         | expect.error",
        ],
    )
    fun `what differs or is mistaken about a sign-in fails`(
        place: String,
        key: String,
        value: String,
        why: String,
    ) {
        assertFails(changed(place, key, value, SIGNING_IN), why)
    }

    @Test
    fun `what pauses has sent nothing`() {
        val scenario = changed("steps 5", "do", "\"fail\"", SIGNING_IN)
        (scenario["steps"][5] as ObjectNode).put("failure", "timeout")
        assertFails(scenario, "the flight pauses and has sent nothing")
    }

    @Test
    fun `a redirect without a sign-in fails`() {
        val scenario = SIGNING_IN.deepCopy<ObjectNode>()
        (scenario["steps"] as ArrayNode).remove(0)
        assertFails((scenario["steps"][0] as ObjectNode).remove("of").let { scenario }, "there is no sign-in")
    }

    @Test
    fun `metadata is read, and what differs fails`() {
        for (example in listOf(METADATA, ADDRESSES)) assertEquals(1 to 0, run(example).counts)
        assertFails(changed("expect settings", "more", "1", METADATA), "expect.settings")
        assertFails(changed("", "issuer", "\"https://other.example\"", METADATA), "metadata_refused")
        assertFails(changed("", "addresses", "true", METADATA), "one of the keys `answer` and `addresses`")
        assertFails(changed("", "addresses", "false", ADDRESSES), "one of the keys `answer` and `addresses`")
        assertFails(changed("", "expect", "[]", ADDRESSES), "expect: [] was expected")
        assertFails(changed("", "expect", "1", ADDRESSES), "an array of addresses or an error")
        assertFails(changed("", "issuer", "\"http://as.example\"", ADDRESSES), "insecure_url")
        val refused = changed("", "issuer", "\"http://as.example\"", ADDRESSES)
        assertEquals(1 to 0, run(refused.set<ObjectNode>("expect", parse("""{ "error": { "code": "insecure_url" } }"""))).counts)
    }

    @Test
    fun `other kinds have no store`() {
        assertFails(
            json("id" to "a/b", "kind" to "challenge", "header" to "", "expect" to null, "store" to true),
            "unknown key `store`",
        )
    }

    @Test
    fun `an unknown key beside a wrong setting fails`() {
        val scenario = changed("connection", "grant", "\"nothing\"")
        (scenario["connection"] as ObjectNode).put("surprise", 1)
        assertFails(scenario, "unknown key `surprise`")
    }

    @ParameterizedTest
    @ValueSource(
        strings = [
            """{"any_of": [{"lead": {}}, {"surprise": {}}]}""",
            """{"not": {"token": {"surprise": 1}}}""",
            """{"lead": {"token": {"any_of": [null, {"surprise": 1}]}}}""",
        ],
    )
    fun `an unknown key inside any_of and not fails`(expected: String) {
        assertFails(changed("steps 0", "expect", expected), "unknown key `surprise`")
    }

    @ParameterizedTest
    @CsvSource(
        "steps 0, answer",
        "steps 1, until",
        "steps 2, of",
        "steps 5, as",
        "steps 6, failure",
        "'', header",
        "'', url",
        "'', expect",
    )
    fun `a key of another step or kind fails`(
        place: String,
        key: String,
    ) {
        assertFails(changed(place, key, "\"x\""), "unknown key `$key`")
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = [
            "''                 | id          | 1",
            "''                 | kind        | \"sessions\"",
            "''                 | epoch       | true",
            "''                 | connection  | null",
            "''                 | steps       | null",
            "steps 0            | do          | \"aquire\"",
            "steps 0            | at          | \"now\"",
            "steps 1            | of          | \"nobody\"",
            "steps 1            | events      | \"waiting\"",
            "steps 1 expect wait | until      | \"later\"",
            "steps 3 answer     | status      | \"200\"",
            "steps 3 answer     | status      | 65536",
            "steps 3 answer     | headers     | [[\"a\"]]",
            "steps 3 answer     | body_base64 | \"no\"",
            "steps 4            | failure     | \"dns\"",
            "steps 4            | every       | 0",
            "steps 4            | answer      | {\"status\": 200}",
        ],
    )
    fun `what is of a wrong kind fails and is named`(
        place: String,
        key: String,
        value: String,
    ) {
        assertFails(changed(place, key, value), key)
    }

    @ParameterizedTest
    @CsvSource("answer, answer", "challenge, header", "destination, url", "session, steps")
    fun `what is missing fails`(
        kind: String,
        key: String,
    ) {
        assertFails(json("id" to "a/b", "kind" to kind), "the key `$key` is missing")
    }

    @Test
    fun `what has no id or is no object fails`() {
        assertFails(json("kind" to "challenge", "header" to "Bearer", "expect" to null), "the key `id` is missing")
        assertFails(json("a/b"), "an object is wanted")
    }

    @ParameterizedTest
    @ValueSource(strings = ["1", "1.0", "\"true\"", "null", "[true]"])
    fun `values are compared as JSON`(expected: String) {
        val connection = json("hosts" to listOf("api.example"), "api_key" to "k")
        val scenario =
            json("id" to "a/b", "kind" to "destination", "url" to "https://api.example/", "connection" to connection)
        assertEquals(1 to 0, run(scenario.put("expect", true)).counts)
        assertFails(scenario.set("expect", parse(expected)), "true came out")
    }

    @Test
    fun `a folder without scenarios fails`() {
        folder.resolve("README.md").writeText("[]")
        assertEquals(0 to 1, runFolder(folder).counts)
        assertEquals(0 to 1, run().counts)
        assertEquals(0 to 1, runFolder(folder.resolve("nowhere")).counts)
    }

    @Test
    fun `an id that comes twice fails`() {
        folder.resolve("b.json").writeText("[$RIGHT]")
        val run = run(RIGHT)
        assertEquals(1 to 1, run.counts)
        assertEquals("FAIL a/b: the id stands twice; here in b.json", run.lines[1])
    }

    @Test
    fun `a damaged file fails and the others run`() {
        val damaged =
            listOf(
                """[{ "id": """,
                "",
                "[] []",
                "[NaN]",
                "[1e999]",
                """["\ud800"]""",
                """[{"a": 1, "a": 2}]""",
                "\uFEFF[]",
                "[".repeat(100_000),
            )
        damaged.forEachIndexed { index, text -> folder.resolve("damaged-$index.json").writeText(text) }
        folder
            .resolve(
                "damaged-bytes.json",
            ).writeBytes(byteArrayOf('['.code.toByte(), 0xFF.toByte(), ']'.code.toByte()))
        folder.resolve("object.json").writeText("{}")
        folder
            .resolve("deeper")
            .createDirectory()
            .resolve("right.json")
            .writeText("[$RIGHT]")
        val run = runFolder(folder)
        assertEquals(1 to damaged.size + 2, run.counts, run.out)
        assertEquals(damaged.size + 1, run.lines.count { ".json: is no JSON: " in it }, run.out)
        assertTrue("FAIL object.json: is no array of scenarios" in run.lines, run.out)
    }

    @Test
    fun `the process fails after any failure`() {
        folder.resolve("a.json").writeText("[$RIGHT]")
        for ((of, status) in listOf(folder to 0, WRONG to 1)) {
            val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
            val library = "-D$LIBRARY=${System.getProperty(LIBRARY)}"
            val main = "${javaClass.packageName}.RunKt"
            val command = listOf(java, library, "-cp", System.getProperty("java.class.path"), main, of.toString())
            val process = ProcessBuilder(command).redirectErrorStream(true).start()
            val out = process.inputStream.bufferedReader().readText()
            assertEquals(status, process.waitFor(), out)
        }
    }

    private class Run(
        val counts: Pair<Int, Int>,
        val out: String,
    ) {
        val lines get() = out.trimEnd().lines()
    }

    private fun runFolder(folder: Path): Run {
        val out = ByteArrayOutputStream()
        val report = PrintStream(out, false, "UTF-8").use { runFolder(folder, it) }
        val run = Run(report.passed to report.failed, out.toString("UTF-8"))
        assertEquals("${report.passed} passed, ${report.failed} failed", run.lines.last())
        return run
    }

    private fun run(vararg scenarios: JsonNode): Run {
        folder.resolve("a.json").writeText(scenarios.joinToString(",", "[", "]"))
        return runFolder(folder)
    }

    private fun assertFails(
        scenario: JsonNode,
        vararg words: String,
    ) {
        val run = run(scenario)
        assertEquals(0 to 1, run.counts, run.out)
        for (word in words) assertTrue(word in run.out, run.out)
    }
}

private const val LIBRARY = "uniffi.component.cxauth_bridge.libraryOverride"

/** Scenarios that must fail in every language. */
private val WRONG = Path.of("../../crates/cxauth-cli/tests/wrong")

/** A session scenario that holds and uses every kind of place where a key can stand. */
private val RIGHT =
    parse(
        """
        { "id": "a/b", "kind": "session", "why": "an example", "epoch": 1700000000,
          "connection": { "platform": "cisco-cx-cloud", "client_id": "k", "client_secret": "s" },
          "steps": [
            { "at": 0, "do": "acquire", "as": "one",
              "expect": { "lead": { "token": null, "request": { "method": "POST", "absent_headers": ["x-none"],
                "form": { "grant_type": "client_credentials", "client_id": "k", "client_secret": "s" } } } } },
            { "at": 0, "do": "answer", "of": "one", "answer": { "status": 503, "headers": [], "body": "" },
              "expect": { "wait": { "until": [1, 1.5], "error": { "action": "retry" } } },
              "wakeup": [1, 1.5], "events": ["waiting"] },
            { "at": 2, "do": "acquire" },
            { "at": 2, "do": "answer",
              "answer": { "status": 200, "body": "{\"access_token\":\"A\",\"expires_in\":3600}" },
              "expect": { "token": { "headers": { "authorization": "Bearer A" }, "expires_at": 3602 } } },
            { "at": 3, "do": "outage", "until": 10, "every": 1, "failure": "connect", "expect": { "requests": 0 } },
            { "at": 11, "do": "refuse", "status": 401, "www_authenticate": "Bearer error=\"invalid_token\"", "body": "",
              "expect": "retry" },
            { "at": 12, "do": "change_secret", "connection": { "client_secret": "t" } }
          ] }
        """,
    )

/** A scenario that holds, of processes that share a store. */
private val SHARED =
    parse(
        """
        { "id": "a/s", "kind": "session", "store": true,
          "steps": [
            { "at": 0, "do": "acquire", "session": "one", "expect": { "lead": { "token": null } } },
            { "at": 0, "do": "acquire", "session": "two", "as": "waits", "expect": { "locked": { "token": null } } },
            { "at": 1, "do": "go_on", "session": "two", "of": "waits", "expect": { "locked": {} } },
            { "at": 2, "do": "answer", "session": "one",
              "answer": { "status": 200, "body": "{\"access_token\":\"A\",\"expires_in\":3600}" },
              "expect": { "token": { "headers": { "authorization": "Bearer A" } } }, "events": ["renewed"] },
            { "at": 3, "do": "go_on", "session": "two",
              "expect": { "token": { "headers": { "authorization": "Bearer A" } } }, "events": ["renewed"] },
            { "at": 4, "do": "store", "fails": ["save"], "held": true, "snapshot": null },
            { "at": 4, "do": "sign_out", "session": "one", "as": "leaves", "expect": { "locked": { "token": null } } },
            { "at": 5, "do": "give_up", "session": "one", "of": "leaves",
              "expect": { "error": { "action": "retry", "code": "store_unavailable" } } },
            { "at": 6, "do": "store", "held": false },
            { "at": 6, "do": "end", "session": "two", "expect": null, "wakeup": null, "events": [] },
            { "at": 7, "do": "store", "fails": [] },
            { "at": 7, "do": "acquire", "session": "one", "expect": { "lead": { "token": null } } },
            { "at": 7, "do": "store", "loses_lock": true },
            { "at": 7, "do": "acquire", "session": "two", "expect": { "lead": { "token": null } } },
            { "at": 8, "do": "answer", "session": "one",
              "answer": { "status": 200, "body": "{\"access_token\":\"B\",\"expires_in\":3600}" },
              "expect": { "token": { "headers": { "authorization": "Bearer B" } } } },
            { "at": 8, "do": "acquire", "session": "three", "expect": { "locked": { "token": null } } },
            { "at": 8, "do": "abandon", "session": "three" },
            { "at": 8, "do": "store", "loses_lock": true },
            { "at": 8, "do": "sign_out", "session": "three", "as": "left", "expect": null, "events": ["signed_out"] },
            { "at": 8, "do": "answer", "session": "three", "of": "left", "answer": { "status": 503 }, "expect": null },
            { "at": 8, "do": "fail", "session": "three", "failure": "timeout", "expect": null }
          ] }
        """,
    )

/** A scenario that holds, of people who sign in with a client that signs. */
private val SIGNING_IN =
    parse(
        """
        { "id": "a/i", "kind": "session",
          "connection": {
            "platform": "generic", "grant": "authorization_code", "client_id": "app",
            "client_authentication": "private_key_jwt", "client_key": { "function": "key", "algorithm": "ES256" },
            "issuer": "https://as.example", "token_endpoint": "https://as.example/token",
            "authorization_endpoint": "https://as.example/authorize?tenant=7",
            "device_authorization_endpoint": "https://as.example/device" },
          "steps": [
            { "at": 0, "do": "sign_in", "redirect_uri": "https://app.example/callback", "as": "browser",
              "expect": { "authorize": { "url": "https://as.example/authorize",
                "parameters": { "tenant": "7", "response_type": "code", "client_id": "app",
                  "redirect_uri": "https://app.example/callback", "state": "{state}",
                  "code_challenge": "{code_challenge}", "code_challenge_method": "S256" } } } },
            { "at": 1, "do": "redirect", "of": "browser", "url": "https://app.example/callback?code=c&state={state}",
              "expect": { "lead": { "request": { "form": { "grant_type": "authorization_code", "code": "c",
                "code_verifier": "{code_verifier}", "redirect_uri": "https://app.example/callback", "client_id": "app",
                "client_assertion": "{client_assertion}",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" } } } } },
            { "at": 2, "do": "answer", "answer": { "status": 200, "body": "{\"access_token\":\"A\",\"expires_in\":3600}" },
              "expect": { "token": { "expires_at": 3601 } } },
            { "at": 3, "do": "sign_in", "device": true, "as": "device", "expect": { "lead": {} } },
            { "at": 4, "do": "answer", "answer": { "status": 200, "body":
              "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"https://as.example/d\",\"expires_in\":100}" },
              "expect": { "prompt": { "user_code": "u", "verification_uri": "https://as.example/d",
                "verification_uri_complete": null, "expires_at": 103, "ask_at": 9 } } },
            { "at": 8, "do": "go_on", "of": "device", "expect": { "pause": { "until": 9 } } },
            { "at": 9, "do": "go_on", "signs": false, "expect": { "error": { "code": "secret_unreadable" } } }
          ] }
        """,
    )

/** A scenario that holds, of what a server says of itself. */
private val METADATA =
    parse(
        """
        { "id": "a/m", "kind": "metadata", "issuer": "https://as.example",
          "answer": { "status": 200,
            "body": "{\"issuer\":\"https://as.example\",\"token_endpoint\":\"https://as.example/token\"}" },
          "expect": { "settings": { "platform": "generic", "issuer": "https://as.example",
            "token_endpoint": "https://as.example/token", "client_authentication": "client_secret_basic" } } }
        """,
    )

/** A scenario that holds, of where it says so. */
private val ADDRESSES =
    parse(
        """
        { "id": "a/w", "kind": "metadata", "issuer": "https://as.example", "addresses": true,
          "expect": ["https://as.example/.well-known/oauth-authorization-server",
            "https://as.example/.well-known/openid-configuration"] }
        """,
    )

/** The example with another value for the key at this place: names and indices, separated by blanks. */
private fun changed(
    place: String,
    key: String,
    value: String,
    example: JsonNode = RIGHT,
): ObjectNode {
    val scenario = example.deepCopy<ObjectNode>()
    val names = place.split(' ').filter { it.isNotEmpty() }
    val inner =
        names.fold<String, JsonNode>(
            scenario,
        ) { node, name -> if (node is ArrayNode) node[name.toInt()] else node[name] }
    (inner as ObjectNode).set<JsonNode>(key, parse(value))
    return scenario
}

private fun parse(text: String): JsonNode = parseJson(text.toByteArray())
