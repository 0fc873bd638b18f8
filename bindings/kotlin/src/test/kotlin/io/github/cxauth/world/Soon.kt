package io.github.cxauth.world

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/** Nothing in these tests takes long; what hangs is a deadlock. */
internal fun <T> Future<T>.soon(): T = get(60, TimeUnit.SECONDS)

/** The same for coroutines. */
internal fun <T> soon(test: suspend CoroutineScope.() -> T): T = runBlocking { withTimeout(60.seconds, test) }

/** Waits for something that happens elsewhere in this process and tells nobody. */
internal fun eventually(condition: () -> Boolean) {
    val limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60)
    while (!condition()) {
        check(System.nanoTime() < limit) { "it did not come about" }
        Thread.onSpinWait()
    }
}
