package io.github.cxauth.recipes

import io.github.cxauth.CxClient
import io.github.cxauth.KeptSignIn

/** The hand-over through a browser, as docs/kotlin.md shows it, without a class of Android's. */
class BrowserSignIn(
    private val cx: CxClient,
    private val browser: Browser,
    private val saved: MutableMap<String, String>,
) {
    /** Opens an address: a Custom Tab. */
    fun interface Browser {
        fun open(url: String): Any?
    }

    suspend fun begin() {
        val signIn = cx.beginSignIn()
        saved[KEY] = signIn.kept.toText()
        browser.open(signIn.url)
    }

    /** True when the address was the browser's answer. */
    suspend fun onNewIntent(data: String): Boolean {
        val kept = saved[KEY]?.let(::KeptSignIn)?.takeIf { it.isAnsweredBy(data) } ?: return false
        saved.remove(KEY)
        cx.finishSignIn(kept, data)
        return true
    }

    private companion object {
        const val KEY = "cxauth-sign-in"
    }
}
