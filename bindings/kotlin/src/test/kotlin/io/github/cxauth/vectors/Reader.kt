package io.github.cxauth.vectors

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.ArrayNode
import com.fasterxml.jackson.databind.node.ObjectNode

/** What is wrong with a scenario itself, or what differed when it ran. */
internal class ScenarioException(
    message: String,
    cause: Throwable? = null,
) : Exception(message, cause)

/** Says where, if it throws. */
internal inline fun <T> within(
    place: String,
    act: () -> T,
): T =
    try {
        act()
    } catch (error: ScenarioException) {
        throw ScenarioException("$place: ${error.message}", error)
    }

/** Takes the keys out of an object; those that nobody took are unknown. */
internal class Reader(
    value: JsonNode,
    what: String,
) {
    private val rest: MutableMap<String, JsonNode> =
        (value as? ObjectNode ?: throw ScenarioException("$what: an object is wanted, $value stands there"))
            .properties()
            .associateTo(LinkedHashMap()) { (key, inner) -> key to inner }

    /** Nothing else may stand there. */
    fun end() {
        rest.keys.firstOrNull()?.let { throw ScenarioException("unknown key `$it`") }
    }

    /** Whether the key stands there, with whatever value. */
    fun has(key: String): Boolean = key in rest

    /** The value of a key that must be there. */
    fun take(key: String): JsonNode = rest.remove(key) ?: throw ScenarioException("the key `$key` is missing")

    /** The value of a key that may be absent. */
    fun takeOrNull(key: String): JsonNode? = rest.remove(key)

    fun text(key: String): String = of(key, take(key), "a text") { textValue() }

    /** Absent is the same as null. */
    fun textOrNull(key: String): String? =
        takeOrNull(key)?.takeUnless { it.isNull }?.let { value -> of(key, value, "a text") { textValue() } }

    fun flagOrNull(key: String): Boolean? =
        takeOrNull(key)?.let { value -> of(key, value, "true or false") { takeIf { isBoolean }?.booleanValue() } }

    fun number(
        key: String,
        default: Double? = null,
    ): Double {
        if (default != null && !has(key)) return default
        return of(key, take(key), "a number") { takeIf { isNumber }?.doubleValue() }
    }

    fun objectNode(
        key: String,
        default: ObjectNode? = null,
    ): ObjectNode {
        if (default != null && !has(key)) return default
        return of(key, take(key), "an object") { this as? ObjectNode }
    }

    fun array(key: String): ArrayNode = of(key, take(key), "an array") { this as? ArrayNode }

    /** A status (RFC 9110 §15). */
    fun status(key: String): UInt =
        of(key, take(key), "a status") {
            takeIf { isIntegralNumber && canConvertToInt() && intValue() in 0..UShort.MAX_VALUE.toInt() }
                ?.intValue()
                ?.toUInt()
        }

    /** One of a few names. */
    fun <T> choice(
        key: String,
        choices: Map<String, T>,
    ): T = chosen(key, text(key), choices)

    /** Some of a few names. */
    fun <T> choicesOrNull(
        key: String,
        choices: Map<String, T>,
    ): Set<T>? =
        takeOrNull(key)
            ?.let { value -> of(key, value, "an array of names") { textsOrNull() } }
            ?.mapTo(mutableSetOf()) { chosen(key, it, choices) }

    private fun <T> chosen(
        key: String,
        name: String,
        choices: Map<String, T>,
    ): T = choices[name] ?: throw ScenarioException("`$key`: `$name` is none of ${choices.keys.joinToString()}")

    private fun <T : Any> of(
        key: String,
        value: JsonNode,
        wanted: String,
        read: JsonNode.() -> T?,
    ): T = value.read() ?: throw ScenarioException("`$key`: $wanted is wanted, $value stands there")
}

/** An array of texts, or null for anything else. */
internal fun JsonNode.textsOrNull(): List<String>? =
    if (isArray &&
        all { it.isTextual }
    ) {
        map { it.textValue() }
    } else {
        null
    }
