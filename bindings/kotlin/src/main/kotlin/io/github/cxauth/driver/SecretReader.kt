package io.github.cxauth.driver

import io.github.cxauth.Secret
import io.github.cxauth.bridge.SecretSourceKind
import io.github.cxauth.bridge.Step
import java.io.File
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.time.Duration
import java.util.concurrent.atomic.AtomicReference

/** Reads secrets from where the connection says that they are. What it throws names the place and never the value. */
internal class SecretReader(
    private val parts: Parts,
) {
    fun read(step: Step): Secret {
        val values = step.secretSourceValues()
        val first = values.firstOrNull().orEmpty()
        return when (step.secretSourceKind()) {
            SecretSourceKind.ENVIRONMENT -> at("environment variable $first") { environment(first) }
            SecretSourceKind.FILE -> at("file $first") { File(first).inputStream().use(::start) }
            SecretSourceKind.COMMAND -> command(values)
            SecretSourceKind.FUNCTION -> at("function $first") { function(first) }
            SecretSourceKind.KEYCHAIN, SecretSourceKind.NOTHING ->
                throw SecretException(
                    "keychain entry $first: Java knows no keychain: use a function, or a command that prints the secret",
                )
        }
    }

    private fun at(
        place: String,
        read: suspend () -> ByteArray,
    ): Secret =
        try {
            secret(parts.limited(TIME_LIMIT, read))
        } catch (_: TimeLimitException) {
            throw SecretException("$place: nothing came within ${TIME_LIMIT.seconds} seconds")
        } catch (e: Exception) {
            throw SecretException("$place: ${e.message ?: e.javaClass.simpleName}")
        }

    private fun environment(name: String): ByteArray =
        System.getenv(name)?.toByteArray() ?: throw SecretException("it is not set")

    private suspend fun function(name: String): ByteArray {
        val function = parts.functions[name] ?: throw SecretException("the program gave no function of this name")
        return function().reveal().toByteArray()
    }

    /**
     * No shell: what stands in the connection is the program and its arguments, nothing is expanded. Its standard error is the
     * user's; its standard input is empty.
     */
    private fun command(words: List<String>): Secret {
        // Its arguments may say more than a log should know.
        val place = "command ${words.firstOrNull().orEmpty()}"
        val started = AtomicReference<Process>()
        try {
            return at(place) {
                if (words.isEmpty()) throw SecretException("no program is named")
                output(ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start().also(started::set))
            }
        } finally {
            // Also one that took too long: whoever reads from it is let go by this and by no interrupt.
            started.get()?.destroyForcibly()
        }
    }

    private fun output(program: Process): ByteArray {
        program.outputStream.close()
        val output = start(program.inputStream)
        // A program that is still writing would never end.
        if (output.size > LONGEST) return output
        val status = program.waitFor()
        if (status != 0) throw SecretException("it ended with exit status $status")
        return output
    }

    private fun start(stream: InputStream): ByteArray {
        val start = ByteArray(LONGEST + 1)
        var length = 0
        while (length < start.size) {
            val count = stream.read(start, length, start.size - length)
            if (count < 0) break
            length += count
        }
        return start.copyOf(length)
    }

    private fun secret(bytes: ByteArray): Secret {
        if (bytes.size > LONGEST) throw SecretException("it is longer than 64 KiB")
        val text =
            try {
                Charsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
            } catch (_: CharacterCodingException) {
                throw SecretException("it is not UTF-8")
            }
        val line = if (text.endsWith('\n')) text.dropLast(1).removeSuffix("\r") else text
        if (line.isEmpty()) throw SecretException("it is empty")
        return Secret(line)
    }

    private companion object {
        /** More than any secret needs, in bytes. */
        const val LONGEST = 64 * 1024

        /** A program that asks a person or a network has to be done by then. */
        val TIME_LIMIT: Duration = Duration.ofSeconds(20)
    }
}

private class SecretException(
    message: String,
) : Exception(message)
