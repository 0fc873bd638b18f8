package io.github.cxauth

import java.time.Instant

/** What happened to a client's token. */
public enum class CxEventKind {
    /** A new token is in service. */
    RENEWED,

    /** A renewal failed, and there is nothing usable. */
    WAITING,

    /** A renewal or a save failed, and a token still serves. */
    DEGRADED,

    /** An API refused the token. */
    REFUSED,

    /** There is no way to a token any more before somebody signs in. */
    SIGNED_OUT,

    /** What cannot be renewed before it ends will end in 30, 14, 7 or 1 days. */
    EXPIRING,

    /** Something that this version has no word for. */
    OTHER,
}

/** One thing that happened, for logs, metrics and screens. It carries no secret. */
public class CxEvent internal constructor(
    /** What happened. */
    public val kind: CxEventKind,
    /** When. */
    public val at: Instant,
    /** The generation of the token that it is about; 0 when there is none. */
    public val generation: Long,
    /** When what it is about ends; null when that is unknown or never. */
    public val until: Instant?,
    /** Why, for a failure. */
    public val error: CxException?,
) {
    override fun toString(): String {
        val why = error?.let { ", code=${it.code}" }.orEmpty()
        return "CxEvent($kind, at=$at, generation=$generation, until=$until$why)"
    }
}

/** Somebody who is told what happens, see [CxClient.addListener]. */
public fun interface CxEventListener {
    /** Called on a thread of the client's, for one event after the other. What it throws is dropped. */
    public fun onEvent(event: CxEvent)
}
