package io.github.cxauth.vectors

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.ObjectNode
import io.github.cxauth.bridge.AuthException
import io.github.cxauth.bridge.Challenge
import io.github.cxauth.bridge.metadataAddresses
import io.github.cxauth.bridge.openConnection
import io.github.cxauth.bridge.parseChallenges
import io.github.cxauth.bridge.readMetadata

/** A session scenario must hold for every entropy; it is repeated with this many. */
private const val ENTROPIES = 8

private const val DEFAULT_EPOCH = 1_700_000_000.0

/**
 * Runs a scenario.
 *
 * @throws ScenarioException with what is wrong with it or what differed.
 */
internal fun runScenario(value: JsonNode) {
    val reader = Reader(value, "scenario")
    reader.text("id")
    reader.textOrNull("why")
    val run = reader.choice("kind", KINDS)
    val epoch = reader.number("epoch", DEFAULT_EPOCH)
    val settings = reader.objectNode("connection", DEFAULT_SETTINGS)
    checkSettings(settings)
    run(reader, settings, epoch)
}

private val KINDS: Map<String, (Reader, ObjectNode, Double) -> Unit> =
    mapOf(
        "answer" to ::runAnswer,
        "session" to ::runSession,
        "challenge" to { reader, _, _ -> runChallenge(reader) },
        "destination" to { reader, settings, _ -> runDestination(reader, settings) },
        "metadata" to { reader, _, _ -> runMetadata(reader) },
    )

private fun runChallenge(reader: Reader) {
    val header = reader.text("header")
    val challenges =
        parseChallenges(header).use { list ->
            (0u until list.count()).map { index -> list.at(index).use(::json) }
        }
    hold(Shape.Challenges, reader, json(challenges.ifEmpty { null }))
}

private fun runDestination(
    reader: Reader,
    settings: ObjectNode,
) {
    val url = reader.text("url")
    val allows =
        try {
            openConnection(settings.toString()).use { it.allows(url) }
        } catch (_: AuthException.Failed) {
            false
        }
    hold(Shape.Exact, reader, json(allows))
}

private fun runMetadata(reader: Reader) {
    val issuer = reader.text("issuer")
    val answer = reader.takeOrNull("answer")?.let(Result.Answer::read)
    val wantsAddresses = reader.flagOrNull("addresses") ?: false
    if ((answer == null) != wantsAddresses) {
        throw ScenarioException("one of the keys `answer` and `addresses` is wanted")
    }
    if (answer == null) return hold(Shape.Addresses, reader, orError { json(metadataAddresses(issuer)) })
    val actual =
        orError {
            json("settings" to parseJson(readMetadata(issuer, answer.status, answer.body).toByteArray()))
        }
    hold(Shape.METADATA, reader, actual)
}

private inline fun orError(read: () -> JsonNode): JsonNode =
    try {
        read()
    } catch (error: AuthException.Failed) {
        denied(error)
    }

private fun runAnswer(
    reader: Reader,
    settings: ObjectNode,
    epoch: Double,
) {
    val answer = Result.Answer.read(reader.take("answer"))
    val expected = mapOf("expect" to reader.take("expect"))
    reader.end()
    val steps =
        listOf(
            Step(0.0, null, Action.Acquire(null), "answer"),
            Step(0.0, null, Action.Finish(answer, null, null), "answer", expected),
        )
    runSteps(steps, settings, epoch, hasStore = false)
}

private fun runSession(
    reader: Reader,
    settings: ObjectNode,
    epoch: Double,
) {
    val hasStore = reader.flagOrNull("store") ?: false
    val steps = reader.array("steps").mapIndexed(Step::read)
    reader.end()
    steps.firstOrNull { it.action.needsStore && !hasStore }?.let {
        throw ScenarioException("${it.place}: this needs the scenario's key `store`")
    }
    runSteps(steps, settings, epoch, hasStore)
}

private fun runSteps(
    steps: List<Step>,
    settings: ObjectNode,
    epoch: Double,
    hasStore: Boolean,
) {
    // Events count from the last step on: whoever expects any of them polls after each step.
    val isWatched = steps.any { "events" in it.expected }
    val start = minOf(steps.firstOrNull()?.at ?: 0.0, 0.0)
    repeat(ENTROPIES) { number ->
        // Any bytes are as good as others, as long as they are not the same twice.
        val entropy = ByteArray(16) { (number * 151 + 7).toByte() }
        val shared = Shared(settings, epoch, entropy, if (hasStore) Store() else null)
        Processes(shared, start).use { processes ->
            for (step in steps) within("${step.place} (entropy $number)") { play(step, processes, isWatched) }
        }
    }
}

private fun play(
    step: Step,
    processes: Processes,
    isWatched: Boolean,
) {
    val outcome = processes.perform(step)
    val events = if (isWatched) processes.events(step.session) else NULL
    val differences =
        step.expected.flatMap { (key, expected) ->
            val cameOut =
                when (key) {
                    "events" -> events
                    "wakeup" -> processes.wakeup(step.session)
                    else -> outcome
                }
            compare(step.shape(key), expected, cameOut, key)
        }
    if (differences.isNotEmpty()) throw ScenarioException(differences.joinToString("; "))
}

private fun hold(
    shape: Shape,
    reader: Reader,
    actual: JsonNode,
) {
    val expected = reader.take("expect")
    reader.end()
    check(shape, expected, "expect")
    val differences = compare(shape, expected, actual, "expect")
    if (differences.isNotEmpty()) throw ScenarioException(differences.joinToString("; "))
}

private fun json(challenge: Challenge): JsonNode {
    val parameters = challenge.parameterNames().zip(challenge.parameterValues()).toMap()
    val value = json("scheme" to challenge.scheme(), "parameters" to parameters)
    challenge.token68()?.let { value.put("token68", it) }
    return value
}
