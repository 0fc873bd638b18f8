import Foundation

/// A body as it comes, whose start may have been looked at already.
struct HTTPBody: AsyncSequence, Sendable {
  typealias Element = Data

  private var start: [Data] = []
  private var failure: HTTPFailure?
  private let rest: AsyncThrowingStream<Data, any Error>

  init(_ rest: AsyncThrowingStream<Data, any Error>) {
    self.rest = rest
  }

  /// Its first bytes, so many at most. Whoever reads it afterwards finds it whole.
  mutating func peek(_ most: Int) async -> Data {
    var length = start.reduce(0) { $0 + $1.count }
    var iterator = rest.makeAsyncIterator()
    do {
      while length < most, failure == nil, let chunk = try await iterator.next() {
        start.append(chunk)
        length += chunk.count
      }
    } catch {
      failure = error as? HTTPFailure ?? HTTPFailure(underlying: error, isUnsent: false)
    }
    return Data(start.joined().prefix(most))
  }

  struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var start: ArraySlice<Data>
    fileprivate var failure: HTTPFailure?
    fileprivate var rest: AsyncThrowingStream<Data, any Error>.AsyncIterator

    mutating func next() async throws -> Data? {
      if let chunk = start.popFirst() { return chunk }
      if let failure { throw failure }
      let chunk = try await rest.next()
      // A stream ends quietly when its reader is cancelled; what came until then is not all.
      if chunk == nil { try Task.checkCancellation() }
      return chunk
    }
  }

  func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(start: start[...], failure: failure, rest: rest.makeAsyncIterator())
  }
}
