package io.github.cxauth

import io.github.cxauth.world.soon
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.request.get
import io.ktor.client.request.header
import io.ktor.client.request.prepareRequest
import io.ktor.client.request.request
import io.ktor.client.request.setBody
import io.ktor.client.request.url
import io.ktor.client.statement.bodyAsChannel
import io.ktor.client.statement.bodyAsText
import io.ktor.client.statement.request
import io.ktor.http.HttpMethod
import io.ktor.http.content.OutgoingContent
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.readByteArray
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

internal class KtorTest : ApiCases() {
    /** CIO leaves connections open now and then whose answer was not read to its end, and a test here looks for that. */
    private val engine = OkHttp.create()

    private fun http(cx: CxClient) = HttpClient(engine) { install(CxAuth) { client = cx } }

    @AfterEach
    fun closeEngine() = engine.close()

    override fun send(call: Call): Reply =
        soon {
            val response = http(call.cx).request { build(call) }
            val body = response.bodyAsText()
            assertEquals(body, response.bodyAsText(), "what Ktor keeps can be read again")
            val printed = "$response ${response.headers} ${response.call} ${response.request} ${response.call.attributes.allKeys}"
            Reply(response.status.value, response.request.url.toString(), response.headers["content-type"], body, printed)
        }

    override fun start(
        call: Call,
        bytes: Int,
    ): ByteArray = soon { http(call.cx).prepareRequest { build(call) }.execute { it.bodyAsChannel().readByteArray(bytes) } }

    override fun cancel(
        call: Call,
        isUnderWay: () -> Unit,
    ) = soon {
        val running = launch(Dispatchers.Default) { http(call.cx).request { build(call) } }
        isUnderWay()
        running.cancelAndJoin()
    }

    @Test
    fun `a thousand coroutines on an expired token make one token request and none fails`() {
        val cx = world.client("generic/password")
        cx.tokenBlocking()
        world.pass(7200)
        world.hold()
        val http = http(cx)
        soon {
            val calling = List(1000) { async(Dispatchers.Default) { http.get(world.items()).status.value } }
            world.await("token_requests", 2)
            world.letGo()
            assertEquals(setOf(200), calling.awaitAll().toSet())
        }
        assertEquals(2, world.tokenRequests())
        assertEquals(0, world.counter("reuse_detections"))
        world.assertNoViolations()
    }

    @Test
    fun `the plugin wants a client`() {
        assertThrows(IllegalArgumentException::class.java) { HttpClient(engine) { install(CxAuth) } }
    }

    @Test
    fun `a request that is sent again and again starts afresh each time`() {
        val http = http(world.client())
        val statement = soon { http.prepareRequest(world.items()) }
        soon { repeat(3) { assertEquals(200, statement.execute().status.value) } }
        assertEquals(1, world.tokenRequests())
    }

    @Test
    fun `token requests go through an engine that is given`() {
        CIO.create().use { other ->
            for (given in listOf(engine, other)) {
                val cx = world.client("generic/basic") { transport = KtorTransport(given) }
                assertEquals(1, cx.tokenBlocking().generation)
                val error = assertThrows(CxException::class.java) { unreachable(KtorTransport(given)).tokenBlocking() }
                assertEquals("server_unreachable", error.code)
            }
        }
        world.assertNoViolations()
    }

    private fun io.ktor.client.request.HttpRequestBuilder.build(call: Call) {
        url(call.url)
        method = HttpMethod.parse(call.method)
        call.headers.forEach { (name, value) -> header(name, value) }
        call.body?.let { setBody(if (call.streams) Channel(it) else it) }
    }

    private class Channel(
        private val text: String,
    ) : OutgoingContent.ReadChannelContent() {
        override fun readFrom() = ByteReadChannel(text)
    }
}
