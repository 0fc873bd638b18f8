@file:JvmName("CxOkHttp")

package io.github.cxauth

import io.github.cxauth.okhttp.HopInterceptor
import io.github.cxauth.okhttp.TokenInterceptor
import okhttp3.Interceptor
import okhttp3.OkHttpClient

/**
 * Puts the token on every request of the client that is built, and sends a refused one once more. It installs [interceptor] and
 * [networkInterceptor].
 *
 * ```
 * val http = OkHttpClient.Builder().cxAuth(cx).build()
 * val users = http.newCall(Request.Builder().url(cx.apiUrl("user/page")).build()).execute()
 * ```
 *
 * - A request whose address may not see the token fails with [CxException] `destination_refused` and is not sent: a client for other
 *   places is one of its own.
 * - An answer that refuses the token has it renewed once and the request sent once more. A body that cannot be sent again
 *   ([okhttp3.RequestBody.isOneShot]) is not: then the refusal is the caller's, and the next request renews.
 * - A redirect is followed as the client is told to, and each hop is asked for anew: where [CxClient.allows] says no, the credential
 *   stays behind, whatever header carries it, and so do the connection's `api_headers` and the request's own `Cookie` and
 *   `Proxy-Authorization`.
 */
public fun OkHttpClient.Builder.cxAuth(cx: CxClient): OkHttpClient.Builder =
    addInterceptor(cx.interceptor()).addNetworkInterceptor(cx.networkInterceptor())

/**
 * The application interceptor alone: `addInterceptor(cx.interceptor())`. It does what [cxAuth] does as far as OkHttp lets it, and no
 * more: after a redirect to another origin `Authorization` stays behind, also where the origin might see it. A connection whose
 * token travels in another header needs [networkInterceptor] too, and says so.
 */
public fun CxClient.interceptor(): Interceptor = TokenInterceptor(keeper)

/** The network interceptor that belongs to [interceptor]: `addNetworkInterceptor(cx.networkInterceptor())`. */
public fun CxClient.networkInterceptor(): Interceptor = HopInterceptor
