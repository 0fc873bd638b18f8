package io.github.cxauth

import java.io.IOException
import java.time.Duration

/**
 * Sends token requests, and those for a server's metadata. A client has one of its own that no hook, cookie or redirect of the program's requests touches:
 * [OkHttpTransport] where OkHttp is at hand, else [JavaHttpTransport]; [KtorTransport] takes an engine of Ktor's.
 *
 * One that is written by hand sends the request exactly as it is, once, and follows no redirect: what was sent twice may have
 * ended a refresh token, and what was redirected took secrets elsewhere.
 */
public fun interface TokenTransport {
    /**
     * Sends the request and waits for the answer, whatever its status. It is called on a thread of the client's and may block;
     * it has to be done within [timeout], 35 seconds at most.
     *
     * @throws TokenRequestException when no answer came; every other exception counts as [TokenFailure.INTERRUPTED]
     */
    @Throws(IOException::class)
    public fun send(
        request: TokenRequest,
        timeout: Duration,
    ): TokenAnswer
}

/** A request to a token endpoint, or for a server's metadata. It carries secrets and prints none. */
public class TokenRequest internal constructor(
    /** `POST` (RFC 6749 §3.2), or `GET` without a body where a server's metadata is asked for ([CxClient.discover]). */
    public val method: String,
    /** Where it goes. No secret is in it (RFC 6749 §2.3.1). */
    public val url: String,
    private val fields: List<Pair<String, String>>,
    private val content: ByteArray,
    /** The longest body of an answer, in bytes: one more of them is read and handed over, and no others. */
    public val maxBody: Int = TokenAnswer.MAX_BODY,
) {
    /** The header fields, names in lower case. The value of `authorization` is a secret. */
    public fun headers(): List<Pair<String, String>> = fields

    /** The body: a secret. */
    public fun body(): ByteArray = content

    override fun toString(): String = "TokenRequest($method $url)"
}

/**
 * A token endpoint's answer. It carries secrets and prints none.
 *
 * @property status the HTTP status
 * @param headers the header fields
 * @param body the body, decoded, at most [TokenRequest.maxBody] bytes of it and one more
 */
public class TokenAnswer(
    public val status: Int,
    headers: List<Pair<String, String>>,
    body: ByteArray,
) {
    internal val headers = headers
    internal val body = body

    override fun toString(): String = "TokenAnswer(status=$status)"

    public companion object {
        /**
         * The longest body of a token endpoint's answer that is read, in bytes. A transport stops reading after one more and hands over what it has, whatever
         * length the server claims.
         */
        @JvmField
        public val MAX_BODY: Int =
            io.github.cxauth.bridge
                .maxAnswerBytes()
                .toInt()
    }
}

/** How a token request failed. The difference matters: what may have been processed may have ended a refresh token. */
public enum class TokenFailure {
    /** Nothing was sent. */
    CONNECT,

    /** No answer in time. */
    TIMEOUT,

    /** Broken off. */
    INTERRUPTED,
}

/**
 * A token request brought no answer.
 *
 * @property failure how it failed
 * @param message why, in words for people; there must be no secret in it
 */
public class TokenRequestException(
    public val failure: TokenFailure,
    message: String,
) : IOException(message)
