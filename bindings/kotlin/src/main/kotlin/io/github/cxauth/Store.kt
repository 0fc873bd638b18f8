package io.github.cxauth

import java.io.IOException
import java.time.Duration

/**
 * A place where the tokens of one connection outlive the process, and where everybody who shares it agrees on who renews:
 * processes, apps, clients that were made apart. A renewal locks the store, reads it, asks the server only when that is still
 * needed, saves the new set, and unlocks; so one token request serves all.
 *
 * The functions are called on threads of the client's. They may suspend and they may block; each call but [lock] has 10 seconds.
 * The message of what they throw becomes part of the [CxException]: there must be no secret in it. Java has [BlockingStore].
 *
 * ```
 * val cx = CxClient {
 *     tokenEndpoint = "https://as.example/token"
 *     store = myStore
 * }
 * ```
 */
public interface Store {
    /**
     * Takes the lock, or waits for it as long as [timeout] at most. True: it is held until [unlock]. False: somebody else held it
     * all the while.
     *
     * The lock belongs to no thread ([unlock] may come on another one) and is not given twice, also not to one process. It must
     * end with a process that dies: one that outlives its holder stops everybody else.
     */
    public suspend fun lock(timeout: Duration): Boolean

    /**
     * What was saved last, null when nothing was. Without the lock it is called too, for a look by a client that has no token:
     * then it waits for nobody, and gives the set before a save that is under way or the one after it.
     *
     * @throws DamagedStoreException when what is there cannot be understood; never null then, which would forget it
     */
    public suspend fun load(): Secret?

    /**
     * Makes the set durable: after a crash at any moment the store holds the old set or the new one. All of [snapshot] is secret.
     *
     * A store whose lock may end while its holder lives on (a lease) compares [generation] with that of what it holds, and throws
     * when that is later. An equal one is written too: it says what a renewal that failed has learnt.
     */
    public suspend fun save(
        snapshot: Secret,
        generation: Long,
    )

    /** Gives the lock back. */
    public suspend fun unlock()

    /**
     * Puts what the store holds where it is no longer found and not lost, by another name for instance: it is damaged. It is
     * called under the lock. The renewal fails then, with an error that says so, and the next one starts without it.
     */
    public suspend fun putAside()
}

/** [Store] for Java: its functions block. [CxClientBuilder.store] takes it. */
public interface BlockingStore {
    /** See [Store.lock]. */
    @Throws(Exception::class)
    public fun lock(timeout: Duration): Boolean

    /** See [Store.load]. */
    @Throws(Exception::class)
    public fun load(): Secret?

    /** See [Store.save]. */
    @Throws(Exception::class)
    public fun save(
        snapshot: Secret,
        generation: Long,
    )

    /** See [Store.unlock]. */
    @Throws(Exception::class)
    public fun unlock()

    /** See [Store.putAside]. */
    @Throws(Exception::class)
    public fun putAside()
}

/**
 * A [Store] holds something that cannot be understood, because a bit of it was turned for instance. The client has it
 * [put aside][Store.putAside].
 *
 * @param message what is wrong, in words for people; there must be no secret in it
 */
public class DamagedStoreException(
    message: String,
) : IOException(message)

/** One that blocks, for the driver. */
internal fun BlockingStore.suspending(): Store = Suspending(this)

private class Suspending(
    private val store: BlockingStore,
) : Store {
    override suspend fun lock(timeout: Duration): Boolean = store.lock(timeout)

    override suspend fun load(): Secret? = store.load()

    override suspend fun save(
        snapshot: Secret,
        generation: Long,
    ) = store.save(snapshot, generation)

    override suspend fun unlock() = store.unlock()

    override suspend fun putAside() = store.putAside()

    override fun toString(): String = store.toString()
}
