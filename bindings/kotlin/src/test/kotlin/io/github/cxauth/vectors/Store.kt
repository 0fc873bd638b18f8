package io.github.cxauth.vectors

import io.github.cxauth.bridge.AuthException
import io.github.cxauth.bridge.snapshotGeneration

/** The one place where the sessions of a scenario keep their set: with one lock, and with what goes wrong there. */
internal class Store {
    /** What can go wrong. */
    enum class Operation { LOCK, LOAD, SAVE }

    /** It could not be done. */
    class Failure : Exception()

    /** Who has the lock: a process by its flight. */
    private data class Holder(
        val process: Any,
        val flight: UInt,
    )

    private var holder: Holder? = null
    private var isHeldOutside = false
    private var fails = emptySet<Operation>()
    private var text: String? = null

    /**
     * Does what the step says, in this order.
     *
     * @throws ScenarioException for a lock that is not as the step takes it to be.
     */
    fun change(action: Action.ChangeStore) {
        action.fails?.let { fails = it }
        if (action.losesLock) {
            if (holder == null) throw ScenarioException("`loses_lock`: no process has the lock")
            holder = null
        }
        when (action.isHeld) {
            true -> if (isLocked) throw ScenarioException("`held`: somebody has the lock already")
            false -> if (!isHeldOutside) throw ScenarioException("`held`: nobody outside has the lock")
            null -> {}
        }
        action.isHeld?.let { isHeldOutside = it }
        action.snapshot?.let { text = it.textValue() }
    }

    /**
     * Gives the lock to this flight of the process; false while somebody else has it.
     *
     * @throws Failure when the scenario says so.
     */
    fun lock(
        process: Any,
        flight: UInt,
    ): Boolean {
        failIf(Operation.LOCK in fails)
        if (isLocked) return false
        holder = Holder(process, flight)
        return true
    }

    /** Takes the lock back, unless this flight has lost it meanwhile. */
    fun unlock(
        process: Any,
        flight: UInt,
    ) {
        if (holder == Holder(process, flight)) holder = null
    }

    /** The process is gone, and nothing is locked by it any more. */
    fun release(process: Any) {
        if (holder?.process == process) holder = null
    }

    /**
     * What it holds.
     *
     * @throws Failure when the scenario says so, and when it is no set.
     */
    fun load(): String? {
        failIf(Operation.LOAD in fails)
        text?.let(::generation)
        return text
    }

    /**
     * Keeps a set, also of a flight that has lost the lock.
     *
     * @throws Failure when the scenario says so, and for the sake of what it holds: a later set, one of this generation that
     * a flight without the lock would replace, and what is no set.
     */
    fun save(
        snapshot: String,
        process: Any,
        flight: UInt,
    ) {
        failIf(Operation.SAVE in fails)
        text?.let(::generation)?.let { held ->
            val isLocked = holder == Holder(process, flight)
            val new = generation(snapshot)
            failIf(held > new || (held == new && !isLocked))
        }
        text = snapshot
    }

    private val isLocked get() = isHeldOutside || holder != null

    private fun failIf(fails: Boolean) {
        if (fails) throw Failure()
    }

    private fun generation(text: String): Double =
        try {
            snapshotGeneration(text)
        } catch (_: AuthException.Failed) {
            throw Failure()
        }
}
