package io.github.cxauth

import io.github.cxauth.world.World
import io.github.cxauth.world.soon
import io.github.cxauth.world.text
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A program in Java has all that it needs. */
internal class JavaTest {
    private val world = World()

    @AfterEach
    fun close() = world.close()

    @Test
    fun `every part can be used from Java`() {
        val connection = world.connection()
        val (id, secret) = listOf("client_id", "client_secret").map { connection.text(it)!! }
        JavaUse.client(connection.text("token_endpoint")!!, world.apiBase(), id, secret).use { cx ->
            assertEquals(1L, JavaUse.future(cx).soon())
            assertEquals(200, JavaUse.okHttp(cx, world.items()))
            assertEquals(200, JavaUse.javaHttp(cx, world.items()))
            assertEquals(cx.tokenBlocking().headers.toMap(), JavaUse.headers(cx, world.items()))
            assertEquals("destination_refused", JavaUse.error(cx))
            assertTrue(JavaUse.changed(cx))
            assertEquals("true EMPTY", JavaUse.refused(cx))
        }
        val platforms = listOf("cisco-cx-cloud", "sangoma-cx", "cloudcx", "cloudlx", "cisco-cx-cloud")
        assertEquals(platforms, JavaUse.platforms())
        assertEquals(1, world.tokenRequests())
        world.assertNoViolations()
    }
}
