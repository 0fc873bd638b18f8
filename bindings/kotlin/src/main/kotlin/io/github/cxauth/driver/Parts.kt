package io.github.cxauth.driver

import io.github.cxauth.CxClock
import io.github.cxauth.ProvidedToken
import io.github.cxauth.Secret
import io.github.cxauth.Signer
import io.github.cxauth.Store
import io.github.cxauth.TokenTransport
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ExecutorService
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit

/** What a client is made of, besides its connection. */
internal class Parts(
    val clock: CxClock,
    val transport: TokenTransport,
    /** The time limit of one token request. */
    val timeout: Duration,
    /** How long a caller waits when nothing may be sent for a while. */
    val patience: Duration,
    val background: Boolean,
    val provide: (suspend () -> ProvidedToken)?,
    val store: Store?,
    /** How long a renewal waits for the store's lock. */
    val lockPatience: Duration,
    functions: Map<String, suspend () -> Secret>,
    signers: Map<String, Signer>,
) {
    /** The functions that read secrets, by the names that the connection has for them. */
    val functions = ConcurrentHashMap(functions)

    /** What signs, by the same names. */
    val signers = ConcurrentHashMap(signers)

    /** Threads of the client's own, which keep no program alive and end when there is nothing to do. */
    val threads: ExecutorService =
        ThreadPoolExecutor(0, Int.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, SynchronousQueue()) { work ->
            Thread(work, "cxauth").apply { isDaemon = true }
        }

    private companion object {
        const val IDLE_SECONDS = 10L
    }
}
