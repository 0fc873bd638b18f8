package io.github.cxauth.driver

import io.github.cxauth.AccessToken
import io.github.cxauth.bridge.Token

/** The token in service, read from the bridge once for all requests. */
internal class Current private constructor(
    val token: AccessToken,
    private val generation: Double,
    private val freshUntil: Double,
) {
    /** Until when it can be used without asking the session, in Unix milliseconds. */
    @Volatile
    private var servesUntil = 0.0

    fun serves(now: Long): Boolean = now < servesUntil

    fun isOf(token: Token): Boolean = generation == token.generation() && freshUntil == freshUntil(token)

    /** Nothing is due before the token's own time. */
    fun serveWhileFresh() {
        servesUntil = freshUntil
    }

    /** A renewal is under way or held back, and somebody has to look now and then. */
    fun serveBriefly(now: Double) {
        val usableUntil = token.usableUntil?.toEpochMilli()?.toDouble() ?: Double.POSITIVE_INFINITY
        servesUntil = minOf(now + BRIEFLY, usableUntil)
    }

    companion object {
        /** A session is asked ten times a second at most; each time costs a hundred times as much as a request without it. */
        private const val BRIEFLY = 100.0

        fun of(token: Token): Current = Current(token.translated(), token.generation(), freshUntil(token))

        private fun freshUntil(token: Token): Double = token.freshUntilMs() ?: Double.POSITIVE_INFINITY
    }
}
