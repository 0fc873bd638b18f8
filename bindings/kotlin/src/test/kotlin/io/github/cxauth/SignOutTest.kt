package io.github.cxauth

import io.github.cxauth.world.Fault
import io.github.cxauth.world.World
import io.github.cxauth.world.soon
import io.github.cxauth.world.text
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Signing out, at the server too. */
internal class SignOutTest {
    private val world = World()

    @AfterEach
    fun close() = world.close()

    /** A client that holds an access token and a refresh token. */
    private fun signedIn(): CxClient =
        world
            .client("generic/password") { revocationEndpoint = world.base() + "/revoke" }
            .also(CxClient::tokenBlocking)

    /** The requests that ended tokens, and what was answered. */
    private fun revocations(): List<Pair<Set<String>, String?>> =
        world.requests().filter { it.text("path") == "/revoke" && it.text("method") == "POST" }.map { request ->
            val fields = request.getValue("field_names").jsonArray.map { it.jsonPrimitive.content }
            fields.toSet() to request.text("status")
        }

    @Test
    fun `the server ends both tokens where the connection says how`() {
        val cx = signedIn()
        soon { cx.signOut() }
        val sent = setOf("token", "token_type_hint", "client_id", "client_secret")
        assertEquals(listOf(sent to "200", sent to "200"), revocations())
        assertEquals(CxState.DENIED, cx.status.state, "the password was for one time")
        assertNull(cx.status.token)
        world.assertNoViolations()
    }

    @Test
    fun `a server that does not end them is an error, and the tokens are forgotten all the same`() {
        val cx = signedIn()
        world.arm(Fault.status(503, at = listOf("revocation")))
        val error = assertThrows(CxException::class.java) { cx.signOutBlocking() }
        assertEquals("server_unavailable", error.code)
        assertTrue(revocations().isNotEmpty())
        assertNull(cx.status.token)
        val next = assertThrows(CxException::class.java) { cx.tokenBlocking() }
        assertEquals(CxAction.SIGN_IN, next.action)
    }

    @Test
    fun `without such an endpoint nothing is sent`() {
        val cx = world.client("generic/password").also(CxClient::tokenBlocking)
        val before = world.counter("requests")
        cx.signOutBlocking()
        assertEquals(before, world.counter("requests"))
        assertNull(cx.status.token)
    }

    @Test
    fun `who is cancelled while the server is asked cancels nothing`() {
        val cx = signedIn()
        world.arm(Fault("hold", at = listOf("revocation"), times = 1))
        val before = world.counter("requests")
        soon {
            val leaving = launch(Dispatchers.Default) { cx.signOut() }
            world.await("requests", before + 1)
            assertNull(cx.status.token, "forgotten here before the server knows")
            leaving.cancelAndJoin()
            world.release()
            cx.settle()
        }
        assertEquals(listOf("200", "200"), revocations().map { it.second })
    }
}
