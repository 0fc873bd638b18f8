package io.github.cxauth.driver

import io.github.cxauth.Signer
import java.security.KeyFactory
import java.security.NoSuchAlgorithmException
import java.security.PrivateKey
import java.security.Signature
import java.security.spec.InvalidKeySpecException
import java.security.spec.MGF1ParameterSpec
import java.security.spec.PKCS8EncodedKeySpec
import java.security.spec.PSSParameterSpec
import kotlin.io.encoding.Base64

/** Signs with a key of Java's, wherever that lives. */
internal class PrivateKeySigner(
    private val key: PrivateKey,
) : Signer {
    override fun sign(
        bytes: ByteArray,
        algorithm: String,
    ): ByteArray =
        when (algorithm) {
            "ES256" -> joined(Signature.getInstance("SHA256withECDSA").of(bytes))
            "RS256" -> Signature.getInstance("SHA256withRSA").of(bytes)
            "PS256" -> pss().of(bytes)
            "EdDSA" -> Signature.getInstance("Ed25519").of(bytes)
            else -> throw NoSuchAlgorithmException("no key of Java's signs by $algorithm")
        }

    override fun toString(): String = "Signer(…)"

    private fun Signature.of(bytes: ByteArray): ByteArray {
        initSign(key)
        update(bytes)
        return sign()
    }

    /** By the name that Android has, whose key store knows no other, or by that of the JVM. */
    private fun pss(): Signature =
        try {
            Signature.getInstance("SHA256withRSA/PSS")
        } catch (_: NoSuchAlgorithmException) {
            Signature.getInstance("RSASSA-PSS").apply {
                setParameter(PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, HASH_LENGTH, 1))
            }
        }

    internal companion object {
        private const val HASH_LENGTH = 32
        private const val PART = 32
        private const val SEQUENCE = 0x30
        private const val INTEGER = 0x02
        private val ARMOUR = Regex("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END PRIVATE KEY-----")
        private val FAMILIES = mapOf("ES256" to "EC", "RS256" to "RSA", "PS256" to "RSA", "EdDSA" to "Ed25519")

        /**
         * One for a key in PEM, PKCS #8 and not encrypted (RFC 7468 §10).
         *
         * @throws IllegalArgumentException with a message that holds nothing of the key
         */
        fun ofPem(
            pem: String,
            algorithm: String,
        ): PrivateKeySigner {
            val base64 = ARMOUR.find(pem)?.groupValues?.get(1)
            requireNotNull(base64) { "it is no key in PEM: PKCS #8 is wanted, BEGIN PRIVATE KEY" }
            val family = requireNotNull(FAMILIES[algorithm]) { "no key in PEM signs by $algorithm" }
            try {
                val key = PKCS8EncodedKeySpec(Base64.Mime.decode(base64))
                return PrivateKeySigner(KeyFactory.getInstance(family).generatePrivate(key))
            } catch (_: NoSuchAlgorithmException) {
                throw IllegalArgumentException("this version of Java knows no keys of the kind $family")
            } catch (_: InvalidKeySpecException) {
                // Its message may quote what it could not read, and so may that of Base64.
                throw IllegalArgumentException("it is no key that signs by $algorithm")
            } catch (_: IllegalArgumentException) {
                throw IllegalArgumentException("it is damaged: no base64")
            }
        }

        /**
         * `r` and `s` of 32 bytes each (RFC 7518 §3.4) in place of a DER sequence of two integers (RFC 3279 §2.2.3), which is what
         * Android's key store makes.
         */
        fun joined(der: ByteArray): ByteArray {
            val reader = Der(der)
            reader.expect(SEQUENCE)
            return reader.integer() + reader.integer()
        }
    }

    /** So short is what P-256 makes that each length is one byte. */
    private class Der(
        private val bytes: ByteArray,
    ) {
        private var at = 0

        fun expect(tag: Int): Int {
            require(at + 2 <= bytes.size && bytes[at].toInt() == tag) { NO_SIGNATURE }
            val length = bytes[at + 1].toInt()
            at += 2
            require(length >= 0 && at + length <= bytes.size) { NO_SIGNATURE }
            return length
        }

        fun integer(): ByteArray {
            val length = expect(INTEGER)
            val digits = bytes.copyOfRange(at, at + length).dropWhile { it == 0.toByte() }
            at += length
            require(digits.size <= PART) { NO_SIGNATURE }
            return ByteArray(PART - digits.size) + digits
        }
    }
}

private const val NO_SIGNATURE = "the key made no signature of P-256"
