import Foundation

/// The body of an answer, byte by byte as it comes: ``CxClient/bytes(for:)``. It can be read once. A reader that stops early
/// ends the transfer.
///
/// ```swift
/// let (bytes, response) = try await cx.bytes(for: request)
/// for try await chunk in bytes.chunks {
///   try file.write(contentsOf: chunk)
/// }
/// ```
public struct CxBytes: AsyncSequence, Sendable {
  /// A byte.
  public typealias Element = UInt8

  private let body: HTTPBody

  init(_ body: HTTPBody) {
    self.body = body
  }

  /// The same in the pieces in which it arrives: quicker than byte by byte.
  public var chunks: Chunks { Chunks(body: body) }

  /// Reads it.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(chunks: chunks.makeAsyncIterator())
  }

  /// Reads bytes.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var chunks: Chunks.AsyncIterator
    private var chunk = Data().makeIterator()

    fileprivate init(chunks: Chunks.AsyncIterator) {
      self.chunks = chunks
    }

    /// The next byte; `nil` at the end.
    public mutating func next() async throws -> UInt8? {
      while true {
        if let byte = chunk.next() { return byte }
        guard let more = try await chunks.next() else { return nil }
        chunk = more.makeIterator()
      }
    }
  }

  /// A body in the pieces in which it arrives.
  public struct Chunks: AsyncSequence, Sendable {
    /// Some bytes, one at least.
    public typealias Element = Data

    fileprivate let body: HTTPBody

    /// Reads it.
    public func makeAsyncIterator() -> AsyncIterator {
      AsyncIterator(body: body.makeAsyncIterator())
    }

    /// Reads pieces.
    public struct AsyncIterator: AsyncIteratorProtocol {
      fileprivate var body: HTTPBody.AsyncIterator

      /// The next piece; `nil` at the end.
      public mutating func next() async throws -> Data? {
        do {
          while let chunk = try await body.next() {
            if !chunk.isEmpty { return chunk }
          }
          return nil
        } catch let failure as HTTPFailure {
          throw failure.underlying
        }
      }
    }
  }
}
