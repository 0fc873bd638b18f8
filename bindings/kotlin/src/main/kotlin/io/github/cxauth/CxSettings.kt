package io.github.cxauth

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonObjectBuilder
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.time.Duration

/** How a token is got (RFC 6749 §1.3). */
public enum class Grant(
    internal val word: String,
) {
    /** RFC 6749 §4.4. */
    CLIENT_CREDENTIALS("client_credentials"),

    /** RFC 6749 §4.3. */
    PASSWORD("password"),

    /** A person signs in in a browser: [CxClient.beginSignIn] (RFC 6749 §4.1, RFC 7636). */
    AUTHORIZATION_CODE("authorization_code"),

    /** A person signs in on another device: [CxClient.signInOnDevice] (RFC 8628). */
    DEVICE_CODE("device_code"),

    /** Somebody's token for another one (RFC 8693). */
    TOKEN_EXCHANGE("token_exchange"),

    /** An assertion that somebody else signed (RFC 7523 §2.1). */
    JWT_BEARER("jwt_bearer"),

    /** RFC 6749 §6 alone: the sign-in happened elsewhere. */
    REFRESH_TOKEN("refresh_token"),

    /** A key that never ends and is sent as it is. */
    API_KEY("api_key"),

    /** A function of the program's own brings the token: [CxClientBuilder.provide]. */
    EXTERNAL("external"),
}

/** How the client proves who it is at the token endpoint (RFC 6749 §2.3). */
public enum class ClientAuthentication(
    internal val word: String,
) {
    /** A public client says its `client_id` and proves nothing. */
    NONE("none"),

    /** Identifier and secret in the body. */
    CLIENT_SECRET_POST("client_secret_post"),

    /** HTTP Basic, each part form-encoded first (RFC 6749 §2.3.1). */
    CLIENT_SECRET_BASIC("client_secret_basic"),

    /** HTTP Basic with the parts as they are, as `curl --user` sends them. */
    CLIENT_SECRET_BASIC_RAW("client_secret_basic_raw"),

    /** A signature by the [CxSettings.clientKey] (RFC 7523 §2.2). */
    PRIVATE_KEY_JWT("private_key_jwt"),
}

/** The encoding of a token request's body. */
public enum class BodyEncoding(
    internal val word: String,
) {
    /** As RFC 6749 has it. */
    FORM("form"),

    /** Some platforms take it too. */
    JSON("json"),
}

/** When a token is renewed. */
public enum class Renewal(
    internal val word: String,
) {
    /** Early, by running the grant again. */
    ANYTIME("anytime"),

    /** Early, by the refresh token if there is one, else by the grant. */
    REFRESH("refresh"),

    /** Only once it has expired: the server gives nothing new before. */
    ONLY_AFTER_EXPIRY("only_after_expiry"),
}

/**
 * What a connection says: which server, who you are there, and any setting of the platform's profile. What is null says nothing,
 * and the profile's value holds.
 *
 * [CxClient.change] gives settings of a client new values; [CxClientBuilder] has the same settings for a new one.
 */
public open class CxSettings internal constructor() {
    /** CloudCX: the tenant's domain, with its port if it has one. */
    public var domain: String? = null

    /** CloudLX: the address of the portal, if it is not the usual one. */
    public var base: String? = null

    /** The client's identifier (RFC 6749 §2.2). */
    public var clientId: String? = null

    /** The client's secret (RFC 6749 §2.3.1). */
    public var clientSecret: SecretSource? = null

    /** The key that the client signs with (RFC 7523 §2.2). */
    public var clientKey: ClientKey? = null

    /** The user's name; the request's field is `username`. */
    public var username: String? = null

    /** The user's name; the request's field is `email`. */
    public var email: String? = null

    /** The user's password (RFC 6749 §4.3). */
    public var password: SecretSource? = null

    /** A key that is sent as it is. Without a [grant] it means [Grant.API_KEY]. */
    public var apiKey: SecretSource? = null

    /** A refresh token to start from (RFC 6749 §6). */
    public var refreshToken: SecretSource? = null

    /** Whose token is exchanged (RFC 8693 §2.1). */
    public var subjectToken: SecretSource? = null

    /** What kind of token that is: an identifier of RFC 8693 §3. */
    public var subjectTokenType: String? = null

    /** The token of whoever acts for the subject (RFC 8693 §2.1). */
    public var actorToken: SecretSource? = null

    /** What kind of token that is. */
    public var actorTokenType: String? = null

    /** What kind of token is wanted (RFC 8693 §2.1). */
    public var requestedTokenType: String? = null

    /** What somebody else signed about the user (RFC 7523 §2.1). */
    public var assertion: SecretSource? = null

    /** The scopes to ask for (RFC 6749 §3.3). */
    public var scopes: List<String>? = null

    /** The server's identifier (RFC 8414 §2), which its answers to a sign-in are compared with (RFC 9207). */
    public var issuer: String? = null

    /** Where a person signs in (RFC 6749 §3.1). */
    public var authorizationEndpoint: String? = null

    /** Where what a sign-in asks for is sent beforehand (RFC 9126). */
    public var pushedAuthorizationRequestEndpoint: String? = null

    /** Where a device begins a sign-in (RFC 8628 §3.1). */
    public var deviceAuthorizationEndpoint: String? = null

    /** Where a token can be looked up (RFC 7662). */
    public var introspectionEndpoint: String? = null

    /** Where the browser comes back to after a sign-in, unless [CxClient.beginSignIn] says another address. */
    public var redirectUri: String? = null

    /** More parameters of the address where a person signs in. */
    public var authorizationParameters: Map<String, String>? = null

    /** Whether a sign-in must be sent beforehand (RFC 9126 §5). */
    public var requirePushedAuthorizationRequests: Boolean? = null

    /** Whether the browser's answer has to name the issuer (RFC 9207 §3). */
    public var authorizationResponseIssParameterSupported: Boolean? = null

    /** The token endpoint (RFC 6749 §3.2). */
    public var tokenEndpoint: String? = null

    /** The endpoint for refresh requests, if it is another one. */
    public var refreshEndpoint: String? = null

    /** Where tokens are ended when somebody signs out (RFC 7009). */
    public var revocationEndpoint: String? = null

    /** How a token is got. */
    public var grant: Grant? = null

    /** How the client proves who it is. */
    public var clientAuthentication: ClientAuthentication? = null

    /** The encoding of token requests. */
    public var body: BodyEncoding? = null

    /** Where the API lives: relative addresses start here, and its host may see the token. */
    public var apiBase: String? = null

    /** More hosts that may see the token, each as `host` or `host:port`. */
    public var hosts: List<String>? = null

    /** More header fields of token requests. */
    public var headers: Map<String, String>? = null

    /** More header fields of API requests. None of them is secret. */
    public var apiHeaders: Map<String, String>? = null

    /** More parameters of token requests. */
    public var parameters: Map<String, String>? = null

    /** The resources that the token is for (RFC 8707). */
    public var resource: List<String>? = null

    /** The audience that the token is for. */
    public var audience: String? = null

    /** When a token is renewed. */
    public var renewal: Renewal? = null

    /** How long a refresh token lives, in whole seconds, when the answer does not say it. */
    public var refreshLifetime: Duration? = null

    /** Whether a refresh token ends when it is used: it does by default. */
    public var rotates: Boolean? = null

    /** How long a used refresh token still works, in whole seconds: not at all by default. */
    public var grace: Duration? = null

    /** The header field that carries the token to the API: `authorization` by default. */
    public var header: String? = null

    /** The word before the token in that field: `Bearer` by default; may be empty. */
    public var prefix: String? = null

    /** Whether an answer without `token_type` is refused. */
    public var strictTokenType: Boolean? = null

    /** Whether the password is kept once a refresh token came. */
    public var keepPassword: Boolean? = null

    /** After how many whole seconds a server that refused the client's credentials is asked again: an hour by default. */
    public var askAgain: Duration? = null

    /** The functions among the secrets' sources, by their settings' names. */
    internal val functions: Map<String, suspend () -> Secret>
        get() {
            val all = secrets().map { (name, source) -> name to source?.function } + (CLIENT_KEY to clientKey?.function)
            return all.mapNotNull { (name, function) -> function?.let { name to it } }.toMap()
        }

    /** What signs, by the names of the settings. */
    internal val signers: Map<String, Signer>
        get() = clientKey?.signer?.let { mapOf(CLIENT_KEY to it) }.orEmpty()

    internal open fun toJson(): JsonObject =
        buildJsonObject {
            secrets().forEach { (name, source) -> source?.let { put(name, it.toJson(name)) } }
            clientKey?.let { put(CLIENT_KEY, it.toJson(CLIENT_KEY)) }
            texts().forEach { (name, text) -> text?.let { put(name, it) } }
            truths().forEach { (name, truth) -> truth?.let { put(name, it) } }
            times().forEach { (name, time) -> time?.let { put(name, it.seconds) } }
            lists().forEach { (name, list) -> list?.let { putJsonArray(name) { it.forEach { text -> add(text) } } } }
            maps().forEach { (name, map) -> map?.let { putFields(name, it) } }
        }

    /** Names nothing that could be secret. */
    override fun toString(): String = "${javaClass.simpleName}(…)"

    private fun secrets() =
        listOf(
            "client_secret" to clientSecret,
            "password" to password,
            "api_key" to apiKey,
            "refresh_token" to refreshToken,
            "subject_token" to subjectToken,
            "actor_token" to actorToken,
            "assertion" to assertion,
        )

    private fun texts() =
        listOf(
            "domain" to domain,
            "base" to base,
            "client_id" to clientId,
            "username" to username,
            "email" to email,
            "subject_token_type" to subjectTokenType,
            "actor_token_type" to actorTokenType,
            "requested_token_type" to requestedTokenType,
            "issuer" to issuer,
            "authorization_endpoint" to authorizationEndpoint,
            "pushed_authorization_request_endpoint" to pushedAuthorizationRequestEndpoint,
            "device_authorization_endpoint" to deviceAuthorizationEndpoint,
            "introspection_endpoint" to introspectionEndpoint,
            "redirect_uri" to redirectUri,
            "token_endpoint" to tokenEndpoint,
            "refresh_endpoint" to refreshEndpoint,
            "revocation_endpoint" to revocationEndpoint,
            "grant" to grant?.word,
            "client_authentication" to clientAuthentication?.word,
            "body" to body?.word,
            "api_base" to apiBase,
            "audience" to audience,
            "renewal" to renewal?.word,
            "header" to header,
            "prefix" to prefix,
        )

    private fun truths() =
        listOf(
            "rotates" to rotates,
            "strict_token_type" to strictTokenType,
            "keep_password" to keepPassword,
            "require_pushed_authorization_requests" to requirePushedAuthorizationRequests,
            "authorization_response_iss_parameter_supported" to authorizationResponseIssParameterSupported,
        )

    private fun times() =
        listOf(
            "refresh_lifetime" to refreshLifetime,
            "grace" to grace,
            "ask_again" to askAgain,
        )

    private fun lists() = listOf("scopes" to scopes, "hosts" to hosts, "resource" to resource)

    private fun maps() =
        listOf(
            "headers" to headers,
            "api_headers" to apiHeaders,
            "parameters" to parameters,
            "authorization_parameters" to authorizationParameters,
        )

    private companion object {
        const val CLIENT_KEY = "client_key"
    }
}

private fun JsonObjectBuilder.putFields(
    name: String,
    fields: Map<String, String>,
) = putJsonObject(name) { fields.forEach { (field, value) -> put(field, value) } }
