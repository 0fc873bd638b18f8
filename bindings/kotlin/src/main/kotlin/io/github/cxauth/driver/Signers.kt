package io.github.cxauth.driver

import io.github.cxauth.bridge.SecretSourceKind
import io.github.cxauth.bridge.Step
import java.time.Duration

/** Signs with the connection's keys. What it throws names the key's place and nothing of the key. */
internal class Signers(
    private val parts: Parts,
) {
    fun sign(step: Step): ByteArray {
        val algorithm = step.algorithm().orEmpty()
        val name = step.secretSourceValues().firstOrNull().orEmpty()
        val own = if (step.secretSourceKind() == SecretSourceKind.FUNCTION) parts.signers[name] else null
        val place = if (own == null) "key" else "signer $name"
        val bytes = step.signingInput()
        return try {
            val signer = own ?: PrivateKeySigner.ofPem(SecretReader(parts).read(step).reveal(), algorithm)
            parts.limited(TIME_LIMIT) { signer.sign(bytes, algorithm) }
        } catch (_: TimeLimitException) {
            throw SigningException("$place: nothing came within ${TIME_LIMIT.seconds} seconds")
        } catch (e: Exception) {
            throw SigningException("$place: ${e.inWords()}")
        }
    }

    private companion object {
        /** As for a secret. */
        val TIME_LIMIT: Duration = Duration.ofSeconds(20)
    }
}

private class SigningException(
    message: String,
) : Exception(message)
