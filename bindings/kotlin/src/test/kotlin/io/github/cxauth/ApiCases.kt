package io.github.cxauth

import com.sun.net.httpserver.HttpServer
import io.github.cxauth.world.Fault
import io.github.cxauth.world.World
import io.github.cxauth.world.soon
import io.github.cxauth.world.text
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.io.InputStream
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** What one HTTP client is asked to do. */
internal class Call(
    val cx: CxClient,
    val url: String,
    val method: String = "GET",
    val headers: Map<String, String> = emptyMap(),
    val body: String? = null,
    /** Whether the body is there only once. */
    val streams: Boolean = false,
)

internal class Reply(
    val status: Int,
    val url: String,
    val contentType: String?,
    val body: String,
    /** Everything that the client's own objects print. */
    val printed: String,
)

/** Where the token goes, where it does not, and what follows a refusal: the same in every HTTP client. */
internal abstract class ApiCases {
    protected val world = World()

    abstract fun send(call: Call): Reply

    /** Sends and reads only the first bytes of the answer. */
    abstract fun start(
        call: Call,
        bytes: Int,
    ): ByteArray

    /** Starts the call elsewhere, cancels it once `isUnderWay` returns, and returns when the caller knows. */
    abstract fun cancel(
        call: Call,
        isUnderWay: () -> Unit,
    )

    private fun get(
        cx: CxClient,
        url: String = world.items(),
        headers: Map<String, String> = emptyMap(),
    ) = send(Call(cx, url, headers = headers))

    @AfterEach
    fun close() = world.close()

    @Test
    fun `every platform takes the token`() {
        val calls =
            listOf(
                Triple("generic", "generic", "items"),
                Triple("cloudcx", "cloudcx", "user/page?pageIndex=1"),
                Triple("cloudcx/api-key", "cloudcx", "/user/page"),
                Triple("cisco-cx-cloud", "cisco-cx-cloud", "inventory/hardware"),
                Triple("cloudlx", "cloudlx", "services"),
            )
        for ((name, platform, path) in calls) {
            val cx = world.client(name)
            assertEquals(200, get(cx, cx.apiUrl(path)).status, name)
            assertEquals(1, world.apiRequests(platform).coerceAtMost(1), name)
        }
        world.assertNoViolations()
    }

    @Test
    fun `a refused destination gets nothing at all`() {
        val cx = world.client()
        for (url in listOf(
            world.base("elsewhere") + "/api",
            "http://api.example/",
            world.items().replace("http://", "http://user@"),
        )) {
            val error = assertThrows(IOException::class.java) { get(cx, url) }
            assertEquals("destination_refused", (error as CxException).code, url)
        }
        assertEquals(0, world.counter("requests"))
        assertEquals(0, world.counter("requests", "elsewhere"))
    }

    @Test
    fun `a request carries one credential that nothing prints`() {
        val cx = world.client()
        val reply = get(cx, headers = mapOf("Authorization" to "Bearer of-the-caller", "X-Mine" to "stays"))
        assertEquals(200, reply.status)
        assertEquals(1, world.lastHeaders().count { it == "authorization" })
        assertTrue("x-mine" in world.lastHeaders())
        assertFalse(cx.tokenBlocking().reveal() in reply.printed, reply.printed)
        world.assertNoViolations()
    }

    @Test
    fun `a refused token is renewed once and the request sent once more`() {
        val cx = world.client()
        cx.tokenBlocking()
        world.revokeAccessTokens()
        assertEquals(200, get(cx).status)
        assertEquals(2, world.tokenRequests())
        assertEquals(2, world.apiRequests())

        world.arm(Fault.unauthorized())
        assertEquals(401, get(cx).status)
        assertEquals(3, world.apiRequests(), "a young token that came from a refusal is not doubted again")
        assertEquals(2, world.tokenRequests())
        world.assertNoViolations()
    }

    @Test
    fun `a request is sent twice at most`() {
        val cx = world.client()
        world.arm(Fault.unauthorized(times = 3))
        world.arm(Fault("hold", skip = 1, times = 1))
        val calling = elsewhere.submit<Int> { get(cx).status }
        world.await("api_requests", 2)
        // By now the second token is old enough for its refusal to be believed.
        world.pass(100)
        world.release()
        assertEquals(401, calling.soon())
        assertEquals(2, world.apiRequests())
    }

    @Test
    fun `a refusal that another token would not change is left alone`() {
        val cx = world.client()
        cx.tokenBlocking()
        val faults =
            listOf(
                Fault.unauthorized("Bearer error=\"insufficient_scope\""),
                Fault.unauthorized("Bearer error=\"invalid_request\""),
                Fault("gateway", details = mapOf("code" to JsonPrimitive("ERR_403_DEVELOPER_OVER_QPS"))),
                Fault.status(403, """{"error":"forbidden"}"""),
                Fault.status(404, "{}"),
                Fault.status(500, """{"error":"server_error"}"""),
                Fault.status(429),
            )
        for (fault in faults) {
            world.arm(fault)
            val before = world.apiRequests()
            assertTrue(get(cx).status >= 400)
            assertEquals(before + 1, world.apiRequests(), fault.toJson().toString())
            world.clearFaults()
        }
        assertEquals(1, world.tokenRequests())
    }

    @Test
    fun `a refusal in the body counts and the body stays whole`() {
        val cx = world.client()
        world.arm(Fault.status(403, """{"error":"invalid_token"}""", times = 1))
        assertEquals(200, get(cx).status)
        assertEquals(2, world.tokenRequests())

        for (size in listOf(0, 10, 8191, 8192, 8193, 100_000)) {
            val body = """{"error":"other","more":"${"x".repeat(size)}"}"""
            world.arm(Fault.status(400, body, times = 1))
            val reply = get(cx, world.items() + "?page=1")
            assertEquals(400, reply.status)
            assertEquals(world.items() + "?page=1", reply.url)
            assertEquals("application/json", reply.contentType)
            assertEquals(body, reply.body)
        }
        world.arm(Fault.status(404, "", times = 1))
        assertEquals("", get(cx).body)
        // The page names an error, and is none of an API's.
        world.arm(Fault.status(403, """{"error":"invalid_token"}""", contentType = "text/html", times = 1))
        assertEquals(403, get(cx).status)
        assertEquals(2, world.tokenRequests())
    }

    @Test
    fun `a body that breaks off is the caller's trouble`() {
        val cx = world.client()
        world.arm(Fault("truncate", details = mapOf("keep" to JsonPrimitive(3))))
        assertThrows(Exception::class.java) { get(cx, world.apiBase() + "nowhere") }
    }

    @Test
    fun `a stream is not sent again`() {
        val cx = world.client()
        cx.tokenBlocking()
        world.revokeAccessTokens()
        val url = world.apiBase() + "whoami"
        assertEquals(401, send(Call(cx, url, "POST", body = "ab", streams = true)).status)
        assertEquals(1, world.apiRequests())
        assertEquals(200, send(Call(cx, url, "POST", body = "ab", streams = true)).status, "the next request renews")
        assertEquals(2, world.tokenRequests())

        world.revokeAccessTokens()
        world.pass(100)
        assertEquals(200, send(Call(cx, url, "POST", body = "ab")).status, "a text is sent again")
    }

    @Test
    fun `a redirect within the allowed hosts keeps the token`() {
        val cx = world.client()
        for (status in listOf(301, 302, 303, 307, 308)) {
            world.arm(Fault.redirect(status, "same_host"))
            val reply = get(cx)
            assertEquals(200, reply.status, "$status")
            assertEquals("/redirected/api", world.lastRequest().text("path"))
            assertEquals(1, world.lastHeaders().count { it == "authorization" })
        }
        assertEquals(1, world.tokenRequests())
        world.assertNoViolations()
    }

    @Test
    fun `a redirect to another host drops the credential whatever header carries it`() {
        for (header in listOf("authorization", "x-api-key")) {
            val cx = apiKeyClient(header)
            val url = cx.apiUrl("user/page")
            assertEquals(200, get(cx, url).status)
            for (status in listOf(301, 302, 303, 307, 308)) {
                world.arm(Fault.redirect(status, "cross_host"))
                val own = mapOf(header to "cxauth-canary-of-the-caller", "Cookie" to "session=1", "X-Mine" to "stays")
                val reply = get(cx, url, own)
                assertEquals(200, reply.status, "$status")
                assertTrue(reply.url.startsWith(world.base("elsewhere")))
                val there = world.lastHeaders("elsewhere")
                for (name in listOf(header, "cookie")) assertFalse(name in there, "$status: $there")
                assertTrue("x-mine" in there, "$there")
            }
        }
        world.assertNoViolations()
    }

    @Test
    fun `the connection's own headers go where the token goes`() {
        val cx = world.client { apiHeaders = mapOf("X-Tenant" to "t") }
        assertEquals(200, get(cx).status)
        assertEquals(1, world.lastHeaders().count { it == "x-tenant" })
        world.arm(Fault.redirect(302, "same_host"))
        assertEquals(200, get(cx).status)
        assertEquals(1, world.lastHeaders().count { it == "x-tenant" })
        world.arm(Fault.redirect(302, "cross_host"))
        assertEquals(200, get(cx).status)
        assertFalse("x-tenant" in world.lastHeaders("elsewhere"))
        world.arm(Fault.redirect(302, "cross_host"))
        assertEquals(200, get(cx, headers = mapOf("X-Tenant" to "of the caller")).status)
        assertTrue("x-tenant" in world.lastHeaders("elsewhere"), "what the caller wrote is the caller's")
    }

    @Test
    fun `what is said at another host is not about the token`() {
        val refusing = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
        refusing.createContext("/") { it.sendResponseHeaders(401, -1).also { _ -> it.close() } }
        refusing.start()
        try {
            val cx = world.client()
            world.arm(Fault.redirectTo(302, "http://127.0.0.1:${refusing.address.port}/"))
            assertEquals(401, get(cx).status)
            assertEquals(CxState.FRESH, cx.status.state)
            assertEquals(1, world.apiRequests())
        } finally {
            refusing.stop(0)
        }
    }

    @Test
    fun `while the token is fresh nobody asks the session`() {
        val cx = world.client()
        assertEquals(200, get(cx).status)
        cx.headersBlocking(world.items())
        val asked = CountDownLatch(1)
        val release = CountDownLatch(1)
        val holding =
            elsewhere.submit {
                cx.keeper.with { _, _ ->
                    asked.countDown()
                    release.await()
                }
            }
        asked.await()
        val calling =
            elsewhere.submit<Int> {
                assertEquals(1, cx.tokenBlocking().generation)
                assertEquals(1, cx.tokenAsync().soon().generation)
                assertEquals(1, soon { cx.token() }.generation)
                assertEquals(1, cx.headersBlocking(world.items()).names.size)
                get(cx).status
            }
        assertEquals(200, calling.soon())
        release.countDown()
        holding.soon()
    }

    @Test
    fun `64 threads on an expired token make one token request and none fails`() {
        world.configure("generic", buildJsonObject { put("refresh_tokens", false) })
        val cx = world.client()
        cx.tokenBlocking()
        world.pass(7200)
        world.hold()
        val calling = List(64) { elsewhere.submit<Int> { get(cx).status } }
        world.await("token_requests", 2)
        world.letGo()
        assertEquals(setOf(200), calling.map { it.soon() }.toSet())
        assertEquals(2, world.tokenRequests())
        assertEquals(64, world.apiRequests())
        world.assertNoViolations()
    }

    @Test
    fun `a storm of refusals starts few renewals`() {
        val cx = world.client()
        world.arm(Fault.unauthorized())
        val calling = List(64) { elsewhere.submit<Int> { get(cx).status } }
        assertEquals(setOf(401), calling.map { it.soon() }.toSet())
        assertTrue(world.tokenRequests() <= 2, "${world.tokenRequests()} token requests")
        assertTrue(world.apiRequests() <= 128)
    }

    @Test
    fun `a failed renewal fails the request, and the next one may succeed`() {
        val cx = world.client()
        world.arm(Fault("drop", at = listOf("token"), times = 1))
        val error = assertThrows(IOException::class.java) { get(cx) }
        assertEquals("interrupted", (error as CxException).code)
        assertEquals(0, world.apiRequests())
        world.pass(60)
        assertEquals(200, get(cx).status)
    }

    @Test
    fun `a call that is cancelled while it waits ends, and the renewal does not`() {
        val cx = world.client()
        world.hold()
        cancel(Call(cx, world.items())) { world.await("token_requests", 1) }
        assertEquals(0, world.apiRequests())
        world.letGo()
        soon { cx.settle() }
        assertEquals(1L, cx.status.token?.generation)
        assertEquals(200, get(cx).status)
        assertEquals(1, world.tokenRequests())
    }

    @Test
    fun `an answer is streamed and not kept`() {
        val cx = world.client()
        val details = mapOf("chunk" to JsonPrimitive(4096), "limit" to JsonPrimitive(1 shl 30))
        world.arm(Fault("endless", times = 1, details = details))
        assertEquals(100_000, start(Call(cx, world.items()), 100_000).size)
    }

    @Test
    fun `of an error no more than its start is read ahead`() {
        val sent = AtomicInteger()
        val closed = CountDownLatch(1)
        val endless = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
        endless.createContext("/") { exchange ->
            exchange.responseHeaders["content-type"] = "application/json"
            exchange.sendResponseHeaders(403, 0)
            try {
                exchange.responseBody.use {
                    while (true) {
                        it.write(ByteArray(1024) { 'x'.code.toByte() })
                        it.flush()
                        sent.addAndGet(1024)
                    }
                }
            } catch (_: IOException) {
                closed.countDown()
            }
        }
        endless.executor = elsewhere
        endless.start()
        try {
            val host = "127.0.0.1:${endless.address.port}"
            val cx = world.client { hosts = listOf(host) }
            assertEquals(20_000, start(Call(cx, "http://$host/"), 20_000).count { it == 'x'.code.toByte() })
            assertTrue(closed.await(60, TimeUnit.SECONDS))
        } finally {
            endless.stop(0)
        }
    }

    @Test
    fun `a caller's own query and body arrive as they are`() {
        val cx = world.client()
        val reply = send(Call(cx, world.apiBase() + "whoami?a=b%20c", "POST", body = "text"))
        assertEquals(200, reply.status)
        assertEquals("POST", world.lastRequest().text("method"))
        assertTrue("client_id" in reply.body, reply.body)
    }

    /** A client of a server that is not there. */
    protected fun unreachable(transport: TokenTransport): CxClient {
        val free = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
        return world.client {
            this.transport = transport
            tokenEndpoint = "http://127.0.0.1:$free/token"
        }
    }

    private fun apiKeyClient(header: String): CxClient {
        val settings =
            buildJsonObject {
                put("api_key_header", header)
                put("api_key_prefix", if (header == "authorization") "Bearer" else "")
            }
        world.configure("cloudcx", settings)
        return world.client("cloudcx/api-key") {
            this.header = header
            prefix = if (header == "authorization") "Bearer" else ""
        }
    }

    protected val elsewhere = Executors.newCachedThreadPool { Thread(it).apply { isDaemon = true } }
}

/** So many bytes, without a word about those that follow. */
internal fun InputStream.start(count: Int): ByteArray = readNBytes(count)
