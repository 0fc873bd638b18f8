package io.github.cxauth.android

import io.github.cxauth.CxClient
import io.github.cxauth.cxAuth
import okhttp3.OkHttpClient
import okhttp3.Request
import java.util.function.BiFunction

/** What an app does: given a connection in JSON and an address, it says what the API answered. */
internal class App : BiFunction<String, String, String> {
    override fun apply(
        connection: String,
        url: String,
    ): String =
        CxClient.fromJson(connection).use { cx ->
            val http = OkHttpClient.Builder().cxAuth(cx).build()
            http.newCall(Request.Builder().url(url).build()).execute().use { "${it.code} ${http.javaClass.name}" }
        }
}
