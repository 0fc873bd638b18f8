// What the bridge says, in the types of this package. A bridge object is asked once and freed.

package io.github.cxauth.driver

import io.github.cxauth.AccessToken
import io.github.cxauth.CxAction
import io.github.cxauth.CxEvent
import io.github.cxauth.CxEventKind
import io.github.cxauth.CxException
import io.github.cxauth.CxHeaders
import io.github.cxauth.CxState
import io.github.cxauth.Secret
import io.github.cxauth.TokenRequest
import io.github.cxauth.bridge.AuthException
import io.github.cxauth.bridge.ErrorDetails
import io.github.cxauth.bridge.SessionEvent
import io.github.cxauth.bridge.SessionEventKind
import io.github.cxauth.bridge.SessionState
import io.github.cxauth.bridge.Token
import java.time.Instant
import io.github.cxauth.bridge.TokenRequest as BridgeRequest

/** The same call, with the exception that users see. */
internal inline fun <T> translating(call: () -> T): T =
    try {
        call()
    } catch (e: AuthException) {
        throw e.translated()
    }

internal fun AuthException.translated(): CxException =
    when (this) {
        is AuthException.Failed ->
            CxException(
                message = explanation,
                code = code,
                action = action(action),
                retryAt = retryAtMs?.let(::instant),
                status = status?.toInt(),
                serverError = serverError,
                serverDescription = serverDescription,
            )
    }

internal fun ErrorDetails.translated(): CxException =
    use {
        CxException(
            message = explanation(),
            code = code(),
            action = action(action()),
            retryAt = retryAtMs()?.let(::instant),
            status = status()?.toInt(),
            serverError = serverError(),
            serverDescription = serverDescription(),
        )
    }

internal fun Token.translated(): AccessToken =
    AccessToken(
        secret = Secret(value()),
        headers = CxHeaders(headerName(), Secret(headerValue()), apiHeaderNames().zip(apiHeaderValues())),
        scopes = scopes(),
        generation = generation().toLong(),
        expiresAt = expiresAtMs()?.let(::instant),
        usableUntil = usableUntilMs()?.let(::instant),
    )

internal fun BridgeRequest.translated(): TokenRequest =
    use { TokenRequest(method(), url(), headerNames().zip(headerValues()), body()) }

internal fun SessionEvent.translated(): CxEvent =
    CxEvent(
        kind =
            when (kind()) {
                SessionEventKind.RENEWED -> CxEventKind.RENEWED
                SessionEventKind.WAITING -> CxEventKind.WAITING
                SessionEventKind.DEGRADED -> CxEventKind.DEGRADED
                SessionEventKind.REFUSED -> CxEventKind.REFUSED
                SessionEventKind.SIGNED_OUT -> CxEventKind.SIGNED_OUT
                SessionEventKind.EXPIRING -> CxEventKind.EXPIRING
                SessionEventKind.OTHER, SessionEventKind.NOTHING -> CxEventKind.OTHER
            },
        at = instant(atMs() ?: 0.0),
        generation = generation().toLong(),
        until = untilMs()?.let(::instant),
        error = if (hasError()) error().translated() else null,
    )

internal fun SessionState.translated(): CxState =
    when (this) {
        SessionState.EMPTY -> CxState.EMPTY
        SessionState.RENEWING -> CxState.RENEWING
        SessionState.FRESH -> CxState.FRESH
        SessionState.DUE -> CxState.DUE
        SessionState.RENEWING_EARLY -> CxState.RENEWING_EARLY
        SessionState.DEGRADED -> CxState.DEGRADED
        SessionState.WAITING -> CxState.WAITING
        SessionState.DENIED -> CxState.DENIED
    }

internal fun instant(millis: Double): Instant = Instant.ofEpochMilli(millis.toLong())

/** The words are frozen; one that a newer core adds is nothing that this program could mend. */
private fun action(word: String): CxAction =
    CxAction.entries.firstOrNull { it.name.equals(word, ignoreCase = true) } ?: CxAction.REPORT
