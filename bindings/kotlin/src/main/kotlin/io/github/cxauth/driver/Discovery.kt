package io.github.cxauth.driver

import io.github.cxauth.CxAction
import io.github.cxauth.CxException
import io.github.cxauth.TokenFailure
import io.github.cxauth.TokenRequest
import io.github.cxauth.TokenRequestException
import io.github.cxauth.TokenTransport
import io.github.cxauth.bridge.maxMetadataBytes
import io.github.cxauth.bridge.metadataAddresses
import io.github.cxauth.bridge.readMetadata
import java.net.URI
import java.time.Duration

/** Reads what an authorization server publishes of itself (RFC 8414): where it may be, one place after the other. */
internal class Discovery(
    private val issuer: String,
    private val transport: TokenTransport,
) {
    /** The settings, or the error of the last place. */
    fun settings(): String {
        val addresses = translating { metadataAddresses(issuer) }
        for (address in addresses.dropLast(1)) {
            try {
                return settings(address)
            } catch (_: CxException) {
                continue
            }
        }
        return settings(addresses.last())
    }

    private fun settings(address: String): String {
        val request =
            TokenRequest("GET", address, listOf("accept" to "application/json"), ByteArray(0), maxMetadataBytes().toInt())
        val answer =
            try {
                transport.send(request, TIME_LIMIT)
            } catch (e: TokenRequestException) {
                throw unread(address, e.failure, e.inWords())
            } catch (e: Exception) {
                // What the transport of somebody else throws may hold anything.
                throw unread(address, TokenFailure.INTERRUPTED, e.javaClass.simpleName)
            }
        return translating { readMetadata(issuer, answer.status.toUInt(), answer.body) }
    }

    private fun unread(
        address: String,
        failure: TokenFailure,
        why: String,
    ) = CxException(
        message = "The metadata of ${URI(address).authority} could not be read: $why.",
        code = CODES.getValue(failure),
        action = CxAction.RETRY,
        retryAt = null,
        status = null,
        serverError = null,
        serverDescription = null,
    )

    private companion object {
        val TIME_LIMIT: Duration = Duration.ofSeconds(20)
        val CODES =
            mapOf(
                TokenFailure.CONNECT to "server_unreachable",
                TokenFailure.TIMEOUT to "timed_out",
                TokenFailure.INTERRUPTED to "interrupted",
            )
    }
}
