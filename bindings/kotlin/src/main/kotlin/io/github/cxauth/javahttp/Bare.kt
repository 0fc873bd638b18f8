package io.github.cxauth.javahttp

import java.net.http.HttpClient

/** A client with the same way to the network that follows no redirects and keeps no cookies and no credentials. */
internal fun bare(base: HttpClient?): HttpClient.Builder {
    val builder = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER)
    if (base == null) return builder
    base.proxy().ifPresent(builder::proxy)
    base.executor().ifPresent(builder::executor)
    return builder.sslContext(base.sslContext()).sslParameters(base.sslParameters()).version(base.version())
}
