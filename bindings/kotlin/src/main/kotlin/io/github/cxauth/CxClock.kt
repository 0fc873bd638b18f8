package io.github.cxauth

import java.time.Duration
import java.time.Instant
import java.util.concurrent.Future
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Everything that a client knows of time: what time it is, and waiting. Lifetimes, back-off and deadlines follow it; the time
 * limits of single HTTP requests follow the real one.
 */
public interface CxClock {
    /** Unix time in milliseconds. It is read on every use of a token: it must be quick. */
    public fun millis(): Long

    /**
     * Has [wake] called once, at the moment (Unix time in milliseconds) or soon after it, on any thread; it is quick. Closing the
     * result calls it off.
     */
    public fun wakeAt(
        moment: Long,
        wake: Runnable,
    ): AutoCloseable

    public companion object {
        /** The system's clock. */
        @JvmStatic
        public fun system(): CxClock = SystemClock
    }
}

/**
 * A clock that is moved by hand, for tests: hours pass at once, and nothing depends on how fast the machine is.
 *
 * ```
 * val clock = ManualClock(Instant.parse("2026-01-01T00:00:00Z"))
 * clock.advance(Duration.ofHours(1))
 * ```
 */
public class ManualClock(
    start: Instant,
) : CxClock {
    private val lock = Any()
    private val sleepers = mutableMapOf<Any, Sleeper>()

    @Volatile
    private var now = start.toEpochMilli()

    override fun millis(): Long = now

    override fun wakeAt(
        moment: Long,
        wake: Runnable,
    ): AutoCloseable {
        val key = Any()
        synchronized(lock) { sleepers[key] = Sleeper(moment, wake) }
        wakeSleepers()
        return AutoCloseable { synchronized(lock) { sleepers.remove(key) } }
    }

    /** Moves the clock forward; whoever slept for less wakes up. */
    public fun advance(by: Duration) {
        synchronized(lock) { now += by.toMillis() }
        wakeSleepers()
    }

    /** Sets the clock, also back. */
    public fun set(moment: Instant) {
        synchronized(lock) { now = moment.toEpochMilli() }
        wakeSleepers()
    }

    override fun toString(): String = "ManualClock(${Instant.ofEpochMilli(now)})"

    private fun wakeSleepers() {
        val due =
            synchronized(lock) {
                sleepers.filterValues { it.moment <= now }.also { sleepers.keys.removeAll(it.keys) }
            }
        due.values.forEach { it.wake.run() }
    }

    private class Sleeper(
        val moment: Long,
        val wake: Runnable,
    )
}

private object SystemClock : CxClock {
    /** While a machine is suspended, timers stand still and the clock goes on: a sleeper looks at it again once a minute. */
    private const val LOOK_AGAIN = 60_000L

    private val timer =
        ScheduledThreadPoolExecutor(1) { work -> Thread(work, "cxauth-timer").apply { isDaemon = true } }.apply {
            removeOnCancelPolicy = true
            setKeepAliveTime(1, TimeUnit.MINUTES)
            allowCoreThreadTimeOut(true)
        }

    override fun millis(): Long = System.currentTimeMillis()

    override fun wakeAt(
        moment: Long,
        wake: Runnable,
    ): AutoCloseable = Alarm(moment, wake).also { it.look() }

    override fun toString(): String = "CxClock.system()"

    private class Alarm(
        private val moment: Long,
        private val wake: Runnable,
    ) : AutoCloseable {
        private val over = AtomicBoolean()

        @Volatile
        private var next: Future<*>? = null

        fun look() {
            val left = moment - millis()
            when {
                over.get() -> return
                left > 0 -> sleep(minOf(left, LOOK_AGAIN))
                over.compareAndSet(false, true) -> wake.run()
            }
        }

        override fun close() {
            over.set(true)
            next?.cancel(false)
        }

        private fun sleep(millis: Long) {
            next = timer.schedule(::look, millis, TimeUnit.MILLISECONDS)
            // Closed in between.
            if (over.get()) next?.cancel(false)
        }
    }
}
