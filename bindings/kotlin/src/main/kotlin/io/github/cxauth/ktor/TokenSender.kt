package io.github.cxauth.ktor

import io.github.cxauth.driver.Current
import io.github.cxauth.driver.Keeper
import io.github.cxauth.driver.Origin
import io.github.cxauth.driver.Refusals
import io.github.cxauth.driver.acquire
import io.ktor.client.call.HttpClientCall
import io.ktor.client.call.replaceResponse
import io.ktor.client.plugins.isSaved
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.http.HttpHeaders
import io.ktor.http.content.OutgoingContent
import io.ktor.util.AttributeKey
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.InternalAPI
import io.ktor.utils.io.availableForRead
import io.ktor.utils.io.peek
import kotlinx.io.IOException

/** Sends one hop. Ktor follows redirects around it and comes with each; what is put on here never gets there. */
internal class TokenSender(
    private val keeper: Keeper,
    private val request: HttpRequestBuilder,
    private val proceed: suspend (HttpRequestBuilder) -> HttpClientCall,
) {
    private val url = request.url.build()
    private val origin = Origin(url.protocol.name, url.host, url.port)

    /** What is known of the hops before this one; null on the first. */
    private val trail = request.attributes.getOrNull(TRAIL)

    suspend fun send(): HttpClientCall {
        val allowed = if (url.user == null && url.password == null) keeper.allows(origin) else keeper.allows(url.toString())
        if (trail == null) {
            if (!allowed) keeper.refuseDestination(url.toString())
            request.attributes.put(TRAIL, Trail(origin))
            return authorized()
        }
        val left = if (trail.origin == origin) emptyList() else PRIVATE
        return without(left + listOfNotNull(trail.credential)) { if (allowed) authorized() else proceed(request) }
    }

    private suspend fun authorized(): HttpClientCall {
        val (call, isRefused) = attempt()
        if (!isRefused || !request.body.canBeSentAgain()) return call
        // Sending again closes the answer that was refused.
        return attempt().first
    }

    /** The answer, and whether it refuses the token such that another one may help. */
    @OptIn(InternalAPI::class)
    private suspend fun attempt(): Pair<HttpClientCall, Boolean> {
        val current = keeper.acquire()
        val headers = current.token.headers
        request.attributes[TRAIL].credential = headers.credentialName
        val call =
            without(headers.names) {
                headers.forEach { name, value -> request.headers[name] = value }
                proceed(request)
            }
        val status = call.response.status.value
        if (!Refusals.mayBe(status)) return call to false
        if (!Refusals.isInBody(status, call.response.headers[HttpHeaders.ContentType])) {
            return call to isRefused(current, call, ByteArray(0))
        }
        val body = call.response.rawContent
        val isRefused = isRefused(current, call, body.start())
        // A body that streams is there once.
        return (if (call.response.isSaved) call else call.replaceResponse { body }) to isRefused
    }

    private fun isRefused(
        current: Current,
        call: HttpClientCall,
        start: ByteArray,
    ): Boolean {
        val challenges =
            call.response.headers
                .getAll(HttpHeaders.WWWAuthenticate)
                .orEmpty()
        return keeper.refused(current.token.generation, call.response.status.value, challenges, start)
    }

    /** Sends without these header fields of the request's own, which are there again afterwards. */
    private suspend fun <T> without(
        names: Collection<String>,
        send: suspend () -> T,
    ): T {
        val own = names.mapNotNull { name -> request.headers.getAll(name)?.let { name to it.toList() } }
        names.forEach(request.headers::remove)
        try {
            return send()
        } finally {
            names.forEach(request.headers::remove)
            own.forEach { (name, values) -> request.headers.appendAll(name, values) }
        }
    }

    /** Where the first hop went, and which header field carried the token. */
    private class Trail(
        val origin: Origin,
    ) {
        @Volatile
        var credential: String? = null
    }

    private companion object {
        val TRAIL = AttributeKey<Trail>("CxAuthTrail")
        val PRIVATE = listOf(HttpHeaders.Authorization, HttpHeaders.Cookie, HttpHeaders.ProxyAuthorization)
    }
}

/** As much as is looked at, without taking it. Whoever reads the body meets the same error. */
private suspend fun ByteReadChannel.start(): ByteArray =
    try {
        awaitContent(Refusals.BODY_START)
        peek(minOf(availableForRead, Refusals.BODY_START))?.toByteArray()
    } catch (_: IOException) {
        null
    } ?: ByteArray(0)

private fun Any.canBeSentAgain() = this is OutgoingContent.NoContent || this is OutgoingContent.ByteArrayContent
