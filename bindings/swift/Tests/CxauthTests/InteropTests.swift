import Foundation
import Testing

@testable import Cxauth

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The servers of `tests/interop`, which `cargo xtask test --only swift` starts; their lines are in the environment.
@Suite("OAuth servers that are not ours", .serialized, .timeLimit(.minutes(1)))
struct InteropTests {
  private struct Facts: Decodable {
    let base: String
    let token_endpoint: String
    let api: String
    let revocation_endpoint: String
    let basic: Credentials?
    let post: Credentials?
    let client_id: String?
    let client_secret: String?
    let username: String?
    let password: String?
  }

  private struct Credentials: Decodable {
    let client_id: String
    let client_secret: String
  }

  private func server(_ variable: String) throws -> Facts {
    let line = try #require(ProcessInfo.processInfo.environment[variable], "the server was not started")
    return try JSONDecoder().decode(Facts.self, from: Data(line.utf8))
  }

  private func connection(
    _ server: Facts, _ credentials: Credentials, _ authentication: Connection.ClientAuthentication
  ) -> Connection {
    var connection = Connection()
    connection.tokenEndpoint = URL(string: server.token_endpoint)
    connection.apiBase = URL(string: server.base)
    connection.clientID = credentials.client_id
    connection.clientSecret = .value(credentials.client_secret)
    connection.clientAuthentication = authentication
    return connection
  }

  private func password(_ server: Facts) throws -> Connection {
    let credentials = Credentials(
      client_id: try #require(server.client_id), client_secret: try #require(server.client_secret))
    var connection = connection(server, credentials, .clientSecretPost)
    connection.username = server.username
    connection.password = .value(try #require(server.password))
    return connection
  }

  private func client(_ connection: Connection, _ clock: ManualClock) throws -> CxClient {
    var options = CxClient.Options()
    options.clock = clock
    return try CxClient(connection, options: options)
  }

  private func tokenRequests(_ server: Facts) async throws -> Int {
    let url = try #require(URL(string: server.base + "/count"))
    let (data, _) = try await URLSession.shared.data(for: URLRequest(url: url))
    return try #require(try JSONDecoder().decode([String: Int].self, from: data)["token_requests"])
  }

  /// Has the API refuse the token from now on (RFC 7009).
  private func revoke(_ token: AccessToken, _ server: Facts, _ credentials: Credentials? = nil) async throws {
    var form = URLComponents()
    form.queryItems = [URLQueryItem(name: "token", value: token.value.reveal())]
    if let credentials {
      form.queryItems?.append(URLQueryItem(name: "client_id", value: credentials.client_id))
      form.queryItems?.append(URLQueryItem(name: "client_secret", value: credentials.client_secret))
    }
    var request = URLRequest(url: try #require(URL(string: server.revocation_endpoint)))
    request.httpMethod = "POST"
    // A plus sign is a blank in a form.
    request.httpBody = form.percentEncodedQuery.map { Data($0.replacingOccurrences(of: "+", with: "%2B").utf8) }
    request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "content-type")
    let (_, response) = try await URLSession.shared.data(for: request)
    #expect((response as? HTTPURLResponse)?.statusCode == 200)
  }

  @Test func clientCredentialsInBothWays() async throws {
    let server = try server("CXAUTH_INTEROP_OIDC")
    for (given, authentication) in [
      (server.basic, Connection.ClientAuthentication.clientSecretBasic), (server.post, .clientSecretPost),
    ] {
      let credentials = try #require(given)
      let clock = ManualClock(Date())
      var connection = connection(server, credentials, authentication)
      connection.scopes = ["read"]
      let cx = try client(connection, clock)
      let before = try await tokenRequests(server)
      for round in 1...3 {
        let (data, response) = try await cx.data(path: "api")
        #expect(response.statusCode == 200)
        #expect(String(decoding: data, as: UTF8.self).contains(credentials.client_id))
        #expect(try await cx.token().scopes == ["read"])
        #expect(try await tokenRequests(server) == before + round)
        clock.advance(by: .seconds(60))
      }
      try await revoke(try await cx.token(), server, credentials)
      // Refused, renewed and sent again.
      #expect(try await cx.data(path: "api").1.statusCode == 200)
      #expect(try await tokenRequests(server) == before + 5)
    }
  }

  @Test func theServerSaysWhatIsWrong() async throws {
    let server = try server("CXAUTH_INTEROP_OIDC")
    let clock = ManualClock(Date())
    let right = connection(server, try #require(server.basic), .clientSecretBasic)
    var (wrong, admin, narrowed) = (right, right, right)
    wrong.clientSecret = "cxauth-canary-wrong"
    admin.scopes = ["admin"]
    narrowed.scopes = ["read", "unknown"]
    for (connection, code) in [(wrong, CxError.Code.invalidClient), (admin, .invalidScope)] {
      let cx = try client(connection, clock)
      let before = try await tokenRequests(server)
      for _ in 0..<2 {
        let error = try await failure { try await cx.token() }
        #expect(error.code == code)
        #expect(error.action == .fixConfiguration)
      }
      // A verdict is not asked again.
      #expect(try await tokenRequests(server) == before + 1)
    }
    #expect(try await client(narrowed, clock).token().scopes == ["read"])

    // `insufficient_scope` is the caller's.
    let without = try client(right, clock)
    #expect(try await without.data(path: "api").1.statusCode == 403)
    #expect(try await without.token().generation == 1)
  }

  @Test func passwordAndRotation() async throws {
    let server = try server("CXAUTH_INTEROP_EXPRESS")
    let clock = ManualClock(Date())
    let cx = try client(password(server), clock)
    let before = try await tokenRequests(server)
    for round in 1...4 {
      let (data, response) = try await cx.data(path: "api")
      #expect(response.statusCode == 200)
      #expect(String(decoding: data, as: UTF8.self).contains(try #require(server.username)))
      #expect(try await tokenRequests(server) == before + round)
      clock.advance(by: .seconds(60))
    }
    // A refusal without a challenge, named in the body only.
    try await revoke(try await cx.token(), server)
    #expect(try await cx.data(for: cx.request(path: "api", method: "POST")).1.statusCode == 200)
    #expect(try await tokenRequests(server) == before + 6)
  }

  @Test func scopesAndAWrongPassword() async throws {
    let server = try server("CXAUTH_INTEROP_EXPRESS")
    let clock = ManualClock(Date())
    var (read, unknown, wrong) = (try password(server), try password(server), try password(server))
    read.scopes = ["read"]
    unknown.scopes = ["unknown"]
    wrong.password = "cxauth-canary-wrong"
    let cx = try client(read, clock)
    #expect(try await cx.data(path: "api").1.statusCode == 200)
    #expect(try await cx.data(for: cx.request(path: "api", method: "POST")).1.statusCode == 403)
    #expect(try await cx.token().generation == 1)
    let other = try client(unknown, clock)
    #expect(try await failure { try await other.token() }.code == .invalidScope)
    let mistaken = try client(wrong, clock)
    let error = try await failure { try await mistaken.token() }
    #expect(error.code == .invalidGrant)
    #expect(error.action == .signIn)
  }
}
