package io.github.cxauth.javahttp

import java.net.URI
import java.net.URISyntaxException
import java.net.http.HttpRequest
import java.net.http.HttpResponse

/** Redirects of API requests (RFC 9110 §15.4) without carrying anything secret along. */
internal object Redirects {
    /** How many are followed. */
    const val MOST = 10

    private const val MOVED_PERMANENTLY = 301
    private const val FOUND = 302
    private const val SEE_OTHER = 303
    private const val TEMPORARY_REDIRECT = 307
    private const val PERMANENT_REDIRECT = 308

    private val PRIVATE = setOf("authorization", "cookie", "proxy-authorization")
    private val OF_THE_BODY =
        setOf("content-type", "content-length", "content-encoding", "content-language", "content-location", "transfer-encoding")

    /** The request that the answer redirects to; null when it redirects nowhere or cannot be followed. */
    fun next(
        request: HttpRequest,
        info: HttpResponse.ResponseInfo,
        credential: String?,
    ): HttpRequest? {
        val becomesGet =
            when (info.statusCode()) {
                SEE_OTHER -> request.method() != "HEAD"
                // RFC 9110 §15.4.2 and §15.4.3: what every client does.
                MOVED_PERMANENTLY, FOUND -> request.method() == "POST"
                TEMPORARY_REDIRECT, PERMANENT_REDIRECT -> false
                else -> return null
            }
        if (!becomesGet && !request.canBeSentAgain()) return null
        val target = target(request.uri(), info.headers().firstValue("Location").orElse(null) ?: return null) ?: return null
        val left = mutableSetOf<String>()
        credential?.let(left::add)
        if (target.origin() != request.uri().origin()) left += PRIVATE
        if (becomesGet) left += OF_THE_BODY
        val next = request.copy(target) { it.lowercase() !in left }
        return if (becomesGet) next.GET().build() else next.build()
    }

    /** Where it leads, when that may be followed. */
    private fun target(
        from: URI,
        location: String,
    ): URI? {
        val target =
            try {
                from.resolve(URI(location))
            } catch (_: URISyntaxException) {
                return null
            }
        val secure =
            when (target.scheme?.lowercase()) {
                "https" -> true
                "http" -> from.scheme.equals("http", ignoreCase = true)
                else -> false
            }
        return target.takeIf { secure && it.host != null && it.rawUserInfo == null }
    }
}
