package io.github.cxauth

import java.time.Duration

/**
 * What a function of the program's own brings, see [CxClientBuilder.provide].
 *
 * ```
 * val cx = CxClient {
 *     apiBase = "https://api.example/v1/"
 *     provide = suspend { ProvidedToken(backend.freshToken(), Duration.ofMinutes(10)) }
 * }
 * ```
 *
 * @param token the token itself
 * @property expiresIn how long it still lives; null when that is unknown: then it is used until an API refuses it
 * @property scopes what it is good for
 */
public class ProvidedToken
    @JvmOverloads
    constructor(
        token: String,
        public val expiresIn: Duration? = null,
        public val scopes: List<String> = emptyList(),
    ) {
        internal val secret = Secret(token)

        override fun toString(): String = "ProvidedToken(expiresIn=$expiresIn, scopes=$scopes)"
    }
