import Foundation
internal import CxauthBridge

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension Connection {
  /// Asks a server what it publishes of itself (RFC 8414): its endpoints and what it knows, with nothing secret in it. Set who
  /// you are there on what this returns.
  ///
  /// ```swift
  /// var connection = try await Connection.discover(issuer: "https://as.example")
  /// connection.clientID = "app"
  /// connection.grant = .authorizationCode
  /// ```
  ///
  /// - Parameters:
  ///   - issuer: The server's identifier, exactly as it writes it: an https address without query and fragment.
  ///   - sessionConfiguration: Makes the configuration of the `URLSession` that asks, as
  ///     ``CxClient/Options/tokenSessionConfiguration``.
  /// - Throws: ``CxError``: ``CxError/Code/metadataRefused`` when what came is not the issuer's, else why nothing came.
  ///   `CancellationError` when the task is cancelled.
  public static func discover(
    issuer: String, sessionConfiguration: @escaping @Sendable () -> URLSessionConfiguration = { .ephemeral }
  ) async throws -> Connection {
    let transport = TokenTransport(limit: .seconds(20), configuration: sessionConfiguration)
    var last: CxError?
    for address in try CxError.catching({ try metadataAddresses(issuer: issuer) }) {
      let outcome = await transport.get(address, longest: Int(maxMetadataBytes()))
      try Task.checkCancellation()
      do {
        return try read(outcome, issuer, address)
      } catch {
        last = error
      }
    }
    throw last ?? CxError(code: .absent, action: .report, explanation: "The issuer has no address for its metadata.")
  }

  private static func read(_ outcome: Outcome, _ issuer: String, _ address: String) throws(CxError) -> Connection {
    switch outcome {
    case .answer(let answer):
      let json = try CxError.catching { try readMetadata(issuer: issuer, status: answer.status, body: answer.body) }
      return try Connection(readable: json)
    case .failed(let kind, let why):
      let code: CxError.Code =
        switch kind {
        case .connect: .serverUnreachable
        case .timeout: .timedOut
        case .interrupted: .interrupted
        }
      let host = URL(string: address)?.host ?? "the server"
      throw CxError(
        code: code, action: .retry, explanation: "The metadata of \(host) could not be read: \(why).")
    case .done, .loaded, .secret, .signature:
      throw CxError(code: .absent, action: .report, explanation: "The request has no answer.")
    }
  }
}
