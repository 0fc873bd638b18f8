package io.github.cxauth.vectors

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.ObjectNode
import io.github.cxauth.bridge.signInIsAnsweredBy
import io.github.cxauth.bridge.Step as BridgeStep

/** The sign-ins that came out as `authorize`. They belong to the scenario: another process may go on. */
internal class SignIns {
    /** What a program would keep while the person is in the browser. */
    class Kept(
        val names: Set<String>,
        val state: String,
        val text: String,
    )

    /** The latest last. */
    private val kept = mutableListOf<Kept>()

    /**
     * Keeps one, for the redirect with the state that went out.
     *
     * @throws ScenarioException where such a redirect would not be its answer.
     */
    fun keep(
        names: Set<String>,
        state: String?,
        text: String,
    ) {
        if (state == null) throw ScenarioException("no state went out with the sign-in")
        if (!signInIsAnsweredBy(text, "https://app.example/?state=$state")) {
            throw ScenarioException("the state that went out is not the one of what is to be kept")
        }
        kept += Kept(names, state, text)
    }

    /** The latest of this name, or of any. */
    fun find(of: String?): Kept =
        kept.lastOrNull { of == null || of in it.names }
            ?: throw ScenarioException(if (of == null) "there is no sign-in" else "`of`: there is no sign-in $of")
}

/** Where the browser goes, or what is sent; with the state that goes along, if one does. */
internal class Outgoing(
    val value: JsonNode,
    val state: String?,
)

/** The outcome `authorize`, without its key. */
internal fun authorization(step: BridgeStep): Outgoing {
    val address = step.authorizationUrl().orEmpty()
    val parameters = form(address.substringAfter('?', ""))
    val state = nameDrawn(parameters)
    return Outgoing(json("url" to address.substringBefore('?'), "parameters" to parameters), state)
}

/** Puts a name in the place of each value that was drawn and looks as it should. Returns the state, if one is there. */
internal fun nameDrawn(fields: JsonNode): String? {
    if (fields !is ObjectNode) return null
    val state = fields["state"]?.textValue()
    for ((name, form) in DRAWN) {
        if (fields[name]?.textValue()?.let(form::matches) == true) fields.put(name, "{$name}")
    }
    return state
}

/** 32 bytes as RFC 7636 §4.1 recommends them, in RFC 3986's unreserved characters. */
private val RANDOM = Regex("[A-Za-z0-9._~-]{43}")

/** What is drawn from the entropy, by the name of the field that carries it. */
private val DRAWN =
    mapOf(
        "state" to RANDOM,
        "code_challenge" to RANDOM,
        "code_verifier" to RANDOM,
        "client_assertion" to Regex("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+"),
    )
