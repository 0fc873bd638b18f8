// The ways to wait for a token. All of them ask, wait for the end of the flight that they were told of, and ask again.

package io.github.cxauth.driver

import io.github.cxauth.AccessToken
import kotlinx.coroutines.future.await
import java.io.IOException
import java.io.InterruptedIOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** For coroutines. A caller that is cancelled changes nothing for the others. */
internal suspend fun Keeper.acquire(): Current = fresh() ?: askUntilThere { it.over.await() }

/** For threads; an interrupt ends the waiting. */
internal fun Keeper.acquireBlocking(): Current = fresh() ?: askUntilThere { it.over.get() }

/** For threads of HTTP clients, whose call may be cancelled from elsewhere. */
@Throws(IOException::class)
internal fun Keeper.acquireUnless(cancelled: () -> Boolean): Current = fresh() ?: askUntilThere { it.unless(cancelled) }

private inline fun Keeper.askUntilThere(wait: (Waiting) -> Unit): Current {
    val patientUntil = patientUntil()
    while (true) {
        when (val asked = ask(patientUntil)) {
            is Asked.Have -> return asked.current
            is Asked.Failed -> throw asked.why
            is Asked.Wait -> waiting(asked).use(wait)
        }
        // What the flight brought is there without asking.
        fresh()?.let { return it }
    }
}

/** For callers of futures, which end on a thread of the client's. */
internal fun Keeper.acquireAsync(): CompletableFuture<AccessToken> {
    val result = CompletableFuture<AccessToken>()
    askFor(result, patientUntil())
    return result
}

private fun Keeper.askFor(
    result: CompletableFuture<AccessToken>,
    patientUntil: Long,
) {
    try {
        fresh()?.let {
            result.complete(it.token)
            return
        }
        when (val asked = ask(patientUntil)) {
            is Asked.Have -> result.complete(asked.current.token)
            is Asked.Failed -> result.completeExceptionally(asked.why)
            is Asked.Wait -> {
                val waiting = waiting(asked)
                // Whoever cancels the result waits no longer.
                result.whenComplete { _, _ -> waiting.close() }
                waiting.over.thenRunAsync({
                    waiting.close()
                    if (!result.isDone) askFor(result, patientUntil)
                }, parts.threads)
            }
        }
    } catch (e: IllegalStateException) {
        result.completeExceptionally(e)
    }
}

private fun Waiting.unless(cancelled: () -> Boolean) {
    while (true) {
        if (cancelled()) throw IOException("Canceled")
        try {
            over.get(LOOK_MILLIS, TimeUnit.MILLISECONDS)
            return
        } catch (_: TimeoutException) {
            continue
        } catch (_: InterruptedException) {
            Thread.currentThread().interrupt()
            throw InterruptedIOException("interrupted while waiting for a token")
        }
    }
}

/** So often a caller looks whether its call was cancelled: OkHttp tells an interceptor in no other way. */
private const val LOOK_MILLIS = 50L
