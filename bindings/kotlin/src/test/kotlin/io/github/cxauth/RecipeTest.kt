package io.github.cxauth

import io.github.cxauth.recipes.SealedFileStore
import io.github.cxauth.world.World
import io.github.cxauth.world.soon
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.IOException
import java.nio.file.Path
import java.time.Duration
import javax.crypto.KeyGenerator
import kotlin.io.path.readText

/** The store of the documentation, with a key of the JVM's in place of Android's Keystore. */
internal class RecipeTest {
    private val world = World()
    private val key = KeyGenerator.getInstance("AES").apply { init(256) }.generateKey()

    @TempDir
    lateinit var directory: File

    private val file get() = File(directory, "tokens")

    @AfterEach
    fun close() = world.close()

    private fun store() = SealedFileStore(directory, "tokens") { key }

    private fun client(
        kept: Store = store(),
        configure: CxClientBuilder.() -> Unit = {},
    ) = world.client("generic/password") {
        store = kept
        configure()
    }

    @Test
    fun `what is tested here is what the documentation shows`() {
        for (name in listOf("SealedFileStore", "BrowserSignIn")) {
            val source = Path.of("src/test/kotlin/io/github/cxauth/recipes/$name.kt").readText()
            val shown = "```kotlin recipe\n${source.substringAfter("\n\n")}```\n"
            assertTrue(shown in Path.of("../../docs/kotlin.md").readText(), "docs/kotlin.md shows another $name")
        }
    }

    @Test
    fun `tokens outlive the process, sealed`() {
        val token = client().use { it.tokenBlocking().reveal() }
        val bytes = file.readBytes().decodeToString()
        assertTrue(world.secrets().none { it in bytes })
        client().use { assertEquals(token, it.tokenBlocking().reveal()) }
        world.pass(7200)
        client().use { assertEquals(2, it.tokenBlocking().generation) }
        assertEquals(1, world.counter("refresh_requests"))
        assertEquals(2, world.tokenRequests())
        assertEquals(listOf("tokens", "tokens.lock"), directory.list()!!.sorted())
    }

    @Test
    fun `another process has the lock`() {
        // Java's locks are those of processes: another one has to hold it.
        val holder =
            ProcessBuilder("python3", "-c", HOLD, File(directory, "tokens.lock").path)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
        try {
            assertEquals("held", holder.inputStream.bufferedReader().readLine())
            val cx = client { lockPatience = Duration.ofMillis(50) }
            val error = assertThrows(CxException::class.java) { cx.tokenBlocking() }
            assertEquals("store_unavailable", error.code)
            assertEquals(0, world.tokenRequests())
            holder.destroyForcibly().waitFor()
            world.pass(2)
            assertEquals(1, cx.tokenBlocking().generation, "a lock ends with its holder")
        } finally {
            holder.destroyForcibly()
        }
    }

    @Test
    fun `within the process one holds it at a time`() {
        val (one, other) = List(2) { store() }
        soon {
            assertTrue(one.lock(Duration.ZERO))
            assertFalse(one.lock(Duration.ZERO))
            assertFalse(other.lock(Duration.ZERO))
            one.unlock()
            assertTrue(other.lock(Duration.ZERO))
            other.unlock()
        }
    }

    @Test
    fun `what was changed or cut off is put aside`() {
        client().use { it.tokenBlocking() }
        val whole = file.readBytes()
        val damages =
            listOf(
                whole.copyOf().also { it[7]++ },
                whole.copyOf().also { it[whole.size - 1]++ },
                whole.copyOf(whole.size - 1),
                ByteArray(3),
                ByteArray(0),
            )
        for ((index, bytes) in damages.withIndex()) {
            file.writeBytes(bytes)
            val cx = client()
            val error = assertThrows(CxException::class.java) { cx.tokenBlocking() }
            assertEquals("store_unavailable", error.code)
            assertFalse(file.exists())
            assertEquals(bytes.toList(), File(directory, "tokens.damaged-${index + 1}").readBytes().toList())
            world.pass(2)
            cx.tokenBlocking()
        }
    }

    @Test
    fun `an older set replaces no later one`() {
        val kept = store()
        soon {
            assertNull(kept.load())
            kept.save(Secret("two"), 2)
            kept.save(Secret("two again"), 2)
            assertThrows(IOException::class.java) { kotlinx.coroutines.runBlocking { kept.save(Secret("one"), 1) } }
            assertEquals("two again", kept.load()?.reveal())
        }
    }

    private companion object {
        /** Holds what Java's `FileChannel.lock` takes until it is ended. */
        const val HOLD =
            "import fcntl, sys\nfile = open(sys.argv[1], 'w')\nfcntl.lockf(file, fcntl.LOCK_EX)\n" +
                "print('held', flush=True)\nsys.stdin.read()"
    }
}
