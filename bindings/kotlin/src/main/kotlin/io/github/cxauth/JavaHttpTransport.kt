package io.github.cxauth

import io.github.cxauth.driver.reason
import io.github.cxauth.javahttp.bare
import java.io.IOException
import java.net.ConnectException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpConnectTimeoutException
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.ByteBuffer
import java.nio.channels.UnresolvedAddressException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.ExecutionException
import java.util.concurrent.Flow
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import javax.net.ssl.SSLHandshakeException

/**
 * Sends token requests with `java.net.http`, which the JVM has from version 11 on and Android has not. From [base] it takes the way to
 * the network: proxy, TLS. It has no cookies, redirects or authenticators, and each request has a connection of its own.
 */
public class JavaHttpTransport
    @JvmOverloads
    constructor(
        private val base: HttpClient? = null,
    ) : TokenTransport {
        override fun send(
            request: TokenRequest,
            timeout: Duration,
        ): TokenAnswer {
            val sending = client().sendAsync(translate(request)) { Start(request.maxBody) }
            try {
                return answer(sending.get(timeout.toMillis(), TimeUnit.MILLISECONDS))
            } catch (_: TimeoutException) {
                throw TokenRequestException(TokenFailure.TIMEOUT, "no answer in time")
            } catch (e: ExecutionException) {
                throw failure(e.cause ?: e)
            } finally {
                sending.cancel(true)
            }
        }

        override fun toString(): String = "JavaHttpTransport"

        /** A new one: no request goes out on an idle connection that the server may have closed already. */
        private fun client(): HttpClient =
            bare(base)
                // What HTTP/2 would save is a second request on one connection; its upgrade sends a secret's request in two ways.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build()

        private fun translate(request: TokenRequest): HttpRequest =
            try {
                val builder = HttpRequest.newBuilder(URI(request.url))
                builder.method(request.method, body(request))
                request.headers().forEach { (name, value) -> builder.setHeader(name, value) }
                builder.build()
            } catch (_: IllegalArgumentException) {
                // Its message may hold the value that is wrong.
                throw TokenRequestException(TokenFailure.CONNECT, "the request cannot be built")
            }

        private fun body(request: TokenRequest): HttpRequest.BodyPublisher =
            if (request.method == "GET") {
                HttpRequest.BodyPublishers.noBody()
            } else {
                HttpRequest.BodyPublishers.ofByteArray(request.body())
            }

        private fun answer(response: HttpResponse<ByteArray>): TokenAnswer {
            val headers = response.headers().map().flatMap { (name, values) -> values.map { name to it } }
            return TokenAnswer(response.statusCode(), headers, response.body())
        }

        private fun failure(e: Throwable): IOException =
            when (e) {
                // The connection itself did not come about: nothing of the request was sent.
                is HttpConnectTimeoutException, is ConnectException, is UnresolvedAddressException, is SSLHandshakeException ->
                    TokenRequestException(TokenFailure.CONNECT, "cannot connect: ${reason(e)}")
                else -> TokenRequestException(TokenFailure.INTERRUPTED, "broken off: ${reason(e)}")
            }

        private companion object {
            val CONNECT: Duration = Duration.ofSeconds(10)
        }
    }

/** The start of a body: one byte more than is allowed, whatever length the server claims. */
private class Start(
    longest: Int,
) : HttpResponse.BodySubscriber<ByteArray> {
    private val body = CompletableFuture<ByteArray>()
    private val start = ByteArray(longest + 1)
    private var length = 0
    private var subscription: Flow.Subscription? = null

    override fun getBody(): CompletionStage<ByteArray> = body

    override fun onSubscribe(subscription: Flow.Subscription) {
        this.subscription = subscription
        subscription.request(Long.MAX_VALUE)
    }

    override fun onNext(buffers: List<ByteBuffer>) {
        for (buffer in buffers) {
            val count = minOf(buffer.remaining(), start.size - length)
            buffer.get(start, length, count)
            length += count
        }
        if (length == start.size) {
            subscription?.cancel()
            onComplete()
        }
    }

    override fun onError(error: Throwable) {
        body.completeExceptionally(error)
    }

    override fun onComplete() {
        body.complete(start.copyOf(length))
    }
}
