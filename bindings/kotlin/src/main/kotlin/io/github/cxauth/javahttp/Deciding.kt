package io.github.cxauth.javahttp

import io.github.cxauth.driver.Refusals
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.ByteBuffer
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.Flow

/** What becomes of an answer. */
internal sealed interface Fate<out T> {
    /** The caller's handler read it. */
    class Delivered<T>(
        val body: T,
    ) : Fate<T>

    /** It is not read; the request is sent once more. */
    object Refused : Fate<Nothing>

    /** It is not read; another request takes its place. */
    class Redirected(
        val next: HttpRequest,
    ) : Fate<Nothing>
}

/** Decides once the header fields are there, or the start of a body that may name an error. */
internal class Decision(
    val redirect: (HttpResponse.ResponseInfo) -> HttpRequest?,
    val isRefused: (HttpResponse.ResponseInfo, ByteArray) -> Boolean,
)

/** Shows an answer to the caller's own handler only when it is the caller's. */
internal class DecidingHandler<T>(
    private val handler: HttpResponse.BodyHandler<T>,
    private val decision: Decision,
) : HttpResponse.BodyHandler<Fate<T>> {
    override fun apply(info: HttpResponse.ResponseInfo): HttpResponse.BodySubscriber<Fate<T>> {
        decision.redirect(info)?.let { return Unread(Fate.Redirected(it)) }
        val status = info.statusCode()
        return when {
            !Refusals.mayBe(status) -> delivered(info)
            Refusals.isInBody(status, info.headers().firstValue("Content-Type").orElse(null)) ->
                Peeking({ handler.apply(info) }, { start -> decision.isRefused(info, start) })
            decision.isRefused(info, ByteArray(0)) -> Unread(Fate.Refused)
            else -> delivered(info)
        }
    }

    private fun delivered(info: HttpResponse.ResponseInfo): HttpResponse.BodySubscriber<Fate<T>> =
        HttpResponse.BodySubscribers.mapping(handler.apply(info)) { Fate.Delivered(it) }
}

/** Closes the answer without reading it. */
private class Unread<T>(
    private val fate: Fate<T>,
) : HttpResponse.BodySubscriber<Fate<T>> {
    override fun getBody(): CompletionStage<Fate<T>> = CompletableFuture.completedFuture(fate)

    override fun onSubscribe(subscription: Flow.Subscription) = subscription.cancel()

    override fun onNext(buffers: List<ByteBuffer>) = Unit

    override fun onError(error: Throwable) = Unit

    override fun onComplete() = Unit
}

/** Holds the start of a body until it is clear whose it is; what follows streams through. */
private class Peeking<T>(
    private val open: () -> HttpResponse.BodySubscriber<T>,
    private val isRefused: (ByteArray) -> Boolean,
) : HttpResponse.BodySubscriber<Fate<T>>,
    Flow.Subscription {
    private val fate = CompletableFuture<Fate<T>>()
    private lateinit var upstream: Flow.Subscription
    private var downstream: HttpResponse.BodySubscriber<T>? = null
    private val held = mutableListOf<ByteBuffer>()
    private var length = 0
    private var state = State.HOLDING
    private var isOver = false
    private var error: Throwable? = null

    override fun getBody(): CompletionStage<Fate<T>> = fate

    override fun onSubscribe(subscription: Flow.Subscription) {
        upstream = subscription
        upstream.request(1)
    }

    override fun onNext(buffers: List<ByteBuffer>) {
        val downstream = downstream
        if (downstream != null) return downstream.onNext(buffers)
        held += buffers
        length += buffers.sumOf { it.remaining() }
        if (length < Refusals.BODY_START) upstream.request(1) else decide()
    }

    override fun onError(error: Throwable) {
        this.error = error
        finish()
    }

    override fun onComplete() = finish()

    /** The downstream's demand: first what was held, then what comes. */
    override fun request(count: Long) {
        val isFirst = synchronized(this) { (state == State.HOLDING).also { if (it) state = State.REPLAYING } }
        if (!isFirst) return upstream.request(count)
        if (held.isNotEmpty()) downstream?.onNext(held.toList())
        val over =
            synchronized(this) {
                state = State.FLOWING
                isOver
            }
        val left = if (held.isEmpty()) count else count - 1
        if (over) {
            end()
        } else if (left > 0) {
            upstream.request(left)
        }
    }

    override fun cancel() = upstream.cancel()

    private fun finish() {
        if (downstream == null && !decide()) return
        val isNow =
            synchronized(this) {
                isOver = true
                if (state == State.HOLDING && held.isEmpty()) state = State.FLOWING
                state == State.FLOWING
            }
        if (isNow) end()
    }

    /** False when the answer is not the caller's. */
    private fun decide(): Boolean {
        val opened =
            try {
                if (isRefused(start())) null else open()
            } catch (e: Exception) {
                fate.completeExceptionally(e)
                null
            }
        if (opened == null) {
            upstream.cancel()
            fate.complete(Fate.Refused)
            return false
        }
        downstream = opened
        opened.body.whenComplete { body, error ->
            if (error == null) fate.complete(Fate.Delivered(body)) else fate.completeExceptionally(error)
        }
        opened.onSubscribe(this)
        return true
    }

    private fun start(): ByteArray {
        val start = ByteArray(minOf(length, Refusals.BODY_START))
        var filled = 0
        for (buffer in held) {
            val count = minOf(buffer.remaining(), start.size - filled)
            buffer.duplicate().get(start, filled, count)
            filled += count
        }
        return start
    }

    private fun end() {
        val downstream = downstream ?: return
        error?.let(downstream::onError) ?: downstream.onComplete()
    }

    private enum class State {
        /** The downstream has asked for nothing yet. */
        HOLDING,

        /** It gets what was held. */
        REPLAYING,

        /** It gets what comes. */
        FLOWING,
    }
}
