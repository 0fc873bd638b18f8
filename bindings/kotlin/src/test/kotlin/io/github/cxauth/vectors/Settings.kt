package io.github.cxauth.vectors

import com.fasterxml.jackson.databind.node.ObjectNode
import io.github.cxauth.bridge.AuthException
import io.github.cxauth.bridge.openConnection

/** The connection of a scenario without `connection`. */
internal val DEFAULT_SETTINGS: ObjectNode =
    json(
        "platform" to "generic",
        "token_endpoint" to "https://as.example/token",
        "grant" to "client_credentials",
        "client_authentication" to "client_secret_post",
        "client_id" to "id",
        "client_secret" to "secret",
    )

/**
 * A name that no connection has is a mistake in the scenario, not in the connection.
 *
 * @throws ScenarioException for such a name.
 */
internal fun checkSettings(settings: ObjectNode) {
    for ((name, _) in settings.properties()) {
        if (!known.getOrPut(name) { isKnown(name) }) throw ScenarioException("unknown key `$name` in `connection`")
    }
}

private val known = mutableMapOf<String, Boolean>()

/** Each is tried alone, so that no other setting's error comes first. */
private fun isKnown(name: String): Boolean =
    try {
        openConnection(json(name to "").toString()).close()
        true
    } catch (error: AuthException.Failed) {
        error.code != "unknown_setting"
    }
