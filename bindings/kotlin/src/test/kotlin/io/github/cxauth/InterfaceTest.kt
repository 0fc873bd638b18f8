package io.github.cxauth

import kotlinx.validation.api.dump
import kotlinx.validation.api.filterOutNonPublic
import kotlinx.validation.api.loadApiFromJvmClasses
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.io.File
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** What programs are compiled against changes only when somebody means it. */
internal class InterfaceTest {
    private val classes =
        File(
            CxClient::class.java.protectionDomain.codeSource.location
                .toURI(),
        )
    private val built =
        classes
            .walk()
            .filter { it.extension == "class" }
            .sortedBy { it.path }
            .map { it.inputStream() }
            .loadApiFromJvmClasses()
            .filterOutNonPublic()
            .dump(StringBuilder())
            .toString()

    @Test
    fun `the public interface is the committed one`() {
        val committed = Path.of("api/cxauth.api")
        val copy = classes.resolveSibling("cxauth.api").toPath()
        copy.writeText(built)
        assertEquals(committed.readText(), built, "if it is meant, copy $copy to bindings/kotlin/$committed")
    }

    @Test
    fun `the driver and the generated interface are none of it`() {
        val names = Regex("^public .*class ([^ ]*)", RegexOption.MULTILINE).findAll(built).map { it.groupValues[1] }
        assertEquals(setOf("io/github/cxauth"), names.map { it.substringBeforeLast('/') }.toSet())
    }
}
