import Foundation
import Testing

@testable import Cxauth

@Suite("Connections")
struct ConnectionTests {
  /// Every setting, with a value that is nobody's default.
  private static let everything: [String: String] = [
    "platform": #""generic""#, "title": #""Mine""#, "required": #"["client_id"]"#, "domain": #""cx.example""#,
    "base": #""https://portal.example/""#, "client_id": #""id""#, "client_secret": #"{"env":"SECRET"}"#,
    "username": #""si""#, "password": #"{"command":["pass","show","cx"]}"#,
    "api_key": #"{"file":"/key"}"#, "refresh_token": #""cxauth-canary-refresh""#, "scopes": #"["a","b"]"#,
    "token_endpoint": #""https://as.example/token""#, "refresh_endpoint": #""https://as.example/refresh""#,
    "revocation_endpoint": #""https://as.example/revoke""#,
    "grant": #""password""#, "client_authentication": #""client_secret_basic_raw""#, "body": #""json""#,
    "hosts": #"["one.example","two.example:8443"]"#, "api_base": #""https://api.example/v1/""#,
    "headers": #"{"X-One":"cxauth-canary-header"}"#, "api_headers": #"{"Accept":"application/json"}"#,
    "parameters": #"{"p":"cxauth-canary-parameter"}"#, "resource": #"["https://api.example/"]"#,
    "audience": #""everybody""#, "renewal": #""only_after_expiry""#, "refresh_lifetime": "604800",
    "rotates": "false", "grace": "30", "header": #""x-api-key""#, "prefix": #""""#,
    "strict_token_type": "true", "keep_password": "true", "ask_again": "600",
    "client_key": #"{"file":"/client.pem","algorithm":"PS256","key_id":"k1"}"#,
    "subject_token": #"{"env":"SUBJECT"}"#, "subject_token_type": #""urn:ietf:params:oauth:token-type:access_token""#,
    "actor_token": #"{"env":"ACTOR"}"#, "actor_token_type": #""urn:ietf:params:oauth:token-type:jwt""#,
    "requested_token_type": #""urn:ietf:params:oauth:token-type:access_token""#, "assertion": #"{"env":"ASSERTION"}"#,
    "issuer": #""https://as.example""#, "authorization_endpoint": #""https://as.example/authorize""#,
    "pushed_authorization_request_endpoint": #""https://as.example/par""#,
    "device_authorization_endpoint": #""https://as.example/device""#,
    "introspection_endpoint": #""https://as.example/introspect""#, "redirect_uri": #""https://app.example/callback""#,
    "authorization_parameters": #"{"prompt":"login"}"#, "require_pushed_authorization_requests": "true",
    "authorization_response_iss_parameter_supported": "true",
  ]

  private func object(_ settings: [String: String]) -> String {
    "{" + settings.map { #""\#($0)":\#($1)"# }.joined(separator: ",") + "}"
  }

  private func parsed(_ json: String) throws -> NSDictionary {
    try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSDictionary)
  }

  @Test func everySettingIsReadAndWritten() throws {
    // `password` is no setting that this grant has beside an API key; a profile of one's own has no domain.
    let leftOut = ["domain", "base", "api_key", "required", "email"]
    let settings = Self.everything.filter { !leftOut.contains($0.key) }
    let connection = try Connection(json: object(settings))
    #expect(try parsed(connection.json) == parsed(object(settings)))
    #expect(connection.clientID == "id")
    #expect(connection.refreshLifetime == .seconds(604_800))
    #expect(connection.renewal == .onlyAfterExpiry)
    #expect(connection.prefix == "")
    #expect(connection.hosts == ["one.example", "two.example:8443"])
  }

  @Test func everyPropertyIsASettingOfTheBridge() throws {
    var connection = Connection(.cloudCX)
    connection.title = "t"
    connection.required = []
    connection.domain = "d"
    connection.base = URL(string: "https://b.example/")
    connection.clientID = "i"
    connection.clientSecret = "s"
    connection.clientKey = .signer(algorithm: .es256) { bytes, _ in bytes }
    connection.subjectToken = "s"
    connection.subjectTokenType = "t"
    connection.actorToken = "a"
    connection.actorTokenType = "t"
    connection.requestedTokenType = "t"
    connection.assertion = "a"
    connection.issuer = "https://as.example"
    connection.authorizationEndpoint = URL(string: "https://z.example/")
    connection.pushedAuthorizationRequestEndpoint = URL(string: "https://p.example/")
    connection.deviceAuthorizationEndpoint = URL(string: "https://d.example/")
    connection.introspectionEndpoint = URL(string: "https://i.example/")
    connection.redirectURI = "https://app.example/callback"
    connection.authorizationParameters = [:]
    connection.requirePushedAuthorizationRequests = true
    connection.authorizationResponseIssParameterSupported = true
    connection.username = "u"
    connection.email = "e"
    connection.password = "p"
    connection.apiKey = "k"
    connection.refreshToken = "r"
    connection.scopes = []
    connection.tokenEndpoint = URL(string: "https://t.example/")
    connection.refreshEndpoint = URL(string: "https://r.example/")
    connection.revocationEndpoint = URL(string: "https://v.example/")
    connection.grant = .password
    connection.clientAuthentication = ClientAuthentication.none
    connection.body = .form
    connection.headers = [:]
    connection.parameters = [:]
    connection.resource = []
    connection.audience = "a"
    connection.strictTokenType = true
    connection.apiBase = URL(string: "https://a.example/")
    connection.hosts = []
    connection.header = "h"
    connection.prefix = "p"
    connection.apiHeaders = [:]
    connection.renewal = .anytime
    connection.refreshLifetime = .seconds(1)
    connection.rotates = true
    connection.grace = .zero
    connection.keepPassword = false
    connection.askAgain = .seconds(1)
    let names = try #require(parsed(connection.json).allKeys as? [String])
    #expect(Set(names) == Set(Self.everything.keys).union(["email"]))
    // The bridge looks at every name before anything else, and finds none that it does not know.
    #expect(Bridge.code(ofSettings: connection.json) != "unknown_setting")
    let misspelt = connection.json.replacingOccurrences(of: "\"grace\"", with: "\"graze\"")
    #expect(Bridge.code(ofSettings: misspelt) == "unknown_setting")
  }

  private typealias ClientAuthentication = Connection.ClientAuthentication

  @Test(arguments: [
    ("[]", CxError.Code.settingsUnreadable), (#"{"client_id":"a","client_id":"b"}"#, .settingsUnreadable),
    (#"{"clientid":"a"}"#, .unknownSetting), (#"{"platform":"nowhere"}"#, .unknownPlatform),
    (#"{"client_id":1}"#, .invalidSetting), (#"{"platform":"generic"}"#, .missingSetting),
    (#"{"token_endpoint":"http://as.example/","client_id":"a","client_secret":"cxauth-canary"}"#, .insecureURL),
  ])
  func whatIsWrongIsNamed(json: String, code: CxError.Code) {
    do {
      _ = try Connection(json: json)
      Issue.record("no error")
    } catch {
      #expect(error.code == code)
      #expect(error.action == .fixConfiguration)
      #expect(!"\(error)".contains("canary"))
    }
  }

  @Test func aFractionOfASecondIsWrong() {
    var connection = Connection.ciscoCXCloud(clientID: "key", clientSecret: "secret")
    connection.grace = .milliseconds(1500)
    do {
      _ = try CxClient(connection)
      Issue.record("no error")
    } catch {
      #expect(error.code == .invalidSetting)
      #expect(error.explanation.contains("grace"))
    }
  }

  @Test func aNamedCommandInJSONIsSplitAtBlanks() throws {
    let connection = try Connection(
      json: #"{"platform":"cisco-cx-cloud","client_id":"k","client_secret":{"command":"pass show  cx"}}"#)
    #expect(try parsed(connection.json)["client_secret"] as? [String: [String]] == ["command": ["pass", "show", "cx"]])
  }

  @Test func thePlatformsInOneLine() throws {
    for (cx, address) in [
      (try CxClient.ciscoCXCloud(clientID: "key", clientSecret: "secret"), "https://apix.cisco.com/cs/api/v2/x"),
      (
        try CxClient.cloudCX(domain: "cx.example.net:9001", clientID: "id", username: "si", password: "secret"),
        "https://cx.example.net:9001/openapi/v2/user/page"
      ),
      (
        try CxClient.sangomaCX(clientID: "id", clientSecret: "secret", scopes: ["cx.agent-calls"]),
        "https://cpaas.sangoma.com/cx/api/v1/agents/call/"
      ),
      (try CxClient.cloudLX(clientID: "id", clientSecret: "secret"), "https://cloudlx.epsilontel.com/api/services"),
    ] {
      #expect(cx.allows(try #require(URL(string: address))))
      #expect(!cx.allows(try #require(URL(string: "https://evil.example/"))))
      #expect(cx.status.state == .empty)
      #expect(cx.currentToken == nil)
    }
  }

  @Test func platformsAndCodesAreThoseOfTheBridge() {
    #expect(Set(Bridge.platforms) == Set(Connection.Platform.allCases.map(\.rawValue)))
    #expect(Bridge.errorCodes == CxError.Code.allCases.map(\.rawValue))
  }
}
