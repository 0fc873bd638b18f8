package io.github.cxauth.driver

import java.util.concurrent.ConcurrentHashMap

/** What decides whether an address may see the token, taken apart by the HTTP client that goes there. */
internal data class Origin(
    val scheme: String,
    val host: String,
    val port: Int,
)

/** Answers that were given already, so that requests to the same place do not cross into the native library. */
internal class Destinations(
    private val ask: (String) -> Boolean,
) {
    private val urls = ConcurrentHashMap<String, Boolean>()
    private val origins = ConcurrentHashMap<Origin, Boolean>()

    fun allows(url: String): Boolean = urls.remember(url) { ask(url) }

    fun allows(origin: Origin): Boolean =
        origins.remember(origin) {
            val host = if (':' in origin.host) "[${origin.host.trim('[', ']')}]" else origin.host
            ask("${origin.scheme}://$host:${origin.port}/")
        }

    fun forget() {
        urls.clear()
        origins.clear()
    }

    private fun <K : Any> ConcurrentHashMap<K, Boolean>.remember(
        key: K,
        ask: () -> Boolean,
    ): Boolean {
        get(key)?.let { return it }
        val answer = ask()
        if (size >= MOST) clear()
        put(key, answer)
        return answer
    }

    private companion object {
        const val MOST = 256
    }
}
