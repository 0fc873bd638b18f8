package io.github.cxauth

import java.util.function.BiConsumer

/**
 * The header fields of an API request: the credential and the connection's own `api_headers`. Each replaces what a request has
 * under its name (RFC 6750 §2: one credential a request). Names are in lower case.
 *
 * ```
 * cx.headers(url).forEach { name, value -> connection.setRequestProperty(name, value) }
 * ```
 */
public class CxHeaders internal constructor(
    /** The name of the field that carries the token. */
    public val credentialName: String,
    private val credential: Secret,
    private val others: List<Pair<String, String>>,
) {
    /** The fields' names, the credential's first. */
    public val names: List<String> = listOf(credentialName) + others.map { it.first }

    /** That field's value, which is a secret for [credentialName]; null for a name that is not among [names]. */
    public operator fun get(name: String): String? =
        when {
            name.equals(credentialName, ignoreCase = true) -> credential.reveal()
            else -> others.firstOrNull { it.first.equals(name, ignoreCase = true) }?.second
        }

    /** Calls [action] with each name and value. */
    public fun forEach(action: BiConsumer<String, String>) {
        action.accept(credentialName, credential.reveal())
        others.forEach { (name, value) -> action.accept(name, value) }
    }

    /** The fields as a map of the usual kind, which prints all of them. */
    public fun toMap(): Map<String, String> = buildMap { this@CxHeaders.forEach { name, value -> put(name, value) } }

    override fun toString(): String = "CxHeaders($names)"
}
