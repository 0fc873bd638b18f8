package io.github.cxauth.android

import io.github.cxauth.world.World
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.net.URLClassLoader
import java.util.concurrent.ConcurrentHashMap
import java.util.function.BiFunction

/** The package does without the classes of a JVM that Android lacks. */
internal class AndroidTest {
    @Test
    fun `a token and a request over OkHttp ask for nothing that Android lacks`() {
        World().use { world ->
            Android().use { android ->
                val app = android.loadClass(App::class.java.name).getDeclaredConstructor().newInstance()
                assertFalse(app is App, "it is not on Android")
                @Suppress("UNCHECKED_CAST")
                val status = (app as BiFunction<String, String, String>).apply(world.connection().toString(), world.items())
                assertEquals("200 okhttp3.OkHttpClient", status)
                assertEquals(1, world.tokenRequests())
                // Asked for by the generated code, which goes on without; that shows that it was hidden.
                assertTrue("java.lang.ref.Cleaner" in android.missed, android.missed.toString())
                assertEquals(emptyList<String>(), android.missed.filter { it.startsWith("java.net.http.") })
            }
        }
    }

    /** The program's classes once more, without those of the JDK that Android lacks up to its version 12 (API 32). */
    private class Android : URLClassLoader(classPath(), getPlatformClassLoader()) {
        val missed: MutableSet<String> = ConcurrentHashMap.newKeySet()

        override fun loadClass(
            name: String,
            resolve: Boolean,
        ): Class<*> {
            if (ABSENT.any(name::startsWith)) {
                missed += name
                throw ClassNotFoundException(name)
            }
            return super.loadClass(name, resolve)
        }

        private companion object {
            val ABSENT = listOf("java.net.http.", "java.util.concurrent.Flow", "java.lang.ref.Cleaner", "java.awt.")

            fun classPath() =
                System
                    .getProperty("java.class.path")
                    .split(File.pathSeparator)
                    .map { File(it).toURI().toURL() }
                    .toTypedArray()
        }
    }
}
