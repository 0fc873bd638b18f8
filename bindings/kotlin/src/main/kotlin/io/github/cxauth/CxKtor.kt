@file:JvmName("CxKtor")

package io.github.cxauth

import io.github.cxauth.ktor.TokenSender
import io.ktor.client.plugins.api.ClientPlugin
import io.ktor.client.plugins.api.Send
import io.ktor.client.plugins.api.createClientPlugin

/** What the plugin [CxAuth] is told when it is installed. */
public class CxAuthConfig {
    /** Whose token goes on the requests. */
    public var client: CxClient? = null
}

/**
 * Puts the token on every request of a Ktor client, and sends a refused one once more.
 *
 * ```
 * val http = HttpClient(CIO) {
 *     install(CxAuth) { client = cx }
 * }
 * val users = http.get(cx.apiUrl("user/page"))
 * ```
 *
 * - A request whose address may not see the token fails with [CxException] `destination_refused` and is not sent: a client for other
 *   places is one of its own.
 * - An answer that refuses the token has it renewed once and the request sent once more. A body that cannot be sent again (a
 *   channel) is not: then the refusal is the caller's, and the next request renews.
 * - A redirect is followed as the client is told to, and each hop is asked for anew: where [CxClient.allows] says no, the token stays
 *   behind, and at another origin so do `Authorization`, `Cookie` and `Proxy-Authorization` of the request's own.
 */
public val CxAuth: ClientPlugin<CxAuthConfig> =
    createClientPlugin("CxAuth", ::CxAuthConfig) {
        val cx = requireNotNull(pluginConfig.client) { "install(CxAuth) { client = … } wants a CxClient" }
        on(Send) { request -> TokenSender(cx.keeper, request, ::proceed).send() }
    }
