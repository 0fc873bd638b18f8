package io.github.cxauth.okhttp

import io.github.cxauth.TokenFailure
import io.github.cxauth.TokenRequestException
import io.github.cxauth.driver.reason
import okhttp3.Call
import okhttp3.EventListener
import java.io.IOException
import java.io.InterruptedIOException

/** Whether anything of a request went out. */
internal class Progress : EventListener() {
    @Volatile
    private var isSent = false

    override fun requestHeadersStart(call: Call) {
        isSent = true
    }

    fun failure(e: IOException): TokenRequestException =
        when {
            !isSent -> TokenRequestException(TokenFailure.CONNECT, "cannot connect: ${reason(e)}")
            e is InterruptedIOException -> TokenRequestException(TokenFailure.TIMEOUT, "no answer in time")
            else -> TokenRequestException(TokenFailure.INTERRUPTED, "broken off: ${reason(e)}")
        }

    object Factory : EventListener.Factory {
        override fun create(call: Call): EventListener = call.request().tag(Progress::class.java) ?: NONE
    }
}
