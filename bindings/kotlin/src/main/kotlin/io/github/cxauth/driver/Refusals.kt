package io.github.cxauth.driver

/** How much of an API's answer is looked at for a refusal of the token. What it means, the core says. */
internal object Refusals {
    /** So much of a body is looked at, in bytes. */
    const val BODY_START = 8 * 1024

    private const val UNAUTHORIZED = 401
    private val ERRORS = 400..599

    fun mayBe(status: Int): Boolean = status in ERRORS

    /** A page or a file is not read before its caller does. */
    fun isInBody(
        status: Int,
        contentType: String?,
    ): Boolean {
        if (status == UNAUTHORIZED) return false
        val type = contentType?.lowercase() ?: return true
        return "json" in type || "form-urlencoded" in type
    }
}
