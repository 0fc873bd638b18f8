package io.github.cxauth.driver

import io.github.cxauth.CxException
import io.github.cxauth.DevicePrompt
import io.github.cxauth.KeptSignIn
import io.github.cxauth.ProvidedToken
import io.github.cxauth.Secret
import io.github.cxauth.SignIn
import io.github.cxauth.TokenAnswer
import io.github.cxauth.TokenFailure
import io.github.cxauth.TokenRequestException
import io.github.cxauth.bridge.AcquiredKind
import io.github.cxauth.bridge.AuthException
import io.github.cxauth.bridge.FailureKind
import io.github.cxauth.bridge.Session
import io.github.cxauth.bridge.Step
import io.github.cxauth.bridge.StepKind
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import java.time.Duration
import java.util.concurrent.CompletableFuture

/** Leads a flight on a thread of the client's own: the core says what to do next, this does it. */
internal class Flight(
    private val keeper: Keeper,
    private val number: UInt,
    private val purpose: Purpose,
) : Runnable {
    enum class Purpose {
        RENEWAL,
        SIGN_OUT,
        SIGN_IN,

        /** It may take many minutes, and ends early with its caller or its client. */
        DEVICE_SIGN_IN,
    }

    /** Given when the flight is over: why it brought nothing, null when it did what it was for. */
    val over = CompletableFuture<CxException?>()

    /** Given when there is a code to show. */
    val prompt = CompletableFuture<DevicePrompt>()

    /** The sign-in that it began: there when it is over. */
    @Volatile
    var signIn: SignIn? = null
        private set
    private val parts get() = keeper.parts
    private val store = StoreSteps(parts)

    override fun run() {
        var landed = false
        var why: CxException? = null
        try {
            while (!landed && !isGivenUp) landed = step { why = it }
        } finally {
            if (!landed) {
                runCatching(store::unlock)
                keeper.with { session, now -> session.abandon(now, number) }
            }
            keeper.landed()
            if (landed) over.complete(why) else over.completeExceptionally(IllegalStateException(broken()))
        }
    }

    /** True when the flight is over; [failed] is told if it brought nothing. */
    private fun step(failed: (CxException) -> Unit): Boolean =
        keeper.with { session, now -> session.next(now, number) }.use { step ->
            val outcome = perform(step)
            if (outcome == null) {
                if (step.hasError()) failed(step.error().translated())
                return true
            }
            val settled =
                keeper.with { session, now ->
                    outcome.tell(session, now, number)
                    // Whoever waits need not wait for what is left to do.
                    session.look(now).use { it.kind() == AcquiredKind.READY }
                }
            if (settled) keeper.announce()
            false
        }

    private fun perform(step: Step): Outcome? =
        when (step.kind()) {
            StepKind.READ_SECRET -> attempting { Outcome.Read(SecretReader(parts).read(step)) }
            StepKind.SEND -> sending { Outcome.Answered(parts.transport.send(step.request().translated(), parts.timeout)) }
            StepKind.PROVIDE -> sending { Outcome.Answered(provide()) }
            StepKind.LOCK -> attempting { Outcome.Done.also { lock() } }
            StepKind.LOAD -> attempting { Outcome.Loaded(store.load()) }
            StepKind.SAVE -> attempting { Outcome.Done.also { store.save(Secret(step.snapshot())) } }
            StepKind.UNLOCK -> attempting { Outcome.Done.also { store.unlock() } }
            StepKind.SIGN -> attempting { Outcome.Signed(Signers(parts).sign(step)) }
            StepKind.AUTHORIZE -> Outcome.Done.also { signIn = step.authorization() }
            StepKind.PROMPT -> Outcome.Done.also { prompt.complete(step.prompt()) }
            StepKind.PAUSE -> Outcome.Done.also { pause(step.untilMs()?.toLong() ?: 0) }
            StepKind.DONE -> null
        }

    /** Whether nobody waits for it any more. What was begun otherwise goes on to its end. */
    private val isGivenUp get() = purpose == Purpose.DEVICE_SIGN_IN && (over.isDone || keeper.isClosed)

    private fun broken() = if (keeper.isClosed) Keeper.CLOSED else "the flight broke off"

    private fun pause(until: Long) {
        while (!isGivenUp && parts.clock.millis() < until) {
            // Taken before looking: a client that is closed in between is not missed.
            keeper.waitingUntil(until).use { waiting ->
                over.whenComplete { _, _ -> waiting.over.complete(Unit) }
                if (!isGivenUp) waiting.over.get()
            }
        }
    }

    private fun lock() {
        if (purpose == Purpose.SIGN_OUT) return store.lock(SIGN_OUT_PATIENCE)
        look()
        try {
            store.lock(parts.lockPatience)
        } catch (e: Exception) {
            look()
            throw e
        }
    }

    /** Who has nothing to hand out does with what the store holds, whoever has its lock and for how long. */
    private fun look() {
        if (keeper.with { session, now -> session.usable(now).use { it.hasToken() } }) return
        val stored = store.look() ?: return
        val newer =
            try {
                keeper.with { session, now -> session.adopt(now, stored.reveal()) }
            } catch (_: AuthException) {
                // It is read again under the lock, and said there.
                false
            }
        if (newer) keeper.announce()
    }

    private fun attempting(act: () -> Outcome): Outcome =
        try {
            act()
        } catch (e: Exception) {
            Outcome.Failed(FailureKind.CONNECT, e.inWords())
        }

    private fun sending(send: () -> Outcome): Outcome =
        try {
            send()
        } catch (e: TokenRequestException) {
            Outcome.Failed(e.failure.translated(), e.inWords())
        } catch (e: Exception) {
            // What the transport of somebody else throws may hold anything.
            Outcome.Failed(FailureKind.INTERRUPTED, e.javaClass.simpleName)
        } catch (e: LinkageError) {
            Outcome.Failed(
                FailureKind.CONNECT,
                "the HTTP client of the token requests is not complete: ${e.javaClass.simpleName}",
            )
        }

    /** The function's token as a token endpoint would have answered. */
    private fun provide(): TokenAnswer {
        val function =
            parts.provide ?: throw TokenRequestException(
                TokenFailure.CONNECT,
                "the grant external takes a function: give one with `provide`",
            )
        val provided =
            try {
                parts.limited(PROVIDE_LIMIT, function)
            } catch (_: TimeLimitException) {
                throw TokenRequestException(TokenFailure.TIMEOUT, "nothing came within ${PROVIDE_LIMIT.seconds} seconds")
            } catch (e: Exception) {
                throw TokenRequestException(TokenFailure.INTERRUPTED, e.inWords())
            }
        return TokenAnswer(200, listOf("content-type" to "application/json"), provided.toJson().toByteArray())
    }

    private companion object {
        /** With this a flight is over before its deadline, and no threads pile up behind a function that hangs. */
        val PROVIDE_LIMIT: Duration = Duration.ofSeconds(55)

        /** Longer than a renewal that is under way may take. */
        val SIGN_OUT_PATIENCE: Duration = Duration.ofSeconds(40)
    }
}

/** How a step went. */
private sealed interface Outcome {
    fun tell(
        session: Session,
        now: Double,
        flight: UInt,
    )

    object Done : Outcome {
        override fun tell(
            session: Session,
            now: Double,
            flight: UInt,
        ) = session.done(now, flight)
    }

    class Loaded(
        private val snapshot: Secret?,
    ) : Outcome {
        override fun tell(
            session: Session,
            now: Double,
            flight: UInt,
        ) = session.doneLoaded(now, flight, snapshot?.reveal())
    }

    class Read(
        private val secret: Secret,
    ) : Outcome {
        override fun tell(
            session: Session,
            now: Double,
            flight: UInt,
        ) = session.doneSecret(now, flight, secret.reveal())
    }

    class Signed(
        private val signature: ByteArray,
    ) : Outcome {
        override fun tell(
            session: Session,
            now: Double,
            flight: UInt,
        ) = session.doneSignature(now, flight, signature)
    }

    class Answered(
        private val answer: TokenAnswer,
    ) : Outcome {
        override fun tell(
            session: Session,
            now: Double,
            flight: UInt,
        ) {
            val (names, values) = answer.headers.unzip()
            session.doneAnswer(now, flight, answer.status.toUInt(), names, values, answer.body)
        }
    }

    class Failed(
        private val failure: FailureKind,
        private val why: String,
    ) : Outcome {
        override fun tell(
            session: Session,
            now: Double,
            flight: UInt,
        ) = session.doneFailedBecause(now, flight, failure, why)
    }
}

private fun Step.authorization() = SignIn(authorizationUrl().orEmpty(), KeptSignIn(signIn()))

private fun Step.prompt() =
    DevicePrompt(
        userCode = userCode().orEmpty(),
        verificationUri = verificationUri().orEmpty(),
        verificationUriComplete = verificationUriComplete(),
        expiresAt = instant(untilMs() ?: 0.0),
    )

private fun TokenFailure.translated() =
    when (this) {
        TokenFailure.CONNECT -> FailureKind.CONNECT
        TokenFailure.TIMEOUT -> FailureKind.TIMEOUT
        TokenFailure.INTERRUPTED -> FailureKind.INTERRUPTED
    }

private fun ProvidedToken.toJson() =
    buildJsonObject {
        put("access_token", secret.reveal())
        put("expires_in", expiresIn?.seconds)
        putJsonArray("scope") { scopes.forEach { add(it) } }
    }.toString()

internal fun Exception.inWords() = message ?: javaClass.simpleName
