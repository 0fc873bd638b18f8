package io.github.cxauth.driver

import io.github.cxauth.JavaHttpTransport
import io.github.cxauth.OkHttpTransport
import io.github.cxauth.TokenFailure
import io.github.cxauth.TokenRequestException
import io.github.cxauth.TokenTransport

/** OkHttp's where it is at hand, else that of the JVM: neither Android nor a program without OkHttp loads a class in vain. */
internal fun defaultTransport(): TokenTransport =
    when {
        exists("okhttp3.OkHttpClient") -> OkHttpTransport()
        exists("java.net.http.HttpClient") -> JavaHttpTransport()
        else ->
            TokenTransport { _, _ ->
                throw TokenRequestException(
                    TokenFailure.CONNECT,
                    "there is no HTTP client for token requests: add OkHttp to the program, or set `transport`",
                )
            }
    }

private fun exists(name: String): Boolean =
    try {
        Class.forName(name, false, Keeper::class.java.classLoader)
        true
    } catch (_: ClassNotFoundException) {
        false
    }
