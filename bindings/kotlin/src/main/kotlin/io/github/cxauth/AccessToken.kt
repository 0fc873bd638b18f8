package io.github.cxauth

import java.time.Instant

/**
 * An access token with what a request needs to carry it. It prints nothing secret.
 *
 * ```
 * val token = cx.token()
 * println(token) // AccessToken(generation=1, expiresAt=2026-05-01T12:00:00Z)
 * ```
 */
public class AccessToken internal constructor(
    private val secret: Secret,
    /** The header fields that every API request carries, the credential's own among them. */
    public val headers: CxHeaders,
    /** What was granted; null when neither the answer nor the connection names any scope (RFC 6749 §3.3). */
    public val scopes: List<String>?,
    /** Which token of its client it is. Later ones have higher numbers. */
    public val generation: Long,
    /** When the server ends it; null when that is unknown. */
    public val expiresAt: Instant?,
    /** Until when the client hands it out: a little before its end. */
    public val usableUntil: Instant?,
) {
    /** The token's text: a secret. */
    public fun reveal(): String = secret.reveal()

    override fun toString(): String = "AccessToken(generation=$generation, expiresAt=$expiresAt)"
}
