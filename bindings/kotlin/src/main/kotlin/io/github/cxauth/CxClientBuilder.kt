package io.github.cxauth

import io.github.cxauth.bridge.AuthException
import io.github.cxauth.bridge.Connection
import io.github.cxauth.bridge.openConnection
import io.github.cxauth.driver.Keeper
import io.github.cxauth.driver.Parts
import io.github.cxauth.driver.defaultTransport
import io.github.cxauth.driver.translating
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.security.SecureRandom
import java.time.Duration
import java.util.concurrent.Callable

/**
 * What a [CxClient] is made of: the settings of its connection, and the parts that it works with.
 *
 * ```
 * val cx = CxClient("generic") {
 *     tokenEndpoint = "https://as.example/token"
 *     clientId = "id"
 *     clientSecret = SecretSource.file("/run/secrets/as")
 *     apiBase = "https://api.example/v1/"
 *     background = true
 * }
 * ```
 */
public class CxClientBuilder internal constructor(
    private val platform: String?,
    private val json: String?,
) : CxSettings() {
    private val namedFunctions = mutableMapOf<String, suspend () -> Secret>()
    private val namedSigners = mutableMapOf<String, Signer>()

    /**
     * The function that brings tokens for [Grant.EXTERNAL], which is the grant then unless another is set: it asks, for instance, a
     * backend of one's own. It runs on a thread of the client's, one call at a time, and has 55 seconds. The message of what it
     * throws becomes part of the [CxException]: there must be no secret in it.
     */
    public var provide: (suspend () -> ProvidedToken)? = null

    /** Where tokens outlive this process; by default they live in its memory only. */
    public var store: Store? = null

    /**
     * How long a renewal waits for the store's lock: 20 s by default, which is also the most. After that it fails, and is tried
     * again; a token that is usable serves all the while.
     */
    public var lockPatience: Duration = Duration.ofSeconds(20)

    /** What sends token requests. By default a client of its own of OkHttp, or else of java.net.http. */
    public var transport: TokenTransport? = null

    /** The time limit of one token request, connecting and reading included: 30 s by default, 35 s at most. */
    public var timeout: Duration = Duration.ofSeconds(30)

    /**
     * How long a caller waits when nothing may be sent for a while: not at all by default, and the error says when to come again.
     * A renewal that is under way is always waited for.
     */
    public var patience: Duration = Duration.ZERO

    /**
     * Renews in the background, so that callers find a fresh token. It begins with the first caller, stops after one lifetime in
     * which nobody asked, goes on when somebody does, and ends with the client. Off by default.
     */
    public var background: Boolean = false

    /** Where the time comes from: the system's clock by default. */
    public var clock: CxClock = CxClock.system()

    /** It spreads renewals and retries over time, and keeps nothing secret. */
    internal var entropy: () -> ByteArray = { ByteArray(ENTROPY_BYTES).also(SecureRandom()::nextBytes) }

    /** Sets [provide]. */
    public fun provide(function: suspend () -> ProvidedToken) {
        provide = function
    }

    /** [provide] for Java; it may block. */
    public fun provide(function: Callable<ProvidedToken>) {
        provide = { function.call() }
    }

    /** [store] for Java. */
    public fun store(store: BlockingStore) {
        this.store = store.suspending()
    }

    /**
     * The function that reads the secrets for which a connection in JSON says `{ "function": name }`, see [CxClient.fromJson] and
     * [SecretSource.function].
     */
    public fun function(
        name: String,
        function: suspend () -> Secret,
    ) {
        namedFunctions[name] = function
    }

    /** [function] for Java; it may block. */
    public fun function(
        name: String,
        function: Callable<Secret>,
    ): Unit = function(name) { function.call() }

    /** What signs for a connection in JSON whose `client_key` says `{ "function": name }`, see [CxClient.fromJson] and [ClientKey.signer]. */
    public fun signer(
        name: String,
        signer: Signer,
    ) {
        namedSigners[name] = signer
    }

    /**
     * The client. It connects to nothing yet.
     *
     * @throws CxException with the action [CxAction.FIX_CONFIGURATION]; its message names the setting
     */
    @Throws(CxException::class)
    public fun build(): CxClient {
        val parts =
            Parts(
                clock = clock,
                transport = transport ?: defaultTransport(),
                timeout = minOf(timeout, LONGEST),
                patience = patience,
                background = background,
                provide = provide,
                store = store,
                lockPatience = lockPatience.coerceIn(Duration.ZERO, LONGEST_LOCK),
                functions = namedFunctions + functions,
                signers = namedSigners + signers,
            )
        return CxClient(open().use { Keeper(it, entropy(), parts) })
    }

    override fun toJson(): JsonObject {
        val settings = super.toJson().toMutableMap()
        platform?.let { settings["platform"] = JsonPrimitive(it) }
        if (provide != null && json == null) settings.putIfAbsent("grant", JsonPrimitive(Grant.EXTERNAL.word))
        return JsonObject(settings)
    }

    private fun open(): Connection =
        translating {
            when (json) {
                null -> openConnection(toJson().toString())
                else -> open(json)
            }
        }

    private fun open(json: String): Connection =
        try {
            openConnection(json).use { it.withSettings(toJson().toString()) }
        } catch (e: AuthException.Failed) {
            // What a server says of itself is no connection yet: who asks is set here.
            if (e.code != "missing_setting") throw e
            openConnection(joined(Json.parseToJsonElement(json).jsonObject, toJson()).toString())
        }

    /** Headers and parameters are joined by name, every other setting is replaced. */
    private fun joined(
        below: JsonObject,
        above: JsonObject,
    ): JsonObject {
        val maps = above.filter { (name, value) -> name in JOINED && value is JsonObject && below[name] is JsonObject }
        return JsonObject(below + above + maps.mapValues { (name, _) -> joined(below, above, name) })
    }

    private fun joined(
        below: JsonObject,
        above: JsonObject,
        name: String,
    ) = JsonObject(below.getValue(name).jsonObject + above.getValue(name).jsonObject)

    private companion object {
        private const val ENTROPY_BYTES = 32
        private val JOINED = setOf("headers", "api_headers", "parameters", "authorization_parameters")

        /** With the wait for a store's lock it stays below a flight's deadline of 60 s. */
        val LONGEST: Duration = Duration.ofSeconds(35)
        val LONGEST_LOCK: Duration = Duration.ofSeconds(20)
    }
}
