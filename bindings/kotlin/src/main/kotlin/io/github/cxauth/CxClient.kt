package io.github.cxauth

import io.github.cxauth.driver.Discovery
import io.github.cxauth.driver.Keeper
import io.github.cxauth.driver.acquire
import io.github.cxauth.driver.acquireAsync
import io.github.cxauth.driver.acquireBlocking
import io.github.cxauth.driver.begun
import io.github.cxauth.driver.begunBlocking
import io.github.cxauth.driver.defaultTransport
import io.github.cxauth.driver.landed
import io.github.cxauth.driver.landedBlocking
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runInterruptible
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.function.Consumer

/**
 * The token of one connection, kept alive, for whoever asks: coroutines, threads, and the requests of OkHttp, Ktor and
 * `java.net.http`.
 *
 * However many callers ask at once, one token request is sent; a caller that is cancelled while it waits changes nothing for the
 * others. Any thread may call it. One client lives as long as the program that needs it; [close] frees what it holds.
 *
 * ```
 * val cx = CxClient.ciscoCxCloud("key", SecretSource.environment("CISCO_SECRET"))
 * val http = OkHttpClient.Builder().cxAuth(cx).build()
 * ```
 */
public class CxClient internal constructor(
    internal val keeper: Keeper,
) : AutoCloseable {
    /** The platform's id, `generic` when none was named. */
    public val platform: String get() = keeper.platform

    /** What happens from now on: renewals, failures, refusals, warnings. A collector that is far behind misses some. */
    public val events: SharedFlow<CxEvent> get() = keeper.events

    /** How the client stands. It starts nothing and does not count as asking for a token. */
    public val status: CxStatus get() = keeper.status()

    /**
     * A usable token. While one is fresh this costs next to nothing; when one is due for renewal it is handed out all the same and
     * the renewal goes on by itself; without one the caller waits for the renewal.
     *
     * @throws CxException what the token endpoint, the network or a secret's source said: [CxException.action] says what to do, and
     *   [CxException.retryAt] when to come again
     * @throws IllegalStateException when the client is closed
     */
    public suspend fun token(): AccessToken = keeper.acquire().token

    /**
     * [token] for threads: it blocks.
     *
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    @Throws(CxException::class, InterruptedException::class)
    public fun tokenBlocking(): AccessToken = keeper.acquireBlocking().token

    /** [token] for callers of futures. Cancelling the future ends nothing but the waiting. */
    public fun tokenAsync(): CompletableFuture<AccessToken> = keeper.acquireAsync()

    /**
     * The header fields for a request to this address, for an HTTP client that cxauth has no part for.
     *
     * Whatever sends the request must not carry them elsewhere: let it follow no redirects.
     *
     * ```
     * val headers = cx.headers("https://api.example/v1/items")
     * ```
     *
     * @throws CxException `destination_refused` when the address may not see the token, else as [token]
     */
    public suspend fun headers(url: String): CxHeaders {
        keeper.checkDestination(url)
        return keeper.acquire().token.headers
    }

    /** [headers] for threads: it blocks. */
    @Throws(CxException::class, InterruptedException::class)
    public fun headersBlocking(url: String): CxHeaders {
        keeper.checkDestination(url)
        return keeper.acquireBlocking().token.headers
    }

    /** Whether the token may be sent to this address. */
    public fun allows(url: String): Boolean = keeper.allows(url)

    /**
     * The absolute address of an API path, which starts at `api_base` unless it is absolute itself.
     *
     * @throws CxException `missing_setting` without an `api_base`, `destination_refused` when the result may not see the token
     */
    @Throws(CxException::class)
    public fun apiUrl(path: String): String = keeper.apiUrl(path)

    /**
     * Tells that an API refused a token, for requests that were sent without a part of cxauth. True: get a token again and send the
     * request once more, once. False: the answer is the caller's.
     *
     * @param token the token that was sent
     * @param status the answer's status
     * @param wwwAuthenticate the values of that header field
     * @param bodyStart as much of the answer's body as is at hand
     */
    @JvmOverloads
    public fun refused(
        token: AccessToken,
        status: Int,
        wwwAuthenticate: List<String> = emptyList(),
        bodyStart: ByteArray = ByteArray(0),
    ): Boolean = keeper.refused(token.generation, status, wwwAuthenticate, bodyStart)

    /**
     * Gives settings new values: a rotated secret, for instance, without a token being lost. A secret that is set anew, even to the
     * same value, lifts a verdict on the old one; another identity forgets the tokens.
     *
     * ```
     * cx.change { clientSecret = Secret("new secret") }
     * ```
     *
     * @throws CxException with the action [CxAction.FIX_CONFIGURATION]; nothing is changed then
     */
    @Throws(CxException::class)
    @JvmSynthetic
    public fun change(settings: CxSettings.() -> Unit): Unit = keeper.change(CxSettings().apply(settings))

    /** [change] for Java. */
    @Throws(CxException::class)
    public fun change(settings: Consumer<CxSettings>): Unit = keeper.change(CxSettings().also(settings::accept))

    /**
     * Forgets the tokens, here and in the [store][CxClientBuilder.store], and drops what a renewal under way still brings; whoever
     * shares the store drops them at the next look into it. Where the connection has a `revocation_endpoint` the server ends them
     * (RFC 7009). The next [token] starts afresh where the connection can.
     *
     * Who is cancelled while it waits ends nothing but the waiting.
     *
     * @throws CxException this client has forgotten the tokens in any case, but `store_unavailable`: the store still has them; any
     *   other code: the server did not end them
     * @throws IllegalStateException when the client is closed
     */
    public suspend fun signOut() {
        keeper.signOut().await()?.let { throw it }
    }

    /** [signOut] for threads: it blocks. */
    @Throws(CxException::class, InterruptedException::class)
    public fun signOutBlocking() {
        try {
            keeper.signOut().get()?.let { throw it }
        } catch (e: ExecutionException) {
            throw e.cause ?: e
        }
    }

    /**
     * Begins a sign-in in a browser (RFC 6749 §4.1 with PKCE, RFC 7636): open [SignIn.url], keep [SignIn.kept], and give it to
     * [finishSignIn] when the browser is back.
     *
     * Who is cancelled while it waits ends nothing but the waiting.
     *
     * ```
     * val signIn = cx.beginSignIn("com.example.app:/signed-in")
     * CustomTabsIntent.Builder().build().launchUrl(activity, signIn.url.toUri())
     * ```
     *
     * @param redirectUri where the browser comes back to, by default [CxSettings.redirectUri]
     * @throws CxException what is wrong with the connection, or why a request that is sent beforehand (RFC 9126) brought nothing
     * @throws IllegalStateException when the client is closed
     */
    @JvmSynthetic
    public suspend fun beginSignIn(redirectUri: String? = null): SignIn = keeper.beginSignIn(redirectUri).begun()

    /** [beginSignIn] for threads: it blocks. */
    @JvmOverloads
    @Throws(CxException::class, InterruptedException::class)
    public fun beginSignInBlocking(redirectUri: String? = null): SignIn = keeper.beginSignIn(redirectUri).begunBlocking()

    /**
     * Ends a sign-in: whoever waits for a token has it then. What was kept works once; another process may do this than the one
     * that began.
     *
     * Who is cancelled while it waits ends nothing but the waiting.
     *
     * @param kept of [beginSignIn]
     * @param redirectUrl the whole address that the browser came back to, such as `intent.dataString`
     * @throws CxException `authorization_refused` when the server or the person said no, `redirect_refused` when the address does
     *   not belong to this sign-in, `sign_in_expired` when it took too long, else what the token endpoint said
     * @throws IllegalStateException when the client is closed
     */
    @JvmSynthetic
    public suspend fun finishSignIn(
        kept: KeptSignIn,
        redirectUrl: String,
    ): Unit = keeper.finishSignIn(kept.toText(), redirectUrl).landed()

    /** [finishSignIn] for threads: it blocks. */
    @Throws(CxException::class, InterruptedException::class)
    public fun finishSignInBlocking(
        kept: KeptSignIn,
        redirectUrl: String,
    ): Unit = keeper.finishSignIn(kept.toText(), redirectUrl).landedBlocking()

    /**
     * Signs somebody in on another device (RFC 8628): [show] says the code and where to enter it, and this returns when it was
     * entered there, which may take minutes. Whoever waits for a token has it then.
     *
     * [show] may go on for as long as the sign-in does: it is cancelled at its end. Who is cancelled ends the sign-in.
     *
     * ```
     * cx.signInOnDevice { screen.show(it.userCode, it.verificationUri, it.verificationUriComplete) }
     * ```
     *
     * @throws CxException `authorization_refused` when the person said no, `sign_in_expired` when nobody entered the code in time,
     *   else what the server said
     * @throws IllegalStateException when the client is closed, also meanwhile
     */
    @JvmSynthetic
    public suspend fun signInOnDevice(show: suspend (DevicePrompt) -> Unit): Unit = keeper.signInOnDevice().landed(show)

    /** [signInOnDevice] for threads: it blocks, and an interrupt ends the sign-in. [show] is called on this thread and returns at once. */
    @Throws(CxException::class, InterruptedException::class)
    public fun signInOnDeviceBlocking(show: Consumer<DevicePrompt>): Unit = keeper.signInOnDevice().landedBlocking(show::accept)

    /** Has [listener] told what happens from now on, until the result is closed. Kotlin has [events]. */
    public fun addListener(listener: CxEventListener): AutoCloseable = keeper.addListener(listener)

    /**
     * Waits until no renewal is under way: before a program ends, so that it does not take the answer to a renewal with it that a
     * server has processed already.
     */
    public suspend fun settle() {
        while (true) {
            val landing = keeper.settling() ?: return
            landing.await()
        }
    }

    /** [settle] for threads: it blocks. */
    @Throws(InterruptedException::class)
    public fun settleBlocking() {
        while (true) {
            val landing = keeper.settling() ?: return
            landing.awaitBlocking()
        }
    }

    /**
     * Frees what the client holds. Whoever waits for a token gets an [IllegalStateException], and so does who asks from now on. A
     * renewal that is under way goes on to its end.
     */
    override fun close(): Unit = keeper.close()

    override fun toString(): String = "CxClient($platform)"

    /** Making one. */
    public companion object {
        /**
         * A client for a platform (`cloudcx`, `cisco-cx-cloud`, `sangoma-cx`, `cloudlx`) or, by default, for any other OAuth 2.0
         * server.
         *
         * @throws CxException with the action [CxAction.FIX_CONFIGURATION]; its message names the setting
         */
        public operator fun invoke(
            platform: String = "generic",
            configure: CxClientBuilder.() -> Unit,
        ): CxClient = builder(platform).apply(configure).build()

        /** Chooses the parts one after the other: [CxClientBuilder.build] makes the client. For Java. */
        @JvmStatic
        @JvmOverloads
        public fun builder(platform: String = "generic"): CxClientBuilder = CxClientBuilder(platform, null)

        /**
         * A client whose connection stands in a JSON object, as in the command's configuration file and in every other language.
         * What is [set][CxSettings] here stands above it.
         *
         * ```
         * val cx = CxClient.fromJson("""{ "platform": "cisco-cx-cloud", "client_id": "key", "client_secret": { "env": "CISCO" } }""")
         * ```
         *
         * @throws CxException with the action [CxAction.FIX_CONFIGURATION]; its message names the setting
         */
        @JvmStatic
        @JvmOverloads
        @Throws(CxException::class)
        public fun fromJson(
            text: String,
            configure: CxClientBuilder.() -> Unit = {},
        ): CxClient = CxClientBuilder(null, text).apply(configure).build()

        /**
         * What a server publishes of itself (RFC 8414): settings as a JSON object for [fromJson], with nothing secret in it. Keep it,
         * or ask at each start.
         *
         * ```
         * val cx = CxClient.fromJson(CxClient.discover("https://as.example")) {
         *     clientId = "app"
         *     grant = Grant.AUTHORIZATION_CODE
         * }
         * ```
         *
         * @param issuer the server's identifier: an https address without query and fragment
         * @param transport what sends the requests, by default as a client's own
         * @throws CxException `metadata_refused` when what came is not the issuer's, else why nothing came
         */
        @JvmSynthetic
        public suspend fun discover(
            issuer: String,
            transport: TokenTransport? = null,
        ): String = runInterruptible(Dispatchers.IO) { discoverBlocking(issuer, transport) }

        /** [discover] for threads: it blocks. */
        @JvmStatic
        @JvmOverloads
        @Throws(CxException::class, InterruptedException::class)
        public fun discoverBlocking(
            issuer: String,
            transport: TokenTransport? = null,
        ): String = Discovery(issuer, transport ?: defaultTransport()).settings()

        /**
         * CloudCX: the tenant's domain, with its port if it has one, and a user of it. A client that has a secret says so in
         * [configure].
         *
         * @throws CxException with the action [CxAction.FIX_CONFIGURATION]
         */
        @JvmStatic
        @JvmOverloads
        @Throws(CxException::class)
        public fun cloudCx(
            domain: String,
            clientId: String,
            username: String,
            password: SecretSource,
            configure: CxClientBuilder.() -> Unit = {},
        ): CxClient =
            invoke("cloudcx") {
                this.domain = domain
                this.clientId = clientId
                this.username = username
                this.password = password
                configure()
            }

        /** The same with the password itself. */
        @JvmStatic
        @JvmOverloads
        @Throws(CxException::class)
        public fun cloudCx(
            domain: String,
            clientId: String,
            username: String,
            password: String,
            configure: CxClientBuilder.() -> Unit = {},
        ): CxClient = cloudCx(domain, clientId, username, Secret(password), configure)

        /**
         * Cisco CX Cloud: the key and the secret of an API profile.
         *
         * @throws CxException with the action [CxAction.FIX_CONFIGURATION]
         */
        @JvmStatic
        @JvmOverloads
        @Throws(CxException::class)
        public fun ciscoCxCloud(
            clientId: String,
            clientSecret: SecretSource,
            configure: CxClientBuilder.() -> Unit = {},
        ): CxClient =
            invoke("cisco-cx-cloud") {
                this.clientId = clientId
                this.clientSecret = clientSecret
                configure()
            }

        /** The same with the secret itself. */
        @JvmStatic
        @JvmOverloads
        @Throws(CxException::class)
        public fun ciscoCxCloud(
            clientId: String,
            clientSecret: String,
            configure: CxClientBuilder.() -> Unit = {},
        ): CxClient = ciscoCxCloud(clientId, Secret(clientSecret), configure)

        /**
         * Sangoma CX: the application's credentials, and one scope at least.
         *
         * @throws CxException with the action [CxAction.FIX_CONFIGURATION]
         */
        @JvmStatic
        @JvmOverloads
        @Throws(CxException::class)
        public fun sangomaCx(
            clientId: String,
            clientSecret: SecretSource,
            scopes: List<String>,
            configure: CxClientBuilder.() -> Unit = {},
        ): CxClient =
            invoke("sangoma-cx") {
                this.clientId = clientId
                this.clientSecret = clientSecret
                this.scopes = scopes
                configure()
            }

        /** The same with the secret itself. */
        @JvmStatic
        @JvmOverloads
        @Throws(CxException::class)
        public fun sangomaCx(
            clientId: String,
            clientSecret: String,
            scopes: List<String>,
            configure: CxClientBuilder.() -> Unit = {},
        ): CxClient = sangomaCx(clientId, Secret(clientSecret), scopes, configure)

        /**
         * CloudLX (Infiny): the credentials of an application of the portal.
         *
         * @throws CxException with the action [CxAction.FIX_CONFIGURATION]
         */
        @JvmStatic
        @JvmOverloads
        @Throws(CxException::class)
        public fun cloudLx(
            clientId: String,
            clientSecret: SecretSource,
            configure: CxClientBuilder.() -> Unit = {},
        ): CxClient =
            invoke("cloudlx") {
                this.clientId = clientId
                this.clientSecret = clientSecret
                configure()
            }

        /** The same with the secret itself. */
        @JvmStatic
        @JvmOverloads
        @Throws(CxException::class)
        public fun cloudLx(
            clientId: String,
            clientSecret: String,
            configure: CxClientBuilder.() -> Unit = {},
        ): CxClient = cloudLx(clientId, Secret(clientSecret), configure)
    }
}
