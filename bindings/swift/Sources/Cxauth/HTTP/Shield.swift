import Foundation

/// Ends the task of an answer 401 without a look at what the server asks for.
struct RefusalIsWhole: Error {}

#if canImport(FoundationNetworking)
  import FoundationNetworking

  /// FoundationNetworking reads `WWW-Authenticate` of every 401 when it is complete, and reads it badly: a value that ends
  /// in a bare word (`Bearer`, `Negotiate`, `Basic realm=x`) makes it trap and ends the process, and a `Basic` challenge
  /// without a credential at hand makes the task wait for ever or fail. A token endpoint and an API may send any of these.
  /// So its protocol stands behind one of ours, which passes all on but the end of a 401: nobody here answers challenges.
  func shield(_ configuration: URLSessionConfiguration) {
    configuration.protocolClasses = [Shielded.self] + (configuration.protocolClasses ?? [])
  }

  private final class Shielded: URLProtocol {
    /// Whatever handles `https` without us.
    private static let http: URLProtocol.Type? = {
      let request = URLRequest(url: URL(fileURLWithPath: "/")).with(URL(string: "https://as.example/"))
      let classes = URLSessionConfiguration.ephemeral.protocolClasses ?? []
      return classes.lazy.compactMap { $0 as? URLProtocol.Type }.first { $0.canInit(with: request) }
    }()

    private var inner: URLProtocol?
    private var shield: Shield?

    override class func canInit(with request: URLRequest) -> Bool {
      http?.canInit(with: request) ?? false
    }

    override class func canonicalRequest(for request: URLRequest) -> URLRequest {
      request
    }

    override func startLoading() {
      guard let task, let client, let http = Self.http else { return }
      let shield = Shield(self, client)
      let inner = http.init(task: task, cachedResponse: nil, client: shield)
      (self.shield, self.inner) = (shield, inner)
      inner.startLoading()
    }

    override func stopLoading() {
      inner?.stopLoading()
    }
  }

  extension URLRequest {
    fileprivate func with(_ url: URL?) -> URLRequest {
      var request = self
      request.url = url
      return request
    }
  }

  /// Every call comes on the task's own queue.
  private final class Shield: NSObject, URLProtocolClient, @unchecked Sendable {
    private weak var shielded: URLProtocol?
    private let client: any URLProtocolClient

    init(_ shielded: URLProtocol, _ client: any URLProtocolClient) {
      self.shielded = shielded
      self.client = client
    }

    func urlProtocolDidFinishLoading(_ inner: URLProtocol) {
      guard let shielded else { return }
      if (shielded.task?.response as? HTTPURLResponse)?.statusCode == 401 {
        client.urlProtocol(shielded, didFailWithError: RefusalIsWhole())
      } else {
        client.urlProtocolDidFinishLoading(shielded)
      }
    }

    func urlProtocol(_ inner: URLProtocol, didFailWithError error: any Error) {
      shielded.map { client.urlProtocol($0, didFailWithError: error) }
    }

    func urlProtocol(
      _ inner: URLProtocol, didReceive response: URLResponse, cacheStoragePolicy policy: URLCache.StoragePolicy
    ) {
      shielded.map { client.urlProtocol($0, didReceive: response, cacheStoragePolicy: policy) }
    }

    func urlProtocol(_ inner: URLProtocol, didLoad data: Data) {
      shielded.map { client.urlProtocol($0, didLoad: data) }
    }

    func urlProtocol(
      _ inner: URLProtocol, wasRedirectedTo request: URLRequest, redirectResponse response: URLResponse
    ) {
      shielded.map { client.urlProtocol($0, wasRedirectedTo: request, redirectResponse: response) }
    }

    func urlProtocol(_ inner: URLProtocol, cachedResponseIsValid response: CachedURLResponse) {
      shielded.map { client.urlProtocol($0, cachedResponseIsValid: response) }
    }

    func urlProtocol(_ inner: URLProtocol, didReceive challenge: URLAuthenticationChallenge) {
      shielded.map { client.urlProtocol($0, didReceive: challenge) }
    }

    func urlProtocol(_ inner: URLProtocol, didCancel challenge: URLAuthenticationChallenge) {
      shielded.map { client.urlProtocol($0, didCancel: challenge) }
    }
  }
#else
  func shield(_ configuration: URLSessionConfiguration) {}
#endif
