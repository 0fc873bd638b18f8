package io.github.cxauth

import io.github.cxauth.world.soon
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration
import java.time.Instant
import java.util.concurrent.CompletableFuture

internal class ClockTest {
    private val start = Instant.parse("2026-01-01T00:00:00Z")

    @Test
    fun `a clock that is moved by hand wakes whoever slept for less`() {
        val clock = ManualClock(start)
        val woken = mutableListOf<Int>()
        for (minutes in listOf(30, 10, 20)) clock.wakeAt(clock.millis() + minutes * 60_000L) { woken += minutes }
        val calledOff = clock.wakeAt(clock.millis() + 1) { woken += 0 }
        calledOff.close()
        clock.advance(Duration.ofMinutes(19))
        assertEquals(listOf(10), woken)
        clock.set(start)
        clock.advance(Duration.ofMinutes(30))
        assertEquals(setOf(10, 20, 30), woken.toSet())
        clock.wakeAt(0) { woken += -1 }
        assertEquals(-1, woken.last(), "the moment is past")
        assertEquals("ManualClock(2026-01-01T00:30:00Z)", clock.toString())
    }

    @Test
    fun `the system's clock wakes once, and not when it was called off`() {
        val clock = CxClock.system()
        val calledOff = CompletableFuture<Unit>()
        clock.wakeAt(clock.millis() + 50) { calledOff.complete(Unit) }.close()
        val woken = CompletableFuture<Long>()
        val moment = clock.millis() + 100
        clock.wakeAt(moment) { woken.complete(clock.millis()) }
        assertTrue(woken.soon() >= moment)
        assertFalse(calledOff.isDone)
        val past = CompletableFuture<Unit>()
        clock.wakeAt(0) { past.complete(Unit) }
        past.soon()
    }
}
