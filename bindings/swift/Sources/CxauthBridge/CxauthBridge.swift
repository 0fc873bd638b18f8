// Generated from crates/cxauth-bridge by `cargo xtask interface`: do not edit.

// swiftlint:disable all
import Foundation

// Depending on the consumer's build setup, the low-level FFI code
// might be in a separate module, or it might be compiled inline into
// this module. This is a bit of light hackery to work with both.
#if canImport(cxauth_bridgeFFI)
import cxauth_bridgeFFI
#endif

fileprivate extension RustBuffer {
    // Allocate a new buffer, copying the contents of a `UInt8` array.
    init(bytes: [UInt8]) {
        let rbuf = bytes.withUnsafeBufferPointer { ptr in
            RustBuffer.from(ptr)
        }
        self.init(capacity: rbuf.capacity, len: rbuf.len, data: rbuf.data)
    }

    static func empty() -> RustBuffer {
        RustBuffer(capacity: 0, len:0, data: nil)
    }

    static func from(_ ptr: UnsafeBufferPointer<UInt8>) -> RustBuffer {
        try! rustCall { ffi_cxauth_bridge_rustbuffer_from_bytes(ForeignBytes(bufferPointer: ptr), $0) }
    }

    // Frees the buffer in place.
    // The buffer must not be used after this is called.
    func deallocate() {
        try! rustCall { ffi_cxauth_bridge_rustbuffer_free(self, $0) }
    }
}

fileprivate extension ForeignBytes {
    init(bufferPointer: UnsafeBufferPointer<UInt8>) {
        self.init(len: Int32(bufferPointer.count), data: bufferPointer.baseAddress)
    }

    init(rawBufferPointer: UnsafeRawBufferPointer) {
        self.init(
            len: Int32(rawBufferPointer.count),
            data: rawBufferPointer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
    }
}

// Converter for `&[u8]` / `[ByRef] bytes` arguments.
//
// Conforms to `FfiConverter` so the compiler enforces the full converter
// method set. Only the scope-bound `lower(_:_body:)` overload is sound —
// zero-copy byte buffers only flow foreign -> Rust, and only in argument
// position. The four protocol-witness methods (`lift`, `lower`, `read`,
// `write`) `fatalError` at runtime if anyone reaches them.
//
// The scope-bound `lower` takes a closure because the `ForeignBytes`
// pointer is only guaranteed valid for the duration of
// `Data.withUnsafeBytes`. Callers must run the full FFI call inside
// the closure body.
fileprivate enum FfiConverterByRefBytes: FfiConverter {
    typealias SwiftType = Data
    typealias FfiType = ForeignBytes

    static func lower<R>(_ value: Data, _ body: (ForeignBytes) throws -> R) rethrows -> R {
        return try value.withUnsafeBytes { rawBuf in
            try body(ForeignBytes(rawBufferPointer: rawBuf))
        }
    }

    static func lower(_ value: Data) -> ForeignBytes {
        fatalError("ByRef bytes cannot use the plain lower: returning ForeignBytes escapes the Data.withUnsafeBytes scope. Use the scope-bound lower(_:_body:) overload instead.")
    }

    static func lift(_ value: ForeignBytes) throws -> Data {
        fatalError("ByRef bytes cannot be lifted: zero-copy &[u8] only flows foreign->Rust")
    }

    static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Data {
        fatalError("ByRef bytes cannot be read from a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")
    }

    static func write(_ value: Data, into buf: inout [UInt8]) {
        fatalError("ByRef bytes cannot be written to a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")
    }
}

// For every type used in the interface, we provide helper methods for conveniently
// lifting and lowering that type from C-compatible data, and for reading and writing
// values of that type in a buffer.

// Helper classes/extensions that don't change.
// Someday, this will be in a library of its own.

fileprivate extension Data {
    init(rustBuffer: RustBuffer) {
        self.init(
            bytesNoCopy: rustBuffer.data!,
            count: Int(rustBuffer.len),
            deallocator: .none
        )
    }
}

// Define reader functionality.  Normally this would be defined in a class or
// struct, but we use standalone functions instead in order to make external
// types work.
//
// With external types, one swift source file needs to be able to call the read
// method on another source file's FfiConverter, but then what visibility
// should Reader have?
// - If Reader is fileprivate, then this means the read() must also
//   be fileprivate, which doesn't work with external types.
// - If Reader is internal/public, we'll get compile errors since both source
//   files will try define the same type.
//
// Instead, the read() method and these helper functions input a tuple of data

fileprivate func createReader(data: Data) -> (data: Data, offset: Data.Index) {
    (data: data, offset: 0)
}

// Reads an integer at the current offset, in big-endian order, and advances
// the offset on success. Throws if reading the integer would move the
// offset past the end of the buffer.
fileprivate func readInt<T: FixedWidthInteger>(_ reader: inout (data: Data, offset: Data.Index)) throws -> T {
    let range = reader.offset..<reader.offset + MemoryLayout<T>.size
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    if T.self == UInt8.self {
        let value = reader.data[reader.offset]
        reader.offset += 1
        return value as! T
    }
    var value: T = 0
    let _ = withUnsafeMutableBytes(of: &value, { reader.data.copyBytes(to: $0, from: range)})
    reader.offset = range.upperBound
    return value.bigEndian
}

// Reads an arbitrary number of bytes, to be used to read
// raw bytes, this is useful when lifting strings
fileprivate func readBytes(_ reader: inout (data: Data, offset: Data.Index), count: Int) throws -> Array<UInt8> {
    let range = reader.offset..<(reader.offset+count)
    guard reader.data.count >= range.upperBound else {
        throw UniffiInternalError.bufferOverflow
    }
    var value = [UInt8](repeating: 0, count: count)
    value.withUnsafeMutableBufferPointer({ buffer in
        reader.data.copyBytes(to: buffer, from: range)
    })
    reader.offset = range.upperBound
    return value
}

// Reads a float at the current offset.
fileprivate func readFloat(_ reader: inout (data: Data, offset: Data.Index)) throws -> Float {
    return Float(bitPattern: try readInt(&reader))
}

// Reads a float at the current offset.
fileprivate func readDouble(_ reader: inout (data: Data, offset: Data.Index)) throws -> Double {
    return Double(bitPattern: try readInt(&reader))
}

// Indicates if the offset has reached the end of the buffer.
fileprivate func hasRemaining(_ reader: (data: Data, offset: Data.Index)) -> Bool {
    return reader.offset < reader.data.count
}

// Define writer functionality.  Normally this would be defined in a class or
// struct, but we use standalone functions instead in order to make external
// types work.  See the above discussion on Readers for details.

fileprivate func createWriter() -> [UInt8] {
    return []
}

fileprivate func writeBytes<S>(_ writer: inout [UInt8], _ byteArr: S) where S: Sequence, S.Element == UInt8 {
    writer.append(contentsOf: byteArr)
}

// Writes an integer in big-endian order.
//
// Warning: make sure what you are trying to write
// is in the correct type!
fileprivate func writeInt<T: FixedWidthInteger>(_ writer: inout [UInt8], _ value: T) {
    var value = value.bigEndian
    withUnsafeBytes(of: &value) { writer.append(contentsOf: $0) }
}

fileprivate func writeFloat(_ writer: inout [UInt8], _ value: Float) {
    writeInt(&writer, value.bitPattern)
}

fileprivate func writeDouble(_ writer: inout [UInt8], _ value: Double) {
    writeInt(&writer, value.bitPattern)
}

// Protocol for types that transfer other types across the FFI. This is
// analogous to the Rust trait of the same name.
fileprivate protocol FfiConverter {
    associatedtype FfiType
    associatedtype SwiftType

    static func lift(_ value: FfiType) throws -> SwiftType
    static func lower(_ value: SwiftType) -> FfiType
    static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType
    static func write(_ value: SwiftType, into buf: inout [UInt8])
}

// Types conforming to `Primitive` pass themselves directly over the FFI.
fileprivate protocol FfiConverterPrimitive: FfiConverter where FfiType == SwiftType { }

extension FfiConverterPrimitive {
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lift(_ value: FfiType) throws -> SwiftType {
        return value
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lower(_ value: SwiftType) -> FfiType {
        return value
    }
}

// Types conforming to `FfiConverterRustBuffer` lift and lower into a `RustBuffer`.
// Used for complex types where it's hard to write a custom lift/lower.
fileprivate protocol FfiConverterRustBuffer: FfiConverter where FfiType == RustBuffer {}

extension FfiConverterRustBuffer {
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lift(_ buf: RustBuffer) throws -> SwiftType {
        var reader = createReader(data: Data(rustBuffer: buf))
        let value = try read(from: &reader)
        if hasRemaining(reader) {
            throw UniffiInternalError.incompleteData
        }
        buf.deallocate()
        return value
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public static func lower(_ value: SwiftType) -> RustBuffer {
          var writer = createWriter()
          write(value, into: &writer)
          return RustBuffer(bytes: writer)
    }
}
// An error type for FFI errors. These errors occur at the UniFFI level, not
// the library level.
fileprivate enum UniffiInternalError: LocalizedError {
    case bufferOverflow
    case incompleteData
    case unexpectedOptionalTag
    case unexpectedEnumCase
    case unexpectedNullPointer
    case unexpectedRustCallStatusCode
    case unexpectedRustCallError
    case unexpectedStaleHandle
    case rustPanic(_ message: String)

    public var errorDescription: String? {
        switch self {
        case .bufferOverflow: return "Reading the requested value would read past the end of the buffer"
        case .incompleteData: return "The buffer still has data after lifting its containing value"
        case .unexpectedOptionalTag: return "Unexpected optional tag; should be 0 or 1"
        case .unexpectedEnumCase: return "Raw enum value doesn't match any cases"
        case .unexpectedNullPointer: return "Raw pointer value was null"
        case .unexpectedRustCallStatusCode: return "Unexpected RustCallStatus code"
        case .unexpectedRustCallError: return "CALL_ERROR but no errorClass specified"
        case .unexpectedStaleHandle: return "The object in the handle map has been dropped already"
        case let .rustPanic(message): return message
        }
    }
}

fileprivate extension NSLock {
    func withLock<T>(f: () throws -> T) rethrows -> T {
        self.lock()
        defer { self.unlock() }
        return try f()
    }
}

fileprivate let CALL_SUCCESS: Int8 = 0
fileprivate let CALL_ERROR: Int8 = 1
fileprivate let CALL_UNEXPECTED_ERROR: Int8 = 2
fileprivate let CALL_CANCELLED: Int8 = 3

fileprivate extension RustCallStatus {
    init() {
        self.init(
            code: CALL_SUCCESS,
            errorBuf: RustBuffer.init(
                capacity: 0,
                len: 0,
                data: nil
            )
        )
    }
}

private func rustCall<T>(_ callback: (UnsafeMutablePointer<RustCallStatus>) -> T) throws -> T {
    let neverThrow: ((RustBuffer) throws -> Never)? = nil
    return try makeRustCall(callback, errorHandler: neverThrow)
}

private func rustCallWithError<T, E: Swift.Error>(
    _ errorHandler: @escaping (RustBuffer) throws -> E,
    _ callback: (UnsafeMutablePointer<RustCallStatus>) -> T) throws -> T {
    try makeRustCall(callback, errorHandler: errorHandler)
}

private func makeRustCall<T, E: Swift.Error>(
    _ callback: (UnsafeMutablePointer<RustCallStatus>) -> T,
    errorHandler: ((RustBuffer) throws -> E)?
) throws -> T {
    uniffiEnsureCxauthBridgeInitialized()
    var callStatus = RustCallStatus.init()
    let returnedVal = callback(&callStatus)
    try uniffiCheckCallStatus(callStatus: callStatus, errorHandler: errorHandler)
    return returnedVal
}

private func uniffiCheckCallStatus<E: Swift.Error>(
    callStatus: RustCallStatus,
    errorHandler: ((RustBuffer) throws -> E)?
) throws {
    switch callStatus.code {
        case CALL_SUCCESS:
            return

        case CALL_ERROR:
            if let errorHandler = errorHandler {
                throw try errorHandler(callStatus.errorBuf)
            } else {
                callStatus.errorBuf.deallocate()
                throw UniffiInternalError.unexpectedRustCallError
            }

        case CALL_UNEXPECTED_ERROR:
            // When the rust code sees a panic, it tries to construct a RustBuffer
            // with the message.  But if that code panics, then it just sends back
            // an empty buffer.
            if callStatus.errorBuf.len > 0 {
                throw UniffiInternalError.rustPanic(try FfiConverterString.lift(callStatus.errorBuf))
            } else {
                callStatus.errorBuf.deallocate()
                throw UniffiInternalError.rustPanic("Rust panic")
            }

        case CALL_CANCELLED:
            fatalError("Cancellation not supported yet")

        default:
            throw UniffiInternalError.unexpectedRustCallStatusCode
    }
}

private func uniffiTraitInterfaceCall<T>(
    callStatus: UnsafeMutablePointer<RustCallStatus>,
    makeCall: () throws -> T,
    writeReturn: (T) -> ()
) {
    do {
        try writeReturn(makeCall())
    } catch let error {
        callStatus.pointee.code = CALL_UNEXPECTED_ERROR
        callStatus.pointee.errorBuf = FfiConverterString.lower(String(describing: error))
    }
}

private func uniffiTraitInterfaceCallWithError<T, E>(
    callStatus: UnsafeMutablePointer<RustCallStatus>,
    makeCall: () throws -> T,
    writeReturn: (T) -> (),
    lowerError: (E) -> RustBuffer
) {
    do {
        try writeReturn(makeCall())
    } catch let error as E {
        callStatus.pointee.code = CALL_ERROR
        callStatus.pointee.errorBuf = lowerError(error)
    } catch {
        callStatus.pointee.code = CALL_UNEXPECTED_ERROR
        callStatus.pointee.errorBuf = FfiConverterString.lower(String(describing: error))
    }
}
// Initial value and increment amount for handles.
// These ensure that SWIFT handles always have the lowest bit set
fileprivate let UNIFFI_HANDLEMAP_INITIAL: UInt64 = 1
fileprivate let UNIFFI_HANDLEMAP_DELTA: UInt64 = 2

fileprivate final class UniffiHandleMap<T>: @unchecked Sendable {
    // All mutation happens with this lock held, which is why we implement @unchecked Sendable.
    private let lock = NSLock()
    private var map: [UInt64: T] = [:]
    private var currentHandle: UInt64 = UNIFFI_HANDLEMAP_INITIAL

    func insert(obj: T) -> UInt64 {
        lock.withLock {
            return doInsert(obj)
        }
    }

    // Low-level insert function, this assumes `lock` is held.
    private func doInsert(_ obj: T) -> UInt64 {
        let handle = currentHandle
        currentHandle += UNIFFI_HANDLEMAP_DELTA
        map[handle] = obj
        return handle
    }

     func get(handle: UInt64) throws -> T {
        try lock.withLock {
            guard let obj = map[handle] else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return obj
        }
    }

     func clone(handle: UInt64) throws -> UInt64 {
        try lock.withLock {
            guard let obj = map[handle] else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return doInsert(obj)
        }
    }

    @discardableResult
    func remove(handle: UInt64) throws -> T {
        try lock.withLock {
            guard let obj = map.removeValue(forKey: handle) else {
                throw UniffiInternalError.unexpectedStaleHandle
            }
            return obj
        }
    }

    var count: Int {
        get {
            map.count
        }
    }
}


// Public interface members begin here.


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterUInt32: FfiConverterPrimitive {
    typealias FfiType = UInt32
    typealias SwiftType = UInt32

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> UInt32 {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterDouble: FfiConverterPrimitive {
    typealias FfiType = Double
    typealias SwiftType = Double

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Double {
        return try lift(readDouble(&buf))
    }

    public static func write(_ value: Double, into buf: inout [UInt8]) {
        writeDouble(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterBool : FfiConverter {
    typealias FfiType = Int8
    typealias SwiftType = Bool

    public static func lift(_ value: Int8) throws -> Bool {
        return value != 0
    }

    public static func lower(_ value: Bool) -> Int8 {
        return value ? 1 : 0
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Bool {
        return try lift(readInt(&buf))
    }

    public static func write(_ value: Bool, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterString: FfiConverter {
    typealias SwiftType = String
    typealias FfiType = RustBuffer

    public static func lift(_ value: RustBuffer) throws -> String {
        defer {
            value.deallocate()
        }
        if value.data == nil {
            return String()
        }
        let bytes = UnsafeBufferPointer<UInt8>(start: value.data!, count: Int(value.len))
        // Use Swift's native UTF-8 decoder; `String(bytes:encoding:.utf8)` goes
        // through Foundation's NSString and silently strips a leading U+FEFF BOM.
        // Invalid UTF-8 substitutes U+FFFD instead of trapping (unreachable
        // given Rust's `String` invariant).
        return String(decoding: bytes, as: UTF8.self)
    }

    public static func lower(_ value: String) -> RustBuffer {
        return value.utf8CString.withUnsafeBufferPointer { ptr in
            // The swift string gives us int8_t, we want uint8_t.
            ptr.withMemoryRebound(to: UInt8.self) { ptr in
                // The swift string gives us a trailing null byte, we don't want it.
                let buf = UnsafeBufferPointer(rebasing: ptr.prefix(upTo: ptr.count - 1))
                return RustBuffer.from(buf)
            }
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> String {
        let len: Int32 = try readInt(&buf)
        // See `lift` above for why we avoid Foundation's NSString-backed decoder here.
        return String(decoding: try readBytes(&buf, count: Int(len)), as: UTF8.self)
    }

    public static func write(_ value: String, into buf: inout [UInt8]) {
        let len = Int32(value.utf8.count)
        writeInt(&buf, len)
        writeBytes(&buf, value.utf8)
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterData: FfiConverterRustBuffer {
    typealias SwiftType = Data

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Data {
        let len: Int32 = try readInt(&buf)
        return Data(try readBytes(&buf, count: Int(len)))
    }

    public static func write(_ value: Data, into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        writeBytes(&buf, value)
    }
}




/**
 * What a caller does, and with what.
 */
public protocol AcquiredProtocol: AnyObject, Sendable {

    /**
     * From when on somebody else may lead another flight; for `Lead` and `Follow`.
     */
    func deadlineMs()  -> Double?

    /**
     * Why; for `Wait` and `Denied`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    func error() throws  -> ErrorDetails

    /**
     * The flight to lead or to follow; 0 for none.
     */
    func flight()  -> UInt32

    /**
     * Whether a token is there: always when `Ready`, maybe when `Lead` or `Follow`.
     */
    func hasToken()  -> Bool

    /**
     * What the caller does.
     */
    func kind()  -> AcquiredKind

    /**
     * The token.
     *
     * # Errors
     * With the reason when the kind is `Wait` or `Denied`, else `absent`.
     */
    func token() throws  -> Token

    /**
     * When to acquire again; for `Wait`.
     */
    func untilMs()  -> Double?

}
/**
 * What a caller does, and with what.
 */
open class Acquired: AcquiredProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_acquired(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_acquired(handle, $0) }
    }




    /**
     * From when on somebody else may lead another flight; for `Lead` and `Follow`.
     */
open func deadlineMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_acquired_deadline_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Why; for `Wait` and `Denied`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
open func error()throws  -> ErrorDetails  {
    return try  FfiConverterTypeErrorDetails_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_acquired_error(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The flight to lead or to follow; 0 for none.
     */
open func flight() -> UInt32  {
    return try!  FfiConverterUInt32.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_acquired_flight(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Whether a token is there: always when `Ready`, maybe when `Lead` or `Follow`.
     */
open func hasToken() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_acquired_has_token(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What the caller does.
     */
open func kind() -> AcquiredKind  {
    return try!  FfiConverterTypeAcquiredKind_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_acquired_kind(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The token.
     *
     * # Errors
     * With the reason when the kind is `Wait` or `Denied`, else `absent`.
     */
open func token()throws  -> Token  {
    return try  FfiConverterTypeToken_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_acquired_token(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * When to acquire again; for `Wait`.
     */
open func untilMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_acquired_until_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAcquired: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Acquired

    public static func lift(_ handle: UInt64) throws -> Acquired {
        return Acquired(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Acquired) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Acquired {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Acquired, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAcquired_lift(_ handle: UInt64) throws -> Acquired {
    return try FfiConverterTypeAcquired.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAcquired_lower(_ value: Acquired) -> UInt64 {
    return FfiConverterTypeAcquired.lower(value)
}






/**
 * One challenge.
 */
public protocol ChallengeProtocol: AnyObject, Sendable {

    /**
     * The names of the parameters, in lower case, each once.
     */
    func parameterNames()  -> [String]

    /**
     * Their values, in the same order.
     */
    func parameterValues()  -> [String]

    /**
     * The scheme in lower case, such as `bearer`.
     */
    func scheme()  -> String

    /**
     * The one value of schemes like `Negotiate`.
     */
    func token68()  -> String?

}
/**
 * One challenge.
 */
open class Challenge: ChallengeProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_challenge(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_challenge(handle, $0) }
    }




    /**
     * The names of the parameters, in lower case, each once.
     */
open func parameterNames() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_challenge_parameter_names(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Their values, in the same order.
     */
open func parameterValues() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_challenge_parameter_values(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The scheme in lower case, such as `bearer`.
     */
open func scheme() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_challenge_scheme(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The one value of schemes like `Negotiate`.
     */
open func token68() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_challenge_token68(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeChallenge: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Challenge

    public static func lift(_ handle: UInt64) throws -> Challenge {
        return Challenge(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Challenge) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Challenge {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Challenge, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChallenge_lift(_ handle: UInt64) throws -> Challenge {
    return try FfiConverterTypeChallenge.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChallenge_lower(_ value: Challenge) -> UInt64 {
    return FfiConverterTypeChallenge.lower(value)
}






/**
 * The challenges of one field value.
 */
public protocol ChallengesProtocol: AnyObject, Sendable {

    /**
     * One of them, from 0.
     *
     * # Errors
     * `absent` when there are not so many.
     */
    func at(index: UInt32) throws  -> Challenge

    /**
     * How many there are; 0 when the field is malformed.
     */
    func count()  -> UInt32

}
/**
 * The challenges of one field value.
 */
open class Challenges: ChallengesProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_challenges(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_challenges(handle, $0) }
    }




    /**
     * One of them, from 0.
     *
     * # Errors
     * `absent` when there are not so many.
     */
open func at(index: UInt32)throws  -> Challenge  {
    return try  FfiConverterTypeChallenge_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_challenges_at(
            self.uniffiCloneHandle(),
        FfiConverterUInt32.lower(index),uniffiCallStatus
    )
})
}

    /**
     * How many there are; 0 when the field is malformed.
     */
open func count() -> UInt32  {
    return try!  FfiConverterUInt32.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_challenges_count(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeChallenges: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Challenges

    public static func lift(_ handle: UInt64) throws -> Challenges {
        return Challenges(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Challenges) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Challenges {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Challenges, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChallenges_lift(_ handle: UInt64) throws -> Challenges {
    return try FfiConverterTypeChallenges.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeChallenges_lower(_ value: Challenges) -> UInt64 {
    return FfiConverterTypeChallenges.lower(value)
}






/**
 * One client at one server, checked.
 */
public protocol ConnectionProtocol: AnyObject, Sendable {

    /**
     * Whether the token may be sent to this address.
     */
    func allows(url: String)  -> Bool

    /**
     * Where the API lives, if it is known.
     */
    func apiBase()  -> String?

    /**
     * The absolute address of an API path, which starts at `Connection::api_base` unless it is absolute itself.
     *
     * # Errors
     * `missing_setting` without an `api_base`, `destination_refused` when the result may not see the token.
     */
    func apiUrl(path: String) throws  -> String

    /**
     * Whether it asks the user's own function for tokens, instead of a server (the step `Provide`).
     */
    func isExternal()  -> Bool

    /**
     * The platform's id.
     */
    func platform()  -> String

    /**
     * The scopes that are asked for.
     */
    func scopes()  -> [String]

    /**
     * The platform's name as its maker writes it.
     */
    func title()  -> String

    /**
     * The token endpoint, if there is one.
     */
    func tokenEndpoint()  -> String?

    /**
     * This connection with other values for the settings that the JSON object names, such as `scopes`.
     *
     * # Errors
     * As `open_connection`.
     */
    func withSettings(json: String) throws  -> Connection

}
/**
 * One client at one server, checked.
 */
open class Connection: ConnectionProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_connection(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_connection(handle, $0) }
    }




    /**
     * Whether the token may be sent to this address.
     */
open func allows(url: String) -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_connection_allows(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(url),uniffiCallStatus
    )
})
}

    /**
     * Where the API lives, if it is known.
     */
open func apiBase() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_connection_api_base(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The absolute address of an API path, which starts at `Connection::api_base` unless it is absolute itself.
     *
     * # Errors
     * `missing_setting` without an `api_base`, `destination_refused` when the result may not see the token.
     */
open func apiUrl(path: String)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_connection_api_url(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(path),uniffiCallStatus
    )
})
}

    /**
     * Whether it asks the user's own function for tokens, instead of a server (the step `Provide`).
     */
open func isExternal() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_connection_is_external(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The platform's id.
     */
open func platform() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_connection_platform(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The scopes that are asked for.
     */
open func scopes() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_connection_scopes(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The platform's name as its maker writes it.
     */
open func title() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_connection_title(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The token endpoint, if there is one.
     */
open func tokenEndpoint() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_connection_token_endpoint(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * This connection with other values for the settings that the JSON object names, such as `scopes`.
     *
     * # Errors
     * As `open_connection`.
     */
open func withSettings(json: String)throws  -> Connection  {
    return try  FfiConverterTypeConnection_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_connection_with_settings(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(json),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeConnection: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Connection

    public static func lift(_ handle: UInt64) throws -> Connection {
        return Connection(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Connection) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Connection {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Connection, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeConnection_lift(_ handle: UInt64) throws -> Connection {
    return try FfiConverterTypeConnection.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeConnection_lower(_ value: Connection) -> UInt64 {
    return FfiConverterTypeConnection.lower(value)
}






/**
 * The same as a value: why somebody waits, is denied, or a flight brought nothing.
 */
public protocol ErrorDetailsProtocol: AnyObject, Sendable {

    /**
     * What to do next: `retry`, `sign_in`, `fix_configuration` or `report`.
     */
    func action()  -> String

    /**
     * The stable code, such as `invalid_client`; see `error_codes`.
     */
    func code()  -> String

    /**
     * What happened and what to do about it, in sentences.
     */
    func explanation()  -> String

    /**
     * When the session asks the server again, if it does so by itself.
     */
    func retryAtMs()  -> Double?

    /**
     * The server's `error_description`, escaped and cut.
     */
    func serverDescription()  -> String?

    /**
     * The server's `error` (RFC 6749 §5.2), escaped and cut.
     */
    func serverError()  -> String?

    /**
     * The status of the answer that brought the error.
     */
    func status()  -> UInt32?

}
/**
 * The same as a value: why somebody waits, is denied, or a flight brought nothing.
 */
open class ErrorDetails: ErrorDetailsProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_errordetails(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_errordetails(handle, $0) }
    }




    /**
     * What to do next: `retry`, `sign_in`, `fix_configuration` or `report`.
     */
open func action() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_errordetails_action(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The stable code, such as `invalid_client`; see `error_codes`.
     */
open func code() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_errordetails_code(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What happened and what to do about it, in sentences.
     */
open func explanation() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_errordetails_explanation(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * When the session asks the server again, if it does so by itself.
     */
open func retryAtMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_errordetails_retry_at_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The server's `error_description`, escaped and cut.
     */
open func serverDescription() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_errordetails_server_description(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The server's `error` (RFC 6749 §5.2), escaped and cut.
     */
open func serverError() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_errordetails_server_error(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The status of the answer that brought the error.
     */
open func status() -> UInt32?  {
    return try!  FfiConverterOptionUInt32.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_errordetails_status(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeErrorDetails: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = ErrorDetails

    public static func lift(_ handle: UInt64) throws -> ErrorDetails {
        return ErrorDetails(unsafeFromHandle: handle)
    }

    public static func lower(_ value: ErrorDetails) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> ErrorDetails {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: ErrorDetails, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeErrorDetails_lift(_ handle: UInt64) throws -> ErrorDetails {
    return try FfiConverterTypeErrorDetails.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeErrorDetails_lower(_ value: ErrorDetails) -> UInt64 {
    return FfiConverterTypeErrorDetails.lower(value)
}






/**
 * What a server says about a token. Of one that is not active nothing else is known.
 */
public protocol IntrospectionProtocol: AnyObject, Sendable {

    /**
     * Whose client got it.
     */
    func clientId()  -> String?

    /**
     * When it ends.
     */
    func expiresAtMs()  -> Double?

    /**
     * Whether the token is good at this server.
     */
    func isActive()  -> Bool

    /**
     * The whole answer, a JSON object. Where a server repeats a secret in it there is only `active`.
     */
    func json()  -> String

    /**
     * What it is good for.
     */
    func scopes()  -> [String]?

    /**
     * Who it stands for, as the server knows them.
     */
    func subject()  -> String?

    /**
     * Who it stands for, as a person reads it.
     */
    func username()  -> String?

}
/**
 * What a server says about a token. Of one that is not active nothing else is known.
 */
open class Introspection: IntrospectionProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_introspection(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_introspection(handle, $0) }
    }




    /**
     * Whose client got it.
     */
open func clientId() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_introspection_client_id(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * When it ends.
     */
open func expiresAtMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_introspection_expires_at_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Whether the token is good at this server.
     */
open func isActive() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_introspection_is_active(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The whole answer, a JSON object. Where a server repeats a secret in it there is only `active`.
     */
open func json() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_introspection_json(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What it is good for.
     */
open func scopes() -> [String]?  {
    return try!  FfiConverterOptionSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_introspection_scopes(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Who it stands for, as the server knows them.
     */
open func subject() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_introspection_subject(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Who it stands for, as a person reads it.
     */
open func username() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_introspection_username(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeIntrospection: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Introspection

    public static func lift(_ handle: UInt64) throws -> Introspection {
        return Introspection(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Introspection) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Introspection {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Introspection, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeIntrospection_lift(_ handle: UInt64) throws -> Introspection {
    return try FfiConverterTypeIntrospection.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeIntrospection_lower(_ value: Introspection) -> UInt64 {
    return FfiConverterTypeIntrospection.lower(value)
}






/**
 * What the client's key has to sign before a token may go to an API: one proof for each request, also when it is sent again.
 */
public protocol ProofProtocol: AnyObject, Sendable {

    /**
     * How the key signs, as of a step `Sign`.
     */
    func algorithm()  -> String?

    /**
     * The value of the field `dpop` of that one request; empty when none is needed.
     */
    func headerValue(signature: Data)  -> String

    /**
     * Whether there is anything to sign: a token that is not bound goes without.
     */
    func isNeeded()  -> Bool

    /**
     * Where the key is: its PEM (PKCS #8), or the function that signs.
     */
    func keySourceKind()  -> SecretSourceKind

    /**
     * The source's name, path, command with its arguments, entry, or function.
     */
    func keySourceValues()  -> [String]

    /**
     * What to sign; empty when nothing is.
     */
    func signingInput()  -> Data

}
/**
 * What the client's key has to sign before a token may go to an API: one proof for each request, also when it is sent again.
 */
open class Proof: ProofProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_proof(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_proof(handle, $0) }
    }




    /**
     * How the key signs, as of a step `Sign`.
     */
open func algorithm() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_proof_algorithm(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The value of the field `dpop` of that one request; empty when none is needed.
     */
open func headerValue(signature: Data) -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_proof_header_value(
            self.uniffiCloneHandle(),
        FfiConverterData.lower(signature),uniffiCallStatus
    )
})
}

    /**
     * Whether there is anything to sign: a token that is not bound goes without.
     */
open func isNeeded() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_proof_is_needed(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Where the key is: its PEM (PKCS #8), or the function that signs.
     */
open func keySourceKind() -> SecretSourceKind  {
    return try!  FfiConverterTypeSecretSourceKind_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_proof_key_source_kind(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The source's name, path, command with its arguments, entry, or function.
     */
open func keySourceValues() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_proof_key_source_values(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What to sign; empty when nothing is.
     */
open func signingInput() -> Data  {
    return try!  FfiConverterData.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_proof_signing_input(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeProof: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Proof

    public static func lift(_ handle: UInt64) throws -> Proof {
        return Proof(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Proof) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Proof {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Proof, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProof_lift(_ handle: UInt64) throws -> Proof {
    return try FfiConverterTypeProof.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeProof_lower(_ value: Proof) -> UInt64 {
    return FfiConverterTypeProof.lower(value)
}






/**
 * The token lifecycle of one connection and one set of scopes: a machine without a clock, I/O or waiting. Any thread may
 * call it.
 *
 * A flight's leader calls `Session::next`, performs the step, says how it went with one of the `done` methods, and
 * goes on until the step is `Done`.
 */
public protocol SessionProtocol: AnyObject, Sendable {

    /**
     * The flight's leader is gone. The next acquire leads another one; an answer that comes all the same is taken.
     */
    func abandon(nowMs: Double, flight: UInt32)

    /**
     * A caller wants a token. A usable token always wins: while there is one, nobody waits or is denied.
     */
    func acquire(nowMs: Double)  -> Acquired

    /**
     * Takes the tokens of a snapshot over when it is newer, and says whether it was.
     *
     * # Errors
     * `snapshot_damaged` and `snapshot_from_newer_version`.
     */
    func adopt(nowMs: Double, snapshot: String) throws  -> Bool

    /**
     * Whether the token may be sent to this address.
     */
    func allows(url: String)  -> Bool

    /**
     * The token, if one is usable: `Ready` or `Nothing`. It starts nothing: the hot path.
     */
    func bearer(nowMs: Double)  -> Acquired

    /**
     * Gives the settings that the JSON object names new values. A secret that is set anew, even to the same value, lifts
     * a verdict; another identity forgets the tokens.
     *
     * # Errors
     * As `open_connection`; nothing is changed then.
     */
    func change(nowMs: Double, json: String) throws

    /**
     * The connection as it stands, changes included.
     */
    func connection()  -> Connection

    /**
     * The step is done: `Lock`, `Save`, `Unlock`.
     */
    func done(nowMs: Double, flight: UInt32)

    /**
     * The token endpoint's answer, its body decoded and at most one byte longer than `max_answer_bytes`: `Send`
     * and `Provide`.
     */
    func doneAnswer(nowMs: Double, flight: UInt32, status: UInt32, headerNames: [String], headerValues: [String], body: Data)

    /**
     * The step could not be done: any of them.
     */
    func doneFailed(nowMs: Double, flight: UInt32, failure: FailureKind)

    /**
     * The same with the reason in words, for the error that comes of it. There must be no secret in them.
     */
    func doneFailedBecause(nowMs: Double, flight: UInt32, failure: FailureKind, why: String)

    /**
     * What the store holds, absent when it is empty: `Load`.
     *
     * # Errors
     * `snapshot_damaged` and `snapshot_from_newer_version`. The step is still to be done then: put what is damaged aside,
     * never delete it, and say `Session::done_failed`.
     */
    func doneLoaded(nowMs: Double, flight: UInt32, snapshot: String?) throws

    /**
     * The secret: `ReadSecret`.
     */
    func doneSecret(nowMs: Double, flight: UInt32, secret: String)

    /**
     * The signature, as the algorithm's RFC has it: `Sign`.
     */
    func doneSignature(nowMs: Double, flight: UInt32, signature: Data)

    /**
     * The number of a flight that prepares a sign-in in a browser: its step `Authorize` says where the person goes and what to
     * keep meanwhile (RFC 6749 §4.1, RFC 7636, RFC 9126). `entropy` is 64 bytes of the operating system's, new each time.
     * `redirect_uri` takes the place of the connection's, for a listener on loopback whose port nobody knows before.
     *
     * # Errors
     * `missing_setting` and `invalid_setting`.
     */
    func leadAuthorization(nowMs: Double, entropy: Data, redirectUri: String?) throws  -> UInt32

    /**
     * The number of the flight that ends a sign-in: `sign_in` is what the step `Authorize` said to keep, `redirect` the whole
     * address that the browser came back to. A sign-in is used once, whatever comes of it: forget it.
     *
     * # Errors
     * `redirect_refused` when it is not the answer to this sign-in, `authorization_refused` and others when it says that the
     * person or the server refused, `sign_in_expired` after an hour.
     */
    func leadCode(nowMs: Double, signIn: String, redirect: String) throws  -> UInt32

    /**
     * The number of a flight that signs in on another device (RFC 8628): its steps `Prompt` and `Pause` say what to show and
     * how long to wait.
     *
     * # Errors
     * `missing_setting`.
     */
    func leadDeviceSignIn(nowMs: Double) throws  -> UInt32

    /**
     * The number of a flight that asks the server what a token is worth (RFC 7662). Nobody follows it.
     *
     * # Errors
     * `missing_setting` without an `introspection_endpoint`, `invalid_setting` when the text can be no token.
     */
    func leadIntrospection(nowMs: Double, token: String) throws  -> UInt32

    /**
     * The same, and the number of a flight that tells who must know: it locks the store, revokes the tokens at the server
     * where the connection has a `revocation_endpoint` (RFC 7009), and saves an empty set, so that every process that shares
     * the store drops its own. Nobody follows it; its `Done` says what did not work, and the tokens are forgotten in any case.
     */
    func leadSignOut(nowMs: Double)  -> UInt32

    /**
     * What `Session::acquire` would say, without asking for anything; `Nothing` where it would lead.
     */
    func look(nowMs: Double)  -> Acquired

    /**
     * What the flight's leader does next. It says the same until it is told how that went.
     */
    func next(nowMs: Double, flight: UInt32)  -> Step

    /**
     * When background work is next due; absent for never, or not before somebody asks.
     */
    func nextWakeupMs()  -> Double?

    /**
     * An API's answer carried this in the field `dpop-nonce`: say so for each one that does, before anything else
     * (RFC 9449 §9).
     */
    func noteNonce(url: String, nonce: String)

    /**
     * The oldest event that was not polled yet; of the kind `Nothing` when there is none.
     */
    func pollEvent()  -> SessionEvent

    /**
     * What the client's key has to sign before the token may go to this address with this method (RFC 9449 §7.1).
     *
     * # Errors
     * `destination_refused` when the address may not see the token.
     */
    func prove(nowMs: Double, token: Token, method: String, url: String) throws  -> Proof

    /**
     * An API refused the token of this generation. `www_authenticate` are the values of that field, `body_start` is as
     * much of the body as the driver has at hand. Nothing is started here: the next acquire renews.
     */
    func refused(nowMs: Double, generation: Double, status: UInt32, wwwAuthenticate: [String], bodyStart: Data)  -> Refusal

    /**
     * Forgets the tokens and ends every flight; a late answer is dropped.
     */
    func signOut(nowMs: Double)

    /**
     * The tokens and the back-off as text that is all secret, for a store, another process or another tab.
     */
    func snapshot()  -> String

    /**
     * How the session stands.
     */
    func state(nowMs: Double)  -> SessionState

    /**
     * What the server said to that flight, once; for one whose `Done` came without an error.
     *
     * # Errors
     * `absent` otherwise.
     */
    func takeIntrospection(flight: UInt32) throws  -> Introspection

    /**
     * The same without asking for it: whoever only looks keeps no background renewal alive.
     */
    func usable(nowMs: Double)  -> Acquired

    /**
     * The background's turn, at `Session::next_wakeup_ms` or earlier: `Lead`, `Follow` or `Nothing`. It does not count
     * as asking, and after one lifetime in which nobody asked it stops.
     */
    func wake(nowMs: Double)  -> Acquired

}
/**
 * The token lifecycle of one connection and one set of scopes: a machine without a clock, I/O or waiting. Any thread may
 * call it.
 *
 * A flight's leader calls `Session::next`, performs the step, says how it went with one of the `done` methods, and
 * goes on until the step is `Done`.
 */
open class Session: SessionProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_session(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_session(handle, $0) }
    }




    /**
     * The flight's leader is gone. The next acquire leads another one; an answer that comes all the same is taken.
     */
open func abandon(nowMs: Double, flight: UInt32)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_abandon(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterUInt32.lower(flight),uniffiCallStatus
    )
}
}

    /**
     * A caller wants a token. A usable token always wins: while there is one, nobody waits or is denied.
     */
open func acquire(nowMs: Double) -> Acquired  {
    return try!  FfiConverterTypeAcquired_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_acquire(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),uniffiCallStatus
    )
})
}

    /**
     * Takes the tokens of a snapshot over when it is newer, and says whether it was.
     *
     * # Errors
     * `snapshot_damaged` and `snapshot_from_newer_version`.
     */
open func adopt(nowMs: Double, snapshot: String)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_adopt(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterString.lower(snapshot),uniffiCallStatus
    )
})
}

    /**
     * Whether the token may be sent to this address.
     */
open func allows(url: String) -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_allows(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(url),uniffiCallStatus
    )
})
}

    /**
     * The token, if one is usable: `Ready` or `Nothing`. It starts nothing: the hot path.
     */
open func bearer(nowMs: Double) -> Acquired  {
    return try!  FfiConverterTypeAcquired_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_bearer(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),uniffiCallStatus
    )
})
}

    /**
     * Gives the settings that the JSON object names new values. A secret that is set anew, even to the same value, lifts
     * a verdict; another identity forgets the tokens.
     *
     * # Errors
     * As `open_connection`; nothing is changed then.
     */
open func change(nowMs: Double, json: String)throws   {try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_change(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterString.lower(json),uniffiCallStatus
    )
}
}

    /**
     * The connection as it stands, changes included.
     */
open func connection() -> Connection  {
    return try!  FfiConverterTypeConnection_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_connection(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The step is done: `Lock`, `Save`, `Unlock`.
     */
open func done(nowMs: Double, flight: UInt32)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_done(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterUInt32.lower(flight),uniffiCallStatus
    )
}
}

    /**
     * The token endpoint's answer, its body decoded and at most one byte longer than `max_answer_bytes`: `Send`
     * and `Provide`.
     */
open func doneAnswer(nowMs: Double, flight: UInt32, status: UInt32, headerNames: [String], headerValues: [String], body: Data)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_done_answer(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterUInt32.lower(flight),
        FfiConverterUInt32.lower(status),
        FfiConverterSequenceString.lower(headerNames),
        FfiConverterSequenceString.lower(headerValues),
        FfiConverterData.lower(body),uniffiCallStatus
    )
}
}

    /**
     * The step could not be done: any of them.
     */
open func doneFailed(nowMs: Double, flight: UInt32, failure: FailureKind)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_done_failed(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterUInt32.lower(flight),
        FfiConverterTypeFailureKind_lower(failure),uniffiCallStatus
    )
}
}

    /**
     * The same with the reason in words, for the error that comes of it. There must be no secret in them.
     */
open func doneFailedBecause(nowMs: Double, flight: UInt32, failure: FailureKind, why: String)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_done_failed_because(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterUInt32.lower(flight),
        FfiConverterTypeFailureKind_lower(failure),
        FfiConverterString.lower(why),uniffiCallStatus
    )
}
}

    /**
     * What the store holds, absent when it is empty: `Load`.
     *
     * # Errors
     * `snapshot_damaged` and `snapshot_from_newer_version`. The step is still to be done then: put what is damaged aside,
     * never delete it, and say `Session::done_failed`.
     */
open func doneLoaded(nowMs: Double, flight: UInt32, snapshot: String?)throws   {try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_done_loaded(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterUInt32.lower(flight),
        FfiConverterOptionString.lower(snapshot),uniffiCallStatus
    )
}
}

    /**
     * The secret: `ReadSecret`.
     */
open func doneSecret(nowMs: Double, flight: UInt32, secret: String)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_done_secret(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterUInt32.lower(flight),
        FfiConverterString.lower(secret),uniffiCallStatus
    )
}
}

    /**
     * The signature, as the algorithm's RFC has it: `Sign`.
     */
open func doneSignature(nowMs: Double, flight: UInt32, signature: Data)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_done_signature(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterUInt32.lower(flight),
        FfiConverterData.lower(signature),uniffiCallStatus
    )
}
}

    /**
     * The number of a flight that prepares a sign-in in a browser: its step `Authorize` says where the person goes and what to
     * keep meanwhile (RFC 6749 §4.1, RFC 7636, RFC 9126). `entropy` is 64 bytes of the operating system's, new each time.
     * `redirect_uri` takes the place of the connection's, for a listener on loopback whose port nobody knows before.
     *
     * # Errors
     * `missing_setting` and `invalid_setting`.
     */
open func leadAuthorization(nowMs: Double, entropy: Data, redirectUri: String?)throws  -> UInt32  {
    return try  FfiConverterUInt32.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_lead_authorization(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterData.lower(entropy),
        FfiConverterOptionString.lower(redirectUri),uniffiCallStatus
    )
})
}

    /**
     * The number of the flight that ends a sign-in: `sign_in` is what the step `Authorize` said to keep, `redirect` the whole
     * address that the browser came back to. A sign-in is used once, whatever comes of it: forget it.
     *
     * # Errors
     * `redirect_refused` when it is not the answer to this sign-in, `authorization_refused` and others when it says that the
     * person or the server refused, `sign_in_expired` after an hour.
     */
open func leadCode(nowMs: Double, signIn: String, redirect: String)throws  -> UInt32  {
    return try  FfiConverterUInt32.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_lead_code(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterString.lower(signIn),
        FfiConverterString.lower(redirect),uniffiCallStatus
    )
})
}

    /**
     * The number of a flight that signs in on another device (RFC 8628): its steps `Prompt` and `Pause` say what to show and
     * how long to wait.
     *
     * # Errors
     * `missing_setting`.
     */
open func leadDeviceSignIn(nowMs: Double)throws  -> UInt32  {
    return try  FfiConverterUInt32.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_lead_device_sign_in(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),uniffiCallStatus
    )
})
}

    /**
     * The number of a flight that asks the server what a token is worth (RFC 7662). Nobody follows it.
     *
     * # Errors
     * `missing_setting` without an `introspection_endpoint`, `invalid_setting` when the text can be no token.
     */
open func leadIntrospection(nowMs: Double, token: String)throws  -> UInt32  {
    return try  FfiConverterUInt32.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_lead_introspection(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterString.lower(token),uniffiCallStatus
    )
})
}

    /**
     * The same, and the number of a flight that tells who must know: it locks the store, revokes the tokens at the server
     * where the connection has a `revocation_endpoint` (RFC 7009), and saves an empty set, so that every process that shares
     * the store drops its own. Nobody follows it; its `Done` says what did not work, and the tokens are forgotten in any case.
     */
open func leadSignOut(nowMs: Double) -> UInt32  {
    return try!  FfiConverterUInt32.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_lead_sign_out(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),uniffiCallStatus
    )
})
}

    /**
     * What `Session::acquire` would say, without asking for anything; `Nothing` where it would lead.
     */
open func look(nowMs: Double) -> Acquired  {
    return try!  FfiConverterTypeAcquired_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_look(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),uniffiCallStatus
    )
})
}

    /**
     * What the flight's leader does next. It says the same until it is told how that went.
     */
open func next(nowMs: Double, flight: UInt32) -> Step  {
    return try!  FfiConverterTypeStep_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_next(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterUInt32.lower(flight),uniffiCallStatus
    )
})
}

    /**
     * When background work is next due; absent for never, or not before somebody asks.
     */
open func nextWakeupMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_next_wakeup_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * An API's answer carried this in the field `dpop-nonce`: say so for each one that does, before anything else
     * (RFC 9449 §9).
     */
open func noteNonce(url: String, nonce: String)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_note_nonce(
            self.uniffiCloneHandle(),
        FfiConverterString.lower(url),
        FfiConverterString.lower(nonce),uniffiCallStatus
    )
}
}

    /**
     * The oldest event that was not polled yet; of the kind `Nothing` when there is none.
     */
open func pollEvent() -> SessionEvent  {
    return try!  FfiConverterTypeSessionEvent_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_poll_event(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What the client's key has to sign before the token may go to this address with this method (RFC 9449 §7.1).
     *
     * # Errors
     * `destination_refused` when the address may not see the token.
     */
open func prove(nowMs: Double, token: Token, method: String, url: String)throws  -> Proof  {
    return try  FfiConverterTypeProof_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_prove(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterTypeToken_lower(token),
        FfiConverterString.lower(method),
        FfiConverterString.lower(url),uniffiCallStatus
    )
})
}

    /**
     * An API refused the token of this generation. `www_authenticate` are the values of that field, `body_start` is as
     * much of the body as the driver has at hand. Nothing is started here: the next acquire renews.
     */
open func refused(nowMs: Double, generation: Double, status: UInt32, wwwAuthenticate: [String], bodyStart: Data) -> Refusal  {
    return try!  FfiConverterTypeRefusal_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_refused(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),
        FfiConverterDouble.lower(generation),
        FfiConverterUInt32.lower(status),
        FfiConverterSequenceString.lower(wwwAuthenticate),
        FfiConverterData.lower(bodyStart),uniffiCallStatus
    )
})
}

    /**
     * Forgets the tokens and ends every flight; a late answer is dropped.
     */
open func signOut(nowMs: Double)  {try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_sign_out(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),uniffiCallStatus
    )
}
}

    /**
     * The tokens and the back-off as text that is all secret, for a store, another process or another tab.
     */
open func snapshot() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_snapshot(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * How the session stands.
     */
open func state(nowMs: Double) -> SessionState  {
    return try!  FfiConverterTypeSessionState_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_state(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),uniffiCallStatus
    )
})
}

    /**
     * What the server said to that flight, once; for one whose `Done` came without an error.
     *
     * # Errors
     * `absent` otherwise.
     */
open func takeIntrospection(flight: UInt32)throws  -> Introspection  {
    return try  FfiConverterTypeIntrospection_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_take_introspection(
            self.uniffiCloneHandle(),
        FfiConverterUInt32.lower(flight),uniffiCallStatus
    )
})
}

    /**
     * The same without asking for it: whoever only looks keeps no background renewal alive.
     */
open func usable(nowMs: Double) -> Acquired  {
    return try!  FfiConverterTypeAcquired_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_usable(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),uniffiCallStatus
    )
})
}

    /**
     * The background's turn, at `Session::next_wakeup_ms` or earlier: `Lead`, `Follow` or `Nothing`. It does not count
     * as asking, and after one lifetime in which nobody asked it stops.
     */
open func wake(nowMs: Double) -> Acquired  {
    return try!  FfiConverterTypeAcquired_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_session_wake(
            self.uniffiCloneHandle(),
        FfiConverterDouble.lower(nowMs),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeSession: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Session

    public static func lift(_ handle: UInt64) throws -> Session {
        return Session(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Session) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Session {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Session, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSession_lift(_ handle: UInt64) throws -> Session {
    return try FfiConverterTypeSession.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSession_lower(_ value: Session) -> UInt64 {
    return FfiConverterTypeSession.lower(value)
}






/**
 * One thing that happened, for logs, metrics and pages. It carries no secret.
 */
public protocol SessionEventProtocol: AnyObject, Sendable {

    /**
     * When.
     */
    func atMs()  -> Double?

    /**
     * Why.
     *
     * # Errors
     * `absent` where `SessionEvent::has_error` says so.
     */
    func error() throws  -> ErrorDetails

    /**
     * The generation of the token that it is about; 0 when there is none.
     */
    func generation()  -> Double

    /**
     * Whether it says why.
     */
    func hasError()  -> Bool

    /**
     * What happened.
     */
    func kind()  -> SessionEventKind

    /**
     * When what it is about ends; absent when that is unknown or never.
     */
    func untilMs()  -> Double?

}
/**
 * One thing that happened, for logs, metrics and pages. It carries no secret.
 */
open class SessionEvent: SessionEventProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_sessionevent(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_sessionevent(handle, $0) }
    }




    /**
     * When.
     */
open func atMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_sessionevent_at_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Why.
     *
     * # Errors
     * `absent` where `SessionEvent::has_error` says so.
     */
open func error()throws  -> ErrorDetails  {
    return try  FfiConverterTypeErrorDetails_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_sessionevent_error(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The generation of the token that it is about; 0 when there is none.
     */
open func generation() -> Double  {
    return try!  FfiConverterDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_sessionevent_generation(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Whether it says why.
     */
open func hasError() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_sessionevent_has_error(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What happened.
     */
open func kind() -> SessionEventKind  {
    return try!  FfiConverterTypeSessionEventKind_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_sessionevent_kind(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * When what it is about ends; absent when that is unknown or never.
     */
open func untilMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_sessionevent_until_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeSessionEvent: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = SessionEvent

    public static func lift(_ handle: UInt64) throws -> SessionEvent {
        return SessionEvent(unsafeFromHandle: handle)
    }

    public static func lower(_ value: SessionEvent) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SessionEvent {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: SessionEvent, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSessionEvent_lift(_ handle: UInt64) throws -> SessionEvent {
    return try FfiConverterTypeSessionEvent.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSessionEvent_lower(_ value: SessionEvent) -> UInt64 {
    return FfiConverterTypeSessionEvent.lower(value)
}






/**
 * What a flight's leader does next, and with what.
 */
public protocol StepProtocol: AnyObject, Sendable {

    /**
     * How the key signs: `ES256` (64 bytes, `r` and `s`; RFC 7518 §3.4), `RS256`, `PS256` or `EdDSA`; for `Sign`.
     */
    func algorithm()  -> String?

    /**
     * Where the person signs in; for `Authorize`.
     */
    func authorizationUrl()  -> String?

    /**
     * Why it brought nothing; for `Done`, where `Step::has_error` says so.
     *
     * # Errors
     * `absent` otherwise.
     */
    func error() throws  -> ErrorDetails

    /**
     * Whether the flight is over and brought nothing.
     */
    func hasError()  -> Bool

    /**
     * What the leader does.
     */
    func kind()  -> StepKind

    /**
     * What to send; for `Send`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    func request() throws  -> TokenRequest

    /**
     * Which secret to read, such as `client_secret`; for `ReadSecret`.
     */
    func secretName()  -> String?

    /**
     * Where to read it; for `Sign`, where the key is: its PEM (PKCS #8), or the function that signs.
     */
    func secretSourceKind()  -> SecretSourceKind

    /**
     * The source's name, path, command with its arguments, entry, or function.
     */
    func secretSourceValues()  -> [String]

    /**
     * What to keep until the browser is back, and to give to `Session::lead_code` then: text that is all secret; for
     * `Authorize`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    func signIn() throws  -> String

    /**
     * What to sign; for `Sign`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    func signingInput() throws  -> Data

    /**
     * What to save: text that is all secret; for `Save`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    func snapshot() throws  -> String

    /**
     * Until when the code of `Prompt` works, and until when `Pause` does nothing.
     */
    func untilMs()  -> Double?

    /**
     * What the person enters on another device; for `Prompt`.
     */
    func userCode()  -> String?

    /**
     * Where the person enters it; for `Prompt`.
     */
    func verificationUri()  -> String?

    /**
     * The same with the code in it, for a QR code; for `Prompt`, where the server has it.
     */
    func verificationUriComplete()  -> String?

}
/**
 * What a flight's leader does next, and with what.
 */
open class Step: StepProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_step(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_step(handle, $0) }
    }




    /**
     * How the key signs: `ES256` (64 bytes, `r` and `s`; RFC 7518 §3.4), `RS256`, `PS256` or `EdDSA`; for `Sign`.
     */
open func algorithm() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_algorithm(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Where the person signs in; for `Authorize`.
     */
open func authorizationUrl() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_authorization_url(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Why it brought nothing; for `Done`, where `Step::has_error` says so.
     *
     * # Errors
     * `absent` otherwise.
     */
open func error()throws  -> ErrorDetails  {
    return try  FfiConverterTypeErrorDetails_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_error(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Whether the flight is over and brought nothing.
     */
open func hasError() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_has_error(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What the leader does.
     */
open func kind() -> StepKind  {
    return try!  FfiConverterTypeStepKind_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_kind(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What to send; for `Send`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
open func request()throws  -> TokenRequest  {
    return try  FfiConverterTypeTokenRequest_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_request(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Which secret to read, such as `client_secret`; for `ReadSecret`.
     */
open func secretName() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_secret_name(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Where to read it; for `Sign`, where the key is: its PEM (PKCS #8), or the function that signs.
     */
open func secretSourceKind() -> SecretSourceKind  {
    return try!  FfiConverterTypeSecretSourceKind_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_secret_source_kind(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The source's name, path, command with its arguments, entry, or function.
     */
open func secretSourceValues() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_secret_source_values(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What to keep until the browser is back, and to give to `Session::lead_code` then: text that is all secret; for
     * `Authorize`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
open func signIn()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_sign_in(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What to sign; for `Sign`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
open func signingInput()throws  -> Data  {
    return try  FfiConverterData.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_signing_input(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What to save: text that is all secret; for `Save`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
open func snapshot()throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_snapshot(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Until when the code of `Prompt` works, and until when `Pause` does nothing.
     */
open func untilMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_until_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What the person enters on another device; for `Prompt`.
     */
open func userCode() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_user_code(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Where the person enters it; for `Prompt`.
     */
open func verificationUri() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_verification_uri(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The same with the code in it, for a QR code; for `Prompt`, where the server has it.
     */
open func verificationUriComplete() -> String?  {
    return try!  FfiConverterOptionString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_step_verification_uri_complete(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeStep: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Step

    public static func lift(_ handle: UInt64) throws -> Step {
        return Step(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Step) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Step {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Step, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStep_lift(_ handle: UInt64) throws -> Step {
    return try FfiConverterTypeStep.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStep_lower(_ value: Step) -> UInt64 {
    return FfiConverterTypeStep.lower(value)
}






/**
 * An access token with what a request needs to carry it. It prints nothing secret.
 */
public protocol TokenProtocol: AnyObject, Sendable {

    /**
     * The names of the other fields that every API request carries, in lower case.
     */
    func apiHeaderNames()  -> [String]

    /**
     * Their values, in the same order. None of them is secret.
     */
    func apiHeaderValues()  -> [String]

    /**
     * When the server ends it; absent when that is unknown.
     */
    func expiresAtMs()  -> Double?

    /**
     * Until when it can be used without asking the session: from then on a renewal is due.
     */
    func freshUntilMs()  -> Double?

    /**
     * Which token of its session it is, for `Session::refused`. Later ones have higher numbers.
     */
    func generation()  -> Double

    /**
     * The name of the header field that carries it, in lower case.
     */
    func headerName()  -> String

    /**
     * That field's value, such as `Bearer …`: a secret.
     */
    func headerValue()  -> String

    /**
     * Whether it is bound to the client's key: each request needs a proof beside it, see `Session::prove`.
     */
    func isBound()  -> Bool

    /**
     * What was granted; absent when neither the answer nor the connection names any scope (RFC 6749 §3.3).
     */
    func scopes()  -> [String]?

    /**
     * Until when a session hands it out: a little before its end.
     */
    func usableUntilMs()  -> Double?

    /**
     * The token's text: a secret.
     */
    func value()  -> String

}
/**
 * An access token with what a request needs to carry it. It prints nothing secret.
 */
open class Token: TokenProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_token(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_token(handle, $0) }
    }




    /**
     * The names of the other fields that every API request carries, in lower case.
     */
open func apiHeaderNames() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_api_header_names(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Their values, in the same order. None of them is secret.
     */
open func apiHeaderValues() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_api_header_values(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * When the server ends it; absent when that is unknown.
     */
open func expiresAtMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_expires_at_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Until when it can be used without asking the session: from then on a renewal is due.
     */
open func freshUntilMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_fresh_until_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Which token of its session it is, for `Session::refused`. Later ones have higher numbers.
     */
open func generation() -> Double  {
    return try!  FfiConverterDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_generation(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The name of the header field that carries it, in lower case.
     */
open func headerName() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_header_name(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * That field's value, such as `Bearer …`: a secret.
     */
open func headerValue() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_header_value(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Whether it is bound to the client's key: each request needs a proof beside it, see `Session::prove`.
     */
open func isBound() -> Bool  {
    return try!  FfiConverterBool.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_is_bound(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * What was granted; absent when neither the answer nor the connection names any scope (RFC 6749 §3.3).
     */
open func scopes() -> [String]?  {
    return try!  FfiConverterOptionSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_scopes(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Until when a session hands it out: a little before its end.
     */
open func usableUntilMs() -> Double?  {
    return try!  FfiConverterOptionDouble.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_usable_until_ms(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The token's text: a secret.
     */
open func value() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_token_value(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeToken: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = Token

    public static func lift(_ handle: UInt64) throws -> Token {
        return Token(unsafeFromHandle: handle)
    }

    public static func lower(_ value: Token) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Token {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: Token, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeToken_lift(_ handle: UInt64) throws -> Token {
    return try FfiConverterTypeToken.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeToken_lower(_ value: Token) -> UInt64 {
    return FfiConverterTypeToken.lower(value)
}






/**
 * A request to a token endpoint. It carries secrets and prints none.
 */
public protocol TokenRequestProtocol: AnyObject, Sendable {

    /**
     * The body: a secret.
     */
    func body()  -> Data

    /**
     * The names of the header fields, in lower case.
     */
    func headerNames()  -> [String]

    /**
     * Their values, in the same order. That of `authorization` is a secret.
     */
    func headerValues()  -> [String]

    /**
     * `POST`, always (RFC 6749 §3.2).
     */
    func method()  -> String

    /**
     * The token endpoint. No secret is in it (RFC 6749 §2.3.1).
     */
    func url()  -> String

}
/**
 * A request to a token endpoint. It carries secrets and prints none.
 */
open class TokenRequest: TokenRequestProtocol, @unchecked Sendable {
    fileprivate let handle: UInt64

    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
        return try! rustCall { uniffi_cxauth_bridge_fn_clone_tokenrequest(self.handle, $0) }
    }
    // No primary constructor declared for this class.

    deinit {
        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

        try! rustCall { uniffi_cxauth_bridge_fn_free_tokenrequest(handle, $0) }
    }




    /**
     * The body: a secret.
     */
open func body() -> Data  {
    return try!  FfiConverterData.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_tokenrequest_body(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The names of the header fields, in lower case.
     */
open func headerNames() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_tokenrequest_header_names(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * Their values, in the same order. That of `authorization` is a secret.
     */
open func headerValues() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_tokenrequest_header_values(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * `POST`, always (RFC 6749 §3.2).
     */
open func method() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_tokenrequest_method(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}

    /**
     * The token endpoint. No secret is in it (RFC 6749 §2.3.1).
     */
open func url() -> String  {
    return try!  FfiConverterString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_method_tokenrequest_url(
            self.uniffiCloneHandle(),uniffiCallStatus
    )
})
}



}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeTokenRequest: FfiConverter {
    typealias FfiType = UInt64
    typealias SwiftType = TokenRequest

    public static func lift(_ handle: UInt64) throws -> TokenRequest {
        return TokenRequest(unsafeFromHandle: handle)
    }

    public static func lower(_ value: TokenRequest) -> UInt64 {
        return value.uniffiCloneHandle()
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TokenRequest {
        let handle: UInt64 = try readInt(&buf)
        return try lift(handle)
    }

    public static func write(_ value: TokenRequest, into buf: inout [UInt8]) {
        writeInt(&buf, lower(value))
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenRequest_lift(_ handle: UInt64) throws -> TokenRequest {
    return try FfiConverterTypeTokenRequest.lift(handle)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeTokenRequest_lower(_ value: TokenRequest) -> UInt64 {
    return FfiConverterTypeTokenRequest.lower(value)
}




/**
 * What a caller does.
 */

public enum AcquiredKind: Equatable, Hashable {

    /**
     * Use the token.
     */
    case ready
    /**
     * Lead the flight: perform its steps. With a token the caller itself can go on meanwhile.
     */
    case lead
    /**
     * Somebody else is on it: go on with the token, or wait for the flight's end (at most until its deadline) and
     * acquire again.
     */
    case follow
    /**
     * Nothing is sent before `until_ms`.
     */
    case wait
    /**
     * Nothing will come before something is changed.
     */
    case denied
    /**
     * Nothing is to be done; only where nobody asked to do something.
     */
    case nothing





}

#if compiler(>=6)
extension AcquiredKind: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAcquiredKind: FfiConverterRustBuffer {
    typealias SwiftType = AcquiredKind

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> AcquiredKind {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .ready

        case 2: return .lead

        case 3: return .follow

        case 4: return .wait

        case 5: return .denied

        case 6: return .nothing

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: AcquiredKind, into buf: inout [UInt8]) {
        switch value {


        case .ready:
            writeInt(&buf, Int32(1))


        case .lead:
            writeInt(&buf, Int32(2))


        case .follow:
            writeInt(&buf, Int32(3))


        case .wait:
            writeInt(&buf, Int32(4))


        case .denied:
            writeInt(&buf, Int32(5))


        case .nothing:
            writeInt(&buf, Int32(6))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAcquiredKind_lift(_ buf: RustBuffer) throws -> AcquiredKind {
    return try FfiConverterTypeAcquiredKind.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAcquiredKind_lower(_ value: AcquiredKind) -> RustBuffer {
    return FfiConverterTypeAcquiredKind.lower(value)
}



/**
 * What a call fails with.
 */
public
enum AuthError: Swift.Error, Equatable, Hashable {



    /**
     * It failed.
     */
    case Failed(
        /**
         * The stable code, such as `invalid_setting`; see `error_codes`.
         */code: String,
        /**
         * What to do next: `retry`, `sign_in`, `fix_configuration` or `report`.
         */action: String,
        /**
         * What happened and what to do about it, in sentences.
         */explanation: String,
        /**
         * When the session asks the server again, if it does so by itself.
         */retryAtMs: Double?,
        /**
         * The status of the answer that brought the error.
         */status: UInt32?,
        /**
         * The server's `error` (RFC 6749 §5.2), escaped and cut.
         */serverError: String?,
        /**
         * The server's `error_description`, escaped and cut.
         */serverDescription: String?
    )






}

#if compiler(>=6)
extension AuthError: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeAuthError: FfiConverterRustBuffer {
    typealias SwiftType = AuthError

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> AuthError {
        let variant: Int32 = try readInt(&buf)
        switch variant {




        case 1: return .Failed(
            code: try FfiConverterString.read(from: &buf),
            action: try FfiConverterString.read(from: &buf),
            explanation: try FfiConverterString.read(from: &buf),
            retryAtMs: try FfiConverterOptionDouble.read(from: &buf),
            status: try FfiConverterOptionUInt32.read(from: &buf),
            serverError: try FfiConverterOptionString.read(from: &buf),
            serverDescription: try FfiConverterOptionString.read(from: &buf)
            )

         default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: AuthError, into buf: inout [UInt8]) {
        switch value {





        case let .Failed(code,action,explanation,retryAtMs,status,serverError,serverDescription):
            writeInt(&buf, Int32(1))
            FfiConverterString.write(code, into: &buf)
            FfiConverterString.write(action, into: &buf)
            FfiConverterString.write(explanation, into: &buf)
            FfiConverterOptionDouble.write(retryAtMs, into: &buf)
            FfiConverterOptionUInt32.write(status, into: &buf)
            FfiConverterOptionString.write(serverError, into: &buf)
            FfiConverterOptionString.write(serverDescription, into: &buf)

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAuthError_lift(_ buf: RustBuffer) throws -> AuthError {
    return try FfiConverterTypeAuthError.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeAuthError_lower(_ value: AuthError) -> RustBuffer {
    return FfiConverterTypeAuthError.lower(value)
}


/**
 * How a step failed. For a request the difference matters: what may have been processed may have spent a refresh token.
 */

public enum FailureKind: Equatable, Hashable {

    /**
     * Nothing was sent; also for every step that is not a request.
     */
    case connect
    /**
     * No answer in time.
     */
    case timeout
    /**
     * Broken off.
     */
    case interrupted





}

#if compiler(>=6)
extension FailureKind: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeFailureKind: FfiConverterRustBuffer {
    typealias SwiftType = FailureKind

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> FailureKind {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .connect

        case 2: return .timeout

        case 3: return .interrupted

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: FailureKind, into buf: inout [UInt8]) {
        switch value {


        case .connect:
            writeInt(&buf, Int32(1))


        case .timeout:
            writeInt(&buf, Int32(2))


        case .interrupted:
            writeInt(&buf, Int32(3))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFailureKind_lift(_ buf: RustBuffer) throws -> FailureKind {
    return try FfiConverterTypeFailureKind.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeFailureKind_lower(_ value: FailureKind) -> RustBuffer {
    return FfiConverterTypeFailureKind.lower(value)
}



/**
 * What to do with an API's answer.
 */

public enum Refusal: Equatable, Hashable {

    /**
     * Acquire a token again and send the request once more, once.
     */
    case retry
    /**
     * The answer is the caller's: another token would not change it.
     */
    case leave





}

#if compiler(>=6)
extension Refusal: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeRefusal: FfiConverterRustBuffer {
    typealias SwiftType = Refusal

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Refusal {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .retry

        case 2: return .leave

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: Refusal, into buf: inout [UInt8]) {
        switch value {


        case .retry:
            writeInt(&buf, Int32(1))


        case .leave:
            writeInt(&buf, Int32(2))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRefusal_lift(_ buf: RustBuffer) throws -> Refusal {
    return try FfiConverterTypeRefusal.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeRefusal_lower(_ value: Refusal) -> RustBuffer {
    return FfiConverterTypeRefusal.lower(value)
}



/**
 * Where a secret is read.
 */

public enum SecretSourceKind: Equatable, Hashable {

    /**
     * An environment variable: its name.
     */
    case environment
    /**
     * A file: its path. One trailing line break is not part of the secret.
     */
    case file
    /**
     * A program and its arguments. Its standard output, less one trailing line break, is the secret.
     */
    case command
    /**
     * An entry of the system's keychain, `service/account`.
     */
    case keychain
    /**
     * A function of the program's own: the name under which the driver knows it.
     */
    case function
    /**
     * Nowhere: the step is not `ReadSecret`.
     */
    case nothing





}

#if compiler(>=6)
extension SecretSourceKind: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeSecretSourceKind: FfiConverterRustBuffer {
    typealias SwiftType = SecretSourceKind

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SecretSourceKind {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .environment

        case 2: return .file

        case 3: return .command

        case 4: return .keychain

        case 5: return .function

        case 6: return .nothing

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: SecretSourceKind, into buf: inout [UInt8]) {
        switch value {


        case .environment:
            writeInt(&buf, Int32(1))


        case .file:
            writeInt(&buf, Int32(2))


        case .command:
            writeInt(&buf, Int32(3))


        case .keychain:
            writeInt(&buf, Int32(4))


        case .function:
            writeInt(&buf, Int32(5))


        case .nothing:
            writeInt(&buf, Int32(6))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSecretSourceKind_lift(_ buf: RustBuffer) throws -> SecretSourceKind {
    return try FfiConverterTypeSecretSourceKind.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSecretSourceKind_lower(_ value: SecretSourceKind) -> RustBuffer {
    return FfiConverterTypeSecretSourceKind.lower(value)
}



/**
 * What happened.
 */

public enum SessionEventKind: Equatable, Hashable {

    /**
     * A new set of tokens is in service.
     */
    case renewed
    /**
     * A renewal failed, and there is nothing usable.
     */
    case waiting
    /**
     * A renewal or a save failed, and a token still serves.
     */
    case degraded
    /**
     * An API refused the token.
     */
    case refused
    /**
     * There is no way to a token any more before somebody signs in.
     */
    case signedOut
    /**
     * What cannot be renewed before it ends will end in 30, 14, 7 or 1 days.
     */
    case expiring
    /**
     * Something that this version of the interface has no word for.
     */
    case other
    /**
     * Nothing more happened.
     */
    case nothing





}

#if compiler(>=6)
extension SessionEventKind: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeSessionEventKind: FfiConverterRustBuffer {
    typealias SwiftType = SessionEventKind

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SessionEventKind {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .renewed

        case 2: return .waiting

        case 3: return .degraded

        case 4: return .refused

        case 5: return .signedOut

        case 6: return .expiring

        case 7: return .other

        case 8: return .nothing

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: SessionEventKind, into buf: inout [UInt8]) {
        switch value {


        case .renewed:
            writeInt(&buf, Int32(1))


        case .waiting:
            writeInt(&buf, Int32(2))


        case .degraded:
            writeInt(&buf, Int32(3))


        case .refused:
            writeInt(&buf, Int32(4))


        case .signedOut:
            writeInt(&buf, Int32(5))


        case .expiring:
            writeInt(&buf, Int32(6))


        case .other:
            writeInt(&buf, Int32(7))


        case .nothing:
            writeInt(&buf, Int32(8))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSessionEventKind_lift(_ buf: RustBuffer) throws -> SessionEventKind {
    return try FfiConverterTypeSessionEventKind.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSessionEventKind_lower(_ value: SessionEventKind) -> RustBuffer {
    return FfiConverterTypeSessionEventKind.lower(value)
}



/**
 * How a session stands.
 */

public enum SessionState: Equatable, Hashable {

    /**
     * No usable token; the next caller leads a flight.
     */
    case empty
    /**
     * No usable token; a flight is under way.
     */
    case renewing
    /**
     * A token serves, and nothing is due.
     */
    case fresh
    /**
     * A token serves; the next caller leads a flight.
     */
    case due
    /**
     * A token serves; a flight is under way.
     */
    case renewingEarly
    /**
     * A token serves; its renewal failed and is held back.
     */
    case degraded
    /**
     * No usable token; the renewal is held back.
     */
    case waiting
    /**
     * No usable token; nothing will come before something is changed.
     */
    case denied





}

#if compiler(>=6)
extension SessionState: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeSessionState: FfiConverterRustBuffer {
    typealias SwiftType = SessionState

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SessionState {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .empty

        case 2: return .renewing

        case 3: return .fresh

        case 4: return .due

        case 5: return .renewingEarly

        case 6: return .degraded

        case 7: return .waiting

        case 8: return .denied

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: SessionState, into buf: inout [UInt8]) {
        switch value {


        case .empty:
            writeInt(&buf, Int32(1))


        case .renewing:
            writeInt(&buf, Int32(2))


        case .fresh:
            writeInt(&buf, Int32(3))


        case .due:
            writeInt(&buf, Int32(4))


        case .renewingEarly:
            writeInt(&buf, Int32(5))


        case .degraded:
            writeInt(&buf, Int32(6))


        case .waiting:
            writeInt(&buf, Int32(7))


        case .denied:
            writeInt(&buf, Int32(8))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSessionState_lift(_ buf: RustBuffer) throws -> SessionState {
    return try FfiConverterTypeSessionState.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeSessionState_lower(_ value: SessionState) -> RustBuffer {
    return FfiConverterTypeSessionState.lower(value)
}



/**
 * What a flight's leader does next.
 */

public enum StepKind: Equatable, Hashable {

    /**
     * Lock the store, then `done`.
     */
    case lock
    /**
     * Read the store under the lock, then `done_loaded`.
     */
    case load
    /**
     * Read a secret from its source, then `done_secret`.
     */
    case readSecret
    /**
     * Ask the user's own function for a token, then `done_answer` with a body as of a token endpoint.
     */
    case provide
    /**
     * Sign the `signing_input` with the key that the secret's source names, by the `algorithm`, then `done_signature`.
     */
    case sign
    /**
     * Send the request as it is and follow no redirect, then `done_answer`.
     */
    case send
    /**
     * Send the person to `authorization_url` in the system's browser, keep `sign_in` until the browser is back, then `done`.
     */
    case authorize
    /**
     * Show the person `user_code` and where to enter it, then `done` at once.
     */
    case prompt
    /**
     * Do nothing until `until_ms`, then `done`.
     */
    case pause
    /**
     * Make the snapshot durable, then `done`.
     */
    case save
    /**
     * Unlock the store, then `done`.
     */
    case unlock
    /**
     * The flight is over: every caller that waited for it acquires again.
     */
    case done





}

#if compiler(>=6)
extension StepKind: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public struct FfiConverterTypeStepKind: FfiConverterRustBuffer {
    typealias SwiftType = StepKind

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> StepKind {
        let variant: Int32 = try readInt(&buf)
        switch variant {

        case 1: return .lock

        case 2: return .load

        case 3: return .readSecret

        case 4: return .provide

        case 5: return .sign

        case 6: return .send

        case 7: return .authorize

        case 8: return .prompt

        case 9: return .pause

        case 10: return .save

        case 11: return .unlock

        case 12: return .done

        default: throw UniffiInternalError.unexpectedEnumCase
        }
    }

    public static func write(_ value: StepKind, into buf: inout [UInt8]) {
        switch value {


        case .lock:
            writeInt(&buf, Int32(1))


        case .load:
            writeInt(&buf, Int32(2))


        case .readSecret:
            writeInt(&buf, Int32(3))


        case .provide:
            writeInt(&buf, Int32(4))


        case .sign:
            writeInt(&buf, Int32(5))


        case .send:
            writeInt(&buf, Int32(6))


        case .authorize:
            writeInt(&buf, Int32(7))


        case .prompt:
            writeInt(&buf, Int32(8))


        case .pause:
            writeInt(&buf, Int32(9))


        case .save:
            writeInt(&buf, Int32(10))


        case .unlock:
            writeInt(&buf, Int32(11))


        case .done:
            writeInt(&buf, Int32(12))

        }
    }
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStepKind_lift(_ buf: RustBuffer) throws -> StepKind {
    return try FfiConverterTypeStepKind.lift(buf)
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
public func FfiConverterTypeStepKind_lower(_ value: StepKind) -> RustBuffer {
    return FfiConverterTypeStepKind.lower(value)
}


#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionUInt32: FfiConverterRustBuffer {
    typealias SwiftType = UInt32?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterUInt32.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterUInt32.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionDouble: FfiConverterRustBuffer {
    typealias SwiftType = Double?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterDouble.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterDouble.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionString: FfiConverterRustBuffer {
    typealias SwiftType = String?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterString.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterString.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionSequenceString: FfiConverterRustBuffer {
    typealias SwiftType = [String]?

    public static func write(_ value: SwiftType, into buf: inout [UInt8]) {
        guard let value = value else {
            writeInt(&buf, Int8(0))
            return
        }
        writeInt(&buf, Int8(1))
        FfiConverterSequenceString.write(value, into: &buf)
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> SwiftType {
        switch try readInt(&buf) as Int8 {
        case 0: return nil
        case 1: return try FfiConverterSequenceString.read(from: &buf)
        default: throw UniffiInternalError.unexpectedOptionalTag
        }
    }
}

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterSequenceString: FfiConverterRustBuffer {
    typealias SwiftType = [String]

    public static func write(_ value: [String], into buf: inout [UInt8]) {
        let len = Int32(value.count)
        writeInt(&buf, len)
        for item in value {
            FfiConverterString.write(item, into: &buf)
        }
    }

    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> [String] {
        let len: Int32 = try readInt(&buf)
        var seq = [String]()
        seq.reserveCapacity(Int(len))
        for _ in 0 ..< len {
            seq.append(try FfiConverterString.read(from: &buf))
        }
        return seq
    }
}
/**
 * Reads one value of the field, strictly: what is malformed holds no challenge.
 */
public func parseChallenges(field: String) -> Challenges  {
    return try!  FfiConverterTypeChallenges_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_parse_challenges(
        FfiConverterString.lower(field),uniffiCallStatus
    )
})
}
/**
 * The longest body of a token endpoint's answer that is read. A driver stops reading after one byte more and hands over
 * what it has.
 */
public func maxAnswerBytes() -> UInt32  {
    return try!  FfiConverterUInt32.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_max_answer_bytes(uniffiCallStatus
    )
})
}
/**
 * The longest metadata document that is read. A driver stops reading after one byte more and hands over what it has.
 */
public func maxMetadataBytes() -> UInt32  {
    return try!  FfiConverterUInt32.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_max_metadata_bytes(uniffiCallStatus
    )
})
}
/**
 * Where an issuer keeps its metadata (RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4). Try one after the other with `GET` and
 * `accept: application/json`, follow no redirect, and take the first answer that `read_metadata` takes.
 *
 * # Errors
 * `invalid_setting` and `insecure_url`.
 */
public func metadataAddresses(issuer: String)throws  -> [String]  {
    return try  FfiConverterSequenceString.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_metadata_addresses(
        FfiConverterString.lower(issuer),uniffiCallStatus
    )
})
}
/**
 * Reads a connection from a JSON object: a platform (or `generic`), the credentials, and any setting of the platform's
 * profile.
 *
 * # Errors
 * Codes with the action `fix_configuration`; the explanation names the setting.
 */
public func openConnection(json: String)throws  -> Connection  {
    return try  FfiConverterTypeConnection_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_open_connection(
        FfiConverterString.lower(json),uniffiCallStatus
    )
})
}
/**
 * The platforms that cxauth knows.
 */
public func platforms() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_platforms(uniffiCallStatus
    )
})
}
/**
 * The settings that a metadata document stands for, as the text of a JSON object.
 *
 * # Errors
 * `metadata_refused`: keep nothing of it then.
 */
public func readMetadata(issuer: String, status: UInt32, body: Data)throws  -> String  {
    return try  FfiConverterString.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_read_metadata(
        FfiConverterString.lower(issuer),
        FfiConverterUInt32.lower(status),
        FfiConverterData.lower(body),uniffiCallStatus
    )
})
}
/**
 * Every code that an error may carry, in the order of the glossary.
 */
public func errorCodes() -> [String]  {
    return try!  FfiConverterSequenceString.lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_error_codes(uniffiCallStatus
    )
})
}
/**
 * A session without tokens. `entropy` (16 bytes or more of the operating system's) spreads renewals and retries over
 * time. With `store` each flight locks the store, reads it before it sends, and saves what it brought.
 */
public func openSession(connection: Connection, nowMs: Double, entropy: Data, store: Bool) -> Session  {
    return try!  FfiConverterTypeSession_lift(try! rustCall() {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_open_session(
        FfiConverterTypeConnection_lower(connection),
        FfiConverterDouble.lower(nowMs),
        FfiConverterData.lower(entropy),
        FfiConverterBool.lower(store),uniffiCallStatus
    )
})
}
/**
 * A session that goes on from a snapshot. A snapshot of another client, user or server gives no tokens.
 *
 * # Errors
 * `snapshot_damaged` and `snapshot_from_newer_version`.
 */
public func restoreSession(connection: Connection, nowMs: Double, entropy: Data, store: Bool, snapshot: String)throws  -> Session  {
    return try  FfiConverterTypeSession_lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_restore_session(
        FfiConverterTypeConnection_lower(connection),
        FfiConverterDouble.lower(nowMs),
        FfiConverterData.lower(entropy),
        FfiConverterBool.lower(store),
        FfiConverterString.lower(snapshot),uniffiCallStatus
    )
})
}
/**
 * Whether the redirect carries the state of this sign-in, so that a program with several under way finds the right one.
 *
 * # Errors
 * `redirect_refused` when what was kept cannot be read.
 */
public func signInIsAnsweredBy(signIn: String, redirect: String)throws  -> Bool  {
    return try  FfiConverterBool.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_sign_in_is_answered_by(
        FfiConverterString.lower(signIn),
        FfiConverterString.lower(redirect),uniffiCallStatus
    )
})
}
/**
 * The generation of a snapshot: a store never replaces one by an older one.
 *
 * # Errors
 * `snapshot_damaged` and `snapshot_from_newer_version`.
 */
public func snapshotGeneration(snapshot: String)throws  -> Double  {
    return try  FfiConverterDouble.lift(try rustCallWithError(FfiConverterTypeAuthError_lift) {
        uniffiCallStatus in
    uniffi_cxauth_bridge_fn_func_snapshot_generation(
        FfiConverterString.lower(snapshot),uniffiCallStatus
    )
})
}

private enum InitializationResult {
    case ok
    case contractVersionMismatch
    case apiChecksumMismatch
}
// Use a global variable to perform the versioning checks. Swift ensures that
// the code inside is only computed once.
private let initializationResult: InitializationResult = {
    // Get the bindings contract version from our ComponentInterface
    let bindings_contract_version = 30
    // Get the scaffolding contract version by calling the into the dylib
    let scaffolding_contract_version = ffi_cxauth_bridge_uniffi_contract_version()
    if bindings_contract_version != scaffolding_contract_version {
        return InitializationResult.contractVersionMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_parse_challenges() != 1027) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_max_answer_bytes() != 18180) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_max_metadata_bytes() != 7087) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_metadata_addresses() != 65485) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_open_connection() != 61631) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_platforms() != 36220) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_read_metadata() != 47241) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_error_codes() != 36884) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_open_session() != 58251) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_restore_session() != 23696) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_sign_in_is_answered_by() != 52024) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_func_snapshot_generation() != 45522) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_acquired_deadline_ms() != 61857) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_acquired_error() != 27170) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_acquired_flight() != 63850) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_acquired_has_token() != 51210) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_acquired_kind() != 23249) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_acquired_token() != 33003) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_acquired_until_ms() != 26311) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_challenge_parameter_names() != 65354) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_challenge_parameter_values() != 35693) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_challenge_scheme() != 13333) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_challenge_token68() != 39774) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_challenges_at() != 52949) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_challenges_count() != 6178) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_connection_allows() != 39009) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_connection_api_base() != 20111) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_connection_api_url() != 27358) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_connection_is_external() != 29900) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_connection_platform() != 39354) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_connection_scopes() != 8463) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_connection_title() != 53848) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_connection_token_endpoint() != 38608) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_connection_with_settings() != 35870) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_errordetails_action() != 55189) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_errordetails_code() != 35126) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_errordetails_explanation() != 12526) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_errordetails_retry_at_ms() != 56936) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_errordetails_server_description() != 46662) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_errordetails_server_error() != 62027) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_errordetails_status() != 62746) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_sessionevent_at_ms() != 13253) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_sessionevent_error() != 13439) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_sessionevent_generation() != 45100) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_sessionevent_has_error() != 3288) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_sessionevent_kind() != 50367) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_sessionevent_until_ms() != 51998) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_introspection_client_id() != 43684) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_introspection_expires_at_ms() != 956) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_introspection_is_active() != 13112) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_introspection_json() != 15120) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_introspection_scopes() != 7506) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_introspection_subject() != 12342) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_introspection_username() != 56513) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_proof_algorithm() != 64732) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_proof_header_value() != 62140) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_proof_is_needed() != 58048) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_proof_key_source_kind() != 2731) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_proof_key_source_values() != 60384) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_proof_signing_input() != 62663) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_abandon() != 43339) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_acquire() != 20160) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_adopt() != 19683) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_allows() != 63806) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_bearer() != 57288) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_change() != 26388) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_connection() != 41605) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_done() != 60206) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_done_answer() != 16659) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_done_failed() != 13730) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_done_failed_because() != 47658) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_done_loaded() != 36658) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_done_secret() != 48071) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_done_signature() != 56504) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_lead_authorization() != 8228) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_lead_code() != 51183) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_lead_device_sign_in() != 32824) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_lead_introspection() != 2760) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_lead_sign_out() != 3637) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_look() != 34738) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_next() != 61851) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_next_wakeup_ms() != 7360) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_note_nonce() != 31032) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_poll_event() != 44137) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_prove() != 27123) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_refused() != 22554) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_sign_out() != 59135) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_snapshot() != 8470) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_state() != 39262) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_take_introspection() != 43021) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_usable() != 6508) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_session_wake() != 37161) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_algorithm() != 32336) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_authorization_url() != 57955) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_error() != 33654) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_has_error() != 55031) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_kind() != 63194) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_request() != 64441) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_secret_name() != 7435) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_secret_source_kind() != 43751) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_secret_source_values() != 41685) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_sign_in() != 11491) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_signing_input() != 34710) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_snapshot() != 33047) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_until_ms() != 28198) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_user_code() != 34929) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_verification_uri() != 40116) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_step_verification_uri_complete() != 42729) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_tokenrequest_body() != 7872) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_tokenrequest_header_names() != 15192) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_tokenrequest_header_values() != 14461) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_tokenrequest_method() != 840) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_tokenrequest_url() != 39471) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_api_header_names() != 2638) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_api_header_values() != 42546) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_expires_at_ms() != 3863) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_fresh_until_ms() != 55257) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_generation() != 9563) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_header_name() != 34898) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_header_value() != 29440) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_is_bound() != 2097) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_scopes() != 10872) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_usable_until_ms() != 29893) {
        return InitializationResult.apiChecksumMismatch
    }
    if (uniffi_cxauth_bridge_checksum_method_token_value() != 44343) {
        return InitializationResult.apiChecksumMismatch
    }

    return InitializationResult.ok
}()

// Make the ensure init function public so that other modules which have external type references to
// our types can call it.
public func uniffiEnsureCxauthBridgeInitialized() {
    switch initializationResult {
    case .ok:
        break
    case .contractVersionMismatch:
        fatalError("UniFFI contract version mismatch: try cleaning and rebuilding your project")
    case .apiChecksumMismatch:
        fatalError("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
}

// swiftlint:enable all
