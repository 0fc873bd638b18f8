package io.github.cxauth.okhttp

import io.github.cxauth.driver.Current
import io.github.cxauth.driver.Keeper
import io.github.cxauth.driver.Refusals
import io.github.cxauth.driver.acquireUnless
import okhttp3.HttpUrl
import okhttp3.Interceptor
import okhttp3.Request
import okhttp3.RequestBody
import okhttp3.Response
import java.io.IOException

/** Once a call: gets the token, and has a refused request sent once more. */
internal class TokenInterceptor(
    private val keeper: Keeper,
) : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        val request = chain.request()
        val may = asIo { keeper.allows(request.url) }
        if (!may) asIo { keeper.refuseDestination(request.url.toString()) }
        val (response, isRefused) = send(chain, request)
        if (!isRefused || !request.body.canBeSentAgain()) return response
        response.close()
        return send(chain, request).first
    }

    /** The answer, and whether it refuses the token such that another one may help. */
    private fun send(
        chain: Interceptor.Chain,
        request: Request,
    ): Pair<Response, Boolean> {
        val current = asIo { keeper.acquireUnless { chain.call().isCanceled() } }
        val ticket = Ticket(keeper, current, request)
        val response = chain.proceed(ticket.request())
        val carried =
            try {
                ticket.wasCarriedTo(response)
            } catch (e: IOException) {
                response.close()
                throw e
            }
        return ticket.hide(response) to (carried && isRefused(current, response))
    }

    private fun isRefused(
        current: Current,
        response: Response,
    ): Boolean {
        if (!Refusals.mayBe(response.code)) return false
        val start =
            if (Refusals.isInBody(response.code, response.header("Content-Type"))) start(response) else ByteArray(0)
        return asIo {
            keeper.refused(current.token.generation, response.code, response.headers("WWW-Authenticate"), start)
        }
    }

    /** Whoever reads the body reads it whole, and meets the same error. */
    private fun start(response: Response): ByteArray =
        try {
            response.peekBody(Refusals.BODY_START.toLong()).bytes()
        } catch (_: IOException) {
            ByteArray(0)
        }

    override fun toString(): String = "TokenInterceptor($keeper)"
}

internal fun Keeper.allows(url: HttpUrl): Boolean =
    when {
        url.username.isEmpty() && url.password.isEmpty() -> allows(url.origin())
        else -> allows(url.toString())
    }

internal fun HttpUrl.origin() =
    io.github.cxauth.driver
        .Origin(scheme, host, port)

private fun RequestBody?.canBeSentAgain() = this == null || !(isOneShot() || isDuplex())

/** What OkHttp hands on to callers; anything else ends the program's thread. */
private inline fun <T> asIo(act: () -> T): T =
    try {
        act()
    } catch (e: IllegalStateException) {
        throw IOException(e.message)
    }
