package io.github.cxauth

import io.github.cxauth.bridge.signInIsAnsweredBy
import io.github.cxauth.driver.translating
import java.time.Instant

/**
 * A sign-in in a browser that has begun: open [url] there, keep [kept], and give both it and the address that the browser comes
 * back to to [CxClient.finishSignIn].
 */
public class SignIn internal constructor(
    /** Where the person signs in. It is for the system's browser, a Custom Tab for instance, and for no web view (RFC 8252 §8.12). */
    public val url: String,
    /** What proves that the browser's answer belongs to this sign-in. */
    public val kept: KeptSignIn,
) {
    override fun toString(): String = "SignIn(…)"
}

/**
 * What is kept of a sign-in while its person is in the browser. It is a secret that nothing prints, and works once.
 *
 * Android may end the process meanwhile: [toText] goes into the saved instance state, and what comes back from there is one again.
 *
 * ```
 * outState.putString("sign-in", kept.toText())
 * val kept = savedInstanceState.getString("sign-in")?.let(::KeptSignIn)
 * ```
 *
 * @param text what [toText] gave
 */
public class KeptSignIn(
    text: String,
) {
    // Transient: libraries that read fields leave it out.
    @Transient
    private val text: String = text

    /** All of it as text: a secret. */
    public fun toText(): String = text

    /**
     * Whether the browser came back from this sign-in with [redirectUrl], whatever the answer is: for programs in which other
     * links arrive at the same place.
     *
     * @throws CxException when this is not what [toText] gave
     */
    @Throws(CxException::class)
    public fun isAnsweredBy(redirectUrl: String): Boolean = translating { signInIsAnsweredBy(text, redirectUrl) }

    override fun toString(): String = "KeptSignIn(…)"
}

/** What a person needs to sign in on another device (RFC 8628 §3.2). */
public class DevicePrompt internal constructor(
    /** The code to enter. */
    public val userCode: String,
    /** Where to enter it. */
    public val verificationUri: String,
    /** The same with the code in it, for a QR code, where the server has it. */
    public val verificationUriComplete: String?,
    /** Until when the code works. */
    public val expiresAt: Instant,
) {
    override fun toString(): String = "DevicePrompt($verificationUri)"
}
