package io.github.cxauth

import io.github.cxauth.driver.PrivateKeySigner
import java.security.PrivateKey

/**
 * Signs with a key that never leaves its place: a key store, a hardware module, a service.
 *
 * It is called on a thread of the client's, may block, and has 20 seconds. The message of what it throws becomes part of the
 * [CxException]: there must be no secret in it.
 */
public fun interface Signer {
    /**
     * The signature of [bytes] as JOSE has it (RFC 7518 §3): for `ES256` 64 bytes, `r` and then `s`, and not the DER that
     * [java.security.Signature] makes.
     *
     * @param algorithm `ES256`, `RS256`, `PS256` or `EdDSA`, as the connection says
     */
    @Throws(Exception::class)
    public fun sign(
        bytes: ByteArray,
        algorithm: String,
    ): ByteArray

    /** Making one. */
    public companion object {
        /**
         * One that signs with a key of Java's: from a key store, Android's among them, or read from anywhere.
         *
         * ```
         * val store = KeyStore.getInstance("AndroidKeyStore").apply { load(null) }
         * val signer = Signer.of(store.getKey("cxauth", null) as PrivateKey)
         * ```
         */
        @JvmStatic
        public fun of(key: PrivateKey): Signer = PrivateKeySigner(key)
    }
}
