import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The body of a request to an API.
enum RequestBody: Sendable {
  /// In the request itself, or none.
  case inRequest
  case file(URL)
  /// Cannot be sent again.
  case stream

  var file: URL? {
    if case .file(let url) = self { url } else { nil }
  }

  var canBeSentAgain: Bool {
    if case .stream = self { false } else { true }
  }
}

/// Following redirects of API requests (RFC 9110 §15.4) without carrying anything secret along.
enum Redirect {
  /// How many are followed.
  static let most = 10

  /// The request that the answer redirects to; `nil` when it redirects nowhere or cannot be followed. `request` is the one
  /// that was sent, without the credential; `credential` is the field that carried it.
  static func next(
    after request: URLRequest, _ body: RequestBody, answer: HTTPURLResponse, credential: String?
  ) -> (URLRequest, RequestBody)? {
    guard let url = target(of: answer, from: request) else { return nil }
    let method = request.httpMethod ?? "GET"
    let becomesGet: Bool
    switch answer.statusCode {
    case 303: becomesGet = method != "HEAD"
    // RFC 9110 §15.4.2 and §15.4.3: what every client does.
    case 301, 302: becomesGet = method == "POST"
    case 307, 308: becomesGet = false
    default: return nil
    }
    var next = becomesGet ? withoutBody(request) : request
    if !becomesGet, !body.canBeSentAgain { return nil }
    let isElsewhere = origin(of: url) != origin(of: answer.url ?? url)
    next.url = url
    var names = credential.map { [$0] } ?? []
    if isElsewhere { names += ["authorization", "cookie", "proxy-authorization"] }
    names.forEach { next.setValue(nil, forHTTPHeaderField: $0) }
    return (next, becomesGet ? .inRequest : body)
  }

  private static func withoutBody(_ request: URLRequest) -> URLRequest {
    var request = request
    request.httpMethod = "GET"
    request.httpBody = nil
    request.httpBodyStream = nil
    for name in ["type", "length", "encoding", "language", "location"] {
      request.setValue(nil, forHTTPHeaderField: "content-\(name)")
    }
    request.setValue(nil, forHTTPHeaderField: "transfer-encoding")
    return request
  }

  /// Where the answer leads, when it may be followed.
  private static func target(of answer: HTTPURLResponse, from request: URLRequest) -> URL? {
    guard
      let location = answer.value(forHTTPHeaderField: "location"), let from = answer.url ?? request.url,
      let url = URL(string: location, relativeTo: from)?.absoluteURL, let host = url.host, !host.isEmpty,
      url.user == nil, url.password == nil
    else { return nil }
    switch url.scheme?.lowercased() {
    case "https": return url
    case "http": return from.scheme?.lowercased() == "http" ? url : nil
    default: return nil
    }
  }

  private static func origin(of url: URL) -> [String?] {
    let scheme = url.scheme?.lowercased()
    let port = url.port ?? (scheme == "https" ? 443 : 80)
    return [scheme, url.host?.lowercased(), String(port)]
  }
}
