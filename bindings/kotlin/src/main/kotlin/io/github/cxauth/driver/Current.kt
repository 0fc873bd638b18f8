package io.github.cxauth.driver

import io.github.cxauth.AccessToken
import io.github.cxauth.bridge.Token

/** The token in service, read from the bridge once for all requests. */
internal class Current private constructor(
    val token: AccessToken,
    private val generation: Double,
    /** Until when it can be used without asking the session. */
    private val freshUntil: Double,
) {
    fun isFresh(now: Long): Boolean = now < freshUntil

    fun isOf(token: Token): Boolean = generation == token.generation() && freshUntil == freshUntil(token)

    companion object {
        fun of(token: Token): Current = Current(token.translated(), token.generation(), freshUntil(token))

        private fun freshUntil(token: Token): Double = token.freshUntilMs() ?: Double.POSITIVE_INFINITY
    }
}
