package io.github.cxauth.vectors

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.ObjectNode
import io.github.cxauth.bridge.Acquired
import io.github.cxauth.bridge.AcquiredKind
import io.github.cxauth.bridge.AuthException
import io.github.cxauth.bridge.Connection
import io.github.cxauth.bridge.ErrorDetails
import io.github.cxauth.bridge.FailureKind
import io.github.cxauth.bridge.Refusal
import io.github.cxauth.bridge.Session
import io.github.cxauth.bridge.SessionEventKind
import io.github.cxauth.bridge.StepKind
import io.github.cxauth.bridge.Token
import io.github.cxauth.bridge.openConnection
import io.github.cxauth.bridge.openSession
import io.github.cxauth.bridge.restoreSession
import io.github.cxauth.bridge.snapshotGeneration
import io.github.cxauth.bridge.Step as BridgeStep

/**
 * Plays the steps of one process on a session of the bridge: with its flights and tokens by the names that the scenario
 * gives them.
 *
 * @param start when the session is opened, in seconds from the scenario's start.
 */
internal class Player(
    private val shared: Shared,
    start: Double,
) : AutoCloseable {
    /** A flight that the scenario can name. Its number is null once its session is gone. */
    private class Flight(
        val name: String?,
        var number: UInt?,
    )

    private val epochMs = millis(shared.epoch)
    private val store get() = shared.store
    private var settings = shared.settings
    private var at = start
    private var connection: Connection? = null
    private var session: Session? = null

    /** What is wrong with the connection in itself. */
    private var mistake: AuthException.Failed? = null
    private val flights = mutableListOf<Flight>()

    /** The flights that wait for the store's lock. */
    private val waiting = mutableSetOf<UInt>()

    /** The flights that do nothing for a while. */
    private val pausing = mutableSetOf<UInt>()

    /** The flights that sign out. */
    private val leaving = mutableSetOf<UInt>()

    /** The flights that sign somebody in, with the state that went out with their request. */
    private val signingIn = mutableMapOf<UInt, String?>()

    /** The generations of the tokens that have names. */
    private val tokens = mutableMapOf<String, Double>()

    /** The generation of the token that was last handed out. */
    private var handedOut: Double? = null

    /** Whether somebody compares the outcome: reading one takes many calls of the bridge. */
    private var isCompared = true

    /** Whether the client's key can sign in this step. */
    private var signs = true

    init {
        open()
    }

    override fun close() {
        session?.close()
        connection?.close()
    }

    /**
     * Performs one step and returns its outcome.
     *
     * @throws ScenarioException for a mistake in the scenario.
     */
    fun perform(step: Step): JsonNode {
        at = step.at
        isCompared = "expect" in step.expected
        signs = step.signs
        return perform(step.action) ?: NULL
    }

    /** The names of the events since this was last called. */
    fun events(): JsonNode {
        val kinds = generateSequence { session?.pollEvent()?.use { it.kind() } }
        return json(kinds.takeWhile { it != SessionEventKind.NOTHING }.map { it.name.lowercase() }.toList())
    }

    /** When background work is next due. */
    fun wakeup(): JsonNode = json(seconds(session?.nextWakeupMs()))

    private fun perform(action: Action): JsonNode? =
        when (action) {
            is Action.Acquire -> acquire(action.name)
            is Action.Wake -> session?.wake(now)?.use { outcome(it, action.name) }
            is Action.Peek -> session?.bearer(now)?.use { outcome(it, null) }
            is Action.Finish -> finish(action)
            is Action.SignIn -> signIn(action)
            is Action.Redirect -> redirect(action)
            is Action.GoOn -> wakeUp(action)
            is Action.GiveUp -> giveUp(waiting(action.of), action.name)
            is Action.Refuse -> refuse(action)
            is Action.Outage -> outage(action)
            is Action.Restart -> restart(snapshot(action.of))
            is Action.RestartFrom -> restart(action.snapshot)
            is Action.Abandon -> without { flight(action.of)?.let(::abandon) }
            is Action.ChangeSecret -> without { change(action.changes) }
            is Action.Save -> without { session?.let { shared.snapshots[action.name] = it.snapshot() } }
            is Action.Adopt -> without { snapshot(action.of).let { session?.adopt(now, it) } }
            is Action.SignOut -> session?.let { signOut(it, action.name) }
            is Action.ChangeStore, is Action.End -> throw ScenarioException("this is no step of a process")
        }

    private fun open() {
        try {
            val connection = openConnection(settings.toString())
            this.connection = connection
            session = openSession(connection, now, shared.entropy(), store != null)
        } catch (error: AuthException.Failed) {
            mistake = error
        }
    }

    /** A connection that is wrong in itself comes out of the first acquire. */
    private fun acquire(name: String?): JsonNode? = session?.acquire(now)?.use { outcome(it, name) } ?: mistake?.let(::denied)

    private fun outcome(
        acquired: Acquired,
        name: String?,
    ): JsonNode? =
        when (acquired.kind()) {
            AcquiredKind.READY -> json("token" to handOut(acquired, name))
            AcquiredKind.LEAD -> goOn(acquired.flight(), name)
            AcquiredKind.FOLLOW -> json("follow" to json("token" to handOut(acquired, name)))
            AcquiredKind.WAIT -> wait(acquired.untilMs(), why(acquired.error()))
            AcquiredKind.DENIED -> denied(why(acquired.error()))
            AcquiredKind.NOTHING -> null
        }

    /**
     * Performs a flight's steps up to the one that the scenario answers, or to the lock that somebody else has, or to the
     * flight's end.
     *
     * @param over what comes out at the end.
     */
    private fun goOn(
        number: UInt,
        name: String?,
        over: (BridgeStep) -> JsonNode? = { settled(it, name) },
    ): JsonNode? {
        var prompt: ObjectNode? = null
        val step = performUnseen(number) { prompt = it }
        if (step == null) {
            waiting += number
            remember(number, name)
            return json("locked" to json("token" to handOutUsable()))
        }
        waiting -= number
        pausing -= number
        return step.use {
            when (it.kind()) {
                StepKind.DONE -> {
                    store?.unlock(this, number)
                    if (number in leaving) left(it) else over(it)
                }
                StepKind.AUTHORIZE -> authorized(number, it, name)
                StepKind.PAUSE -> paused(number, it, prompt, name)
                else -> led(number, it, name)
            }
        }
    }

    /** The flight's request is the scenario's to answer. */
    private fun led(
        number: UInt,
        step: BridgeStep,
        name: String?,
    ): JsonNode {
        remember(number, name)
        val isRead = step.kind() == StepKind.SEND && (isCompared || number in signingIn)
        val request = if (isRead) step.request().use(::json) else null
        if (number in signingIn && request?.state != null) signingIn[number] = request.state
        return json("lead" to json("token" to handOutUsable(), "request" to (request?.value ?: NULL)))
    }

    /** The flight is over, and what is kept of its sign-in goes by its names. */
    private fun authorized(
        number: UInt,
        step: BridgeStep,
        name: String?,
    ): JsonNode {
        val session = present()
        val authorization = authorization(step)
        val names = (flights.filter { it.number == number }.map { it.name } + name).filterNotNull().toSet()
        shared.signIns.keep(names, authorization.state ?: signingIn[number], step.signIn())
        session.done(now, number)
        session.next(now, number).use {
            if (it.kind() != StepKind.DONE || it.hasError()) throw ScenarioException("the flight goes on: ${it.kind()}")
        }
        return json("authorize" to authorization.value)
    }

    private fun paused(
        number: UInt,
        step: BridgeStep,
        prompt: ObjectNode?,
        name: String?,
    ): JsonNode {
        pausing += number
        remember(number, name)
        val until = seconds(step.untilMs())
        return if (prompt == null) {
            json("pause" to json("until" to until))
        } else {
            json("prompt" to prompt.put("ask_at", until))
        }
    }

    /**
     * Performs a flight's steps that the scenario does not see, and returns the one that comes then; null when somebody else
     * has the lock.
     */
    private fun performUnseen(
        number: UInt,
        show: (ObjectNode) -> Unit,
    ): BridgeStep? {
        val session = present()
        while (true) {
            val step = session.next(now, number)
            when (step.kind()) {
                in ELSEWHERE -> return step
                StepKind.PROMPT -> step.use { show(prompt(it)) }.also { session.done(now, number) }
                StepKind.SIGN -> step.close().also { sign(session, number) }
                else -> if (!step.use { performAtStore(it, number) }) return null
            }
        }
    }

    private fun sign(
        session: Session,
        number: UInt,
    ) = if (signs) {
        session.doneSignature(now, number, SIGNATURE)
    } else {
        session.doneFailed(now, number, FailureKind.CONNECT)
    }

    private fun prompt(step: BridgeStep): ObjectNode =
        json(
            "user_code" to step.userCode(),
            "verification_uri" to step.verificationUri(),
            "verification_uri_complete" to step.verificationUriComplete(),
            "expires_at" to seconds(step.untilMs()),
        )

    /** Performs one; false when somebody else has the lock. */
    private fun performAtStore(
        step: BridgeStep,
        number: UInt,
    ): Boolean {
        val (session, store) = present() to store
        val kind = step.kind()
        if (store == null) throw ScenarioException("a step that no scenario has: $kind")
        try {
            when (kind) {
                StepKind.LOCK -> if (store.lock(this, number)) session.done(now, number) else return false
                StepKind.LOAD -> session.doneLoaded(now, number, store.load())
                StepKind.SAVE -> store.save(step.snapshot(), this, number).also { session.done(now, number) }
                StepKind.UNLOCK -> store.unlock(this, number).also { session.done(now, number) }
                else -> throw ScenarioException("a step that no scenario has: $kind")
            }
        } catch (_: Store.Failure) {
            session.doneFailed(now, number, FailureKind.CONNECT)
        }
        return true
    }

    private fun finish(action: Action.Finish): JsonNode? {
        val number = flight(action.of) ?: return null
        if (number in waiting) throw ScenarioException("the flight waits for the lock and has sent nothing")
        if (number in pausing) throw ScenarioException("the flight pauses and has sent nothing")
        return conclude(number, action.name) {
            when (val result = action.result) {
                is Result.Answer -> result.run { doneAnswer(now, number, status, headerNames, headerValues, body) }
                is Result.Failure -> doneFailed(now, number, result.kind)
            }
        }
    }

    private fun giveUp(
        number: UInt,
        name: String?,
    ): JsonNode? = conclude(number, name) { doneFailed(now, number, FailureKind.CONNECT) }

    /** Tells the session how the flight's step went. */
    private fun conclude(
        number: UInt,
        name: String?,
        tell: Session.() -> Unit,
    ): JsonNode? {
        val session = present()
        val before = snapshotGeneration(session.snapshot())
        session.tell()
        return goOn(number, name) { step ->
            val after = snapshotGeneration(session.snapshot())
            // Nobody followed a sign-in, so that what went wrong with it is told even while a token serves.
            if (number in signingIn && step.hasError()) return@goOn left(step)
            // Dropped: neither a token nor an error came of it.
            if (after <= before && !step.hasError()) return@goOn null
            if (after > before) {
                flights.filter { it.number == number }.mapNotNull { it.name }.associateWithTo(tokens) { after }
            }
            settled(step, name)
        }
    }

    private fun abandon(number: UInt) {
        session?.abandon(now, number)
        pausing -= number
        store?.unlock(this, number)
    }

    /** With a store it is a flight. */
    private fun signOut(
        session: Session,
        name: String?,
    ): JsonNode? {
        if (store == null) return without { session.signOut(now) }
        val number = session.leadSignOut(now)
        leaving += number
        // It has its name also where it is over at once.
        remember(number, name)
        return goOn(number, null)
    }

    private fun signIn(action: Action.SignIn): JsonNode? =
        beginSignIn(action.name) {
            if (action.isOnDevice) {
                leadDeviceSignIn(now)
            } else {
                leadAuthorization(now, shared.entropyOfSignIn(), action.redirectUri)
            }
        }

    private fun redirect(action: Action.Redirect): JsonNode? {
        val kept = shared.signIns.find(action.of)
        return beginSignIn(action.name) { leadCode(now, kept.text, action.url.replace("{state}", kept.state)) }
    }

    /** A flight that nobody follows, where one begins. One that is over at once has no name. */
    private fun beginSignIn(
        name: String?,
        begin: Session.() -> UInt,
    ): JsonNode? {
        val session = session ?: return mistake?.let(::denied)
        val number =
            try {
                session.begin()
            } catch (error: AuthException.Failed) {
                return denied(error)
            }
        signingIn[number] = null
        return conclude(number, name) {}
    }

    /** It tries again to get the lock, or looks whether its pause is over. */
    private fun wakeUp(action: Action.GoOn): JsonNode? {
        val number = flight(action.of)
        return when (number) {
            null, !in waiting + pausing ->
                throw ScenarioException("the flight does not wait for the lock, and does not pause")
            in waiting -> if (number in signingIn) conclude(number, action.name) {} else goOn(number, action.name)
            else -> conclude(number, action.name) { done(now, number) }
        }
    }

    /** What did not work is told, whatever is to be done about it. */
    private fun left(step: BridgeStep): JsonNode? = if (step.hasError()) denied(why(step.error())) else null

    /** What the leader finds when its flight is over. */
    private fun settled(
        step: BridgeStep,
        name: String?,
    ): JsonNode? {
        val session = present()
        session.usable(now).use { if (it.hasToken()) return outcome(it, name) }
        session.look(now).use { if (it.kind() != AcquiredKind.NOTHING) return outcome(it, name) }
        if (!step.hasError()) return null
        // Where nothing holds back the next attempt, the flight's own error is what its leader hears.
        return step.error().use { if (it.action() == "retry") wait(it.retryAtMs(), why(it)) else denied(why(it)) }
    }

    private fun refuse(action: Action.Refuse): JsonNode {
        val generation = if (action.of == null) handedOut else tokens[action.of]
        if (generation == null) {
            throw ScenarioException(
                if (action.of == null) "no token was handed out yet" else "`of`: there is no token ${action.of}",
            )
        }
        val refusal = present().refused(now, generation, action.status, action.wwwAuthenticate, action.body)
        return json(if (refusal == Refusal.RETRY) "retry" else "leave")
    }

    private fun outage(action: Action.Outage): JsonNode {
        val start = at
        var requests = 0
        isCompared = false
        for (turn in generateSequence(0) { it + 1 }) {
            at = start + turn * action.every
            if (at >= action.until) break
            var outcome = acquire(null)
            while (outcome?.has("lead") == true) {
                requests += 1
                outcome = finish(Action.Finish(action.result, null, null))
            }
        }
        return json("requests" to requests)
    }

    private fun change(changes: ObjectNode) {
        val (connection, session) = this.connection to this.session
        if (connection != null && session != null) {
            session.change(now, changes.toString())
            this.connection = connection.withSettings(changes.toString())
            connection.close()
        } else {
            settings = settings.deepCopy()
            changes
                .properties()
                .filterNot { (_, value) ->
                    value.isNull
                }.forEach { (name, value) -> settings.replace(name, value) }
            open()
        }
    }

    private fun restart(snapshot: String): JsonNode? {
        val connection = connection ?: return mistake?.let(::denied)
        val restored =
            try {
                restoreSession(connection, now, shared.entropy(), store != null, snapshot)
            } catch (error: AuthException.Failed) {
                return denied(error)
            }
        session?.close()
        session = restored
        store?.release(this)
        flights.forEach { it.number = null }
        waiting.clear()
        pausing.clear()
        leaving.clear()
        signingIn.clear()
        return null
    }

    private fun present(): Session = session ?: throw ScenarioException("there is no session: ${mistake?.code}")

    private fun remember(
        number: UInt,
        name: String?,
    ) {
        flights.removeAll { it.name == null && it.number == number }
        flights += Flight(name, number)
    }

    private fun flight(of: String?): UInt? {
        val flight = flights.lastOrNull { of == null || it.name == of }
        if (flight == null) {
            throw ScenarioException(if (of == null) "there is no flight" else "`of`: there is no flight $of")
        }
        return flight.number
    }

    /** A flight that came out as `locked`. */
    private fun waiting(of: String?): UInt =
        flight(of)?.takeIf { it in waiting } ?: throw ScenarioException("the flight does not wait for the lock")

    private fun snapshot(of: String): String = shared.snapshots[of] ?: throw ScenarioException("`of`: there is no snapshot $of")

    /** What may be used meanwhile. */
    private fun handOutUsable(): JsonNode = present().usable(now).use { handOut(it, null) }

    private fun handOut(
        acquired: Acquired,
        name: String?,
    ): JsonNode = if (acquired.hasToken()) acquired.token().use { handOut(it, name) } else NULL

    private fun handOut(
        token: Token,
        name: String?,
    ): JsonNode {
        val generation = token.generation()
        handedOut = generation
        if (name != null) tokens[name] = generation
        if (!isCompared) return NULL
        val headers = token.apiHeaderNames().zip(token.apiHeaderValues()) + (token.headerName() to token.headerValue())
        return json(
            "headers" to headers.toMap(),
            "expires_at" to seconds(token.expiresAtMs()),
            "scopes" to token.scopes(),
        )
    }

    private fun why(error: ErrorDetails): JsonNode = if (isCompared) error.use(::json) else json("server_error" to null)

    private fun wait(
        untilMs: Double?,
        error: JsonNode,
    ): JsonNode = json("wait" to json("until" to seconds(untilMs), "error" to error), "no_token" to noToken(error))

    private val now: Double get() = epochMs + millis(at)

    private fun seconds(momentMs: Double?): Double? = momentMs?.let { (it - epochMs) / 1000 }
}

/** What the scenario sees. */
private val ELSEWHERE = setOf(StepKind.SEND, StepKind.PROVIDE, StepKind.AUTHORIZE, StepKind.PAUSE, StepKind.DONE)

/** What the client's key makes of whatever it signs. */
private val SIGNATURE = byteArrayOf(1, 2, 3)

private fun millis(seconds: Double): Double = Math.round(seconds * 1000).toDouble()

private inline fun without(act: () -> Unit): JsonNode? {
    act()
    return null
}

internal fun denied(error: AuthException.Failed): JsonNode =
    denied(json("action" to error.action, "code" to error.code, "server_error" to error.serverError))

private fun denied(error: JsonNode): JsonNode = json("error" to error, "no_token" to noToken(error))

private fun noToken(error: JsonNode): JsonNode = json("server_error" to error["server_error"])

private fun json(error: ErrorDetails): JsonNode =
    json("action" to error.action(), "code" to error.code(), "server_error" to error.serverError())
