package io.github.cxauth

/** An access token. */
public class AccessToken internal constructor(
    /** Which token of its session it is. Later ones have higher numbers. */
    public val generation: Long,
)
