package io.github.cxauth.world

import io.github.cxauth.DamagedStoreException
import io.github.cxauth.Secret
import io.github.cxauth.Store
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger

/** A store in memory, which can be told to fail. */
internal class MemoryStore : Store {
    private val lock = Mutex()

    @Volatile
    var content: Secret? = null

    @Volatile
    var generation = 0L

    /** What was put aside. */
    val aside = mutableListOf<Secret>()

    /** So many saves from now on fail. */
    val failingSaves = AtomicInteger()

    /** How often it was locked and given back. */
    val locks = AtomicInteger()
    val unlocks = AtomicInteger()

    /** What a reader finds damaged by itself, without looking into it. */
    @Volatile
    var seal: String? = null

    override suspend fun lock(timeout: Duration): Boolean {
        val taken = withTimeoutOrNull(timeout.toMillis()) { lock.lock() } != null
        if (taken) locks.incrementAndGet()
        return taken
    }

    override suspend fun load(): Secret? {
        seal?.let { throw DamagedStoreException(it) }
        return content
    }

    override suspend fun save(
        snapshot: Secret,
        generation: Long,
    ) {
        check(lock.isLocked) { "nobody saves without the lock" }
        if (failingSaves.getAndUpdate { maxOf(0, it - 1) } > 0) throw IOException("the disk is full")
        check(generation >= this.generation) { "an older generation" }
        content = snapshot
        this.generation = generation
    }

    override suspend fun unlock() {
        unlocks.incrementAndGet()
        lock.unlock()
    }

    override suspend fun putAside() {
        check(lock.isLocked) { "nobody puts aside without the lock" }
        content?.let(aside::add)
        content = null
        seal = null
    }

    override fun toString(): String = "MemoryStore"
}
