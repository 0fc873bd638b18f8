package io.github.cxauth.driver

import java.lang.ref.WeakReference
import java.util.concurrent.atomic.AtomicBoolean

/** Renewal before anybody needs it. It begins with the first caller, and ends with the client. */
internal class Background(
    keeper: Keeper,
) {
    /** A client that nobody closed is not kept by its alarm. */
    private val keeper = WeakReference(keeper)
    private val wanted = keeper.parts.background
    private val started = AtomicBoolean()
    private val lock = Any()
    private var alarm: AutoCloseable? = null
    private var closed = false

    fun start() {
        if (wanted && started.compareAndSet(false, true)) look()
    }

    /** Something changed: look at once. */
    fun look() {
        if (!started.get()) return
        val keeper = keeper.get() ?: return
        keeper.parts.threads.execute { turn() }
    }

    fun close() {
        synchronized(lock) {
            closed = true
            alarm?.close()
        }
    }

    private fun turn() {
        val keeper = keeper.get() ?: return
        val wakeup = keeper.wake()
        val clock = keeper.parts.clock
        val now = clock.millis()
        // When the session wants to be woken and then finds nothing to do, it is not asked again at once.
        val next = (wakeup ?: Long.MAX_VALUE).coerceIn(now + PAUSE, now + DAY)
        synchronized(lock) {
            alarm?.close()
            alarm = if (closed) null else clock.wakeAt(next, ::look)
        }
    }

    private companion object {
        /** However far away the next renewal is, the session is looked at once a day. */
        const val DAY = 86_400_000L
        const val PAUSE = 1000L
    }
}
