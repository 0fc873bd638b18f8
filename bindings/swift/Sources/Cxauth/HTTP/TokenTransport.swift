import Foundation
internal import CxauthBridge

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Sends token requests, each through a `URLSession` of its own: no cookies, no cache, no stored credentials, no redirects,
/// and no idle connection that the server may have closed already.
struct TokenTransport: Sendable {
  let limit: Duration
  /// Proxies and TLS settings of the user's. `URLSessionConfiguration` is a class and copied for each request.
  let configuration: @Sendable () -> URLSessionConfiguration

  func send(_ request: TokenRequest) async -> Outcome {
    let headers = zip(request.headerNames(), request.headerValues())
    return await send(
      request.method(), request.url(), Array(headers), request.body(), longest: Int(maxAnswerBytes()))
  }

  /// Asks for a server's metadata.
  func get(_ address: String, longest: Int) async -> Outcome {
    await send("GET", address, [("accept", "application/json")], nil, longest: longest)
  }

  private func send(
    _ method: String, _ address: String, _ headers: [(String, String)], _ body: Data?, longest: Int
  ) async -> Outcome {
    guard let translated = translate(method, address, headers, body) else {
      return .failed(.connect, "the request cannot be built")
    }
    let http = HTTPSession(isolated(configuration()))
    do {
      let answer = try await http.send(translated, limit: limit)
      defer { answer.cancel() }
      return .answer(
        Answer(
          status: UInt32(answer.head.statusCode), headers: fields(of: answer.head),
          body: try await start(of: answer.body, longest: longest)))
    } catch {
      return failed(error)
    }
  }

  private func isolated(_ configuration: URLSessionConfiguration) -> URLSessionConfiguration {
    configuration.httpCookieStorage = nil
    configuration.httpCookieAcceptPolicy = .never
    configuration.httpShouldSetCookies = false
    configuration.urlCache = nil
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    configuration.urlCredentialStorage = nil
    configuration.httpAdditionalHeaders = nil
    return configuration
  }

  private func translate(
    _ method: String, _ address: String, _ headers: [(String, String)], _ body: Data?
  ) -> URLRequest? {
    guard let url = URL(string: address) else { return nil }
    // The exchange has a limit of its own. `URLSession`'s is for silence, and for whole seconds where libcurl is below it.
    var translated = URLRequest(url: url, timeoutInterval: (limit / .seconds(1)).rounded(.up) + 1)
    translated.httpMethod = method
    translated.httpBody = body
    // What arrives is what is counted: nothing small unfolds into something large.
    translated.setValue("identity", forHTTPHeaderField: "accept-encoding")
    for (name, value) in headers {
      translated.setValue(value, forHTTPHeaderField: name)
    }
    return translated
  }

  private func fields(of head: HTTPURLResponse) -> [(name: String, value: String)] {
    head.allHeaderFields.compactMap { name, value in
      guard let name = name as? String, let value = value as? String else { return nil }
      return (name: name, value: value)
    }
  }

  /// At most one byte more than is allowed, whatever length the server claims; the bridge then knows that it was too much.
  private func start(of body: HTTPBody, longest: Int) async throws -> Data {
    let most = longest + 1
    var start = Data()
    for try await chunk in body {
      start.append(chunk.prefix(most - start.count))
      if start.count == most { break }
    }
    return start
  }

  /// Neither the address nor anything that was sent is in the words.
  private func failed(_ error: any Error) -> Outcome {
    let failure = error as? HTTPFailure
    let code = (failure?.underlying as? URLError)?.code
    let why = code.map(words) ?? "\(type(of: failure?.underlying ?? error))"
    switch code {
    case _ where failure?.isUnsent == true: return .failed(.connect, why)
    case .timedOut: return .failed(.timeout, why)
    default: return .failed(.interrupted, why)
    }
  }

  private func words(_ code: URLError.Code) -> String {
    let meaning =
      switch code {
      case .cannotFindHost, .dnsLookupFailed: "the host cannot be found"
      case .cannotConnectToHost: "the host refuses the connection"
      case .notConnectedToInternet: "there is no network"
      case .timedOut: "nothing came in time"
      case .networkConnectionLost, .badServerResponse: "the connection broke off"
      case .secureConnectionFailed: "no secure connection came about"
      case .serverCertificateHasBadDate, .serverCertificateNotYetValid, .serverCertificateUntrusted,
        .serverCertificateHasUnknownRoot:
        "the server's certificate is not trusted"
      default: "the request failed"
      }
    return "\(meaning), URLError \(code.rawValue)"
  }
}
