package io.github.cxauth

import io.github.cxauth.world.text
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration

/** What a connection says, and how it is told. */
internal class SettingsTest {
    /** Every setting, each with a value of its own. */
    private fun CxSettings.everything() {
        domain = "cx.example.net:9001"
        base = "https://cloudlx.example"
        clientId = "id"
        clientSecret = Secret("s1")
        clientKey = ClientKey.pem(SecretSource.file("/client.pem"), SigningAlgorithm.PS256, "k1")
        subjectToken = SecretSource.environment("SUBJECT")
        subjectTokenType = "urn:ietf:params:oauth:token-type:access_token"
        actorToken = SecretSource.environment("ACTOR")
        actorTokenType = "urn:ietf:params:oauth:token-type:jwt"
        requestedTokenType = "urn:ietf:params:oauth:token-type:access_token"
        assertion = SecretSource.environment("ASSERTION")
        issuer = "https://as.example"
        authorizationEndpoint = "https://as.example/authorize"
        pushedAuthorizationRequestEndpoint = "https://as.example/par"
        deviceAuthorizationEndpoint = "https://as.example/device"
        introspectionEndpoint = "https://as.example/introspect"
        redirectUri = "https://app.example/callback"
        authorizationParameters = mapOf("prompt" to "login")
        requirePushedAuthorizationRequests = true
        authorizationResponseIssParameterSupported = true
        username = "user"
        email = "user@example.net"
        password = SecretSource.environment("PASSWORD")
        apiKey = SecretSource.file("/key")
        refreshToken = SecretSource.command("pass", "show")
        scopes = listOf("a", "b")
        tokenEndpoint = "https://as.example/token"
        refreshEndpoint = "https://as.example/refresh"
        revocationEndpoint = "https://as.example/revoke"
        grant = Grant.PASSWORD
        clientAuthentication = ClientAuthentication.CLIENT_SECRET_BASIC_RAW
        body = BodyEncoding.JSON
        apiBase = "https://api.example/"
        hosts = listOf("api2.example", "api3.example:8443")
        headers = mapOf("X-A" to "1")
        apiHeaders = mapOf("X-B" to "2")
        parameters = mapOf("tenant" to "t")
        resource = listOf("https://api.example/")
        audience = "api"
        renewal = Renewal.ANYTIME
        refreshLifetime = Duration.ofDays(7)
        rotates = false
        grace = Duration.ofSeconds(30)
        header = "X-Token"
        prefix = ""
        strictTokenType = true
        keepPassword = true
        askAgain = Duration.ofMinutes(10)
    }

    @Test
    fun `every setting of the format has a property`() {
        val wanted =
            """
            { "domain": "cx.example.net:9001", "base": "https://cloudlx.example", "client_id": "id", "client_secret": "s1",
              "username": "user", "email": "user@example.net", "password": { "env": "PASSWORD" }, "api_key": { "file": "/key" },
              "refresh_token": { "command": ["pass", "show"] }, "scopes": ["a", "b"],
              "token_endpoint": "https://as.example/token", "refresh_endpoint": "https://as.example/refresh",
              "revocation_endpoint": "https://as.example/revoke", "grant": "password",
              "client_authentication": "client_secret_basic_raw", "body": "json", "api_base": "https://api.example/",
              "hosts": ["api2.example", "api3.example:8443"], "headers": { "X-A": "1" }, "api_headers": { "X-B": "2" },
              "parameters": { "tenant": "t" }, "resource": ["https://api.example/"], "audience": "api", "renewal": "anytime",
              "refresh_lifetime": 604800, "rotates": false, "grace": 30, "header": "X-Token", "prefix": "",
              "strict_token_type": true, "keep_password": true, "ask_again": 600,
              "client_key": { "file": "/client.pem", "algorithm": "PS256", "key_id": "k1" },
              "subject_token": { "env": "SUBJECT" }, "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
              "actor_token": { "env": "ACTOR" }, "actor_token_type": "urn:ietf:params:oauth:token-type:jwt",
              "requested_token_type": "urn:ietf:params:oauth:token-type:access_token", "assertion": { "env": "ASSERTION" },
              "issuer": "https://as.example", "authorization_endpoint": "https://as.example/authorize",
              "pushed_authorization_request_endpoint": "https://as.example/par",
              "device_authorization_endpoint": "https://as.example/device",
              "introspection_endpoint": "https://as.example/introspect", "redirect_uri": "https://app.example/callback",
              "authorization_parameters": { "prompt": "login" }, "require_pushed_authorization_requests": true,
              "authorization_response_iss_parameter_supported": true }
            """
        assertEquals(Json.parseToJsonElement(wanted), CxSettings().apply { everything() }.toJson())
        // The core knows all of them.
        val cx =
            CxClient {
                everything()
                email = null
            }
        cx.close()
    }

    @Test
    fun `what is not set says nothing`() {
        assertEquals(JsonObject(emptyMap()), CxSettings().toJson())
    }

    @Test
    fun `the words of the choices are the core's`() {
        fun check(
            setting: String,
            words: List<String>,
            set: CxSettings.(Int) -> Unit,
        ) = words.forEachIndexed { index, word -> assertEquals(word, CxSettings().apply { set(index) }.toJson().text(setting)) }
        val people = listOf("authorization_code", "device_code", "token_exchange", "jwt_bearer")
        val grants = listOf("client_credentials", "password") + people + listOf("refresh_token", "api_key", "external")
        check("grant", grants) { grant = Grant.entries[it] }
        check("body", listOf("form", "json")) { body = BodyEncoding.entries[it] }
        check("renewal", listOf("anytime", "refresh", "only_after_expiry")) { renewal = Renewal.entries[it] }
        val authentications =
            listOf("none", "client_secret_post", "client_secret_basic", "client_secret_basic_raw", "private_key_jwt")
        check("client_authentication", authentications) { clientAuthentication = ClientAuthentication.entries[it] }
    }

    @Test
    fun `each platform has a factory that takes a secret or its source`() {
        val clients =
            listOf(
                "cloudcx" to CxClient.cloudCx("cx.example.net:9001", "id", "user", "password"),
                "cloudcx" to
                    CxClient.cloudCx(
                        "cx.example.net",
                        "id",
                        "user",
                        SecretSource.environment("P"),
                    ) { clientSecret = Secret("s") },
                "cisco-cx-cloud" to CxClient.ciscoCxCloud("key", "secret"),
                "cisco-cx-cloud" to CxClient.ciscoCxCloud("key", SecretSource.file("/s")),
                "sangoma-cx" to CxClient.sangomaCx("id", "secret", listOf("cx.agent-calls")),
                "sangoma-cx" to CxClient.sangomaCx("id", SecretSource.function { Secret("s") }, listOf("cx.agent-calls")),
                "cloudlx" to CxClient.cloudLx("id", "secret"),
                "cloudlx" to CxClient.cloudLx("id", SecretSource.command("pass")) { background = true },
            )
        for ((platform, cx) in clients) assertEquals(platform, cx.use { it.platform })
    }

    @Test
    fun `a connection in JSON is taken as it is, and what is set stands above it`() {
        val json = """{ "platform": "generic", "token_endpoint": "https://as.example/token", "client_id": "id",
            "client_secret": "secret", "api_base": "https://api.example/" }"""
        CxClient.fromJson(json).use { assertTrue(it.allows("https://api.example/x")) }
        CxClient.fromJson(json) { apiBase = "https://other.example/" }.use {
            assertFalse(it.allows("https://api.example/x"))
            assertTrue(it.allows("https://other.example/x"))
        }
    }

    @Test
    fun `a wrong setting is named and its value is not`() {
        fun failure(make: () -> CxClient) = assertThrows(CxException::class.java) { make() }
        val cases =
            listOf(
                failure { CxClient("cxauth-canary") {} } to "unknown_platform",
                failure { CxClient { clientId = "id" } } to "missing_setting",
                failure { CxClient { tokenEndpoint = "http://as.example/cxauth-secret" } } to "insecure_url",
                failure { CxClient.sangomaCx("id", "cxauth-secret", emptyList()) } to "missing_setting",
                failure { CxClient.fromJson("""{ "client_secret": "cxauth-secret" """) } to "settings_unreadable",
                failure { CxClient.fromJson("""{ "client_id": "a", "client_id": "b" }""") } to "settings_unreadable",
                failure { CxClient.fromJson("""{ "client_scret": "cxauth-secret" }""") } to "unknown_setting",
                failure { CxClient { grace = Duration.ofSeconds(-1) } } to "invalid_setting",
            )
        for ((error, code) in cases) {
            assertEquals(code, error.code, error.message)
            assertEquals(CxAction.FIX_CONFIGURATION, error.action)
            assertFalse("cxauth-secret" in error.stackTraceToString(), error.message)
        }
        assertTrue("client_scret" in cases[6].first.message!!)
    }

    @Test
    fun `a change that is wrong changes nothing`() {
        CxClient.ciscoCxCloud("key", "secret").use { cx ->
            assertThrows(CxException::class.java) { cx.change { apiBase = "http://api.example/" } }
            assertTrue(cx.allows("https://apix.cisco.com/cs/api/v2/inventory/hardware"))
            cx.change { hosts = listOf("more.example") }
            assertTrue(cx.allows("https://more.example/"))
            assertFalse(cx.allows("https://less.example/"))
        }
    }

    @Test
    fun `the answer about a destination follows the settings`() {
        CxClient.ciscoCxCloud("key", "secret").use { cx ->
            assertFalse(cx.allows("https://more.example/"))
            cx.change { hosts = listOf("more.example") }
            assertTrue(cx.allows("https://more.example/"), "no answer of before")
        }
    }

    @Test
    fun `more destinations than are remembered are answered too`() {
        CxClient.ciscoCxCloud("key", "secret").use { cx ->
            repeat(3) { for (number in 0..999) assertFalse(cx.allows("https://host$number.example/")) }
            assertTrue(cx.allows("https://apix.cisco.com/x"))
        }
    }
}
