package io.github.cxauth

import io.github.cxauth.world.Fault
import io.github.cxauth.world.soon
import io.github.cxauth.world.text
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture

internal class JavaHttpTest : ApiCases() {
    private val http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()

    override fun send(call: Call): Reply {
        val response = call.cx.send(http, request(call), BodyHandlers.ofString())
        val printed = "$response ${response.headers()} ${response.request()} ${response.request().headers()}"
        return Reply(
            response.statusCode(),
            response.uri().toString(),
            response.headers().firstValue("content-type").orElse(null),
            response.body(),
            printed,
        )
    }

    override fun start(
        call: Call,
        bytes: Int,
    ): ByteArray =
        call.cx
            .send(http, request(call), BodyHandlers.ofInputStream())
            .body()
            .use { it.start(bytes) }

    override fun cancel(
        call: Call,
        isUnderWay: () -> Unit,
    ) {
        val running = call.cx.sendAsync(http, request(call), BodyHandlers.ofString())
        isUnderWay()
        assertTrue(running.cancel(true))
        assertThrows(CancellationException::class.java) { running.soon() }
    }

    @Test
    fun `a redirected POST becomes GET without what belongs to its body`() {
        val cx = world.client()
        for (status in listOf(301, 302, 303, 307, 308)) {
            world.arm(Fault.redirect(status, "same_host"))
            val headers = mapOf("Content-Type" to "text/plain")
            assertEquals(200, send(Call(cx, world.apiBase() + "whoami", "POST", headers, "text")).status, "$status")
            val last = world.lastRequest()
            assertEquals(if (status < 304) "GET" else "POST", last.text("method"))
            assertEquals(status > 304, "content-type" in world.lastHeaders())
        }
    }

    @Test
    fun `what cannot be followed is returned`() {
        val cx = world.client()
        world.arm(Fault.redirect(302, "loop", times = null))
        assertEquals(302, send(Call(cx, world.items())).status)
        assertEquals(11, world.apiRequests())
        world.clearFaults()
        for (target in listOf("http://user:password@127.0.0.1/", "ftp://127.0.0.1/", "http://", "\\")) {
            world.arm(Fault.redirectTo(302, target))
            assertEquals(302, send(Call(cx, world.items())).status, target)
        }
        world.arm(Fault.redirect(307, "same_host"))
        assertEquals(307, send(Call(cx, world.apiBase() + "whoami", "POST", body = "x", streams = true)).status)
    }

    @Test
    fun `a client that follows no redirects is taken at its word`() {
        val cx = world.client()
        world.arm(Fault.redirect(302, "same_host"))
        val request = HttpRequest.newBuilder(URI(world.items())).build()
        assertEquals(302, cx.send(HttpClient.newHttpClient(), request, BodyHandlers.discarding()).statusCode())
    }

    @Test
    fun `a thousand futures on an expired token make one token request and none fails`() {
        val cx = world.client("generic/password")
        cx.tokenBlocking()
        world.pass(7200)
        world.hold()
        val request = HttpRequest.newBuilder(URI(world.items())).build()
        val calling = List(1000) { cx.sendAsync(http, request, BodyHandlers.discarding()) }
        world.await("token_requests", 2)
        world.letGo()
        assertEquals(setOf(200), calling.map { it.soon().statusCode() }.toSet())
        assertEquals(2, world.tokenRequests())
        world.assertNoViolations()
    }

    @Test
    fun `a handler that throws is the caller's trouble`() {
        val cx = world.client()
        val request = HttpRequest.newBuilder(URI(world.items())).build()
        for (fault in listOf(
            Fault.status(200),
            Fault.status(403),
            Fault.status(403, "{}"),
            Fault.status(403, "x".repeat(100_000)),
        )) {
            world.arm(fault)
            val sending = cx.sendAsync<String>(http, request) { error("mine") }
            assertTrue(sending.handle { _, error -> "$error" }.soon().contains("mine"))
            world.clearFaults()
        }
    }

    @Test
    fun `an interrupt ends the waiting`() {
        val cx = world.client()
        world.hold()
        val outcome = CompletableFuture<Throwable?>()
        val caller = Thread { outcome.complete(runCatching { send(Call(cx, world.items())) }.exceptionOrNull()) }
        caller.start()
        world.await("token_requests", 1)
        caller.interrupt()
        assertTrue(outcome.soon() is InterruptedException)
    }

    @Test
    fun `token requests go through it where it is the transport`() {
        val cx = world.client("generic/basic") { transport = JavaHttpTransport(http) }
        assertEquals(1, cx.tokenBlocking().generation)
        world.pass(7200)
        world.arm(Fault.redirect(307, "same_host", at = listOf("token", "refresh")))
        val error = assertThrows(CxException::class.java) { cx.tokenBlocking() }
        assertEquals("redirected", error.code)
        val unreachable = assertThrows(CxException::class.java) { unreachable(JavaHttpTransport()).tokenBlocking() }
        assertEquals("server_unreachable", unreachable.code)
        world.assertNoViolations()
    }

    private fun request(call: Call): HttpRequest {
        val body =
            when {
                call.body == null -> HttpRequest.BodyPublishers.noBody()
                call.streams -> HttpRequest.BodyPublishers.ofInputStream { call.body.byteInputStream() }
                else -> HttpRequest.BodyPublishers.ofString(call.body)
            }
        val builder = HttpRequest.newBuilder(URI(call.url)).method(call.method, body)
        call.headers.forEach { (name, value) -> builder.setHeader(name, value) }
        return builder.build()
    }
}
