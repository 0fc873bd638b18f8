package io.github.cxauth

import io.github.cxauth.world.Fault
import io.github.cxauth.world.soon
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import okhttp3.Callback
import okhttp3.Interceptor
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response
import okio.BufferedSink
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.util.concurrent.CompletableFuture

internal class OkHttpTest : ApiCases() {
    private val base = OkHttpClient()

    private fun http(cx: CxClient) = base.newBuilder().cxAuth(cx).build()

    override fun send(call: Call): Reply =
        http(call.cx).newCall(request(call)).execute().use { response ->
            val printed = "$response ${response.headers} ${response.request} ${response.networkResponse?.request?.headers}"
            Reply(
                response.code,
                response.request.url.toString(),
                response.header("content-type"),
                response.body.string(),
                printed,
            )
        }

    override fun start(
        call: Call,
        bytes: Int,
    ): ByteArray =
        http(call.cx).newCall(request(call)).execute().use { response ->
            response.body.byteStream().start(bytes)
        }

    override fun cancel(
        call: Call,
        isUnderWay: () -> Unit,
    ) {
        val running = http(call.cx).newCall(request(call))
        val outcome = running.outcome()
        isUnderWay()
        running.cancel()
        assertTrue(outcome.handle { _, error -> error }.soon() is IOException)
    }

    @Test
    fun `the dispatcher's limits starve nobody`() {
        world.configure("generic", buildJsonObject { put("refresh_tokens", false) })
        val cx = world.client()
        cx.tokenBlocking()
        world.pass(7200)
        world.hold()
        val http = http(cx)
        val calling = List(1000) { http.newCall(Request.Builder().url(world.items()).build()).outcome() }
        world.await("token_requests", 2)
        world.letGo()
        assertEquals(setOf(200), calling.map { it.soon() }.toSet())
        assertEquals(2, world.tokenRequests())
        world.assertNoViolations()
    }

    @Test
    fun `token requests meet nothing of the program's client`() {
        val seen = mutableListOf<String>()
        val spy =
            Interceptor { chain ->
                seen += chain.request().url.encodedPath
                chain.proceed(chain.request())
            }
        val program =
            base
                .newBuilder()
                .addInterceptor(spy)
                .addNetworkInterceptor(spy)
                .build()
        val cx = world.client { transport = OkHttpTransport(program) }
        val http = program.newBuilder().cxAuth(cx).build()
        http.newCall(Request.Builder().url(world.items()).build()).execute().close()
        assertEquals(setOf("/api/items"), seen.toSet())
        assertEquals(1, world.tokenRequests())
    }

    @Test
    fun `a token request is sent once, whatever the server says`() {
        val statuses = listOf(408 to "0", 503 to "0", 421 to "0", 401 to "", 407 to "", 307 to "")
        for ((index, fault) in statuses.withIndex()) {
            val (status, retryAfter) = fault
            val cx = world.client()
            world.arm(Fault.status(status, retryAfter = retryAfter, at = listOf("token")))
            assertThrows(CxException::class.java) { cx.tokenBlocking() }
            assertEquals(index + 1, world.tokenRequests(), "$status")
            world.clearFaults()
        }
    }

    @Test
    fun `a token request follows no redirect`() {
        for (status in listOf(300, 301, 302, 303, 307, 308)) {
            for (to in listOf("same_host", "cross_host")) {
                val before = world.counter("requests")
                world.arm(Fault.redirect(status, to, at = listOf("token")))
                assertEquals("redirected", assertThrows(CxException::class.java) { world.client().tokenBlocking() }.code)
                assertEquals(before + 1, world.counter("requests"), "$status $to")
            }
        }
        assertEquals(0, world.counter("requests", "elsewhere"))
        world.assertNoViolations()
    }

    @Test
    fun `a server that is not there is told from one that broke off`() {
        val error = assertThrows(CxException::class.java) { unreachable(OkHttpTransport()).tokenBlocking() }
        assertEquals("server_unreachable", error.code)
        world.arm(Fault("drop", at = listOf("token")))
        assertEquals("interrupted", assertThrows(CxException::class.java) { world.client().tokenBlocking() }.code)
        world.clearFaults()
        world.hold()
        val slow = world.client { timeout = java.time.Duration.ofMillis(100) }
        assertEquals("timed_out", assertThrows(CxException::class.java) { slow.tokenBlocking() }.code)
    }

    @Test
    fun `the application interceptor alone is safe`() {
        val cx = world.client()
        val http = base.newBuilder().addInterceptor(cx.interceptor()).build()
        val get = Request.Builder().url(world.items()).build()
        assertEquals(200, http.newCall(get).execute().use { it.code })
        world.arm(Fault.redirect(302, "same_host"))
        assertEquals(200, http.newCall(get).execute().use { it.code })
        world.arm(Fault.redirect(302, "cross_host"))
        assertEquals(200, http.newCall(get).execute().use { it.code })
        assertFalse("authorization" in world.lastHeaders("elsewhere"))
        world.revokeAccessTokens()
        assertEquals(200, http.newCall(get).execute().use { it.code })
        assertEquals(2, world.tokenRequests())
        world.assertNoViolations()
    }

    @Test
    fun `where the application interceptor alone is not safe it says so`() {
        world.configure("cloudcx", buildJsonObject { put("api_key_header", "x-api-key") })
        val cx =
            world.client("cloudcx/api-key") {
                header = "x-api-key"
                prefix = ""
            }
        val get = Request.Builder().url(cx.apiUrl("user/page")).build()
        val half = base.newBuilder().addInterceptor(cx.interceptor()).build()
        val error = assertThrows(IOException::class.java) { half.newCall(get).execute() }
        assertTrue("cxAuth(cx)" in error.message!!, error.message)
        assertFalse("x-api-key" in world.lastHeaders("cloudcx"))
        val otherHalf = base.newBuilder().addNetworkInterceptor(cx.networkInterceptor()).build()
        assertTrue("cxAuth(cx)" in assertThrows(IOException::class.java) { otherHalf.newCall(get).execute() }.message!!)
    }

    @Test
    fun `the call's own time limit ends the waiting`() {
        val cx = world.client()
        world.hold()
        val http =
            base
                .newBuilder()
                .cxAuth(cx)
                .callTimeout(java.time.Duration.ofMillis(200))
                .build()
        val get = Request.Builder().url(world.items()).build()
        assertTrue(assertThrows(IOException::class.java) { http.newCall(get).execute() }.message == "timeout")
        world.letGo()
        soon { cx.settle() }
        assertEquals(1L, cx.status.token?.generation)
    }

    @Test
    fun `an interrupt ends the waiting`() {
        val cx = world.client()
        world.hold()
        val call = http(cx).newCall(Request.Builder().url(world.items()).build())
        val interrupted = CompletableFuture<Boolean>()
        val caller =
            Thread {
                assertThrows(java.io.InterruptedIOException::class.java) { call.execute() }
                interrupted.complete(Thread.currentThread().isInterrupted)
            }
        caller.start()
        world.await("token_requests", 1)
        caller.interrupt()
        assertTrue(interrupted.soon(), "the thread knows of it")
    }

    @Test
    fun `a closed client fails the call and not the program`() {
        val cx = world.client()
        val http = http(cx)
        cx.close()
        val error = assertThrows(IOException::class.java) { http.newCall(Request.Builder().url(world.items()).build()).execute() }
        assertEquals("this CxClient is closed", error.message)
    }

    private fun request(call: Call): Request {
        val body = call.body?.let { if (call.streams) OneShot(it) else it.toRequestBody() }
        val builder = Request.Builder().url(call.url).method(call.method, body)
        call.headers.forEach { (name, value) -> builder.header(name, value) }
        return builder.build()
    }

    private class OneShot(
        private val text: String,
    ) : RequestBody() {
        override fun contentType() = null

        override fun isOneShot() = true

        override fun writeTo(sink: BufferedSink) {
            sink.writeUtf8(text)
        }
    }

    private fun okhttp3.Call.outcome(): CompletableFuture<Int> {
        val outcome = CompletableFuture<Int>()
        enqueue(
            object : Callback {
                override fun onFailure(
                    call: okhttp3.Call,
                    e: IOException,
                ) {
                    outcome.completeExceptionally(e)
                }

                override fun onResponse(
                    call: okhttp3.Call,
                    response: Response,
                ) {
                    outcome.complete(response.use { it.code })
                }
            },
        )
        return outcome
    }
}
