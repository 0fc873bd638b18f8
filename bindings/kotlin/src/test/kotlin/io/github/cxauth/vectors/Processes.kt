package io.github.cxauth.vectors

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.ObjectNode

/**
 * The processes of a scenario, by the names that its steps give them.
 *
 * @param start when the one without a name is opened, in seconds from the scenario's start.
 */
internal class Processes(
    private val shared: Shared,
    start: Double,
) : AutoCloseable {
    private val players = mutableMapOf<String?, Player>(null to Player(shared, start))

    override fun close() = players.values.forEach { it.close() }

    /**
     * Performs one step and returns its outcome.
     *
     * @throws ScenarioException for a mistake in the scenario.
     */
    fun perform(step: Step): JsonNode =
        when (val action = step.action) {
            is Action.ChangeStore -> NULL.also { shared.store?.change(action) }
            is Action.End -> NULL.also { end(step.session) }
            else -> players.getOrPut(step.session) { Player(shared, step.at) }.perform(step)
        }

    /** The names of a process's events since this was last called. */
    fun events(session: String?): JsonNode = players[session]?.events() ?: json(emptyList<String>())

    /** When a process's background work is next due. */
    fun wakeup(session: String?): JsonNode = players[session]?.wakeup() ?: NULL

    private fun end(session: String?) {
        val player = players.remove(session) ?: throw ScenarioException("there is no such process")
        shared.store?.release(player)
        player.close()
    }
}

/**
 * What belongs to a scenario and not to one of its processes.
 *
 * @param settings of the connection, as each process begins with it.
 * @param epoch the wall clock at 0, in Unix seconds.
 * @param store null where each process is on its own.
 */
internal class Shared(
    val settings: ObjectNode,
    val epoch: Double,
    private val entropy: ByteArray,
    val store: Store?,
) {
    val snapshots = mutableMapOf<String, String>()
    val signIns = SignIns()
    private var sessions = 0

    /** For one session more: no two have the same. */
    fun entropy(): ByteArray = entropy + (sessions++).toByte()

    /** For one sign-in: as many bytes as it takes. */
    fun entropyOfSignIn(): ByteArray = entropy().let { drawn -> ByteArray(64) { (drawn[it % drawn.size] + it * 29).toByte() } }
}
