package io.github.cxauth.driver

import kotlinx.coroutines.runBlocking
import java.time.Duration
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** Something took too long. */
internal class TimeLimitException : Exception()

/** Runs foreign code on a thread of the client's, and interrupts and cancels it at the time limit. */
internal fun <T> Parts.limited(
    limit: Duration,
    act: suspend () -> T,
): T {
    val running = threads.submit<T> { runBlocking { act() } }
    try {
        return running.get(limit.toMillis(), TimeUnit.MILLISECONDS)
    } catch (_: TimeoutException) {
        throw TimeLimitException()
    } catch (e: ExecutionException) {
        throw e.cause as? Exception ?: Exception("it broke off: ${e.cause?.javaClass?.simpleName}")
    } finally {
        running.cancel(true)
    }
}
