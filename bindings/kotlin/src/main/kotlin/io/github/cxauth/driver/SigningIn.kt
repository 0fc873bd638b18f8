// The ways to sign somebody in. A flight of its own does it, which nobody but its caller waits for.

package io.github.cxauth.driver

import io.github.cxauth.DevicePrompt
import io.github.cxauth.SignIn
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException

/** The sign-in that the flight has begun, once it is over. */
internal suspend fun Flight.begun(): SignIn {
    landed()
    return checkNotNull(signIn) { "the sign-in has no address" }
}

internal fun Flight.begunBlocking(): SignIn {
    landedBlocking()
    return checkNotNull(signIn) { "the sign-in has no address" }
}

/** Who is cancelled while it waits ends nothing but the waiting. */
internal suspend fun Flight.landed() {
    over.await()?.let { throw it }
}

internal fun Flight.landedBlocking() {
    unwrapping { over.get() }?.let { throw it }
}

/** Who is cancelled ends the flight. */
internal suspend fun Flight.landed(show: suspend (DevicePrompt) -> Unit) {
    try {
        coroutineScope {
            val showing = launch { show(prompt.await()) }
            over.await().also { showing.cancel() }?.let { throw it }
        }
    } finally {
        over.cancel(false)
    }
}

internal fun Flight.landedBlocking(show: (DevicePrompt) -> Unit) {
    try {
        unwrapping { CompletableFuture.anyOf(prompt, over).get() }
        if (prompt.isDone && !over.isDone) show(prompt.get())
        landedBlocking()
    } finally {
        over.cancel(false)
    }
}

private inline fun <T> unwrapping(wait: () -> T): T =
    try {
        wait()
    } catch (e: ExecutionException) {
        throw e.cause ?: e
    }
