package io.github.cxauth.okhttp

import io.github.cxauth.driver.Current
import io.github.cxauth.driver.Keeper
import okhttp3.Request
import okhttp3.Response
import java.io.IOException

/** What goes with a request from the application interceptor to the network interceptor, through every redirect. */
internal class Ticket(
    private val keeper: Keeper,
    private val current: Current,
    private val original: Request,
) {
    private val headers = current.token.headers

    /** Whether the network interceptor is there, and whether the last hop carried the token. */
    @Volatile
    private var isSeen = false

    @Volatile
    private var isCarried = false

    /** What the application interceptor sends. Without the network interceptor only OkHttp takes headers off: `Authorization`. */
    fun request(): Request {
        val builder = original.newBuilder().tag(Ticket::class.java, this)
        if (isSafeAlone()) headers.forEach { name, value -> builder.header(name, value) }
        return builder.build()
    }

    /** What the network interceptor sends. */
    fun request(hop: Request): Request {
        isSeen = true
        isCarried = keeper.allows(hop.url)
        val builder = hop.newBuilder()
        builder.withoutPrivate(hop)
        if (isCarried) headers.forEach { name, value -> builder.header(name, value) } else builder.withoutOurs()
        return builder.build()
    }

    /** Whether the answer is about the token. */
    @Throws(IOException::class)
    fun wasCarriedTo(response: Response): Boolean =
        when {
            // From the cache: the API was not asked.
            response.networkResponse == null -> false
            isSeen -> isCarried
            isSafeAlone() -> response.request.header(headers.credentialName) == headers[headers.credentialName]
            else -> throw IOException(
                "the token of this connection travels in the header ${headers.credentialName}, which OkHttp would carry " +
                    "along a redirect to anybody, so it was not sent: build the client with " +
                    "OkHttpClient.Builder.cxAuth(cx), or add cx.networkInterceptor() too",
            )
        }

    /** The answer to the request as the program made it: what prints it prints no token. */
    fun hide(response: Response): Response {
        val request = response.request.newBuilder().tag(Ticket::class.java, null)
        if (isSafeAlone()) request.withoutOurs()
        return response.newBuilder().request(request.build()).build()
    }

    private fun isSafeAlone() = headers.credentialName.equals("authorization", ignoreCase = true)

    private fun Request.Builder.withoutOurs() {
        removeHeader(headers.credentialName)
        for (name in headers.names.drop(1)) {
            removeHeader(name)
            original.headers(name).forEach { addHeader(name, it) }
        }
    }

    private fun Request.Builder.withoutPrivate(hop: Request) {
        if (hop.url.origin() == original.url.origin()) return
        for (name in PRIVATE) {
            val own = original.headers(name)
            // The cookie jar puts in what belongs to the new place.
            if (own.isNotEmpty() && hop.headers(name) == own) removeHeader(name)
        }
    }

    override fun toString(): String = "Ticket($keeper)"

    private companion object {
        val PRIVATE = listOf("Authorization", "Cookie", "Proxy-Authorization")
    }
}
