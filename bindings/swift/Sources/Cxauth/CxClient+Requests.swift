import Foundation
internal import CxauthBridge

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

// What all of these do with a request:
//
// - The token goes on where `allows` says so. An address that may not see it is an error; the request is not sent without it.
// - An answer that refuses the token has it renewed once and the request sent once more.
// - At most ten redirects are followed, each asked for anew.
extension CxClient {
  /// Sends a request with the token on it and returns the whole answer, whatever its status. A relative address starts at
  /// ``Connection/apiBase``.
  ///
  /// - An answer that refuses the token has it renewed and the request sent once more, once. A body that is a stream cannot
  ///   be sent again: then the refusal is yours, and the next request renews.
  /// - At most 10 redirects are followed, by the rules of RFC 9110 §15.4: 303 and a redirected POST become GET. Where
  ///   ``allows(_:)`` says no, the credential stays behind, whatever header carries it, and with it `Authorization`,
  ///   `Cookie` and `Proxy-Authorization` of your own. What cannot be followed (a stream to be sent again, from https down
  ///   to http, an address with user information, an eleventh) is returned as it is.
  ///
  /// - Throws: ``CxError`` with the code ``CxError/Code/destinationRefused`` when the address may not see the token: the
  ///   request is not sent without it either. Else as ``token()``, or the `URLError` with which the request failed.
  public func data(for request: URLRequest) async throws -> (Data, HTTPURLResponse) {
    try await collected(execute(request, request.httpBodyStream == nil ? .inRequest : .stream))
  }

  /// `GET` of an API path, which starts at ``Connection/apiBase`` unless it is an address.
  ///
  /// - Throws: As ``data(for:)``.
  public func data(path: String) async throws -> (Data, HTTPURLResponse) {
    try await data(for: request(path: path))
  }

  /// As ``data(for:)``, with the answer's body as it comes instead of all at once.
  ///
  /// - Throws: As ``data(for:)``; reading throws the `URLError` with which a body breaks off.
  public func bytes(for request: URLRequest) async throws -> (CxBytes, HTTPURLResponse) {
    let answer = try await execute(request, request.httpBodyStream == nil ? .inRequest : .stream)
    return (CxBytes(answer.body), answer.head)
  }

  /// As ``data(for:)``, with this body.
  ///
  /// - Throws: As ``data(for:)``.
  public func upload(for request: URLRequest, from body: Data) async throws -> (Data, HTTPURLResponse) {
    var request = request
    request.httpBody = body
    return try await collected(execute(request, .inRequest))
  }

  /// As ``data(for:)``, with the contents of a file as the body. The file is read while it is sent, and read again when it
  /// has to be sent once more.
  ///
  /// - Throws: As ``data(for:)``.
  public func upload(for request: URLRequest, fromFile file: URL) async throws -> (Data, HTTPURLResponse) {
    try await collected(execute(request, .file(file)))
  }

  /// A request for an API path, without a token: ``data(for:)`` sends it with one.
  ///
  /// ```swift
  /// var call = try cx.request(path: "api/v1/agents/call/", method: "POST")
  /// call.setValue("application/json", forHTTPHeaderField: "Content-Type")
  /// call.httpBody = try JSONEncoder().encode(["agent": "100", "number": "5551234"])
  /// let (data, response) = try await cx.data(for: call)
  /// ```
  ///
  /// - Throws: ``CxError`` with the code ``CxError/Code/missingSetting`` without an ``Connection/apiBase``, and
  ///   ``CxError/Code/destinationRefused`` when the result may not see the token.
  public func request(path: String, method: String = "GET") throws(CxError) -> URLRequest {
    var request = URLRequest(url: try destination(path: path))
    request.httpMethod = method
    return request
  }

  /// Puts the token into a request that something else sends: the credential's header field and the connection's own
  /// ``Connection/apiHeaders``, each in place of what was there. Whatever sends it must not carry it along a redirect.
  ///
  /// - Returns: The token, for ``refused(_:response:bodyStart:)``.
  /// - Throws: As ``headers(for:)``. The request is unchanged then and must not be sent.
  @discardableResult
  public func authorize(_ request: inout URLRequest) async throws -> AccessToken {
    let url = try destination(of: request)
    let current = try await keeper.acquire()
    request.url = url
    current.put(into: &request)
    return current.token
  }
}

// MARK: - Sending

extension CxClient {
  /// So much of a body is looked at for a refusal, in bytes.
  private static let bodyStart = 8 * 1024

  private func execute(_ request: URLRequest, _ body: RequestBody) async throws -> HTTPAnswer {
    var (request, body) = (request, body)
    request.url = try destination(of: request)
    var (hops, mayRetry) = (0, true)
    while true {
      var outgoing = request
      let current = try await credential(for: &outgoing)
      var answer = try await send(outgoing, body)
      if let current {
        let refusal = await judge(current.token, &answer)
        if refusal == .retry, mayRetry, body.canBeSentAgain {
          mayRetry = false
          answer.cancel()
          continue
        }
      }
      let next = Redirect.next(
        after: request, body, answer: answer.head, credential: current?.token.headerName)
      guard hops < Redirect.most, let next else { return answer }
      hops += 1
      answer.cancel()
      (request, body) = next
    }
  }

  private func destination(of request: URLRequest) throws(CxError) -> URL {
    guard let url = request.url else {
      throw CxError(
        code: .destinationRefused, action: .fixConfiguration, explanation: "The request has no address.")
    }
    return try destination(url)
  }

  /// The token, put on when the address may see it. Where a redirect leads elsewhere there is none.
  private func credential(for request: inout URLRequest) async throws -> Current? {
    guard let url = try? destination(of: request) else { return nil }
    let current = try await keeper.acquire()
    request.url = url
    current.put(into: &request)
    return current
  }

  private func send(_ request: URLRequest, _ body: RequestBody) async throws -> HTTPAnswer {
    do {
      return try await http.send(request, file: body.file)
    } catch let failure as HTTPFailure {
      try Task.checkCancellation()
      throw failure.underlying
    }
  }

  /// Whether the answer refuses the token that was sent. The answer stays whole.
  private func judge(_ token: AccessToken, _ answer: inout HTTPAnswer) async -> Refusal {
    guard answer.head.statusCode >= 400 else { return .leave }
    var start = Data()
    // A page or a file is not read before its caller does.
    if answer.head.statusCode != 401, mayNameAnError(answer.head) {
      start = await answer.body.peek(Self.bodyStart)
    }
    return refused(token, response: answer.head, bodyStart: start)
  }

  private func mayNameAnError(_ head: HTTPURLResponse) -> Bool {
    guard let type = head.value(forHTTPHeaderField: "content-type")?.lowercased() else { return true }
    return type.contains("json") || type.contains("form-urlencoded")
  }

  private func collected(_ answer: HTTPAnswer) async throws -> (Data, HTTPURLResponse) {
    var data = Data()
    for try await chunk in CxBytes(answer.body).chunks {
      data.append(chunk)
    }
    return (data, answer.head)
  }
}
