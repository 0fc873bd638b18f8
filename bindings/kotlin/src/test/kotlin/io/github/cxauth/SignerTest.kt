package io.github.cxauth

import io.github.cxauth.driver.PrivateKeySigner
import io.github.cxauth.world.World
import io.github.cxauth.world.text
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import java.nio.file.Path
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.MGF1ParameterSpec
import java.security.spec.PSSParameterSpec
import java.util.Base64
import kotlin.io.path.writeText

/** Clients that prove who they are by a signature. */
internal class SignerTest {
    private val world = World()

    @TempDir
    lateinit var folder: Path

    @AfterEach
    fun close() = world.close()

    private val connection get() = world.furtherConnection("generic/private-key-jwt")
    private val pem get() = requireNotNull(world.signingKeys().first().text("pem"))
    private val kid get() = requireNotNull(connection.getValue("client_key").jsonObject.text("key_id"))

    @Test
    fun `a signer by its name signs what a connection in JSON asks for`() {
        val signer = PrivateKeySigner.ofPem(pem, "ES256")
        val cx = world.client(connection) { signer(kid) { bytes, algorithm -> signer.sign(bytes, algorithm) } }
        cx.tokenBlocking()
        world.assertNoViolations()
    }

    @Test
    fun `a key in PEM is read from its source, and a key of Java's signs as it is`() {
        val file = folder.resolve("client.pem").also { it.writeText(pem) }
        val java =
            KeyPairGenerator
                .getInstance("EC")
                .apply { initialize(256) }
                .generateKeyPair()
                .private
        val keys =
            listOf(
                ClientKey.pem(SecretSource.file(file.toString()), SigningAlgorithm.ES256, kid) to true,
                ClientKey.pem(SecretSource.function { Secret(pem) }, SigningAlgorithm.ES256, kid) to true,
                ClientKey.privateKey(java, SigningAlgorithm.ES256, kid) to false,
            )
        for ((key, isTheRightOne) in keys) {
            val cx = world.client(connection) { clientKey = key }
            if (isTheRightOne) {
                cx.tokenBlocking()
            } else {
                assertEquals("invalid_client", assertThrows(CxException::class.java) { cx.tokenBlocking() }.code)
            }
        }
    }

    @Test
    fun `a key that cannot sign is named and not shown`() {
        fun failure(configure: CxClientBuilder.() -> Unit): CxException {
            val error = assertThrows(CxException::class.java) { world.client(connection, configure).tokenBlocking() }
            assertEquals("secret_unreadable" to CxAction.FIX_CONFIGURATION, error.code to error.action)
            return error
        }
        val damaged = "-----BEGIN PRIVATE KEY-----\nMEECAQAwEwYHcanary\n-----END PRIVATE KEY-----"
        for (text in listOf("canary", damaged, pem.replace("PRIVATE KEY", "EC PRIVATE KEY"), damaged.replace("MEE", "M=="))) {
            val key = ClientKey.pem(SecretSource.function { Secret(text) }, SigningAlgorithm.ES256, kid)
            val message = failure { clientKey = key }.message.orEmpty()
            assertFalse("canary" in message, message)
        }
        assertTrue("no function of this name" in failure {}.message.orEmpty())
        val locked = failure { signer(kid) { _, _ -> throw IllegalStateException("the card is not there") } }
        assertTrue("the card is not there" in locked.message.orEmpty(), locked.message)
        assertThrows(IllegalArgumentException::class.java) { ClientKey.pem(Secret(pem), SigningAlgorithm.ES256) }
        assertEquals("ClientKey(ES256)", "${ClientKey.pem(SecretSource.file("/k"), SigningAlgorithm.ES256, "canary")}")
    }

    @ParameterizedTest
    @CsvSource(
        "ES256, EC, SHA256withECDSAinP1363Format",
        "RS256, RSA, SHA256withRSA",
        "PS256, RSA, RSASSA-PSS",
        "EdDSA, Ed25519, Ed25519",
    )
    fun `each algorithm signs as JOSE has it`(
        algorithm: String,
        family: String,
        verifier: String,
    ) {
        val pair = KeyPairGenerator.getInstance(family).apply { if (family == "EC") initialize(256) }.generateKeyPair()
        val base64 = Base64.getMimeEncoder().encodeToString(pair.private.encoded)
        val fromPem = PrivateKeySigner.ofPem("-----BEGIN PRIVATE KEY-----\n$base64\n-----END PRIVATE KEY-----\n", algorithm)
        // So often that an ECDSA signature has a short number among its two, which DER leaves out and JOSE does not.
        repeat(if (algorithm == "ES256") 600 else 2) { number ->
            val bytes = "header.payload$number".toByteArray()
            val signature = (if (number % 2 == 0) fromPem else Signer.of(pair.private)).sign(bytes, algorithm)
            val check = Signature.getInstance(verifier)
            if (algorithm == "PS256") check.setParameter(PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1))
            check.initVerify(pair.public)
            check.update(bytes)
            assertTrue(check.verify(signature))
            if (algorithm == "ES256") assertEquals(64, signature.size)
        }
        assertThrows(Exception::class.java) { fromPem.sign(ByteArray(1), "HS256") }
    }

    @Test
    fun `a signature in DER becomes two numbers of a length`() {
        val der = byteArrayOf(0x30, 0x08, 0x02, 0x02, 0x00, 0x81.toByte(), 0x02, 0x02, 0x01, 0x02)
        assertArrayEquals(ByteArray(31) + 0x81.toByte() + ByteArray(30) + byteArrayOf(1, 2), PrivateKeySigner.joined(der))
        for (length in der.indices) {
            assertThrows(IllegalArgumentException::class.java) { PrivateKeySigner.joined(der.copyOf(length)) }
        }
    }
}
