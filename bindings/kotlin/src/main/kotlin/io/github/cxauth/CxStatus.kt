package io.github.cxauth

import java.time.Instant

/** How a client stands. */
public enum class CxState {
    /** No usable token; the next caller starts a renewal. */
    EMPTY,

    /** No usable token; a renewal is under way. */
    RENEWING,

    /** A token serves, and nothing is due. */
    FRESH,

    /** A token serves; the next caller starts a renewal. */
    DUE,

    /** A token serves; a renewal is under way. */
    RENEWING_EARLY,

    /** A token serves; its renewal failed and is held back. */
    DEGRADED,

    /** No usable token; the renewal is held back. */
    WAITING,

    /** No usable token; nothing will come before something is changed. */
    DENIED,
}

/** How a client stands, without having asked for anything. */
public class CxStatus internal constructor(
    /** How it stands. */
    public val state: CxState,
    /** The token that may be used. */
    public val token: AccessToken?,
    /** Why there is no token and none is on its way, when it was tried. */
    public val error: CxException?,
    /** When background renewal would next do something; null for never, or not before somebody asks. */
    public val nextWakeup: Instant?,
) {
    override fun toString(): String = "CxStatus($state, token=$token, code=${error?.code}, nextWakeup=$nextWakeup)"
}
