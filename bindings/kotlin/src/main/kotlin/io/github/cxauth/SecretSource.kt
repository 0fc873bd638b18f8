package io.github.cxauth

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import java.util.concurrent.Callable

/**
 * Where a secret comes from. A [Secret] is there already; every other source is read when the secret is needed, and again when
 * it is needed again: a secret that was changed at its source is picked up without a restart.
 *
 * ```
 * val cx = CxClient.ciscoCxCloud("key", SecretSource.environment("CISCO_SECRET"))
 * ```
 */
public sealed class SecretSource {
    /** As a connection's settings have it; a function is known by the name of its setting. */
    internal abstract fun toJson(setting: String): JsonElement

    /** The program's own function, if it is one. */
    internal open val function: (suspend () -> Secret)? get() = null

    public companion object {
        /** This very text. */
        @JvmStatic
        public fun value(text: String): SecretSource = Secret(text)

        /** The environment variable of this name. */
        @JvmStatic
        public fun environment(name: String): SecretSource = Place("environment variable $name") { put("env", name) }

        /** The file at this path, without one trailing line break. */
        @JvmStatic
        public fun file(path: String): SecretSource = Place("file $path") { put("file", path) }

        /**
         * The standard output of a program, without one trailing line break. [words] are the program and its arguments; no shell
         * reads them. It has 20 seconds.
         */
        @JvmStatic
        public fun command(vararg words: String): SecretSource =
            // Its arguments may say more than a log should know.
            Place("command ${words.firstOrNull().orEmpty()}") { putJsonArray("command") { words.forEach { add(it) } } }

        /**
         * A function of the program's own: a vault, Android's Keystore, a dialogue. It runs on a thread of the client's and has 20
         * seconds. The message of what it throws becomes part of the [CxException]: there must be no secret in it.
         *
         * ```
         * val cx = CxClient.ciscoCxCloud("key", SecretSource.function { Secret(vault.read("cisco")) })
         * ```
         */
        @JvmStatic
        public fun function(function: suspend () -> Secret): SecretSource = FunctionSource(function)

        /** [function] for Java; it may block. */
        @JvmStatic
        public fun callable(function: Callable<Secret>): SecretSource = FunctionSource { function.call() }
    }
}

/**
 * A text that nothing prints: neither [toString] nor a library that turns objects into JSON or bytes. [reveal] is the one way to
 * it.
 *
 * ```
 * println(Secret("s3cret")) // Secret(…)
 * ```
 */
public class Secret(
    text: String,
) : SecretSource() {
    // Transient: libraries that read fields leave it out.
    @Transient
    private val text: String = text

    /** The text itself. */
    public fun reveal(): String = text

    override fun toJson(setting: String): JsonElement = JsonPrimitive(text)

    override fun toString(): String = "Secret(…)"
}

private class Place(
    private val place: String,
    private val member: JsonObjectBuilder.() -> Unit,
) : SecretSource() {
    override fun toJson(setting: String): JsonElement = buildJsonObject(member)

    override fun toString(): String = "SecretSource($place)"
}

private class FunctionSource(
    override val function: suspend () -> Secret,
) : SecretSource() {
    override fun toJson(setting: String): JsonElement = buildJsonObject { put("function", setting) }

    override fun toString(): String = "SecretSource(function)"
}
