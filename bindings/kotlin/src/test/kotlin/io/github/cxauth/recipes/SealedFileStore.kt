package io.github.cxauth.recipes

import io.github.cxauth.DamagedStoreException
import io.github.cxauth.Secret
import io.github.cxauth.Store
import kotlinx.coroutines.delay
import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Semaphore
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** The tokens of one connection in a file, sealed with AES-GCM. */
class SealedFileStore(
    private val directory: File,
    private val name: String,
    /** Called under the lock, or where a sealed file is: two processes never make two keys. */
    private val key: () -> SecretKey,
) : Store {
    private val file = File(directory, name)

    /** The kernel's lock below is the process's: within it this one decides. */
    private val free = places.computeIfAbsent(file.canonicalPath) { Semaphore(1) }

    @Volatile
    private var held: FileChannel? = null

    override suspend fun lock(timeout: Duration): Boolean {
        val end = System.nanoTime() + timeout.toNanos()
        if (!until(end) { free.tryAcquire() }) return false
        var channel: FileChannel? = null
        try {
            // Closing any channel to this file gives up the lock of the whole process: there is one at a time.
            channel = RandomAccessFile(File(directory, "$name.lock"), "rw").channel
            if (until(end) { channel.tryLock() != null }) held = channel
            return held != null
        } finally {
            if (held == null) {
                channel?.close()
                free.release()
            }
        }
    }

    override suspend fun load(): Secret? {
        if (!file.exists()) return null
        val bytes = file.readBytes()
        if (bytes.size < HEADER + IV) throw DamagedStoreException("${file.name} is cut off")
        val cipher = Cipher.getInstance(ALGORITHM)
        cipher.init(Cipher.DECRYPT_MODE, key(), GCMParameterSpec(TAG_BITS, bytes, HEADER, IV))
        cipher.updateAAD(bytes, 0, HEADER)
        try {
            return Secret(cipher.doFinal(bytes, HEADER + IV, bytes.size - HEADER - IV).decodeToString())
        } catch (_: AEADBadTagException) {
            throw DamagedStoreException("${file.name} does not open with the app's key")
        }
    }

    override suspend fun save(
        snapshot: Secret,
        generation: Long,
    ) {
        if (file.exists() && file.length() >= HEADER) {
            val kept = file.inputStream().use { stream -> ByteArray(HEADER).also { stream.read(it) } }
            if (ByteBuffer.wrap(kept).getLong() > generation) throw IOException("${file.name} holds a later set")
        }
        val header = ByteBuffer.allocate(HEADER).putLong(generation).array()
        val cipher = Cipher.getInstance(ALGORITHM)
        // The Keystore takes no initialization vector from outside: it makes one for each use.
        cipher.init(Cipher.ENCRYPT_MODE, key())
        cipher.updateAAD(header)
        val sealed = cipher.doFinal(snapshot.reveal().encodeToByteArray())
        val next = File(directory, "$name.new")
        FileOutputStream(next).use {
            it.write(header + cipher.iv + sealed)
            it.fd.sync()
        }
        if (!next.renameTo(file)) throw IOException("${next.name} cannot be renamed")
    }

    override suspend fun unlock() {
        val channel = held
        held = null
        channel?.close()
        free.release()
    }

    override suspend fun putAside() {
        val place = generateSequence(1) { it + 1 }.map { File(directory, "$name.damaged-$it") }.first { !it.exists() }
        if (!file.renameTo(place)) throw IOException("${file.name} cannot be renamed")
    }

    private suspend fun until(
        end: Long,
        taken: () -> Boolean,
    ): Boolean {
        while (!taken()) {
            if (System.nanoTime() >= end) return false
            delay(PAUSE_MILLIS)
        }
        return true
    }

    private companion object {
        val places = ConcurrentHashMap<String, Semaphore>()
        const val ALGORITHM = "AES/GCM/NoPadding"

        /** The generation, in the clear and sealed along. */
        const val HEADER = 8
        const val IV = 12
        const val TAG_BITS = 128
        const val PAUSE_MILLIS = 20L
    }
}
