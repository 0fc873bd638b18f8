package io.github.cxauth

import java.io.IOException
import java.time.Instant

/** What to do about a [CxException]. */
public enum class CxAction {
    /** Wait until [CxException.retryAt], then ask again. */
    RETRY,

    /** A person signs in again. */
    SIGN_IN,

    /** Somebody corrects the connection, or the client's registration at the server. */
    FIX_CONFIGURATION,

    /** Nothing the user can mend: tell the developers. */
    REPORT,
}

/**
 * Why there is no token, or why a setting or a destination was refused. It is an [IOException], so that OkHttp, Retrofit, Ktor and
 * their callers treat it as they treat every other failed request.
 *
 * The message says what happened and what to do about it. No secret is in it.
 *
 * ```
 * try {
 *     cx.token()
 * } catch (e: CxException) {
 *     when (e.action) {
 *         CxAction.RETRY -> showOffline(until = e.retryAt)
 *         CxAction.SIGN_IN -> showLogin()
 *         CxAction.FIX_CONFIGURATION, CxAction.REPORT -> log(e.code, e)
 *     }
 * }
 * ```
 */
public class CxException internal constructor(
    message: String,
    /** The stable code, such as `invalid_client`: docs/errors.md has them all. */
    public val code: String,
    /** What to do next. */
    public val action: CxAction,
    /** When the client asks the server again, if it does so by itself. */
    public val retryAt: Instant?,
    /** The status of the answer that brought the error. */
    public val status: Int?,
    /** The server's `error` (RFC 6749 §5.2), escaped and cut. */
    public val serverError: String?,
    /** The server's `error_description`, escaped and cut. */
    public val serverDescription: String?,
) : IOException(message)
