package io.github.cxauth.vectors

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.ObjectNode

/** Two times closer than this are equal: seconds. The rest is room for the rounding of floats. */
private const val TOLERANCE = 0.001 + 1e-6

/** What a value may look like, and how it is compared: only the keys that the expectation names. */
internal sealed interface Shape {
    /** Equal as it stands. */
    data object Exact : Shape

    /** A number, or a range `[low, high]`. */
    data object Number : Shape

    /** An object with these keys. */
    data class Keys(
        val shapes: Map<String, Shape>,
    ) : Shape {
        constructor(vararg shapes: Pair<String, Shape>) : this(mapOf(*shapes))
    }

    /** An object with any keys: those named are equal. */
    data object Named : Shape

    /** An array of names that must be among those that came out. */
    data object Among : Shape

    /** An array of names that must not be among the `headers` beside it. */
    data object Absent : Shape

    /** An array of challenges, complete. */
    data object Challenges : Shape

    /** An array of addresses, complete, or an error. */
    data object Addresses : Shape

    companion object {
        private val TOKEN = Keys("headers" to Named, "expires_at" to Number, "scopes" to Exact)
        private val REQUEST =
            Keys(
                "method" to Exact,
                "url" to Exact,
                "headers" to Named,
                "absent_headers" to Absent,
                "form" to Exact,
                "json" to Exact,
                "body" to Exact,
            )
        private val ERROR = Keys("action" to Exact, "code" to Exact, "server_error" to Exact)

        /** What a step of a session comes out as. */
        val OUTCOME: Shape =
            Keys(
                "token" to TOKEN,
                "lead" to Keys("token" to TOKEN, "request" to REQUEST),
                "follow" to Keys("token" to TOKEN),
                "locked" to Keys("token" to TOKEN),
                "wait" to Keys("until" to Number, "error" to ERROR),
                "error" to ERROR,
                "no_token" to Keys("server_error" to Exact),
                "authorize" to Keys("url" to Exact, "parameters" to Exact),
                "prompt" to
                    Keys(
                        "user_code" to Exact,
                        "verification_uri" to Exact,
                        "verification_uri_complete" to Exact,
                        "expires_at" to Number,
                        "ask_at" to Number,
                    ),
                "pause" to Keys("until" to Number),
            )

        /** What is wrong with an issuer's address or its metadata. */
        val FAILURE: Shape = Keys("error" to ERROR)

        /** What a server's metadata comes out as. */
        val METADATA: Shape = Keys("settings" to Exact, "error" to ERROR)

        /** What an outage comes out as. */
        val OUTAGE: Shape = Keys("requests" to Number)
    }
}

/**
 * Looks whether the expectation can be one of this shape: every key is known.
 *
 * @throws ScenarioException when it cannot.
 */
internal fun check(
    shape: Shape,
    expected: JsonNode,
    path: String,
) {
    expected.anyOf()?.let { options -> return options.forEach { check(shape, it, path) } }
    expected.not()?.let { return check(shape, it, path) }

    fun want(
        holds: Boolean,
        wanted: String,
    ) {
        if (!holds) throw ScenarioException("$path: $wanted is wanted, $expected stands there")
    }
    when (shape) {
        Shape.Exact -> Unit
        Shape.Number -> want(expected.isNull || expected.range() != null, "a number or a range [low, high]")
        Shape.Named -> want(expected.isObject, "an object")
        Shape.Among, Shape.Absent -> want(expected.textsOrNull() != null, "an array of names")
        Shape.Challenges -> {
            want(expected.isNull || expected.isArray, "an array of challenges")
            expected.forEach { check(CHALLENGE, it, path) }
        }
        Shape.Addresses ->
            if (expected.isObject) {
                check(Shape.FAILURE, expected, path)
            } else {
                want(expected.textsOrNull() != null, "an array of addresses or an error")
            }
        is Shape.Keys -> {
            want(expected.isNull || expected.isObject, "an object")
            for ((key, value) in expected.properties()) {
                val inner = shape.shapes[key] ?: throw ScenarioException("unknown key `$key` in $path")
                check(inner, value, "$path.$key")
            }
        }
    }
}

/** What differs, each with its place; empty when the expectation holds. */
internal fun compare(
    shape: Shape,
    expected: JsonNode,
    actual: JsonNode,
    path: String,
): List<String> {
    expected.anyOf()?.let { options ->
        val tried = options.map { compare(shape, it, actual, path) }
        if (tried.any { it.isEmpty() }) return emptyList()
        return listOf("$path: none of any_of holds (${tried.joinToString(" | ") { it.joinToString("; ") }})")
    }
    expected.not()?.let { not ->
        if (compare(shape, not, actual, path).isNotEmpty()) return emptyList()
        return listOf("$path: not $not was expected, $actual came out")
    }
    if (expected is ObjectNode && actual is ObjectNode) {
        if (shape == Shape.Addresses) return compare(Shape.FAILURE, expected, actual, path)
        if (shape is Shape.Keys) return compareKeys(shape, expected, actual, path)
        if (shape == Shape.Named) {
            return expected.properties().flatMap { (name, value) ->
                compare(Shape.Exact, value, actual[name] ?: NULL, "$path.$name")
            }
        }
    }
    if (shape == Shape.Absent && actual.isObject) {
        return expected
            .textsOrNull()
            .orEmpty()
            .filter(actual::has)
            .map { "$path: $it is there" }
    }
    if (shape == Shape.Challenges && expected.isArray && actual.isArray && expected.size() == actual.size()) {
        return expected.flatMapIndexed { index, one -> compareChallenge(one, actual[index], "$path[$index]") }
    }
    return if (holds(
            shape,
            expected,
            actual,
        )
    ) {
        emptyList()
    } else {
        listOf("$path: $expected was expected, $actual came out")
    }
}

private val CHALLENGE = Shape.Keys("scheme" to Shape.Exact, "token68" to Shape.Exact, "parameters" to Shape.Exact)

private fun compareKeys(
    shape: Shape.Keys,
    expected: ObjectNode,
    actual: ObjectNode,
    path: String,
): List<String> =
    expected.properties().flatMap { (key, value) ->
        val inner = shape.shapes.getValue(key)
        val cameOut = actual[if (inner == Shape.Absent) "headers" else key]
        if (cameOut == null) {
            listOf("$path.$key was expected, ${actual.named()} came out")
        } else {
            compare(inner, value, cameOut, "$path.$key")
        }
    }

/** No `token68` in the expectation means that there is none. */
private fun compareChallenge(
    expected: JsonNode,
    actual: JsonNode,
    path: String,
): List<String> {
    val differences = compare(CHALLENGE, expected, actual, path)
    val saysAll = expected.isObject && expected.anyOf() == null && expected.not() == null
    if (!saysAll || expected.has("token68") || !actual.has("token68")) return differences
    return differences + "$path.token68: none was expected, ${actual["token68"]} came out"
}

private fun holds(
    shape: Shape,
    expected: JsonNode,
    actual: JsonNode,
): Boolean {
    if (shape == Shape.Number && !expected.isNull) {
        val range = expected.range()
        return range != null &&
            actual.isNumber &&
            actual.doubleValue() in range.start - TOLERANCE..range.endInclusive + TOLERANCE
    }
    if (shape == Shape.Among && actual.isArray) {
        return actual.textsOrNull().orEmpty().containsAll(expected.textsOrNull().orEmpty())
    }
    return expected == actual
}

private fun JsonNode.anyOf(): List<JsonNode>? = operator("any_of")?.takeIf { it.isArray }?.toList()

private fun JsonNode.not(): JsonNode? = operator("not")

/** The value of the object's one key, if that is the key. */
private fun JsonNode.operator(key: String): JsonNode? = if (isObject && size() == 1) get(key) else null

private fun JsonNode.range(): ClosedFloatingPointRange<Double>? {
    val ends = if (isArray) toList() else listOf(this, this)
    return if (ends.size == 2 && ends.all { it.isNumber }) ends[0].doubleValue()..ends[1].doubleValue() else null
}

private fun ObjectNode.named(): String =
    // `no_token` is another name for the wait or the error that stands beside it.
    properties().filter { (name, _) -> name != "no_token" }.joinToString { (name, value) -> "$name $value" }
