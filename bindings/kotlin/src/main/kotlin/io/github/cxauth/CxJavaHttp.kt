@file:JvmName("CxJavaHttp")

package io.github.cxauth

import io.github.cxauth.javahttp.Exchange
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.future.future
import java.io.IOException
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException

/**
 * Sends a request with the token on it and returns the API's answer, whatever its status. For the JVM: Android has no
 * `java.net.http`.
 *
 * ```
 * val request = HttpRequest.newBuilder(URI(cx.apiUrl("items"))).build()
 * val response = cx.send(HttpClient.newHttpClient(), request, HttpResponse.BodyHandlers.ofString())
 * ```
 *
 * - A request whose address may not see the token fails with [CxException] `destination_refused` and is not sent.
 * - An answer that refuses the token has it renewed once and the request sent once more. A body of unknown length, which may be a
 *   stream, is not: then the refusal is the caller's, and the next request renews.
 * - Where [client] follows redirects, cxauth follows them in its place, at most 10 and never from https down to http. Each hop is
 *   asked for anew: where [CxClient.allows] says no, the token stays behind, and at another origin so do `Authorization`, `Cookie`
 *   and `Proxy-Authorization` of the request's own.
 *
 * @throws CxException as [CxClient.token]
 * @throws IOException when the request could not be sent
 * @throws InterruptedException when the thread is interrupted; the request is cancelled then
 */
@Throws(IOException::class, InterruptedException::class)
public fun <T> CxClient.send(
    client: HttpClient,
    request: HttpRequest,
    handler: HttpResponse.BodyHandler<T>,
): HttpResponse<T> {
    val sending = sendAsync(client, request, handler)
    try {
        return sending.get()
    } catch (e: ExecutionException) {
        throw e.cause ?: e
    } finally {
        sending.cancel(true)
    }
}

/** [send] without blocking. Cancelling the future cancels the request, and no renewal. */
public fun <T> CxClient.sendAsync(
    client: HttpClient,
    request: HttpRequest,
    handler: HttpResponse.BodyHandler<T>,
): CompletableFuture<HttpResponse<T>> {
    val threads = keeper.parts.threads.asCoroutineDispatcher()
    return CoroutineScope(threads).future(start = CoroutineStart.UNDISPATCHED) {
        Exchange(keeper, client, handler).execute(request)
    }
}
