package io.github.cxauth

import io.github.cxauth.world.Fault
import io.github.cxauth.world.World
import io.github.cxauth.world.soon
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger

/** Many callers, one renewal. */
internal class TokenTest {
    private val world = World()

    @AfterEach
    fun close() = world.close()

    @Test
    fun `every platform gives a token`() {
        for (name in listOf(
            "generic",
            "generic/basic",
            "generic/password",
            "cloudcx",
            "cloudcx/email",
            "cisco-cx-cloud",
            "sangoma-cx",
            "cloudlx",
        )) {
            assertEquals(1, world.client(name).tokenBlocking().generation, name)
        }
        world.assertNoViolations()
    }

    @Test
    fun `a thousand coroutines on an expired token make one request`() {
        world.configure("generic", buildJsonObject { put("refresh_tokens", false) })
        val cx = world.client()
        assertEquals(1, soon { cx.token() }.generation)
        world.pass(7200)
        world.hold()
        soon {
            val asking = List(1000) { async(Dispatchers.Default) { cx.token().generation } }
            world.await("token_requests", 2)
            world.letGo()
            assertEquals(setOf(2L), asking.awaitAll().toSet())
        }
        assertEquals(2, world.tokenRequests())
        world.assertNoViolations()
    }

    @Test
    fun `64 threads and as many futures use a rotating refresh token once`() {
        val cx = world.client("generic/password")
        val threads = Executors.newFixedThreadPool(64)
        for (round in 1..3) {
            world.hold()
            val start = CountDownLatch(1)
            val asking =
                List(64) {
                    threads.submit<Long> {
                        start.await()
                        cx.tokenBlocking().generation
                    }
                }
            val waiting = List(64) { cx.tokenAsync() }
            start.countDown()
            world.await("token_requests", round)
            world.letGo()
            assertEquals(setOf(round.toLong()), asking.map { it.soon() }.toSet())
            assertEquals(setOf(round.toLong()), waiting.map { it.soon().generation }.toSet())
            assertEquals(round, world.tokenRequests())
            world.pass(7200)
        }
        threads.shutdown()
        assertEquals(2, world.counter("refresh_requests"))
        assertEquals(0, world.counter("reuse_detections"))
        world.assertNoViolations()
    }

    @Test
    fun `a leader that is cancelled cancels nothing`() {
        val cx = world.client()
        world.hold()
        soon {
            val leader = launch(Dispatchers.Default) { cx.token() }
            world.await("token_requests", 1)
            val follower = async(Dispatchers.Default) { cx.token() }
            leader.cancelAndJoin()
            world.letGo()
            assertEquals(1, follower.await().generation)
        }
        assertEquals(1, world.tokenRequests())
    }

    @Test
    fun `followers that are cancelled cancel nothing`() {
        val cx = world.client()
        world.hold()
        soon {
            val leader = async(Dispatchers.Default) { cx.token() }
            world.await("token_requests", 1)
            val coroutine = launch(Dispatchers.Default) { cx.token() }
            val future = cx.tokenAsync()
            val failure = Executors.newSingleThreadExecutor()
            val thread = failure.submit { assertThrows(InterruptedException::class.java) { cx.tokenBlocking() } }
            coroutine.cancelAndJoin()
            assertTrue(future.cancel(true))
            failure.shutdownNow()
            thread.soon()
            world.letGo()
            assertEquals(1, leader.await().generation)
        }
        assertEquals(1, world.tokenRequests())
    }

    @Test
    fun `when the last caller is gone the result is kept`() {
        val cx = world.client()
        world.hold()
        soon {
            val caller = launch(Dispatchers.Default) { cx.token() }
            world.await("token_requests", 1)
            caller.cancelAndJoin()
            world.letGo()
            cx.settle()
        }
        assertEquals(1L, cx.status.token?.generation)
        assertEquals(1, cx.tokenBlocking().generation)
        assertEquals(1, world.tokenRequests())
    }

    @Test
    fun `a renewal that hangs is led by another after its deadline`() {
        val cx = world.client()
        world.arm(Fault("hold", at = listOf("token"), times = 1))
        val callers = List(3) { cx.tokenAsync() }
        world.await("token_requests", 1)
        world.pass(61)
        assertEquals(setOf(1L), callers.map { it.soon().generation }.toSet())
        assertEquals(2, world.tokenRequests())
        // The late answer of the first one changes nothing.
        world.release()
        soon { cx.settle() }
        assertEquals(1, cx.tokenBlocking().generation)
        assertEquals(2, world.tokenRequests())
    }

    @Test
    fun `an error of the transport leaves no follower hanging`() {
        val cx = world.client()
        world.hold()
        val callers = List(50) { cx.tokenAsync() }
        world.await("token_requests", 1)
        world.clearFaults()
        world.arm(Fault("drop", at = listOf("token", "refresh")))
        val hung = Executors.newFixedThreadPool(8)
        val threads = List(8) { hung.submit { cx.tokenBlocking() } }
        world.release()
        callers.forEach { assertNotNull(it.soon()) }
        threads.forEach { it.soon() }
        world.pass(7200)

        val failing = List(50) { cx.tokenAsync() }
        val errors = failing.map { assertThrows(ExecutionException::class.java) { it.soon() }.cause as CxException }
        assertEquals(setOf("interrupted"), errors.map { it.code }.toSet())
        assertEquals(setOf(CxAction.RETRY), errors.map { it.action }.toSet())
        assertEquals(50, errors.toSet().size, "each caller has an exception of its own")
        assertTrue(errors.all { it.retryAt!!.toEpochMilli() > world.clock.millis() })
        assertEquals(2, world.tokenRequests())
        hung.shutdown()
    }

    @Test
    fun `who has a usable token does not wait for the next one`() {
        val cx = world.client()
        cx.tokenBlocking()
        world.pass(3000)
        world.hold()
        assertEquals(1, cx.tokenBlocking().generation)
        world.await("token_requests", 2)
        assertEquals(1, cx.tokenBlocking().generation)
        assertEquals(CxState.RENEWING_EARLY, cx.status.state)
        world.letGo()
        soon { cx.settle() }
        assertEquals(2, cx.tokenBlocking().generation)
        assertEquals(2, world.tokenRequests())
    }

    @Test
    fun `a valid token serves through an outage, and its renewal is tried again`() {
        val cx = world.client()
        cx.tokenBlocking()
        world.pass(3000)
        world.arm(Fault("drop", at = listOf("token", "refresh")))
        assertEquals(1, cx.tokenBlocking().generation)
        soon { cx.settle() }
        assertEquals(CxState.DEGRADED, cx.status.state)
        val requests = world.tokenRequests()
        repeat(1000) { assertEquals(1, cx.tokenBlocking().generation) }
        assertEquals(requests, world.tokenRequests())
        world.pass(2)
        assertEquals(1, cx.tokenBlocking().generation)
        world.await("token_requests", requests + 1)
        soon { cx.settle() }
        world.clearFaults()
        world.pass(10)
        assertEquals(1, cx.tokenBlocking().generation)
        soon { cx.settle() }
        assertEquals(2, cx.tokenBlocking().generation)
        assertEquals(CxState.FRESH, cx.status.state)
    }

    @Test
    fun `nobody gets a token that has expired meanwhile`() {
        world.configure("generic", buildJsonObject { put("refresh_tokens", false) })
        val cx = world.client()
        val first = cx.tokenBlocking()
        world.clock.set(first.usableUntil!!.minusMillis(10))
        world.arm(Fault("drop", at = listOf("token"), times = 1))
        assertEquals(1, cx.tokenBlocking().generation)
        soon { cx.settle() }
        assertEquals(1, cx.tokenBlocking().generation)
        world.clock.set(first.usableUntil!!)
        assertThrows(CxException::class.java) { cx.tokenBlocking() }
    }

    @Test
    fun `patience waits for the moment when something may be sent`() {
        val cx = world.client { patience = Duration.ofMinutes(1) }
        val details = mapOf("retry_after" to buildJsonObject { put("seconds", 30) })
        world.arm(Fault("rate_limit", at = listOf("token"), times = 1, details = details))
        val waiting = cx.tokenAsync()
        world.await("token_requests", 1)
        soon { cx.settle() }
        assertFalse(waiting.isDone)
        assertEquals(CxState.WAITING, cx.status.state)
        assertEquals("rate_limited", cx.status.error?.code)
        world.pass(60)
        assertEquals(1, waiting.soon().generation)
    }

    @Test
    fun `an impatient caller is told when to come again`() {
        val cx = world.client()
        val details = mapOf("retry_after" to buildJsonObject { put("seconds", 30) })
        world.arm(Fault("rate_limit", at = listOf("token"), times = 1, details = details))
        val error = assertThrows(CxException::class.java) { cx.tokenBlocking() }
        assertEquals("rate_limited", error.code)
        assertEquals(429, error.status)
        assertTrue(error.retryAt!!.toEpochMilli() - world.clock.millis() in 30_000..60_000)
        assertEquals(error.retryAt, assertThrows(CxException::class.java) { soon { cx.token() } }.retryAt)
        assertEquals(1, world.tokenRequests())
    }

    @Test
    fun `a server that refuses the client says what to mend`() {
        val cx = world.client { clientSecret = Secret("cxauth-canary-wrong") }
        val error = assertThrows(CxException::class.java) { cx.tokenBlocking() }
        assertEquals("invalid_client", error.code)
        assertEquals("invalid_client", error.serverError)
        assertEquals(CxAction.FIX_CONFIGURATION, error.action)
        assertEquals(CxState.DENIED, cx.status.state)
        assertNull(cx.status.token)
        cx.change { clientSecret = Secret(world.connection().getValue("client_secret").let { (it as JsonPrimitive).content }) }
        assertEquals(1, cx.tokenBlocking().generation)
    }

    @Test
    fun `a rotated secret loses no token`() {
        val cx = world.client()
        cx.tokenBlocking()
        world.changeSecret("cxauth-canary-new", 0)
        cx.change { clientSecret = Secret("cxauth-canary-new") }
        assertEquals(1, cx.tokenBlocking().generation)
        world.pass(7200)
        assertEquals(2, cx.tokenBlocking().generation)
        assertEquals(2, world.tokenRequests())
    }

    /** Lets the first requests through and keeps the next one until it is told, without a time limit. */
    private class Stubborn(
        private val first: Int,
    ) : TokenTransport {
        val reached = CountDownLatch(1)
        val release = CountDownLatch(1)
        private val calls = AtomicInteger()

        override fun send(
            request: TokenRequest,
            timeout: Duration,
        ): TokenAnswer {
            if (calls.getAndIncrement() == first) {
                reached.countDown()
                release.await()
            }
            return OkHttpTransport().send(request, timeout)
        }
    }

    @Test
    fun `signing out forgets the token and drops what is under way`() {
        val network = Stubborn(1)
        val cx = world.client { transport = network }
        cx.tokenBlocking()
        world.pass(7200)
        val caller = cx.tokenAsync()
        network.reached.await()
        cx.signOutBlocking()
        // The caller has a flight of its own now; the answer of the first one is dropped.
        assertEquals(2, caller.soon().generation)
        network.release.countDown()
        soon { cx.settle() }
        assertEquals(2, cx.tokenBlocking().generation)
        assertEquals(3, world.tokenRequests())
    }

    @Test
    fun `background renewal finds nobody waiting`() {
        val cx = world.client { background = true }
        cx.tokenBlocking()
        world.pass(3000)
        world.await("token_requests", 2)
        soon { cx.settle() }
        assertEquals(2L, cx.status.token?.generation)
        assertEquals(2, cx.tokenBlocking().generation)
        assertEquals(2, world.tokenRequests())
    }

    @Test
    fun `without background renewal nothing is sent until somebody asks`() {
        val cx = world.client()
        cx.tokenBlocking()
        world.pass(3500)
        assertEquals(1, world.tokenRequests())
        assertEquals(CxState.DUE, cx.status.state)
    }

    @Test
    fun `a clock that was set back lengthens no life`() {
        val cx = world.client()
        cx.tokenBlocking()
        world.clock.set(
            java.time.Instant
                .ofEpochMilli(world.clock.millis())
                .minusSeconds(7200),
        )
        assertEquals(1, cx.tokenBlocking().generation, "it serves")
        world.await("token_requests", 2)
    }

    @Test
    fun `a closed client tells everybody so`() {
        val network = Stubborn(0)
        val cx = world.client { transport = network }
        val caller = cx.tokenAsync()
        network.reached.await()
        cx.close()
        assertTrue(assertThrows(ExecutionException::class.java) { caller.soon() }.cause is IllegalStateException)
        network.release.countDown()
        soon { cx.settle() }
        assertEquals(1, world.tokenRequests(), "a renewal goes on to its end")
        val calls =
            listOf<() -> Unit>(
                { cx.tokenBlocking() },
                { soon { cx.token() } },
                { cx.status },
                { cx.signOutBlocking() },
                { soon { cx.signOut() } },
                { cx.allows("x") },
            )
        for (call in calls) assertThrows(IllegalStateException::class.java) { call() }
        cx.close()
        assertEquals("CxClient(generic)", cx.toString())
    }

    @Test
    fun `use closes`() {
        val cx = world.client().use { it.also(CxClient::tokenBlocking) }
        assertThrows(IllegalStateException::class.java) { cx.tokenBlocking() }
    }

    @Test
    fun `events arrive in order on a thread of the client's`() {
        val cx = world.client()
        val seen = java.util.concurrent.LinkedBlockingQueue<CxEvent>()
        val threads =
            java.util.concurrent.ConcurrentHashMap
                .newKeySet<String>()
        val calls = AtomicInteger()
        cx.addListener { throw IllegalStateException("a listener's own affair ${calls.incrementAndGet()}") }
        val listening =
            cx.addListener {
                threads += Thread.currentThread().name
                seen += it
            }
        soon {
            val collected = async(Dispatchers.Default, start = kotlinx.coroutines.CoroutineStart.UNDISPATCHED) { collect(cx, 2) }
            val token = cx.token()
            assertTrue(cx.refused(token, 401))
            assertEquals(listOf(CxEventKind.RENEWED, CxEventKind.REFUSED), collected.await().map { it.kind })
        }
        val renewed = seen.poll(60, java.util.concurrent.TimeUnit.SECONDS)!!
        assertEquals(CxEventKind.RENEWED, renewed.kind)
        assertEquals(1, renewed.generation)
        assertTrue(renewed.until!!.toEpochMilli() > world.clock.millis())
        assertEquals(CxEventKind.REFUSED, seen.poll(60, java.util.concurrent.TimeUnit.SECONDS)!!.kind)
        assertEquals(setOf("cxauth"), threads)
        assertEquals(2, calls.get())
        listening.close()
        world.arm(Fault("drop", at = listOf("token", "refresh")))
        val error = assertThrows(CxException::class.java) { cx.tokenBlocking() }
        assertEquals("interrupted", error.code)
        assertTrue(seen.isEmpty())
    }

    private suspend fun collect(
        cx: CxClient,
        count: Int,
    ): List<CxEvent> {
        val events = mutableListOf<CxEvent>()
        runCatching {
            cx.events.collect {
                events += it
                check(events.size < count) { "enough" }
            }
        }
        return events
    }

    @Test
    fun `an address that may not see the token gets no headers`() {
        val cx = world.client()
        val headers = soon { cx.headers(world.items()) }
        assertEquals(listOf("authorization"), headers.names)
        assertEquals("Bearer ${cx.tokenBlocking().reveal()}", headers["Authorization"])
        assertEquals(mapOf("authorization" to headers["authorization"]), cx.headersBlocking(world.items()).toMap())
        assertTrue(cx.allows(world.items()))
        for (url in listOf(
            world.base("elsewhere") + "/api",
            "http://api.example/",
            world.items().replace("http://", "http://user@"),
            "nonsense",
        )) {
            assertFalse(cx.allows(url), url)
            val error = assertThrows(CxException::class.java) { cx.headersBlocking(url) }
            assertTrue(error.code == "destination_refused", "$url: ${error.code}")
        }
        assertEquals(world.items(), cx.apiUrl("items"))
    }
}
