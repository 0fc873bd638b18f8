package io.github.cxauth.javahttp

import io.github.cxauth.driver.Current
import io.github.cxauth.driver.Keeper
import io.github.cxauth.driver.Origin
import io.github.cxauth.driver.acquire
import kotlinx.coroutines.suspendCancellableCoroutine
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.util.Collections
import java.util.Optional
import java.util.WeakHashMap
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import javax.net.ssl.SSLSession
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** One request with everything that becomes of it: a renewal, a second try, redirects. */
internal class Exchange<T>(
    private val keeper: Keeper,
    client: HttpClient,
    private val handler: HttpResponse.BodyHandler<T>,
) {
    private val follows = client.followRedirects() != HttpClient.Redirect.NEVER
    private val client = if (follows) withoutRedirects(client) else client

    suspend fun execute(request: HttpRequest): HttpResponse<T> {
        if (!keeper.allows(request.uri())) keeper.refuseDestination(request.uri().toString())
        var hop = request
        var hops = 0
        var mayRetry = true
        while (true) {
            val current = if (keeper.allows(hop.uri())) keeper.acquire() else null
            val sent = hop
            val mayFollow = follows && hops < Redirects.MOST
            val decision =
                Decision(
                    redirect = { info ->
                        if (mayFollow) Redirects.next(sent, info, current?.token?.headers?.credentialName) else null
                    },
                    isRefused = { info, start ->
                        current != null &&
                            isRefused(current, info, start) &&
                            mayRetry &&
                            sent.canBeSentAgain()
                    },
                )
            val response = send(if (current == null) sent else sent.carrying(current), DecidingHandler(handler, decision))
            when (val fate = response.body()) {
                is Fate.Delivered -> return Answer(response, sent, fate.body)
                is Fate.Refused -> mayRetry = false
                is Fate.Redirected -> {
                    hop = fate.next
                    hops++
                }
            }
        }
    }

    private fun isRefused(
        current: Current,
        info: HttpResponse.ResponseInfo,
        start: ByteArray,
    ): Boolean {
        val challenges = info.headers().allValues("WWW-Authenticate")
        return keeper.refused(current.token.generation, info.statusCode(), challenges, start)
    }

    private suspend fun <B> send(
        request: HttpRequest,
        handler: HttpResponse.BodyHandler<B>,
    ): HttpResponse<B> =
        suspendCancellableCoroutine { continuation ->
            val sending: CompletableFuture<HttpResponse<B>> = client.sendAsync(request, handler)
            continuation.invokeOnCancellation { sending.cancel(true) }
            sending.whenComplete { response, error ->
                when (error) {
                    null -> continuation.resume(response)
                    is CompletionException -> continuation.resumeWithException(error.cause ?: error)
                    else -> continuation.resumeWithException(error)
                }
            }
        }
}

/** The API's answer to the request as the program made it: without the token. */
private class Answer<T>(
    private val response: HttpResponse<*>,
    private val request: HttpRequest,
    private val body: T,
) : HttpResponse<T> {
    override fun statusCode(): Int = response.statusCode()

    override fun request(): HttpRequest = request

    override fun previousResponse(): Optional<HttpResponse<T>> = Optional.empty()

    override fun headers(): java.net.http.HttpHeaders = response.headers()

    override fun body(): T = body

    override fun sslSession(): Optional<SSLSession> = response.sslSession()

    override fun uri(): URI = response.uri()

    override fun version(): HttpClient.Version = response.version()

    override fun toString(): String = "(${request.method()} ${uri()}) ${statusCode()}"
}

internal fun URI.origin() = Origin(scheme.orEmpty().lowercase(), host.orEmpty().lowercase(), port())

internal fun HttpRequest.canBeSentAgain() = bodyPublisher().map { it.contentLength() >= 0 }.orElse(true)

private fun Keeper.allows(uri: URI) =
    when {
        uri.rawUserInfo == null && uri.host != null -> allows(uri.origin())
        else -> allows(uri.toString())
    }

private fun URI.port() =
    when {
        port >= 0 -> port
        scheme.equals("https", ignoreCase = true) -> HTTPS
        else -> HTTP
    }

private fun HttpRequest.carrying(current: Current): HttpRequest {
    val headers = current.token.headers
    val replaced = headers.names.toSet()
    val builder = copy(uri()) { name -> name.lowercase() !in replaced }
    headers.forEach { name, value -> builder.setHeader(name, value) }
    return builder.build()
}

/** The same request to another address, with those of its header fields. */
internal fun HttpRequest.copy(
    uri: URI,
    keeps: (String) -> Boolean,
): HttpRequest.Builder {
    val builder = HttpRequest.newBuilder(uri).expectContinue(expectContinue())
    timeout().ifPresent(builder::timeout)
    version().ifPresent(builder::version)
    headers().map().filterKeys(keeps).forEach { (name, values) -> values.forEach { builder.header(name, it) } }
    val body = bodyPublisher().orElse(null)
    return when {
        body != null -> builder.method(method(), body)
        // Any other way an empty body would be announced.
        method() == "GET" -> builder.GET()
        method() == "DELETE" -> builder.DELETE()
        else -> builder.method(method(), HttpRequest.BodyPublishers.noBody())
    }
}

/** A client that is the same but for the redirects, the same one for the same client. */
private fun withoutRedirects(client: HttpClient): HttpClient =
    derived.computeIfAbsent(client) {
        val builder = bare(client)
        client.authenticator().ifPresent(builder::authenticator)
        client.cookieHandler().ifPresent(builder::cookieHandler)
        client.connectTimeout().ifPresent(builder::connectTimeout)
        builder.build()
    }

private val derived: MutableMap<HttpClient, HttpClient> = Collections.synchronizedMap(WeakHashMap())

private const val HTTP = 80
private const val HTTPS = 443
