package io.github.cxauth

import io.github.cxauth.world.World
import io.github.cxauth.world.soon
import io.github.cxauth.world.text
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.delay
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonObject
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.util.concurrent.Callable
import java.util.concurrent.atomic.AtomicInteger
import kotlin.io.path.writeBytes

/** Where secrets come from. */
internal class SecretTest {
    private val world = World()

    @TempDir
    lateinit var directory: Path

    @AfterEach
    fun close() = world.close()

    /** A client whose secret is read from this source, at a server that knows this secret. */
    private fun client(
        source: SecretSource,
        secret: String = "cxauth-canary-known",
    ): CxClient {
        world.changeSecret(secret, 0)
        return world.client { clientSecret = source }
    }

    private fun failure(source: SecretSource): CxException {
        val error = assertThrows(CxException::class.java) { client(source).tokenBlocking() }
        assertEquals("secret_unreadable", error.code)
        assertEquals(CxAction.FIX_CONFIGURATION, error.action)
        assertFalse("canary" in "$error ${error.stackTraceToString()}", error.message)
        return error
    }

    private fun file(
        name: String,
        bytes: ByteArray,
    ): SecretSource = SecretSource.file(directory.resolve(name).also { it.writeBytes(bytes) }.toString())

    @Test
    fun `one line break at the end is not part of a secret`() {
        val texts =
            mapOf(
                "hunter2\n" to "hunter2",
                "hunter2\r\n" to "hunter2",
                "hunter2" to "hunter2",
                " a " to " a ",
                "b\n\n" to "b\n",
            )
        for ((text, secret) in texts) {
            assertEquals(1, client(file("secret", text.toByteArray()), secret).tokenBlocking().generation, text)
        }
    }

    @Test
    fun `secrets come from the environment and from programs`() {
        assertEquals(1, client(SecretSource.environment("PATH"), System.getenv("PATH")).tokenBlocking().generation)
        val unexpanded = "\$HOME; `id` *"
        assertEquals(1, client(SecretSource.command("printf", "%s\\n", unexpanded), unexpanded).tokenBlocking().generation)
        world.assertNoViolations()
    }

    @Test
    fun `secrets come from functions of the program, anew for each request`() {
        world.configure("generic", buildJsonObject { put("refresh_tokens", false) })
        val calls = AtomicInteger()
        val cx =
            client(
                SecretSource.function {
                    delay(1)
                    calls.incrementAndGet()
                    Secret("cxauth-canary-known")
                },
            )
        cx.tokenBlocking()
        world.changeSecret("cxauth-canary-other", 0)
        world.pass(7200)
        assertEquals("invalid_client", assertThrows(CxException::class.java) { cx.tokenBlocking() }.code)
        cx.change { clientSecret = SecretSource.callable { Secret("cxauth-canary-other") } }
        assertEquals(2, cx.tokenBlocking().generation)
        assertEquals(3, calls.get(), "one that the server refuses is read once more")
    }

    @Test
    fun `a connection in JSON names functions`() {
        world.changeSecret("cxauth-canary-known", 0)
        val named = buildJsonObject { putJsonObject("client_secret") { put("function", "vault") } }
        val connection = JsonObject(world.connection() + named)
        val cx = world.client(connection) { function("vault") { Secret("cxauth-canary-known") } }
        assertEquals(1, cx.tokenBlocking().generation)
        val java = world.client(connection) { function("vault", Callable { Secret("cxauth-canary-known") }) }
        assertEquals(1, java.tokenBlocking().generation)
        val error = assertThrows(CxException::class.java) { world.client(connection).tokenBlocking() }
        assertTrue("function vault: the program gave no function of this name" in error.message!!, error.message)
    }

    @Test
    fun `what cannot be read is named and never shown`() {
        val failing = "echo cxauth-canary-output; exit 3"
        val cases =
            listOf(
                SecretSource.environment("CXAUTH_NOT_SET") to "environment variable CXAUTH_NOT_SET: it is not set",
                SecretSource.file("/no/such/file") to "file /no/such/file: ",
                file("empty", "\n".toByteArray()) to "empty: it is empty",
                file("binary", "cxauth-canary".toByteArray() + 0xff.toByte()) to "binary: it is not UTF-8",
                file("long", ByteArray(70_000) { 'x'.code.toByte() }) to "long: it is longer than 64 KiB",
                SecretSource.file("/dev/zero") to "file /dev/zero: it is longer than 64 KiB",
                SecretSource.command("sh", "-c", failing) to "command sh: it ended with exit status 3",
                SecretSource.command("/no/such/program") to "command /no/such/program: ",
                SecretSource.command("yes") to "command yes: it is longer than 64 KiB",
                SecretSource.function { error("it is sealed") } to "function client_secret: it is sealed",
                SecretSource.function { throw StackOverflowError() } to "function client_secret: it broke off",
                SecretSource.function { Secret("") } to "function client_secret: it is empty",
            )
        for ((source, wanted) in cases) assertTrue(wanted in failure(source).message!!, "$wanted: ${failure(source).message}")
        assertEquals(0, world.tokenRequests())
    }

    @Test
    fun `a keychain is something else`() {
        val entry = buildJsonObject { putJsonObject("client_secret") { put("keychain", "cx/me") } }
        val error = assertThrows(CxException::class.java) { world.client(JsonObject(world.connection() + entry)).tokenBlocking() }
        assertTrue("keychain entry cx/me" in error.message!!, error.message)
    }

    @Test
    fun `a function of the program's own brings tokens`() {
        val calls = AtomicInteger()
        val cx =
            CxClient {
                clock = world.clock
                apiBase = world.apiBase()
                provide =
                    suspend {
                        delay(1)
                        ProvidedToken("cxauth-canary-${calls.incrementAndGet()}", java.time.Duration.ofHours(1), listOf("a", "b"))
                    }
            }
        cx.use {
            val token = cx.tokenBlocking()
            assertEquals("cxauth-canary-1", token.reveal())
            assertEquals(listOf("a", "b"), token.scopes)
            assertEquals(3_600_000, token.expiresAt!!.toEpochMilli() - world.clock.millis())
            world.pass(7200)
            val asking = List(100) { cx.tokenAsync() }
            assertEquals(setOf(2L), asking.map { it.soon().generation }.toSet())
            assertEquals(2, calls.get())
        }
    }

    @Test
    fun `what the function throws is the reason`() {
        fun failure(function: suspend () -> ProvidedToken): CxException {
            val cx =
                CxClient("generic") {
                    clock = world.clock
                    grant = Grant.EXTERNAL
                    provide = function
                }
            return cx.use { assertThrows(CxException::class.java) { it.tokenBlocking() } }
        }
        val thrown = failure { error("the backend is asleep") }
        assertEquals("interrupted", thrown.code)
        assertTrue("the backend is asleep" in thrown.message!!, thrown.message)
        val broken = failure { throw StackOverflowError() }
        assertTrue("it broke off" in broken.message!!, broken.message)
        val malformed = failure { ProvidedToken("a\r\nb") }
        assertEquals("answer_malformed", malformed.code)
        val none =
            CxClient {
                clock = world.clock
                grant = Grant.EXTERNAL
            }
        val error = none.use { assertThrows(CxException::class.java) { it.tokenBlocking() } }
        assertTrue("give one with `provide`" in error.message!!, error.message)
    }

    @Test
    fun `a function that hangs is led past after the deadline`() {
        val release = CompletableDeferred<Unit>()
        val calls = AtomicInteger()
        val cx =
            CxClient {
                clock = world.clock
                provide {
                    if (calls.incrementAndGet() == 1) release.await()
                    ProvidedToken("cxauth-canary-$calls")
                }
            }
        cx.use {
            val waiting = cx.tokenAsync()
            io.github.cxauth.world
                .eventually { calls.get() == 1 }
            world.pass(61)
            assertEquals("cxauth-canary-2", waiting.soon().reveal())
            release.complete(Unit)
            soon { cx.settle() }
            assertEquals("cxauth-canary-2", cx.tokenBlocking().reveal())
        }
    }

    @Test
    fun `Java gives functions too`() {
        val cx =
            CxClient
                .builder()
                .apply { provide(Callable { ProvidedToken("cxauth-canary-java") }) }
                .build()
        assertEquals("cxauth-canary-java", cx.use { it.tokenBlocking().reveal() })
    }
}
