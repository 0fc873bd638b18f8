package io.github.cxauth.world

import io.github.cxauth.CxClient
import io.github.cxauth.CxClientBuilder
import io.github.cxauth.ManualClock
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import org.junit.jupiter.api.Assertions.assertEquals
import java.time.Duration
import java.time.Instant

/** A simulator whose clock stands still, and clients that live by the same clock. */
internal class World : AutoCloseable {
    private val process =
        ProcessBuilder(requireNotNull(System.getProperty("cxauth.simulator")) { "start the tests with `cargo xtask test`" })
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
    private val addresses = Json.parseToJsonElement(process.inputStream.bufferedReader().readLine()).jsonObject
    private val control = addresses.getValue("control").jsonPrimitive.content
    private val http = OkHttpClient()
    private val clients = mutableListOf<CxClient>()

    val clock: ManualClock

    init {
        val reading = post("clock", buildJsonObject { put("frozen", true) }).jsonObject
        clock = ManualClock(Instant.ofEpochMilli(reading.getValue("now_ms").jsonPrimitive.long))
    }

    /** Time passes for everybody. */
    fun pass(seconds: Long) {
        post("clock", buildJsonObject { put("advance_seconds", seconds) })
        clock.advance(Duration.ofSeconds(seconds))
    }

    /** The settings of a connection by its name, such as `generic/password`. */
    fun connection(name: String = "generic"): JsonObject = get("connections").jsonObject.getValue(name).jsonObject

    /** The same for those that ask for a person or a key, such as `generic/device-code`. */
    fun furtherConnection(name: String): JsonObject = get("further-connections").jsonObject.getValue(name).jsonObject

    /** A person opens the address in a browser and decides. The address that the browser comes back to. */
    fun signIn(
        url: String,
        decision: String = "approve",
    ): String {
        val person =
            buildJsonObject {
                put("url", url)
                put("decision", decision)
            }
        return requireNotNull(post("sign-in", person).jsonObject.text("redirect"))
    }

    /** A person decides about the device that waits: `approve`, `deny`; or the server: `slow_down`, `expire`. */
    fun decideDevice(decision: String) {
        post("device", buildJsonObject { put("decision", decision) })
    }

    /** The key pairs that the server knows. */
    fun signingKeys(): List<JsonObject> = get("signing-keys").jsonArray.map { it.jsonObject }

    fun client(
        name: String = "generic",
        configure: CxClientBuilder.() -> Unit = {},
    ): CxClient = client(connection(name), configure)

    fun client(
        connection: JsonObject,
        configure: CxClientBuilder.() -> Unit = {},
    ): CxClient =
        CxClient
            .fromJson(connection.toString()) {
                clock = this@World.clock
                configure()
            }.also(clients::add)

    fun base(platform: String = "generic"): String = address(platform, "base")

    fun apiBase(platform: String = "generic"): String = address(platform, "api_base")

    fun items(): String = apiBase() + "items"

    fun configure(
        platform: String,
        changes: JsonObject,
    ) {
        call("PATCH", "settings/$platform", changes)
    }

    fun arm(fault: Fault): Int =
        post("faults", fault.toJson())
            .jsonObject
            .getValue("number")
            .jsonPrimitive.int

    fun clearFaults() {
        call("DELETE", "faults", null)
    }

    /** All token requests wait until [clearFaults] and [release]. */
    fun hold() = arm(Fault("hold", at = listOf("token", "refresh")))

    /** Lets go what is held, and holds no more. */
    fun letGo() {
        clearFaults()
        release()
    }

    fun release() {
        post("release", JsonObject(emptyMap()))
    }

    fun revokeAccessTokens(platform: String = "generic") {
        post("revoke/$platform", buildJsonObject { put("access_tokens", true) })
    }

    fun changeSecret(
        secret: String,
        overlapSeconds: Long,
    ) {
        val change =
            buildJsonObject {
                put("client_secret", secret)
                put("overlap_seconds", overlapSeconds)
            }
        post("secret/generic", change)
    }

    fun secrets(): Set<String> = get("secrets").jsonArray.map { it.jsonPrimitive.content }.toSet()

    fun counter(
        name: String,
        platform: String = "generic",
    ): Int =
        journal(platform)
            .getValue("counters")
            .jsonObject
            .getValue(name)
            .jsonPrimitive.int

    fun tokenRequests(): Int = counter("token_requests")

    fun apiRequests(platform: String = "generic"): Int = counter("api_requests", platform)

    /** What came, the oldest first. */
    fun requests(platform: String = "generic"): List<JsonObject> =
        journal(platform).getValue("log").jsonArray.map { it.jsonObject }

    fun lastRequest(platform: String = "generic"): JsonObject = requests(platform).last()

    fun lastHeaders(platform: String = "generic"): List<String> =
        lastRequest(platform).getValue("header_names").jsonArray.map { it.jsonPrimitive.content }

    /** Waits until so much was counted. */
    fun await(
        counter: String,
        atLeast: Int,
        platform: String = "generic",
    ) {
        val wanted =
            buildJsonObject {
                put("platform", platform)
                put("counter", counter)
                put("at_least", atLeast)
                put("timeout_seconds", 60)
            }
        post("wait", wanted)
    }

    fun assertNoViolations() = assertEquals(JsonArray(emptyList()), get("violations"))

    override fun close() {
        clients.forEach(CxClient::close)
        process.outputStream.close()
        process.waitFor()
    }

    private fun address(
        platform: String,
        name: String,
    ) = addresses
        .getValue("platforms")
        .jsonObject
        .getValue(platform)
        .jsonObject
        .getValue(name)
        .jsonPrimitive.content

    private fun journal(platform: String) = get("journal/$platform").jsonObject

    private fun get(path: String) = call("GET", path, null)

    private fun post(
        path: String,
        body: JsonObject,
    ) = call("POST", path, body)

    private fun call(
        method: String,
        path: String,
        body: JsonObject?,
    ): JsonElement {
        val request =
            Request
                .Builder()
                .url("$control/$path")
                // One that is kept may be closed at the moment when it is used again, and a POST is not repeated then.
                .header("connection", "close")
                .method(method, body?.toString()?.toRequestBody("application/json".toMediaType()))
                .build()
        val (status, text) = http.newCall(request).execute().use { it.code to it.body.string() }
        check(status in 200..299) { "$method $path: $status $text" }
        return if (text.isEmpty()) JsonNull else Json.parseToJsonElement(text)
    }
}

/** Something that goes wrong: `crates/cxauth-sim/src/fault.rs` describes the kinds. */
internal class Fault(
    private val kind: String,
    private val at: List<String> = listOf("api"),
    private val times: Int? = null,
    private val skip: Int = 0,
    private val processed: Boolean = false,
    private val details: Map<String, JsonElement> = emptyMap(),
) {
    fun toJson(): JsonObject =
        buildJsonObject {
            putJsonArray("endpoints") { at.forEach { add(JsonPrimitive(it)) } }
            put("times", times)
            put("skip", skip)
            put("processed", processed)
            put("effect", JsonObject(details + ("kind" to JsonPrimitive(kind))))
        }

    companion object {
        fun unauthorized(
            challenge: String? = null,
            times: Int? = null,
        ) = Fault("unauthorized", times = times, details = mapOf("challenge" to JsonPrimitive(challenge)))

        fun redirect(
            status: Int,
            to: String,
            times: Int? = 1,
            at: List<String> = listOf("api"),
        ) = Fault(
            "redirect",
            at = at,
            times = times,
            details = mapOf("status" to JsonPrimitive(status), "to" to JsonPrimitive(to)),
        )

        fun redirectTo(
            status: Int,
            url: String,
        ): Fault {
            val to = buildJsonObject { put("url", url) }
            return Fault("redirect", times = 1, details = mapOf("status" to JsonPrimitive(status), "to" to to))
        }

        fun status(
            status: Int,
            body: String = "",
            contentType: String = "application/json",
            retryAfter: String = "",
            at: List<String> = listOf("api"),
            times: Int? = null,
        ): Fault {
            val fields = mapOf("content-type" to contentType, "retry-after" to retryAfter).filterValues(String::isNotEmpty)
            val headers = JsonArray(fields.map { JsonArray(listOf(JsonPrimitive(it.key), JsonPrimitive(it.value))) })
            val details = mapOf("status" to JsonPrimitive(status), "headers" to headers, "body" to JsonPrimitive(body))
            return Fault("status", at = at, times = times, details = details)
        }
    }
}

/** The text of a member, null when it is absent or null. */
internal fun JsonObject.text(name: String): String? = get(name)?.jsonPrimitive?.contentOrNull
