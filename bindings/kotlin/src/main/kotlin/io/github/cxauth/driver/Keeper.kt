package io.github.cxauth.driver

import io.github.cxauth.CxEvent
import io.github.cxauth.CxEventListener
import io.github.cxauth.CxException
import io.github.cxauth.CxSettings
import io.github.cxauth.CxStatus
import io.github.cxauth.bridge.Acquired
import io.github.cxauth.bridge.AcquiredKind
import io.github.cxauth.bridge.Connection
import io.github.cxauth.bridge.Refusal
import io.github.cxauth.bridge.Session
import io.github.cxauth.bridge.SessionEventKind
import io.github.cxauth.bridge.SessionState
import io.github.cxauth.bridge.Token
import io.github.cxauth.bridge.openSession
import java.security.SecureRandom
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * One session, shared by everybody who needs its token.
 *
 * The session stands behind a lock that is held over no waiting and no foreign code. Beside it lies the token in service, which
 * the hot path reads without lock and without crossing into the native library, and a signal that wakes whoever waits when a
 * flight has ended.
 */
internal class Keeper(
    connection: Connection,
    entropy: ByteArray,
    val parts: Parts,
) {
    private val lock = ReentrantLock()
    private val session: Session
    private val changes = Changes()
    private val courier = Courier(parts.threads)
    private val background = Background(this)
    private val destinations =
        Destinations { url ->
            guarded {
                checkOpen()
                session.allows(url)
            }
        }

    @Volatile
    private var current: Current? = null

    /**
     * The latest moment at which the hot path gave the token out, about a second exact: it counts as asking, and shows that the
     * clock was set back.
     */
    private val noted: AtomicLong

    /** Up to here the session knows what the hot path noted. */
    private var told: Long

    /** Flights that are under way. */
    private var flying = 0

    /** Announced when a flight ends. */
    private val landings = Changes()

    @Volatile
    private var closed = false
    private var freed = false

    init {
        val now = parts.clock.millis()
        session = openSession(connection, now.toDouble(), entropy, parts.store != null)
        noted = AtomicLong(now)
        told = now
    }

    val platform: String = connection.platform()

    val events get() = courier.events

    /** The hot path: the token in service while nothing is due. */
    fun fresh(): Current? {
        val now = parts.clock.millis()
        val current = current ?: return null
        return current.takeIf { it.serves(now) && note(now) }
    }

    /** What a caller who needs a token does. */
    fun ask(patientUntil: Long): Asked {
        // Taken before the session is asked: a flight that ends in between is not missed.
        val change = changes.next()
        var toFly: UInt? = null
        val asked =
            guarded {
                checkOpen()
                val now = tell()
                session.acquire(now).use { acquired ->
                    val kind = acquired.kind()
                    if (kind == AcquiredKind.LEAD) toFly = acquired.flight().also { flying++ }
                    val asked = asked(acquired, change, patientUntil)
                    // Who joins a flight changes nothing: there may be thousands.
                    if (kind != AcquiredKind.FOLLOW || asked is Asked.Have) settle(now)
                    asked
                }
            }
        toFly?.let { fly(it) }
        background.start()
        return asked
    }

    /** Until when a caller of now is patient. */
    fun patientUntil(): Long = parts.clock.millis() + parts.patience.toMillis()

    fun waiting(asked: Asked.Wait): Waiting = Waiting(asked.change, asked.until, parts.clock)

    /** One that ends at a moment, or at the next change. */
    fun waitingUntil(moment: Long): Waiting = Waiting(changes.next(), moment, parts.clock)

    val isClosed: Boolean get() = closed

    fun allows(url: String): Boolean = destinations.allows(url)

    /** The same for an address that a client has taken apart, `origin` being the part of it that decides. */
    fun allows(origin: Origin): Boolean = destinations.allows(origin)

    /** The error for an address that may not see the token. */
    fun checkDestination(url: String) {
        if (!allows(url)) refuseDestination(url)
    }

    fun refuseDestination(url: String): Nothing {
        apiUrl(url)
        // A path, which would be allowed where it leads, but is no address: refused like one that has no host.
        apiUrl("about:blank")
        error("about:blank may see the token")
    }

    fun <T> connection(look: (Connection) -> T): T =
        guarded {
            checkOpen()
            session.connection().use(look)
        }

    /** True: get a token again and send the request once more. */
    fun refused(
        generation: Long,
        status: Int,
        wwwAuthenticate: List<String>,
        bodyStart: ByteArray,
    ): Boolean {
        val refusal =
            with { session, now ->
                checkOpen()
                session.refused(now, generation.toDouble(), status.toUInt(), wwwAuthenticate, bodyStart)
            }
        // Background renewal has something to do now.
        background.look()
        return refusal == Refusal.RETRY
    }

    fun apiUrl(path: String): String = translating { connection { it.apiUrl(path) } }

    fun addListener(listener: CxEventListener): AutoCloseable = courier.add(listener)

    fun change(settings: CxSettings) {
        with { session, now ->
            checkOpen()
            translating { session.change(now, settings.toJson().toString()) }
            parts.functions.putAll(settings.functions)
            parts.signers.putAll(settings.signers)
        }
        destinations.forget()
        announce()
    }

    /** Signs out here at once, and begins to do so where others must learn of it: the result tells what did not work there. */
    fun signOut(): CompletableFuture<CxException?> {
        val flight =
            with { session, now ->
                checkOpen()
                session.leadSignOut(now).also { flying++ }
            }
        announce()
        return fly(flight, Flight.Purpose.SIGN_OUT).over
    }

    fun beginSignIn(redirectUri: String?): Flight {
        val entropy = ByteArray(SIGN_IN_ENTROPY).also(SecureRandom()::nextBytes)
        return signIn(Flight.Purpose.SIGN_IN) { now -> leadAuthorization(now, entropy, redirectUri) }
    }

    fun finishSignIn(
        kept: String,
        redirectUrl: String,
    ): Flight = signIn(Flight.Purpose.SIGN_IN) { now -> leadCode(now, kept, redirectUrl) }

    fun signInOnDevice(): Flight = signIn(Flight.Purpose.DEVICE_SIGN_IN) { now -> leadDeviceSignIn(now) }

    private fun signIn(
        purpose: Flight.Purpose,
        lead: Session.(Double) -> UInt,
    ): Flight {
        val flight =
            with { session, now ->
                checkOpen()
                translating { session.lead(now) }.also { flying++ }
            }
        return fly(flight, purpose)
    }

    fun status(): CxStatus =
        with { session, now ->
            checkOpen()
            CxStatus(
                state = session.state(now).translated(),
                token = session.usable(now).use { if (it.hasToken()) it.token().use(::carry).token else null },
                error = session.look(now).use { if (it.kind() in UNSERVED) it.error().translated() else null },
                nextWakeup = session.nextWakeupMs()?.let(::instant),
            )
        }

    /** The background's turn. Returns when to look again; null for never. */
    fun wake(): Long? {
        var toFly: UInt? = null
        val next =
            guarded {
                if (closed) return@guarded null
                with { session, now ->
                    session.wake(now).use { if (it.kind() == AcquiredKind.LEAD) toFly = it.flight().also { flying++ } }
                    session.nextWakeupMs()?.toLong()
                }
            }
        toFly?.let { fly(it) }
        return next
    }

    /** Does something with the session, shows the token that is in service then, and tells what happened. */
    fun <T> with(act: (Session, Double) -> T): T =
        guarded {
            check(!freed) { CLOSED }
            val now = tell()
            val result = act(session, now)
            settle(now)
            result
        }

    /** Has everybody who waits look again. */
    fun announce() {
        changes.announce()
        background.look()
    }

    fun landed() {
        guarded {
            flying--
            free()
        }
        announce()
        landings.announce()
    }

    /** What to wait for until no flight is under way; null when none is. */
    fun settling(): Signal? {
        val landing = landings.next()
        return landing.takeIf { guarded { flying > 0 } }
    }

    /** Whoever waits is told so; a flight that is under way goes on to its end. */
    fun close() {
        guarded {
            closed = true
            current = null
            free()
        }
        background.close()
        announce()
    }

    override fun toString(): String = "CxClient($platform)"

    private fun asked(
        acquired: Acquired,
        change: Signal,
        patientUntil: Long,
    ): Asked {
        if (acquired.hasToken()) return Asked.Have(acquired.token().use(::carry))
        val deadline = acquired.deadlineMs() ?: acquired.untilMs()?.takeIf { it <= patientUntil }
        return when (deadline) {
            null -> Asked.Failed(acquired.error().translated())
            else -> Asked.Wait(deadline.toLong(), change)
        }
    }

    private fun carry(token: Token): Current = current?.takeIf { it.isOf(token) } ?: Current.of(token)

    /** Starts a flight that goes on whatever becomes of the caller. */
    private fun fly(
        number: UInt,
        purpose: Flight.Purpose = Flight.Purpose.RENEWAL,
    ): Flight {
        try {
            return Flight(this, number, purpose).also(parts.threads::execute)
        } catch (e: Throwable) {
            // The system gives no thread: somebody else may lead.
            with { session, now -> session.abandon(now, number) }
            landed()
            throw e
        }
    }

    /** False when the clock was set back: then the session has to know. */
    private fun note(now: Long): Boolean {
        val since = now - noted.get()
        if (since > NOTED) noted.accumulateAndGet(now, ::maxOf)
        return since >= -NOTED
    }

    /** Tells the session when the hot path was last used, and returns the moment. */
    private fun tell(): Double {
        val now = parts.clock.millis()
        val noted = noted.get()
        if (noted > told) {
            session.bearer(noted.toDouble()).close()
            told = noted
        }
        if (now < noted) {
            // Set back: from here on the new time counts.
            this.noted.set(now)
            told = now
        }
        return now.toDouble()
    }

    private fun settle(now: Double) {
        show(now)
        courier.post(happened())
    }

    private fun show(now: Double) {
        val state = if (closed) SessionState.EMPTY else session.state(now)
        current =
            when (state) {
                SessionState.FRESH -> usable(now)?.apply { serveWhileFresh() }
                SessionState.RENEWING_EARLY, SessionState.DEGRADED -> usable(now)?.apply { serveBriefly(now) }
                // While a renewal is due, whoever asks has to find that out.
                else -> null
            }
    }

    private fun usable(now: Double) = session.look(now).use { if (it.hasToken()) it.token().use(::carry) else null }

    private fun happened(): List<CxEvent> =
        generateSequence { session.pollEvent().use { if (it.kind() == SessionEventKind.NOTHING) null else it.translated() } }
            .toList()

    private fun free() {
        if (closed && flying == 0 && !freed) {
            freed = true
            session.close()
        }
    }

    private fun checkOpen() = check(!closed) { CLOSED }

    private fun <T> guarded(act: () -> T): T = lock.withLock(act)

    companion object {
        /** The hot path notes the time once in so many milliseconds, so that threads do not fight for one cache line. */
        private const val NOTED = 1000L

        /** State, verifier and nonce come of it: 64 bytes. */
        private const val SIGN_IN_ENTROPY = 64
        const val CLOSED = "this CxClient is closed"
        private val UNSERVED = setOf(AcquiredKind.WAIT, AcquiredKind.DENIED)
    }
}

/** What a caller who needs a token does. */
internal sealed interface Asked {
    /** Goes on. */
    class Have(
        val current: Current,
    ) : Asked

    /** Waits for the next change, at most until a moment, and asks again. */
    class Wait(
        val until: Long,
        val change: Signal,
    ) : Asked

    /** Gives up. */
    class Failed(
        val why: CxException,
    ) : Asked
}
