package io.github.cxauth.driver

import io.github.cxauth.CxEvent
import io.github.cxauth.CxEventListener
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.flow.asSharedFlow
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.ExecutorService

/** Brings events to whoever listens, one after the other, on a thread of the client's: foreign code runs under no lock. */
internal class Courier(
    private val threads: ExecutorService,
) {
    private val queue = ConcurrentLinkedQueue<CxEvent>()
    private val flow = MutableSharedFlow<CxEvent>(extraBufferCapacity = EVENTS, onBufferOverflow = BufferOverflow.DROP_OLDEST)
    private val listeners = CopyOnWriteArrayList<CxEventListener>()
    private var busy = false

    val events: SharedFlow<CxEvent> = flow.asSharedFlow()

    fun add(listener: CxEventListener): AutoCloseable {
        listeners.add(listener)
        return AutoCloseable { listeners.remove(listener) }
    }

    fun post(events: List<CxEvent>) {
        if (events.isEmpty()) return
        queue.addAll(events)
        val start = synchronized(queue) { !busy.also { busy = true } }
        if (!start) return
        try {
            threads.execute(::deliver)
        } catch (_: OutOfMemoryError) {
            // The system gives no thread: the next event brings these along.
            synchronized(queue) { busy = false }
        }
    }

    private fun deliver() {
        while (true) {
            val event = synchronized(queue) { queue.poll().also { if (it == null) busy = false } } ?: return
            flow.tryEmit(event)
            listeners.forEach { runCatching { it.onEvent(event) } }
        }
    }

    private companion object {
        /** Events that a slow subscriber may be behind. */
        const val EVENTS = 64
    }
}
