package io.github.cxauth.interop

import io.github.cxauth.CxClient
import io.github.cxauth.CxClientBuilder
import io.github.cxauth.CxClock
import io.github.cxauth.Secret
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import okhttp3.FormBody
import okhttp3.OkHttpClient
import okhttp3.Request
import java.io.File

/** An OAuth server that is not ours, in a process of its own: `tests/interop/README.md` describes them. */
internal class Server(
    program: String,
    private val clock: CxClock,
    accessLifetime: Int = 60,
) : AutoCloseable {
    private val process = start(program, accessLifetime)

    /** What the server says of itself. */
    val facts: JsonObject = Json.parseToJsonElement(process.inputStream.bufferedReader().readLine()).jsonObject

    private val http = OkHttpClient()
    private val clients = mutableListOf<CxClient>()

    /** A client with these credentials of the server's. */
    fun client(
        credentials: JsonObject = facts,
        configure: CxClientBuilder.() -> Unit,
    ): CxClient =
        CxClient {
            tokenEndpoint = facts.text("token_endpoint")
            apiBase = facts.text("base")
            clientId = credentials.text("client_id")
            clientSecret = Secret(credentials.text("client_secret"))
            clock = this@Server.clock
            configure()
        }.also(clients::add)

    fun tokenRequests(): Int {
        val request = Request.Builder().url(facts.text("base") + "/count").build()
        val answer = http.newCall(request).execute().use { it.body.string() }
        return Json
            .parseToJsonElement(answer)
            .jsonObject
            .getValue("token_requests")
            .jsonPrimitive.int
    }

    /** Has the API refuse the token from now on (RFC 7009). */
    fun revoke(
        token: String,
        credentials: JsonObject,
    ) {
        val form = FormBody.Builder().add("token", token)
        for (name in listOf("client_id", "client_secret")) form.add(name, credentials.text(name))
        val request =
            Request
                .Builder()
                .url(facts.text("revocation_endpoint"))
                .post(form.build())
                .build()
        http.newCall(request).execute().use { check(it.isSuccessful) { "the server refused to revoke: ${it.code}" } }
    }

    override fun close() {
        clients.forEach(CxClient::close)
        process.outputStream.close()
        process.waitFor()
    }

    private fun start(
        program: String,
        accessLifetime: Int,
    ): Process {
        val folder = requireNotNull(System.getenv("CXAUTH_INTEROP_DIR")) { "start it with `cargo xtask test --only interop`" }
        val builder =
            ProcessBuilder(
                "node",
                "$program.mjs",
            ).directory(File(folder)).redirectError(ProcessBuilder.Redirect.INHERIT)
        builder.environment()["CXAUTH_INTEROP_ACCESS_LIFETIME"] = accessLifetime.toString()
        return builder.start()
    }
}

internal fun JsonObject.text(name: String): String = getValue(name).jsonPrimitive.content
