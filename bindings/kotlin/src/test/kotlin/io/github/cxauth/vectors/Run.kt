package io.github.cxauth.vectors

import java.io.IOException
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.readBytes
import kotlin.io.path.relativeTo
import kotlin.streams.asSequence
import kotlin.system.exitProcess

/** Runs a folder of scenarios through the bridge. `tests/vectors/README.md` is the format's contract. */
fun main(arguments: Array<String>) {
    if (arguments.size != 1) {
        System.err.println("one argument is wanted: the folder of scenarios")
        exitProcess(2)
    }
    // Buffered, and in UTF-8 whatever the locale is.
    val report = PrintStream(System.out, false, "UTF-8").use { runFolder(Path.of(arguments[0]), it) }
    exitProcess(if (report.failed == 0) 0 else 1)
}

/**
 * Writes `pass ID` or `FAIL ID: what differed` a line, and counts. A file that cannot be read, and a folder without
 * scenarios, count as failed.
 */
internal class Report(
    private val out: PrintStream,
) {
    var passed = 0
        private set
    var failed = 0
        private set
    private val seen = mutableSetOf<String>()

    /** Whether the id stands here for the first time. */
    fun isNew(id: String): Boolean = seen.add(id)

    fun addPass(id: String) {
        passed += 1
        out.println("pass $id")
    }

    fun addFailure(
        id: String,
        why: String,
    ) {
        failed += 1
        out.println("FAIL $id: ${why.lines().joinToString(" ")}")
    }
}

/** Runs every `.json` file of the folder and the folders in it, in the order of their names. */
internal fun runFolder(
    folder: Path,
    out: PrintStream,
): Report {
    val report = Report(out)
    try {
        for (file in files(folder)) runFile(file, file.relativeTo(folder).toString(), report)
        if (report.passed + report.failed == 0) {
            report.addFailure(folder.toString(), "there are no scenarios in this folder")
        }
    } catch (error: IOException) {
        report.addFailure(folder.toString(), "cannot be read: $error")
    }
    out.println("${report.passed} passed, ${report.failed} failed")
    return report
}

/** In the order of their names, so that two runs print the same. */
private fun files(folder: Path): List<Path> =
    Files.walk(folder).use { found ->
        found
            .asSequence()
            .filter { it.extension == "json" && !Files.isDirectory(it) }
            .sorted()
            .toList()
    }

private fun runFile(
    file: Path,
    name: String,
    report: Report,
) {
    val scenarios =
        try {
            parseJson(file.readBytes())
        } catch (error: IOException) {
            return report.addFailure(name, "cannot be read: $error")
        } catch (error: ScenarioException) {
            return report.addFailure(name, "is no JSON: ${error.message}")
        }
    if (!scenarios.isArray) return report.addFailure(name, "is no array of scenarios")
    for ((index, scenario) in scenarios.withIndex()) {
        val id = scenario["id"]?.textValue() ?: "$name[$index]"
        if (!report.isNew(id)) {
            report.addFailure(id, "the id stands twice; here in $name")
            continue
        }
        try {
            runScenario(scenario)
            report.addPass(id)
        } catch (error: Exception) {
            // Also what the bridge throws where no scenario expects it.
            report.addFailure(id, error.message ?: error.toString())
        }
    }
}
