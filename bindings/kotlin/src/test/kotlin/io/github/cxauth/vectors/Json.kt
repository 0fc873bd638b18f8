package io.github.cxauth.vectors

import com.fasterxml.jackson.core.JacksonException
import com.fasterxml.jackson.core.StreamReadFeature
import com.fasterxml.jackson.databind.DeserializationFeature
import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.json.JsonMapper
import com.fasterxml.jackson.databind.node.JsonNodeFactory
import com.fasterxml.jackson.databind.node.ObjectNode
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException

private val MAPPER: JsonMapper =
    JsonMapper
        .builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build()

internal val NULL: JsonNode = JsonNodeFactory.instance.nullNode()

/**
 * Reads a JSON text (RFC 8259) that every language can hold: no key twice, no half of a surrogate pair, no number beyond
 * the largest one.
 *
 * @throws ScenarioException when it is none.
 */
internal fun parseJson(bytes: ByteArray): JsonNode {
    try {
        // A reader of bytes would skip a byte order mark, which RFC 8259 §8.1 forbids.
        val text =
            Charsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString()
        val node = MAPPER.readTree(text)
        if (node.isMissingNode) throw ScenarioException("is empty")
        checkSound(node)
        return node
    } catch (error: JacksonException) {
        throw ScenarioException(error.originalMessage, error)
    } catch (error: CharacterCodingException) {
        throw ScenarioException("is not in UTF-8", error)
    }
}

/** The value as JSON: texts, numbers, lists, maps, null and what is JSON already. */
internal fun json(value: Any?): JsonNode = MAPPER.valueToTree(value)

/** An object of such members. */
internal fun json(vararg members: Pair<String, Any?>): ObjectNode = MAPPER.valueToTree(mapOf(*members))

private fun checkSound(node: JsonNode) {
    when {
        node.isObject -> node.properties().forEach { (name, value) -> checkText(name).also { checkSound(value) } }
        node.isArray -> node.forEach(::checkSound)
        node.isTextual -> checkText(node.textValue())
        node.isNumber && !node.doubleValue().isFinite() -> throw ScenarioException("a number is out of range")
    }
}

private fun checkText(text: String) {
    if (!Charsets.UTF_8.newEncoder().canEncode(text)) throw ScenarioException("a text has half of a surrogate pair")
}
