package io.github.cxauth.vectors

import com.fasterxml.jackson.databind.JsonNode
import io.github.cxauth.bridge.TokenRequest
import java.net.URLDecoder

/** A request as a scenario expects it: `form` or `json` beside `body`, by its content type; names for what was drawn. */
internal fun json(request: TokenRequest): Outgoing {
    val headers = request.headerNames().zip(request.headerValues()).toMap()
    val body = request.body()
    val value =
        json(
            "method" to request.method(),
            "url" to request.url(),
            "headers" to headers,
            "body" to body.decodeToString(),
        )
    when (headers["content-type"]) {
        "application/x-www-form-urlencoded" -> value.set("form", form(body.decodeToString()))
        "application/json" -> value.set<JsonNode>("json", jsonOrNull(body))
    }
    return Outgoing(value, nameDrawn(value["form"] ?: value["json"] ?: NULL))
}

/** A field that stands twice comes out as an array, which no expectation of one text equals. */
internal fun form(body: String): JsonNode {
    val fields =
        body
            .split('&')
            .filter {
                it.isNotEmpty()
            }.groupBy({ decode(it.substringBefore('=')) }) { decode(it.substringAfter('=', "")) }
    return json(*fields.map { (name, values) -> name to (values.singleOrNull() ?: values) }.toTypedArray())
}

private fun decode(text: String): String = URLDecoder.decode(text, "UTF-8")

private fun jsonOrNull(body: ByteArray): JsonNode =
    try {
        parseJson(body)
    } catch (_: ScenarioException) {
        NULL
    }
