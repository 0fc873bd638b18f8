package io.github.cxauth.vectors

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.ObjectNode
import io.github.cxauth.bridge.FailureKind
import java.util.Base64

/** What a session is given next, and what must come out. */
internal class Step(
    /** In seconds from the scenario's start. */
    val at: Double,
    /** Whose it is: the name of a process, or null for the one without a name. */
    val session: String?,
    val action: Action,
    /** Where it stands, for the reader of a difference. */
    val place: String,
    /** The values of `expect`, `wakeup` and `events`, those that the step has. */
    val expected: Map<String, JsonNode> = emptyMap(),
    /** Whether the client's key can sign. */
    val signs: Boolean = true,
) {
    init {
        for ((key, value) in expected) check(shape(key), value, key)
    }

    /** What may be expected under this key. */
    fun shape(key: String): Shape =
        when (key) {
            "wakeup" -> Shape.Number
            "events" -> Shape.Among
            else -> action.outcome
        }

    companion object {
        private val EXPECTED = listOf("expect", "wakeup", "events")

        /** Reads one of the array `steps`. */
        fun read(
            index: Int,
            value: JsonNode,
        ): Step {
            val reader = Reader(value, "step $index")
            val at = within("step $index") { reader.number("at") }
            val place = "step $index (${value["do"]?.asText()} at ${value["at"].asText()})"
            return within(place) {
                val action = reader.choice("do", ACTIONS)(reader)
                // What comes at the store is nobody's step, and these keys are unknown there.
                val keys = if (action is Action.ChangeStore) emptyList() else EXPECTED
                val session = if (action is Action.ChangeStore || !reader.has("session")) null else reader.text("session")
                val expected = keys.filter(reader::has).associateWith(reader::take)
                val signs = if (action is Action.ChangeStore) null else reader.flagOrNull("signs")
                reader.end()
                Step(at, session, action, place, expected, signs ?: true)
            }
        }
    }
}

/** What is done. `name` is the scenario's for the flight that it leads or the token that it gets, `of` names one. */
internal sealed interface Action {
    /** What may be expected of it. */
    val outcome: Shape get() = Shape.OUTCOME

    /** Whether it is a mistake where the sessions share no store. */
    val needsStore: Boolean get() = false

    /** A caller wants a token. */
    class Acquire(
        val name: String?,
    ) : Action

    /** The hot path. */
    data object Peek : Action

    /** A flight's answer came, or it failed. */
    class Finish(
        val result: Result,
        val of: String?,
        val name: String?,
    ) : Action

    /** The leader is gone. */
    class Abandon(
        val of: String?,
    ) : Action

    /** An API refused the token. */
    class Refuse(
        val status: UInt,
        val wwwAuthenticate: List<String>,
        val body: ByteArray,
        val of: String?,
    ) : Action {
        override val outcome: Shape get() = Shape.Exact
    }

    /** The background's turn. */
    class Wake(
        val name: String?,
    ) : Action

    /** Somebody acquires every so many seconds, and each flight ends in the same way. */
    class Outage(
        val until: Double,
        val every: Double,
        val result: Result,
    ) : Action {
        override val outcome: Shape get() = Shape.OUTAGE
    }

    /** Settings have new values. */
    class ChangeSecret(
        val changes: ObjectNode,
    ) : Action

    /** Keep a snapshot. */
    class Save(
        val name: String,
    ) : Action

    /** A new session from a snapshot that was kept. */
    class Restart(
        val of: String,
    ) : Action

    /** A new session from a text. */
    class RestartFrom(
        val snapshot: String,
    ) : Action

    /** Another process renewed. */
    class Adopt(
        val of: String,
    ) : Action

    /** Forget the tokens and every flight. Only with a store it has a name. */
    class SignOut(
        val name: String?,
    ) : Action {
        override val needsStore get() = name != null
    }

    /** Somebody signs in: in a browser, or on another device. */
    class SignIn(
        val redirectUri: String?,
        val isOnDevice: Boolean,
        val name: String?,
    ) : Action

    /** The browser came back. */
    class Redirect(
        val url: String,
        val of: String?,
        val name: String?,
    ) : Action

    /** A flight tries again to get the lock, or looks whether its pause is over. */
    class GoOn(
        val of: String?,
        val name: String?,
    ) : Action

    /** A flight has waited long enough for the lock. */
    class GiveUp(
        val of: String?,
        val name: String?,
    ) : Action {
        override val needsStore get() = true
    }

    /** Something happens to the store. Null leaves it as it is. */
    class ChangeStore(
        val fails: Set<Store.Operation>?,
        val losesLock: Boolean,
        val isHeld: Boolean?,
        /** A text, or JSON's null for nothing. */
        val snapshot: JsonNode?,
    ) : Action {
        override val needsStore get() = true
    }

    /** The process is gone. */
    data object End : Action
}

/** How a flight's request ended. */
internal sealed interface Result {
    class Failure(
        val kind: FailureKind,
    ) : Result

    class Answer(
        val status: UInt,
        val headerNames: List<String>,
        val headerValues: List<String>,
        val body: ByteArray,
    ) : Result {
        companion object {
            /** Reads it from the key `answer`. */
            fun read(value: JsonNode): Answer {
                val reader = Reader(value, "`answer`")
                val status = reader.status("status")
                val headers = reader.takeOrNull("headers")
                val pairs = if (headers == null) emptyList() else pairs(headers)
                val text = if (reader.has("body")) reader.text("body") else ""
                val body = reader.textOrNull("body_base64")?.let(::bytes) ?: text.toByteArray()
                reader.end()
                return Answer(status, pairs.map { it[0] }, pairs.map { it[1] }, body)
            }

            private fun pairs(headers: JsonNode): List<List<String>> {
                val pairs = headers.takeIf { it.isArray }?.map { it.textsOrNull().orEmpty() }
                if (pairs == null || pairs.any { it.size != 2 }) {
                    throw ScenarioException("`headers`: an array of names and values is wanted")
                }
                return pairs
            }

            /** Java's decoder takes what lacks its padding (RFC 4648 §3.2) too. */
            private fun bytes(base64: String): ByteArray {
                val bytes = runCatching { Base64.getDecoder().decode(base64) }.getOrNull()
                if (bytes == null || Base64.getEncoder().encodeToString(bytes) != base64) {
                    throw ScenarioException("`body_base64`: base64 is wanted, $base64 stands there")
                }
                return bytes
            }
        }
    }
}

private val FAILURES =
    mapOf(
        "connect" to FailureKind.CONNECT,
        "timeout" to FailureKind.TIMEOUT,
        "interrupted" to FailureKind.INTERRUPTED,
    )

private val ACTIONS: Map<String, (Reader) -> Action> =
    mapOf(
        "acquire" to { reader -> Action.Acquire(reader.textOrNull("as")) },
        "peek" to { Action.Peek },
        "answer" to { reader -> finish(answer(reader), reader) },
        "fail" to { reader -> finish(failure(reader), reader) },
        "abandon" to { reader -> Action.Abandon(reader.textOrNull("of")) },
        "refuse" to ::refuse,
        "wake" to { reader -> Action.Wake(reader.textOrNull("as")) },
        "outage" to ::outage,
        "change_secret" to ::changeSecret,
        "save" to { reader -> Action.Save(reader.text("as")) },
        "restart" to ::restart,
        "adopt" to { reader -> Action.Adopt(reader.text("of")) },
        "sign_out" to { reader -> Action.SignOut(reader.textOrNull("as")) },
        "sign_in" to ::signIn,
        "redirect" to { reader -> Action.Redirect(reader.text("url"), reader.textOrNull("of"), reader.textOrNull("as")) },
        "go_on" to { reader -> Action.GoOn(reader.textOrNull("of"), reader.textOrNull("as")) },
        "give_up" to { reader -> Action.GiveUp(reader.textOrNull("of"), reader.textOrNull("as")) },
        "store" to ::changeStore,
        "end" to { Action.End },
    )

private fun answer(reader: Reader): Result = Result.Answer.read(reader.take("answer"))

private fun failure(reader: Reader): Result = Result.Failure(reader.choice("failure", FAILURES))

private fun finish(
    result: Result,
    reader: Reader,
): Action = Action.Finish(result, reader.textOrNull("of"), reader.textOrNull("as"))

private fun refuse(reader: Reader): Action {
    val fields = reader.takeOrNull("www_authenticate") ?: NULL
    val values =
        when {
            fields.isNull -> emptyList()
            fields.isTextual -> listOf(fields.textValue())
            else -> fields.textsOrNull()
        }
    if (values == null) throw ScenarioException("`www_authenticate`: a text or an array of texts is wanted")
    val body = if (reader.has("body")) reader.text("body") else ""
    return Action.Refuse(reader.status("status"), values, body.toByteArray(), reader.textOrNull("of"))
}

private fun outage(reader: Reader): Action {
    if (reader.has("answer") == reader.has("failure")) {
        throw ScenarioException("one of the keys `answer` and `failure` is wanted")
    }
    val result = if (reader.has("answer")) answer(reader) else failure(reader)
    val every = reader.number("every")
    if (every <= 0) throw ScenarioException("`every` must be more than 0")
    return Action.Outage(reader.number("until"), every, result)
}

private fun changeSecret(reader: Reader): Action {
    val changes = reader.objectNode("connection")
    checkSettings(changes)
    return Action.ChangeSecret(changes)
}

private fun restart(reader: Reader): Action {
    val (of, snapshot) = reader.textOrNull("of") to reader.textOrNull("snapshot")
    return when {
        of != null && snapshot == null -> Action.Restart(of)
        of == null && snapshot != null -> Action.RestartFrom(snapshot)
        else -> throw ScenarioException("one of the keys `of` and `snapshot` is wanted")
    }
}

private fun signIn(reader: Reader): Action {
    val redirectUri = reader.textOrNull("redirect_uri")
    val isOnDevice = reader.flagOrNull("device") ?: false
    if (isOnDevice && redirectUri != null) {
        throw ScenarioException("no browser comes back from a `device`: `redirect_uri` is not wanted")
    }
    return Action.SignIn(redirectUri, isOnDevice, reader.textOrNull("as"))
}

private val OPERATIONS = Store.Operation.entries.associateBy { it.name.lowercase() }

private fun changeStore(reader: Reader): Action {
    val fails = reader.choicesOrNull("fails", OPERATIONS)
    val losesLock = reader.flagOrNull("loses_lock") ?: false
    val isHeld = reader.flagOrNull("held")
    val snapshot = reader.takeOrNull("snapshot")
    if (snapshot != null && !snapshot.isNull && !snapshot.isTextual) {
        throw ScenarioException("`snapshot`: a text or null is wanted, $snapshot stands there")
    }
    return Action.ChangeStore(fails, losesLock, isHeld, snapshot)
}
