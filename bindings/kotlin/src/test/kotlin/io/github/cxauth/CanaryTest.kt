package io.github.cxauth

import io.github.cxauth.world.Fault
import io.github.cxauth.world.World
import io.github.cxauth.world.soon
import io.github.cxauth.world.text
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import okhttp3.OkHttpClient
import okhttp3.Request
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.PrintWriter
import java.io.StringWriter
import java.lang.reflect.Modifier
import java.util.Base64
import java.util.IdentityHashMap

/** No secret and no token in anything that is printed, whatever goes wrong. */
internal class CanaryTest {
    private val world = World()
    private val seen = StringBuilder()

    @AfterEach
    fun close() = world.close()

    @Test
    fun `no secret is printed whatever goes wrong`() {
        val names = mutableSetOf<String>()
        val basics = mutableListOf<String>()
        for ((name, every) in mapOf("generic" to 1, "generic/basic" to 5, "generic/password" to 3, "cloudlx" to 5)) {
            val connection = world.connection(name)
            names += listOfNotNull(connection.text("client_id"), connection.text("username"))
            basics += basic(connection)
            for ((number, fault) in faults().withIndex().filter { it.index % every == 0 }) {
                val cx =
                    world.client(name) {
                        timeout = java.time.Duration.ofSeconds(5)
                        transport = TRANSPORTS[number % TRANSPORTS.size]
                    }
                world.arm(fault)
                exercise(cx)
                world.clearFaults()
            }
        }
        val canaries = CANARY.findAll(seen).toList()
        assertTrue(seen.length > 200_000, "${seen.length}")
        assertTrue(world.secrets().size > 100)
        assertTrue(world.secrets().all { it.startsWith("cxauth-canary-") })
        for (canary in canaries) {
            assertTrue(
                names.any {
                    canary.value.startsWith(it)
                },
                "a secret was printed: ${around(canary.range.first)}",
            )
        }
        for (basic in basics) assertEquals(-1, seen.indexOf(basic))
        world.assertNoViolations()
    }

    @Test
    fun `no object of the package prints a secret, however it is turned into text`() {
        val secret = "cxauth-canary-of-an-object"
        val cx = world.client { clientSecret = SecretSource.callable { Secret(world.connection().text("client_secret")!!) } }
        val token = cx.tokenBlocking()
        val builder =
            CxClient.builder().apply {
                clientSecret = Secret(secret)
                password = SecretSource.value(secret)
            }
        val printed =
            listOf(
                Secret(secret),
                SecretSource.value(secret),
                SecretSource.command("pass", secret),
                SecretSource.function { Secret(secret) },
                ProvidedToken(secret),
                TokenAnswer(200, listOf("x" to secret), secret.toByteArray()),
                TokenRequest("POST", "https://as.example/token", listOf("authorization" to secret), secret.toByteArray()),
                token,
                token.headers,
                cx,
                cx.status,
                builder,
                cx.keeper,
                cx.keeper.fresh()!!,
                cx.interceptor(),
                cx.networkInterceptor(),
                OkHttpTransport(),
                JavaHttpTransport(),
            )
        for (thing in printed) {
            note(thing)
            note(listOf(thing))
        }
        assertEquals(-1, seen.indexOf("cxauth-canary"), seen.toString())
        // What reads fields, as libraries for JSON do, finds no secret where an object is handed out by the package.
        for (thing in listOf(Secret(secret), ProvidedToken(secret), token, token.headers, cx.status)) {
            assertEquals(emptyList<String>(), fields(thing).filter { "cxauth-canary" in it })
        }
    }

    /** Everything that a program might print of a client that is in trouble. */
    private fun exercise(cx: CxClient) {
        val listening = cx.addListener(::note)
        val http = OkHttpClient.Builder().cxAuth(cx).build()
        val url = if (cx.platform == "generic") world.apiBase() + "whoami" else cx.apiUrl("services")
        repeat(2) {
            attempt { cx.tokenBlocking() }
            attempt { soon { cx.headers(url) } }
            val call = http.newCall(Request.Builder().url(url).build())
            attempt { call.execute().use { "$it ${it.headers} ${it.body.string().length}" } }
            attempt { cx.status }
            attempt { cx }
            soon { cx.settle() }
            world.pass(1800)
        }
        attempt { cx.signOutBlocking() }
        listening.close()
    }

    private fun attempt(act: () -> Any) =
        try {
            note(act())
        } catch (e: Exception) {
            note(StringWriter().also { e.printStackTrace(PrintWriter(it)) })
        }

    private fun note(thing: Any) {
        synchronized(seen) { seen.append(thing).append('\n') }
    }

    private fun around(index: Int) = seen.substring(maxOf(0, index - 200), minOf(seen.length, index + 60))

    private fun faults(): List<Fault> {
        val both = listOf("token", "refresh")

        fun json(vararg members: Pair<String, Any?>) =
            members.associate { (name, value) ->
                name to
                    when (value) {
                        null -> JsonNull
                        is Number -> JsonPrimitive(value)
                        is JsonObject -> value
                        else -> JsonPrimitive(value.toString())
                    }
            }
        val faults = mutableListOf<Fault>()
        for (status in listOf(204, 300, 304, 400, 401, 403, 404, 408, 425, 429, 500, 503)) {
            faults += Fault.status(status, "<html>", at = both, times = 3)
            faults += Fault.status(status, "{}", times = 3)
        }
        for (error in listOf(
            "invalid_client",
            "invalid_grant",
            "invalid_request",
            "invalid_scope",
            "temporarily_unavailable",
            "\u001b[2J",
        )) {
            for (status in listOf(400, 401, 200)) {
                val details = json("status" to status, "error" to error, "description" to "\u001b[31mred\r\n")
                faults += Fault("oauth_error", at = both, times = 3, details = details)
            }
        }
        for (status in listOf(301, 302, 303, 307, 308)) {
            for (to in listOf("same_host", "cross_host", "loop")) {
                faults += Fault.redirect(status, to, times = 3, at = both)
                faults += Fault.redirect(status, to, times = 3)
            }
        }
        val malformed =
            listOf(
                "bad_json",
                "duplicate_members",
                "wrong_types",
                "html",
                "error_in_success",
                "empty",
                "invalid_utf8",
                "trailing_garbage",
                "deep_nesting",
                "header_injection",
            )
        for (form in malformed) {
            faults += Fault("malformed", at = both, times = 3, details = json("form" to form))
            faults += Fault("malformed", at = both, times = 3, processed = true, details = json("form" to form))
        }
        for (form in listOf(
            "text",
            "float",
            "null",
            "absent",
            "zero",
            "negative",
            "boolean",
            "beyond_numbers",
            "huge",
            "milliseconds",
        )) {
            faults += Fault("expires_in", at = both, times = 3, details = json("form" to form))
        }
        val details = buildJsonObject { put("seconds", 30) }
        faults += Fault("rate_limit", at = both, times = 3, details = mapOf("retry_after" to details))
        for (at in listOf(both, listOf("api"))) {
            faults += Fault("drop", at = at, times = 3)
            faults += Fault("truncate", at = at, times = 3, details = json("keep" to 40))
            faults += Fault("huge", at = at, times = 3, details = json("bytes" to 100_000))
            faults += Fault("endless", at = at, times = 3, details = json("chunk" to 4096, "limit" to 1_048_576))
            faults += Fault("unauthorized", at = at, times = 3)
            faults += Fault("unauthorized", at = at, times = 3, details = json("challenge" to " , Bearer ="))
            faults += Fault("gateway", at = at, times = 3, details = json("code" to "ERR_403_DEVELOPER_OVER_QPS"))
        }
        faults += Fault("revoke_token", times = 3)
        return faults
    }

    /** What HTTP Basic makes of a client's name and secret. */
    private fun basic(connection: JsonObject): String {
        val credentials = "${connection.text("client_id")}:${connection.text("client_secret")}"
        return Base64.getEncoder().encodeToString(credentials.toByteArray())
    }

    /** The texts in the fields of an object of the package, and in those of the objects that these hold. */
    private fun fields(thing: Any): List<String> {
        val found = mutableListOf<String>()
        val met = IdentityHashMap<Any, Unit>()

        fun look(value: Any?) {
            when {
                value is CharSequence -> found += value.toString()
                value is Iterable<*> -> value.forEach(::look)
                value is Pair<*, *> -> value.toList().forEach(::look)
                value == null || !value.javaClass.name.startsWith("io.github.cxauth.") || met.put(value, Unit) != null -> return
                else -> {
                    val all =
                        generateSequence<Class<*>>(
                            value.javaClass,
                        ) { it.superclass }.flatMap { it.declaredFields.asSequence() }
                    val read = all.filterNot { Modifier.isTransient(it.modifiers) || Modifier.isStatic(it.modifiers) }
                    for (field in read) {
                        if (field.trySetAccessible()) look(field.get(value))
                    }
                }
            }
        }
        look(thing)
        return found
    }

    private companion object {
        val CANARY = Regex("cxauth-canary-[A-Za-z0-9_-]*")
        val TRANSPORTS = listOf(OkHttpTransport(), JavaHttpTransport())
    }
}
