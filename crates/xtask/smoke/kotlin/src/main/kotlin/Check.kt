// Runs the programs of the documentation against the simulator, each in a process of its own, as a user would.
// java CheckKt SIMULATOR MAIN_CLASS,MAIN_CLASS… OPTION_OF_JAVA…

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.Path

fun main(arguments: Array<String>) {
    val (simulator, programs) = arguments
    Simulator(simulator).use { server ->
        for (program in programs.split(',')) {
            val before = server.tokenRequests()
            val output = run(program, arguments.drop(2), server.environment())
            print(output)
            check(output.isNotBlank()) { "$program printed nothing" }
            check(server.tokenRequests() == before + 1) { "$program sent ${server.tokenRequests() - before} token requests" }
            check(server.secrets().none(output::contains)) { "$program printed a secret" }
        }
        check(server.violations().isEmpty()) { "${server.violations()}" }
    }
}

private fun run(
    program: String,
    options: List<String>,
    environment: Map<String, String>,
): String {
    val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
    val builder = ProcessBuilder(listOf(java) + options + program).redirectError(ProcessBuilder.Redirect.INHERIT)
    builder.environment() += environment
    val process = builder.start()
    val output = process.inputStream.bufferedReader().readText()
    check(process.waitFor() == 0) { "$program failed: $output" }
    return output
}

private class Simulator(
    program: String,
) : AutoCloseable {
    private val process = ProcessBuilder(program).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val http = HttpClient.newHttpClient()
    private val control =
        process.inputStream.bufferedReader().readLine().let { line ->
            Json.parseToJsonElement(line).jsonObject.getValue("control").jsonPrimitive.content
        }

    /** The settings of a connection as environment variables, `TOKEN_ENDPOINT` for `token_endpoint`. */
    fun environment(): Map<String, String> =
        get("connections").jsonObject.getValue("generic").jsonObject.entries.associate { (name, value) ->
            name.uppercase() to value.jsonPrimitive.content
        }

    fun tokenRequests(): Int {
        val counters = get("journal/generic").jsonObject.getValue("counters").jsonObject
        return counters.getValue("token_requests").jsonPrimitive.int
    }

    fun secrets(): List<String> = get("secrets").jsonArray.map { it.jsonPrimitive.content }

    fun violations(): JsonArray = get("violations").jsonArray

    override fun close() {
        process.outputStream.close()
        process.waitFor()
    }

    private fun get(path: String) =
        Json.parseToJsonElement(
            http.send(HttpRequest.newBuilder(URI("$control/$path")).build(), HttpResponse.BodyHandlers.ofString()).body(),
        )
}
