package io.github.cxauth

import io.github.cxauth.world.MemoryStore
import io.github.cxauth.world.World
import io.github.cxauth.world.eventually
import io.github.cxauth.world.soon
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch

/** Tokens that outlive a client, and clients that share them. */
internal class StoreTest {
    private val world = World()
    private val kept = MemoryStore()

    @AfterEach
    fun close() = world.close()

    private fun client(
        name: String = "generic",
        configure: CxClientBuilder.() -> Unit = {},
    ): CxClient =
        world.client(name) {
            store = kept
            configure()
        }

    /** Somebody else holds the lock while this happens. */
    private fun <T> whileHeld(act: () -> T): T {
        soon { assertTrue(kept.lock(Duration.ofSeconds(60))) }
        try {
            return act()
        } finally {
            soon { kept.unlock() }
        }
    }

    private fun failure(cx: CxClient): CxException {
        val error = assertThrows(CxException::class.java) { cx.tokenBlocking() }
        assertEquals("store_unavailable", error.code)
        assertEquals(CxAction.RETRY, error.action)
        return error
    }

    @Test
    fun `clients that share a store make one token request a round`() {
        val clients = List(4) { client("generic/password") }
        for (round in 1..3) {
            world.hold()
            soon {
                val asking = clients.map { async(Dispatchers.Default) { it.token().reveal() } }
                world.await("token_requests", round)
                world.letGo()
                assertEquals(1, asking.awaitAll().toSet().size)
                clients.forEach { it.settle() }
            }
            assertEquals(round, world.tokenRequests())
            world.pass(7200)
        }
        assertEquals(2, world.counter("refresh_requests"))
        assertEquals(0, world.counter("reuse_detections"))
        assertEquals(kept.locks.get(), kept.unlocks.get())
        world.assertNoViolations()
    }

    @Test
    fun `a new process goes on with what the old one saved`() {
        val token = client("generic/password").use { it.tokenBlocking() }
        client("generic/password").use { assertEquals(token.reveal(), it.tokenBlocking().reveal()) }
        assertEquals(1, world.tokenRequests())
        world.pass(7200)
        client("generic/password").use { assertNotEquals(token.reveal(), it.tokenBlocking().reveal()) }
        assertEquals(1, world.counter("refresh_requests"))
        assertEquals(2, world.tokenRequests())
        world.assertNoViolations()
    }

    @Test
    fun `a lock that somebody holds is an error after a while, and nothing was sent`() {
        val cx = client { lockPatience = Duration.ofMillis(50) }
        whileHeld { assertTrue("held the store's lock" in failure(cx).message!!) }
        assertEquals(0, world.tokenRequests())
        world.pass(2)
        assertEquals(1, cx.tokenBlocking().generation)
    }

    @Test
    fun `a usable token serves while somebody holds the lock, in a new process too`() {
        val cx = client("generic/password") { lockPatience = Duration.ofMillis(50) }
        val token = cx.tokenBlocking().reveal()
        world.pass(3000)
        assertEquals(CxState.DUE, cx.status.state)
        whileHeld {
            assertEquals(token, cx.tokenBlocking().reveal())
            // Its patience is far longer than this test may take: it does with what it sees.
            val another = client("generic/password")
            assertEquals(token, soon { another.token() }.reveal())
            soon { cx.settle() }
            assertEquals(CxState.DEGRADED, cx.status.state)
        }
        assertEquals(1, world.tokenRequests())
    }

    @Test
    fun `a set that cannot be saved serves from memory, and an event says so`() {
        val cx = client()
        val events = ConcurrentLinkedQueue<CxEvent>()
        cx.addListener(events::add)
        kept.failingSaves.set(1000)
        assertEquals(1, cx.tokenBlocking().generation)
        soon { cx.settle() }
        assertNull(kept.content)
        eventually { events.any { it.kind == CxEventKind.DEGRADED } }
        val error = events.first { it.kind == CxEventKind.DEGRADED }.error!!
        assertEquals("store_unavailable", error.code)
        assertTrue("the disk is full" in error.message!!, error.message)
        kept.failingSaves.set(0)
        world.pass(7200)
        assertEquals(2, cx.tokenBlocking().generation)
        soon { cx.settle() }
        assertEquals(2, kept.generation)
        assertEquals(kept.locks.get(), kept.unlocks.get())
    }

    @Test
    fun `a refresh token is not sent where the store takes nothing`() {
        val cx = client("generic/password").also(CxClient::tokenBlocking)
        world.pass(7200)
        kept.failingSaves.set(1000)
        failure(cx)
        assertEquals(0, world.counter("refresh_requests"))
        kept.failingSaves.set(0)
        world.pass(60)
        assertEquals(2, cx.tokenBlocking().generation, "nothing was lost")
    }

    @Test
    fun `what is damaged is put aside and nobody is signed out`() {
        val damages =
            listOf<() -> Unit>(
                { kept.content = Secret("cxauth-canary-garbage") },
                { kept.content = kept.content?.let { Secret(it.reveal().dropLast(20)) } },
                { kept.seal = "its seal is broken" },
            )
        client().use { it.tokenBlocking() }
        for ((index, damage) in damages.withIndex()) {
            damage()
            val damaged = kept.content?.reveal()
            val cx = client()
            val events = ConcurrentLinkedQueue<CxEvent>()
            cx.addListener(events::add)
            val error = failure(cx)
            assertTrue("put aside" in error.message!!, error.message)
            assertFalse("canary" in error.stackTraceToString())
            assertEquals(damaged, kept.aside[index].reveal())
            world.pass(2)
            assertNotNull(cx.tokenBlocking())
            assertTrue(events.none { it.kind == CxEventKind.SIGNED_OUT })
        }
    }

    @Test
    fun `what a newer version wrote stays where it is`() {
        client().use { it.tokenBlocking() }
        val newer = kept.content!!.reveal().replaceFirst(Regex("(\"cxauth\":\\s*)1"), "\$1" + "99")
        kept.content = Secret(newer)
        val error = failure(client())
        assertTrue("newer" in error.message!!, error.message)
        assertEquals(newer, kept.content!!.reveal())
        assertEquals(1, world.tokenRequests())
    }

    @Test
    fun `signing out empties the store, and whoever shares it is signed out at its next look`() {
        val (here, there) = List(2) { client("generic/password") { revocationEndpoint = world.base() + "/revoke" } }
        here.tokenBlocking()
        there.tokenBlocking()
        here.signOutBlocking()
        assertEquals(3, world.counter("requests"), "one for the tokens, two that ended them")
        assertTrue(world.secrets().none { it in kept.content!!.reveal() })
        world.pass(7200)
        val error = assertThrows(CxException::class.java) { there.tokenBlocking() }
        assertEquals(CxAction.SIGN_IN, error.action)
        assertEquals(0, world.counter("refresh_requests"))
    }

    /** A store whose lock is slower than it promised and does not listen to anybody. */
    private class Slow(
        private val store: MemoryStore,
    ) : Store by store {
        val release = CountDownLatch(1)

        override suspend fun lock(timeout: Duration): Boolean {
            while (true) {
                try {
                    release.await()
                    return store.lock(Duration.ofSeconds(60))
                } catch (_: InterruptedException) {
                    continue
                }
            }
        }
    }

    @Test
    fun `a store that does not answer stops nobody for ever, and a lock that comes late is given back`() {
        val slow = Slow(kept)
        val cx =
            client {
                store = slow
                lockPatience = Duration.ofMillis(50)
            }
        assertTrue("did not answer" in failure(cx).message!!)
        slow.release.countDown()
        eventually { kept.unlocks.get() == 1 }
        world.pass(2)
        assertEquals(1, cx.tokenBlocking().generation)
    }

    @Test
    fun `a store in Java keeps tokens too`() {
        val store = JavaUse.Kept()
        val token = JavaUse.storing(world.connection().toString(), world.clock, store)
        assertEquals(token, JavaUse.storing(world.connection().toString(), world.clock, store))
        assertEquals(1, world.tokenRequests())
    }
}
