package io.github.cxauth.okhttp

import okhttp3.Interceptor
import okhttp3.Response
import java.io.IOException

/** Once a hop: puts the token on where it may be seen, and takes it off where not. */
internal object HopInterceptor : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        val request = chain.request()
        val ticket =
            request.tag(Ticket::class.java)
                ?: throw IOException("cx.networkInterceptor() is of no use without cx.interceptor(): add both with cxAuth(cx)")
        return chain.proceed(ticket.request(request))
    }

    override fun toString(): String = "HopInterceptor"
}
