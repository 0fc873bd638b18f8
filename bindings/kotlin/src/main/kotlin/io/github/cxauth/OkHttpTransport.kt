package io.github.cxauth

import io.github.cxauth.okhttp.Progress
import okhttp3.Authenticator
import okhttp3.ConnectionPool
import okhttp3.CookieJar
import okhttp3.Dispatcher
import okhttp3.MediaType
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody
import okhttp3.Response
import okio.Buffer
import okio.BufferedSink
import java.io.IOException
import java.time.Duration
import java.util.concurrent.TimeUnit

/**
 * Sends token requests with OkHttp. From a client that it is given it takes the way to the network: proxy, DNS, TLS, protocols. It
 * has a dispatcher and a connection pool of its own, and no interceptors, cookies, cache, redirects or authenticators; nothing is
 * ever sent twice.
 *
 * ```
 * val cx = CxClient("generic") {
 *     transport = OkHttpTransport(okHttpClientWithMyProxyAndPins)
 *     tokenEndpoint = "https://as.example/token"
 *     clientId = "id"
 *     clientSecret = SecretSource.environment("AS_SECRET")
 * }
 * ```
 */
public class OkHttpTransport private constructor(
    private val base: () -> OkHttpClient,
) : TokenTransport {
    /** With a client of OkHttp's defaults. */
    public constructor() : this(::OkHttpClient)

    /** With a client like this one. */
    public constructor(base: OkHttpClient) : this({ base })

    /** Made when it is needed: a program's first thread need not wait for TLS to be set up. */
    private val client by lazy {
        base()
            .newBuilder()
            .apply {
                interceptors().clear()
                networkInterceptors().clear()
            }.dispatcher(Dispatcher())
            // No request goes out on an idle connection that the server may have closed already.
            .connectionPool(ConnectionPool(0, 1, TimeUnit.MILLISECONDS))
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .authenticator(Authenticator.NONE)
            .cookieJar(CookieJar.NO_COOKIES)
            .cache(null)
            .eventListenerFactory(Progress.Factory)
            .connectTimeout(CONNECT)
            // The time limit for the whole is the call's.
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .build()
    }

    override fun send(
        request: TokenRequest,
        timeout: Duration,
    ): TokenAnswer {
        val progress = Progress()
        val call = client.newCall(translate(request, progress))
        call.timeout().timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        try {
            return call.execute().use { read(it, request.maxBody) }
        } catch (e: IOException) {
            throw progress.failure(e)
        }
    }

    override fun toString(): String = "OkHttpTransport"

    private fun translate(
        request: TokenRequest,
        progress: Progress,
    ): Request =
        try {
            val body = if (request.method == "GET") null else Once(request.body())
            val builder = Request.Builder().url(request.url).method(request.method, body)
            request.headers().forEach { (name, value) -> builder.header(name, value) }
            // What arrives is what is counted: nothing small unfolds into something large.
            builder.header("Accept-Encoding", "identity").tag(Progress::class.java, progress).build()
        } catch (_: IllegalArgumentException) {
            // Its message may hold the value that is wrong.
            throw TokenRequestException(TokenFailure.CONNECT, "the request cannot be built")
        }

    private fun read(
        response: Response,
        longest: Int,
    ): TokenAnswer {
        val body = Buffer()
        val source = response.body.source()
        while (body.size <= longest) {
            if (source.read(body, longest + 1 - body.size) < 0) break
        }
        return TokenAnswer(response.code, response.headers.toList(), body.readByteArray())
    }

    /** A body that OkHttp may not send again, whatever the server says. */
    private class Once(
        private val bytes: ByteArray,
    ) : RequestBody() {
        override fun contentType(): MediaType? = null

        override fun contentLength(): Long = bytes.size.toLong()

        override fun isOneShot(): Boolean = true

        override fun writeTo(sink: BufferedSink) {
            sink.write(bytes)
        }
    }

    private companion object {
        val CONNECT: Duration = Duration.ofSeconds(10)
    }
}
