import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A `URLSession` that streams answers and follows no redirect: those are for whoever asked.
final class HTTPSession: Sendable {
  private let session: URLSession
  private let delegate = Delegate()

  /// The configuration is copied by `URLSession`.
  init(_ configuration: URLSessionConfiguration) {
    shield(configuration)
    session = URLSession(configuration: configuration, delegate: delegate, delegateQueue: nil)
  }

  deinit {
    // What is under way may end; then the session lets go of its delegate.
    session.finishTasksAndInvalidate()
  }

  /// Sends the request and returns the answer as soon as its head is there. `limit` is for the whole exchange, its body
  /// included.
  func send(_ request: URLRequest, file: URL? = nil, limit: Duration? = nil) async throws -> HTTPAnswer {
    let task = file.map { session.uploadTask(with: request, fromFile: $0) } ?? session.dataTask(with: request)
    let exchange = Exchange(task)
    delegate.add(exchange)
    exchange.end(after: limit)
    return HTTPAnswer(head: try await exchange.head(), body: HTTPBody(exchange.body), exchange: exchange)
  }
}

/// The head of an answer, and its body as it comes.
struct HTTPAnswer: Sendable {
  let head: HTTPURLResponse
  var body: HTTPBody
  private let exchange: Exchange

  init(head: HTTPURLResponse, body: HTTPBody, exchange: Exchange) {
    self.head = head
    self.body = body
    self.exchange = exchange
  }

  /// Nobody reads on.
  func cancel() {
    exchange.cancel()
  }
}

/// Why there is no answer, or only a part of one.
struct HTTPFailure: Error {
  /// What `URLSession` says.
  let underlying: any Error
  /// Whether it is certain that the server got no request: no connection came about.
  let isUnsent: Bool
}

/// One request at work. Whoever waits for it is told at once when it is given up: what `URLSession` still does by then is
/// nobody's concern. (libcurl below FoundationNetworking does not let go while a server floods it.)
final class Exchange: Sendable {
  let body: AsyncThrowingStream<Data, any Error>

  private let task: URLSessionTask
  private let bodyEnd: AsyncThrowingStream<Data, any Error>.Continuation
  private let state = Protected(State())

  private struct State {
    var waiting: CheckedContinuation<HTTPURLResponse, any Error>?
    var head: Result<HTTPURLResponse, any Error>?
    var limit: Task<Void, any Error>?
  }

  init(_ task: URLSessionTask) {
    self.task = task
    (body, bodyEnd) = AsyncThrowingStream.makeStream(of: Data.self, throwing: (any Error).self)
    bodyEnd.onTermination = { [task] reason in
      if case .cancelled = reason { task.cancelAside() }
    }
  }

  var number: Int { task.taskIdentifier }

  /// Starts, and returns the head of the answer.
  func head() async throws -> HTTPURLResponse {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let head = state.withLock { state in
          if state.head == nil { state.waiting = continuation }
          return state.head
        }
        if let head {
          // Cancelled before it began.
          continuation.resume(with: head)
        } else {
          task.resume()
        }
      }
    } onCancel: {
      cancel()
    }
  }

  /// Nobody wants the rest.
  func cancel() {
    end(.failure(failure(CancellationError())))
    task.cancelAside()
  }

  func end(after limit: Duration?) {
    guard let limit else { return }
    let timer = Task.detached { [self] in
      try await Task.sleep(for: limit)
      end(.failure(failure(URLError(.timedOut))))
      task.cancelAside()
    }
    state.withLock { $0.limit = timer }
  }

  func received(_ head: HTTPURLResponse) {
    settle(.success(head))
  }

  func received(_ data: Data) {
    bodyEnd.yield(data)
  }

  func ended(_ error: (any Error)?) {
    if let error, !(error is RefusalIsWhole) {
      end(.failure(failure(error)))
    } else if let head = task.response as? HTTPURLResponse {
      // FoundationNetworking may not have told of it: a redirect that it cannot read is only there at the end.
      end(.success(head))
    } else {
      end(.failure(failure(URLError(.badServerResponse))))
    }
  }

  /// The first end counts.
  private func end(_ result: Result<HTTPURLResponse, any Error>) {
    settle(result)
    switch result {
    case .success: bodyEnd.finish()
    case .failure(let error): bodyEnd.finish(throwing: error)
    }
    state.withLock { $0.limit.take() }?.cancel()
  }

  private func settle(_ head: Result<HTTPURLResponse, any Error>) {
    let waiting = state.withLock { state in
      state.head = state.head ?? head
      return state.waiting.take()
    }
    waiting?.resume(with: head)
  }

  private func failure(_ error: any Error) -> HTTPFailure {
    HTTPFailure(
      underlying: error, isUnsent: task.countOfBytesSent == 0 && (sendsBodiesLast || error.saysUnconnected))
  }
}

extension URLSessionTask {
  /// Cancels without waiting for it: FoundationNetworking waits until libcurl is at rest.
  fileprivate func cancelAside() {
    cancellations.async { self.cancel() }
  }
}

/// A thread of their own at most, and none of those that all share.
private let cancellations = DispatchQueue(label: "cxauth.cancellations")

#if canImport(FoundationNetworking)
  /// libcurl reads a body's first byte once there is a connection: nothing read is nothing sent, whatever the code of the
  /// error. The codes say less: that of a refused connection also stands for what broke off after another address refused.
  private let sendsBodiesLast = true
#else
  private let sendsBodiesLast = false
#endif

extension Error {
  /// Whether the error is one of those before a connection is there.
  fileprivate var saysUnconnected: Bool {
    guard let code = (self as? URLError)?.code else { return false }
    let unconnected: [URLError.Code] = [
      .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed, .notConnectedToInternet, .secureConnectionFailed,
      .serverCertificateHasBadDate, .serverCertificateUntrusted, .serverCertificateHasUnknownRoot,
      .serverCertificateNotYetValid, .clientCertificateRejected, .clientCertificateRequired,
      .internationalRoamingOff, .callIsActive, .dataNotAllowed, .badURL, .unsupportedURL,
      .appTransportSecurityRequiresSecureConnection,
    ]
    return unconnected.contains(code)
  }
}

/// Hands what `URLSession` tells to the exchange that it is about.
private final class Delegate: NSObject, URLSessionDataDelegate {
  private let exchanges = Protected<[Int: Exchange]>([:])

  func add(_ exchange: Exchange) {
    exchanges.withLock { $0[exchange.number] = exchange }
  }

  private func exchange(of task: URLSessionTask) -> Exchange? {
    exchanges.withLock { $0[task.taskIdentifier] }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }

  /// What a server asks for is answered with the token or not at all: no password or ticket of the machine's.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
    completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
  ) {
    let space = challenge.protectionSpace
    let ofTheServer = [
      NSURLAuthenticationMethodHTTPBasic, NSURLAuthenticationMethodHTTPDigest, NSURLAuthenticationMethodNTLM,
      NSURLAuthenticationMethodNegotiate,
    ]
    let isRejected = ofTheServer.contains(space.authenticationMethod) && !space.isProxy()
    completionHandler(isRejected ? .rejectProtectionSpace : .performDefaultHandling, nil)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    if let head = response as? HTTPURLResponse {
      exchange(of: dataTask)?.received(head)
    }
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    exchange(of: dataTask)?.received(data)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    exchanges.withLock { $0.removeValue(forKey: task.taskIdentifier) }?.ended(error)
  }
}
