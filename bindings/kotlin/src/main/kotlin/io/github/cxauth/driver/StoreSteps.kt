package io.github.cxauth.driver

import io.github.cxauth.DamagedStoreException
import io.github.cxauth.Secret
import io.github.cxauth.Store
import io.github.cxauth.bridge.AuthException
import io.github.cxauth.bridge.snapshotGeneration
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import java.io.IOException
import java.time.Duration
import java.util.concurrent.atomic.AtomicReference

/** Performs one flight's steps with the store. What it throws is for people and names no secret. */
internal class StoreSteps(
    private val parts: Parts,
) {
    private var held = false

    /** What the store has, without the lock; null also when it cannot be read: under the lock it is read again, and said. */
    fun look(): Secret? =
        try {
            within { it.load() }
        } catch (_: Exception) {
            null
        }

    fun lock(patience: Duration) {
        val claim = AtomicReference(Claim.OPEN)
        val taken =
            try {
                within(patience + GRACE) { store ->
                    val taken = store.lock(patience)
                    // Nobody waits for it any longer: nobody else would give it back.
                    if (taken && !claim.compareAndSet(Claim.OPEN, Claim.TAKEN)) withContext(NonCancellable) { store.unlock() }
                    taken
                }
            } catch (e: Exception) {
                // It came at the very moment when the time was over: it is ours.
                if (claim.compareAndSet(Claim.OPEN, Claim.LEFT)) throw e
                true
            }
        if (!taken) throw IOException("somebody else held the store's lock for ${patience.toMillis()} ms")
        held = true
    }

    fun load(): Secret? =
        try {
            within { it.load() }?.also(::check)
        } catch (e: DamagedStoreException) {
            putAside(e)
        }

    fun save(snapshot: Secret) {
        val generation = snapshotGeneration(snapshot.reveal()).toLong()
        within { it.save(snapshot, generation) }
    }

    /** Gives the lock back, before anybody is told so: the next flight may want it at once. */
    fun unlock() {
        if (!held) return
        held = false
        within { it.unlock() }
    }

    private fun check(snapshot: Secret) {
        try {
            snapshotGeneration(snapshot.reveal())
        } catch (e: AuthException.Failed) {
            throw if (e.code == DAMAGED) DamagedStoreException("it is no set of tokens") else IOException(e.explanation)
        }
    }

    private fun putAside(why: DamagedStoreException): Nothing {
        try {
            within { it.putAside() }
        } catch (e: Exception) {
            throw IOException("what it holds is damaged (${why.inWords()}) and cannot be put aside: ${e.inWords()}")
        }
        throw IOException(
            "what it held is damaged (${why.inWords()}) and was put aside; the next attempt starts without it",
        )
    }

    private fun <T> within(
        limit: Duration = LIMIT,
        act: suspend (Store) -> T,
    ): T {
        val store = parts.store ?: throw IOException("this client has no store")
        return try {
            parts.limited(limit) { act(store) }
        } catch (_: TimeLimitException) {
            throw IOException("the store did not answer within ${limit.toMillis()} ms")
        }
    }

    /** Who has a lock that comes late. */
    private enum class Claim { OPEN, TAKEN, LEFT }

    private companion object {
        val LIMIT: Duration = Duration.ofSeconds(10)

        /** A store that keeps its time needs no more than this on top of it. */
        val GRACE: Duration = Duration.ofSeconds(2)
        const val DAMAGED = "snapshot_damaged"
    }
}
