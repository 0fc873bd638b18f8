package io.github.cxauth.interop

import io.github.cxauth.ClientAuthentication
import io.github.cxauth.CxAction
import io.github.cxauth.CxClient
import io.github.cxauth.CxClock
import io.github.cxauth.CxException
import io.github.cxauth.Grant
import io.github.cxauth.ManualClock
import io.github.cxauth.Secret
import io.github.cxauth.cxAuth
import io.github.cxauth.world.soon
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import java.time.Duration
import java.time.Instant
import java.util.concurrent.CompletableFuture

/**
 * The client over OkHttp against OAuth servers that are not ours. `cargo xtask test --only interop` starts it: its name is not one
 * that Maven takes for a test by itself, because the servers are not part of this package.
 */
internal class Interop {
    private val clock = ManualClock(Instant.now())

    @ParameterizedTest
    @CsvSource("basic, CLIENT_SECRET_BASIC", "post, CLIENT_SECRET_POST")
    fun `oidc-provider gives tokens to client credentials`(
        name: String,
        authentication: ClientAuthentication,
    ) {
        Server("oidc-provider", clock).use { server ->
            val credentials = server.facts.getValue(name).jsonObject
            val cx =
                server.client(credentials) {
                    clientAuthentication = authentication
                    scopes = listOf("read")
                }
            for (round in 1..3) {
                assertEquals(credentials.text("client_id"), cx.get().json().text("client"))
                assertEquals(listOf("read"), cx.tokenBlocking().scopes)
                assertEquals(round, server.tokenRequests())
                clock.advance(Duration.ofSeconds(60))
            }
            server.revoke(cx.tokenBlocking().reveal(), credentials)
            assertEquals(200, cx.get().code, "refused, renewed and sent again")
            assertEquals(5, server.tokenRequests())
        }
    }

    @Test
    fun `oidc-provider says what is wrong, once`() {
        Server("oidc-provider", clock).use { server ->
            val credentials = server.facts.getValue("basic").jsonObject
            val wrong =
                mapOf(
                    "invalid_client" to server.client(credentials) { clientSecret = Secret("wrong") },
                    "invalid_scope" to server.client(credentials) { scopes = listOf("admin") },
                )
            for ((code, cx) in wrong) {
                cx.change { clientAuthentication = ClientAuthentication.CLIENT_SECRET_BASIC }
                val before = server.tokenRequests()
                repeat(2) {
                    val error = assertThrows(CxException::class.java) { cx.get() }
                    assertEquals(code to CxAction.FIX_CONFIGURATION, error.code to error.action)
                }
                assertEquals(before + 1, server.tokenRequests())
            }
        }
    }

    @Test
    fun `oidc-provider grants less than was asked for`() {
        Server("oidc-provider", clock).use { server ->
            val credentials = server.facts.getValue("post").jsonObject
            val narrowed = server.client(credentials) { scopes = listOf("read", "unknown") }
            assertEquals(listOf("read"), narrowed.tokenBlocking().scopes)
            val without = server.client(credentials) {}
            assertEquals(403, without.get().code, "insufficient_scope is the caller's")
            assertEquals(1, without.tokenBlocking().generation)
        }
    }

    @Test
    fun `oidc-provider with lifetimes of three seconds, in real time`() {
        Server("oidc-provider", CxClock.system(), accessLifetime = 3).use { server ->
            val cx = server.client(server.facts.getValue("post").jsonObject) { scopes = listOf("read") }
            CompletableFuture
                .runAsync {
                    while (server.tokenRequests() < 4) assertEquals(200, cx.get().code)
                }.soon()
        }
    }

    @Test
    fun `express-oauth-server rotates refresh tokens`() {
        Server("express-oauth-server", clock).use { server ->
            val cx = server.password()
            for (round in 1..4) {
                assertEquals(server.facts.text("username"), cx.get().json().text("username"))
                assertEquals(round, server.tokenRequests())
                clock.advance(Duration.ofSeconds(60))
            }
            // A refusal without a challenge, named in the body only.
            server.revoke(cx.tokenBlocking().reveal(), server.facts)
            assertEquals(200, cx.post().code)
            assertEquals(6, server.tokenRequests())
        }
    }

    @Test
    fun `express-oauth-server and scopes`() {
        Server("express-oauth-server", clock).use { server ->
            val cx = server.password(scopes = listOf("read"))
            assertEquals(200, cx.get().code)
            assertEquals(403, cx.post().code)
            assertEquals(1, cx.tokenBlocking().generation)
            assertEquals(1, server.tokenRequests())
            val unknown = server.password(scopes = listOf("unknown"))
            assertEquals("invalid_scope", assertThrows(CxException::class.java) { unknown.get() }.code)
        }
    }

    @Test
    fun `express-oauth-server refuses a password, and a person is asked`() {
        Server("express-oauth-server", clock).use { server ->
            val cx = server.password("wrong")
            val error = assertThrows(CxException::class.java) { cx.get() }
            assertEquals("invalid_grant" to CxAction.SIGN_IN, error.code to error.action)
            cx.change { password = Secret(server.facts.text("password")) }
            assertEquals(200, cx.get().code)
            assertEquals(2, server.tokenRequests())
        }
    }

    private fun Server.password(
        password: String = facts.text("password"),
        scopes: List<String>? = null,
    ) = client {
        grant = Grant.PASSWORD
        clientAuthentication = ClientAuthentication.CLIENT_SECRET_POST
        username = facts.text("username")
        this.password = Secret(password)
        this.scopes = scopes
    }

    private fun CxClient.get() = send(this) { it }

    private fun CxClient.post() = send(this) { it.post(ByteArray(0).toRequestBody()) }

    private fun send(
        cx: CxClient,
        request: (Request.Builder) -> Request.Builder,
    ): Answer =
        OkHttpClient
            .Builder()
            .cxAuth(cx)
            .build()
            .newCall(request(Request.Builder().url(cx.apiUrl("api"))).build())
            .execute()
            .use(::Answer)

    private class Answer(
        response: Response,
    ) {
        val code = response.code
        private val body = response.body.string()

        fun json(): JsonObject = Json.parseToJsonElement(body).jsonObject
    }
}
