package io.github.cxauth.driver

import io.github.cxauth.CxClock
import kotlinx.coroutines.future.await
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicReference

/** Has everybody who waits look again. */
internal class Changes {
    private val next = AtomicReference(Signal())

    /** Given at the next change: take it before looking, and no change is missed. */
    fun next(): Signal = next.get()

    fun announce() = next.getAndSet(Signal()).give()
}

/** Something that happens once. */
internal class Signal {
    /** Null once it was given. */
    private var waiting: MutableSet<CompletableFuture<Unit>>? = mutableSetOf()

    fun give() {
        val all = synchronized(this) { waiting.also { waiting = null } }
        all?.forEach { it.complete(Unit) }
    }

    fun add(waiter: CompletableFuture<Unit>) {
        val given = synchronized(this) { waiting?.add(waiter) == null }
        if (given) waiter.complete(Unit)
    }

    suspend fun await() = awaitBy { it.await() }

    fun awaitBlocking() = awaitBy { it.get() }

    private inline fun awaitBy(wait: (CompletableFuture<Unit>) -> Unit) {
        val waiter = CompletableFuture<Unit>()
        add(waiter)
        try {
            wait(waiter)
        } finally {
            remove(waiter)
        }
    }

    fun remove(waiter: CompletableFuture<Unit>) {
        synchronized(this) { waiting?.remove(waiter) }
    }
}

/** One caller who waits: for the next change, at most until a moment. Whoever goes away closes it, so that nobody keeps it. */
internal class Waiting(
    private val change: Signal,
    until: Long,
    clock: CxClock,
) : AutoCloseable {
    val over = CompletableFuture<Unit>()
    private val alarm: AutoCloseable

    init {
        change.add(over)
        alarm = clock.wakeAt(until) { over.complete(Unit) }
    }

    override fun close() {
        change.remove(over)
        alarm.close()
    }
}
