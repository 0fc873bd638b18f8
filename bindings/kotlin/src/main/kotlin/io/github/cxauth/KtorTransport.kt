package io.github.cxauth

import io.github.cxauth.driver.reason
import io.ktor.client.HttpClient
import io.ktor.client.engine.HttpClientEngine
import io.ktor.client.network.sockets.ConnectTimeoutException
import io.ktor.client.request.header
import io.ktor.client.request.prepareRequest
import io.ktor.client.request.setBody
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsChannel
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpMethod
import io.ktor.http.content.OutgoingContent
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.readAvailable
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.io.IOException
import java.net.ConnectException
import java.nio.channels.UnresolvedAddressException
import java.time.Duration
import javax.net.ssl.SSLHandshakeException

/**
 * Sends token requests with an engine of Ktor's, for programs that have no other HTTP client. It has no plugins, cookies or
 * redirects. The engine is yours: give it to no other client that closes it.
 *
 * ```
 * val cx = CxClient("generic") {
 *     transport = KtorTransport(CIO.create())
 *     tokenEndpoint = "https://as.example/token"
 *     clientId = "id"
 *     clientSecret = SecretSource.environment("AS_SECRET")
 * }
 * ```
 */
public class KtorTransport(
    engine: HttpClientEngine,
) : TokenTransport {
    private val client =
        HttpClient(engine) {
            followRedirects = false
            expectSuccess = false
        }

    override fun send(
        request: TokenRequest,
        timeout: Duration,
    ): TokenAnswer =
        runBlocking {
            try {
                withTimeout(timeout.toMillis()) { exchange(request) }
            } catch (_: TimeoutCancellationException) {
                throw TokenRequestException(TokenFailure.TIMEOUT, "no answer in time")
            } catch (e: CancellationException) {
                throw failure(e.cause ?: e)
            } catch (e: Exception) {
                throw failure(e)
            }
        }

    override fun toString(): String = "KtorTransport"

    private suspend fun exchange(request: TokenRequest): TokenAnswer =
        client
            .prepareRequest(request.url) {
                method = HttpMethod.parse(request.method)
                // An engine sets these of the body by itself.
                request.headers().filterNot { it.first in OF_THE_BODY }.forEach { (name, value) -> header(name, value) }
                if (method != HttpMethod.Get) setBody(Once(request))
            }.execute { read(it, request.maxBody) }

    private suspend fun read(
        response: HttpResponse,
        longest: Int,
    ): TokenAnswer {
        val body = response.bodyAsChannel()
        val start = ByteArray(longest + 1)
        var length = 0
        while (length < start.size) {
            val count = body.readAvailable(start, length)
            if (count < 0) break
            length += count
        }
        val headers = response.headers.entries().flatMap { (name, values) -> values.map { name to it } }
        return TokenAnswer(response.status.value, headers, start.copyOf(length))
    }

    private fun failure(e: Throwable): IOException =
        when (e) {
            is TokenRequestException -> e
            // The connection itself did not come about: nothing of the request was sent.
            is ConnectTimeoutException, is ConnectException, is UnresolvedAddressException, is SSLHandshakeException ->
                TokenRequestException(TokenFailure.CONNECT, "cannot connect: ${reason(e)}")
            else -> TokenRequestException(TokenFailure.INTERRUPTED, "broken off: ${reason(e)}")
        }

    /** A body that an engine may not send again, whatever becomes of the connection. */
    private class Once(
        request: TokenRequest,
    ) : OutgoingContent.ReadChannelContent() {
        private val bytes = request.body()
        override val contentLength = bytes.size.toLong()
        override val contentType =
            request
                .headers()
                .firstOrNull { it.first == "content-type" }
                ?.let { ContentType.parse(it.second) }

        override fun readFrom(): ByteReadChannel = ByteReadChannel(bytes)
    }

    private companion object {
        val OF_THE_BODY = setOf(HttpHeaders.ContentType.lowercase(), HttpHeaders.ContentLength.lowercase())
    }
}
