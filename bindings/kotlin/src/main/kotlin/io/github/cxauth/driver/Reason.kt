package io.github.cxauth.driver

import java.io.EOFException
import java.net.SocketException
import java.net.SocketTimeoutException
import java.net.UnknownHostException
import javax.net.ssl.SSLException

/** What went wrong in words. A server may have put anything into the message of other exceptions, also what it was sent. */
internal fun reason(e: Throwable): String =
    when (e) {
        is UnknownHostException -> "the host is unknown"
        is SocketTimeoutException -> "no connection in time"
        is SocketException, is SSLException -> e.message
        is EOFException -> "the connection ended"
        else -> e.cause?.takeIf { it is EOFException }?.let(::reason)
    } ?: e.javaClass.simpleName
