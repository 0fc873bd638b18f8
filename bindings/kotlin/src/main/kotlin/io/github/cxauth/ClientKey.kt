package io.github.cxauth

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import java.security.PrivateKey

/** How a key signs (RFC 7518 §3.1, RFC 8037 §3.1). */
public enum class SigningAlgorithm(
    internal val word: String,
) {
    /** ECDSA on P-256. */
    ES256("ES256"),

    /** RSA, PKCS #1 v1.5. */
    RS256("RS256"),

    /** RSA, PSS. */
    PS256("PS256"),

    /** Ed25519: from Java 15 and Android 13 on. */
    ED_DSA("EdDSA"),
}

/**
 * The key by which a client proves who it is ([ClientAuthentication.PRIVATE_KEY_JWT], RFC 7523 §2.2).
 *
 * ```
 * clientKey = ClientKey.pem(SecretSource.file("/run/secrets/client.pem"), SigningAlgorithm.ES256, keyId = "2026")
 * ```
 */
public class ClientKey private constructor(
    private val place: (setting: String) -> JsonObject,
    private val algorithm: SigningAlgorithm,
    private val keyId: String?,
    internal val signer: Signer?,
    internal val function: (suspend () -> Secret)?,
) {
    internal fun toJson(setting: String): JsonObject =
        buildJsonObject {
            place(setting).forEach { (name, value) -> put(name, value) }
            put("algorithm", algorithm.word)
            keyId?.let { put("key_id", it) }
        }

    override fun toString(): String = "ClientKey(${algorithm.word})"

    /** Making one. */
    public companion object {
        /**
         * A key in PEM (PKCS #8, not encrypted), which is read from its source when something is signed. A key that is there already
         * as text is none of the sources: a [SecretSource.function] that gives it is.
         *
         * @param keyId the key's `kid`, by which the server finds its public half
         * @throws IllegalArgumentException for [SecretSource.value]
         */
        @JvmStatic
        @JvmOverloads
        public fun pem(
            source: SecretSource,
            algorithm: SigningAlgorithm,
            keyId: String? = null,
        ): ClientKey {
            require(source !is Secret) { "a key is read from a source: take SecretSource.function { Secret(pem) }" }
            return ClientKey({ source.toJson(it).jsonObject }, algorithm, keyId, null, source.function)
        }

        /** A key that a function of the program's own signs with. */
        @JvmStatic
        @JvmOverloads
        public fun signer(
            signer: Signer,
            algorithm: SigningAlgorithm,
            keyId: String? = null,
        ): ClientKey = ClientKey({ buildJsonObject { put("function", it) } }, algorithm, keyId, signer, null)

        /** A key of Java's: from a key store, Android's among them. */
        @JvmStatic
        @JvmOverloads
        public fun privateKey(
            key: PrivateKey,
            algorithm: SigningAlgorithm,
            keyId: String? = null,
        ): ClientKey = signer(Signer.of(key), algorithm, keyId)
    }
}
