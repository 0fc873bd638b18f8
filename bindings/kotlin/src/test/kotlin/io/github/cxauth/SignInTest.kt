package io.github.cxauth

import com.sun.net.httpserver.HttpServer
import io.github.cxauth.recipes.BrowserSignIn
import io.github.cxauth.world.Fault
import io.github.cxauth.world.World
import io.github.cxauth.world.soon
import io.github.cxauth.world.text
import io.ktor.client.engine.cio.CIO
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.net.InetSocketAddress
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicReference

/** People who sign in: in a browser, and on another device. */
internal class SignInTest {
    private val world = World()

    @AfterEach
    fun close() = world.close()

    private fun client(
        way: String,
        configure: CxClientBuilder.() -> Unit = {},
    ) = world.client(world.furtherConnection("generic/$way"), configure)

    private fun failure(act: suspend () -> Unit): CxException = assertThrows(CxException::class.java) { soon { act() } }

    @ParameterizedTest
    @ValueSource(strings = ["authorization-code", "public-authorization-code", "pushed-authorization-code"])
    fun `somebody signs in in a browser`(way: String) {
        val cx = client(way)
        assertEquals(CxAction.SIGN_IN, failure { cx.token() }.action)
        soon {
            val signIn = cx.beginSignIn()
            cx.finishSignIn(signIn.kept, world.signIn(signIn.url))
            assertEquals(cx.token().generation, cx.token().generation)
        }
        assertEquals(CxState.FRESH, cx.status.state)
        world.assertNoViolations()
    }

    @Test
    fun `what is kept outlives the process as text`() {
        val signIn = soon { client("authorization-code").beginSignIn() }
        val kept = KeptSignIn(signIn.kept.toText())
        val redirect = world.signIn(signIn.url)
        val next = client("authorization-code")
        next.finishSignInBlocking(kept, redirect)
        assertEquals(CxState.FRESH, next.status.state)
        world.assertNoViolations()
    }

    @Test
    fun `a caller who waits for a token gets the one of the sign-in`() {
        val cx = client("authorization-code")
        val signIn = cx.beginSignInBlocking()
        world.arm(Fault("hold", at = listOf("token"), times = 1))
        val redirect = world.signIn(signIn.url)
        soon {
            val finishing = async(Dispatchers.Default) { cx.finishSignIn(signIn.kept, redirect) }
            world.await("token_requests", 1)
            finishing.cancelAndJoin()
            world.release()
            cx.settle()
        }
        assertEquals(CxState.FRESH, cx.status.state, "who was cancelled ended nothing but the waiting")
    }

    @Test
    fun `nothing that is kept is printed`() {
        val signIn = client("authorization-code").beginSignInBlocking()
        val state = signIn.url.substringAfter("state=").substringBefore('&')
        for (printed in listOf("$signIn", "${signIn.kept}", "${listOf(signIn, signIn.kept)}")) {
            assertFalse(state in printed, printed)
            assertFalse(signIn.kept.toText().take(16) in printed, printed)
        }
    }

    @Test
    fun `a redirect that belongs to another sign-in is refused`() {
        val cx = client("authorization-code")
        val (one, other) = List(2) { cx.beginSignInBlocking() }
        val redirect = world.signIn(one.url)
        assertTrue(one.kept.isAnsweredBy(redirect))
        assertFalse(other.kept.isAnsweredBy(redirect))
        assertEquals("redirect_refused", failure { cx.finishSignIn(other.kept, redirect) }.code)
        val elsewhere = redirect.replace(Regex("iss=[^&]*"), "iss=https%3A%2F%2Fattacker.example")
        assertNotEquals(redirect, elsewhere)
        assertEquals("redirect_refused", failure { cx.finishSignIn(one.kept, elsewhere) }.code)
        assertEquals(0, world.tokenRequests())
    }

    @Test
    fun `a person who says no is an error, and so is damaged text`() {
        val cx = client("authorization-code")
        val signIn = cx.beginSignInBlocking()
        val error = failure { cx.finishSignIn(signIn.kept, world.signIn(signIn.url, "deny")) }
        assertEquals("authorization_refused" to CxAction.SIGN_IN, error.code to error.action)
        assertEquals("access_denied", error.serverError)
        assertThrows(CxException::class.java) { cx.finishSignInBlocking(KeptSignIn("damaged"), "https://app.example/?code=c") }
        assertThrows(CxException::class.java) { KeptSignIn("damaged").isAnsweredBy("https://app.example/?code=c") }
    }

    @Test
    fun `what is wrong with a sign-in is said at its begin`() {
        assertEquals("missing_setting", failure { world.client().beginSignIn() }.code)
        val cx = client("pushed-authorization-code")
        world.arm(Fault.status(503, at = listOf("pushed_authorization")))
        assertEquals("server_unavailable", failure { cx.beginSignIn() }.code)
        cx.close()
        assertThrows(IllegalStateException::class.java) { cx.beginSignInBlocking() }
    }

    @ParameterizedTest
    @ValueSource(strings = ["device-code", "public-device-code"])
    fun `somebody signs in on another device`(way: String) {
        val cx = client(way)
        soon {
            val shown = CompletableDeferred<DevicePrompt>()
            val signingIn =
                async(Dispatchers.Default) {
                    cx.signInOnDevice {
                        shown.complete(it)
                        awaitCancellation()
                    }
                }
            val prompt = shown.await()
            assertTrue(prompt.userCode.isNotEmpty())
            assertTrue(prompt.verificationUri.startsWith(world.base()))
            assertTrue(prompt.verificationUriComplete.orEmpty().contains(prompt.userCode))
            assertFalse(prompt.userCode in "$prompt")
            assertTrue(prompt.expiresAt.toEpochMilli() > world.clock.millis())
            asks(0)
            world.decideDevice("slow_down")
            asks(asked())
            world.decideDevice("approve")
            // It may have asked more often than it was counted: time passes until it has heard the answer.
            while (!signingIn.isCompleted) world.pass(1)
            signingIn.await()
        }
        assertEquals(CxState.FRESH, cx.status.state)
        world.assertNoViolations()
    }

    /** Time passes until the device has asked once more than so often. */
    private fun asks(before: Int) {
        val limit = System.nanoTime() + 60_000_000_000
        while (asked() <= before) {
            check(System.nanoTime() < limit) { "the device does not ask" }
            world.pass(1)
        }
    }

    private fun asked() = world.counter("token_requests")

    @Test
    fun `a person who says no, and a code that nobody enters, are errors`() {
        for ((decision, code) in mapOf("deny" to "authorization_refused", "expire" to "sign_in_expired")) {
            val cx = client("device-code")
            val error =
                failure {
                    cx.signInOnDevice {
                        world.decideDevice(decision)
                        asks(asked())
                    }
                }
            assertEquals(code, error.code)
            assertNull(cx.status.token)
        }
        world.assertNoViolations()
    }

    @Test
    fun `who is cancelled ends the sign-in on another device`() {
        val cx = client("device-code")
        soon {
            val shown = CompletableDeferred<Unit>()
            val signingIn = launch(Dispatchers.Default) { cx.signInOnDevice { shown.complete(Unit) } }
            shown.await()
            signingIn.cancelAndJoin()
            // Its flight is gone: nothing is under way, and nothing is asked.
            cx.settle()
        }
        world.pass(60)
        assertEquals(0, asked())
    }

    @Test
    fun `a client that is closed ends it too, and so does a prompt that cannot be shown`() {
        val cx = client("device-code")
        val closing = assertThrows(IllegalStateException::class.java) { cx.signInOnDeviceBlocking { cx.close() } }
        assertEquals("this CxClient is closed", closing.message)
        val other = client("device-code")
        val broken =
            assertThrows(IllegalArgumentException::class.java) {
                soon { other.signInOnDevice { throw IllegalArgumentException("no screen") } }
            }
        assertEquals("no screen", broken.message)
        soon { other.settle() }
        assertEquals(0, asked())
    }

    @Test
    fun `threads sign in on another device too, and an interrupt ends it`() {
        val cx = client("device-code")
        val prompt = CompletableFuture<DevicePrompt>()
        val ended = CompletableFuture<Throwable?>()
        val thread =
            Thread { ended.complete(runCatching { cx.signInOnDeviceBlocking { prompt.complete(it) } }.exceptionOrNull()) }
        thread.start()
        prompt.soon()
        world.decideDevice("approve")
        asks(0)
        assertNull(ended.soon())
        val again = Thread { cx.signInOnDeviceBlocking { Thread.currentThread().interrupt() } }
        val why = AtomicReference<Throwable>()
        again.setUncaughtExceptionHandler { _, thrown -> why.set(thrown) }
        again.start()
        again.join()
        assertTrue(why.get() is InterruptedException, "${why.get()}")
        cx.settleBlocking()
    }

    @Test
    fun `a Custom Tab is opened, and the intent's address ends the sign-in`() {
        val opened = mutableListOf<String>()
        val saved = mutableMapOf<String, String>()
        val cx = client("public-authorization-code")
        soon {
            io.github.cxauth.recipes
                .BrowserSignIn(cx, opened::add, saved)
                .begin()
        }
        // The process ended meanwhile: what was saved is there, and nothing else.
        val restored =
            io.github.cxauth.recipes
                .BrowserSignIn(cx, opened::add, saved)
        soon {
            assertFalse(restored.onNewIntent("https://app.example/another-link"))
            assertTrue(restored.onNewIntent(world.signIn(opened.single())))
            assertFalse(restored.onNewIntent("https://app.example/callback?code=again"), "it works once")
        }
        assertEquals(emptyMap<String, String>(), saved)
        assertEquals(CxState.FRESH, cx.status.state)
    }

    @ParameterizedTest
    @ValueSource(strings = ["OkHttp", "java.net.http", "Ktor"])
    fun `a server says of itself what its clients need to know`(by: String) {
        val transport =
            when (by) {
                "OkHttp" -> OkHttpTransport()
                "Ktor" -> KtorTransport(CIO.create())
                else -> JavaHttpTransport()
            }
        val issuer = requireNotNull(world.furtherConnection("generic/authorization-code").text("issuer"))
        val text = soon { CxClient.discover(issuer, transport) }
        val settings = Json.parseToJsonElement(text).jsonObject
        assertEquals(issuer, settings.text("issuer"))
        assertEquals(world.base() + "/token", settings.text("token_endpoint"))
        val cx =
            world.client(settings) {
                clientId = world.connection().text("client_id")
                clientSecret = Secret(requireNotNull(world.connection().text("client_secret")))
                grant = Grant.AUTHORIZATION_CODE
                redirectUri = world.furtherConnection("generic/authorization-code").text("redirect_uri")
            }
        val signIn = cx.beginSignInBlocking()
        cx.finishSignInBlocking(signIn.kept, world.signIn(signIn.url))
        assertEquals(CxState.FRESH, cx.status.state)
        world.assertNoViolations()
    }

    @Test
    fun `what is no metadata of the issuer is refused, and the second place is asked when the first has none`() {
        val server = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
        val issuer = "http://127.0.0.1:${server.address.port}"
        val answers = mutableMapOf<String, String>()
        server.createContext("/") { exchange ->
            val body = answers[exchange.requestURI.path]
            assertEquals("GET" to "application/json", exchange.requestMethod to exchange.requestHeaders.getFirst("accept"))
            exchange.sendResponseHeaders(if (body == null) 404 else 200, body?.length?.toLong() ?: -1)
            body?.let { exchange.responseBody.write(it.toByteArray()) }
            exchange.close()
        }
        server.start()
        try {
            assertEquals("metadata_refused", failure { CxClient.discover(issuer) }.code)
            val second = "/.well-known/openid-configuration"
            answers[second] = """{"issuer":"https://attacker.example","token_endpoint":"https://attacker.example/token"}"""
            assertEquals("metadata_refused", failure { CxClient.discover(issuer) }.code)
            // Longer than any answer of a token endpoint.
            val more = "x".repeat(TokenAnswer.MAX_BODY)
            answers[second] = """{"issuer":"$issuer","token_endpoint":"$issuer/token","more":"$more"}"""
            assertEquals(issuer, Json.parseToJsonElement(CxClient.discoverBlocking(issuer)).jsonObject.text("issuer"))
        } finally {
            server.stop(0)
        }
        assertEquals("server_unreachable", failure { CxClient.discover(issuer) }.code)
        assertEquals("insecure_url", failure { CxClient.discover("http://as.example") }.code)
    }
}
