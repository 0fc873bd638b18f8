// Generated from crates/cxauth-bridge by `cargo xtask interface`: do not edit.

@file:Suppress("warnings", "ktlint")

package io.github.cxauth.bridge

// Common helper code.
//
// Ideally this would live in a separate .kt file where it can be unittested etc
// in isolation, and perhaps even published as a re-useable package.
//
// However, it's important that the details of how this helper code works (e.g. the
// way that different builtin types are passed across the FFI) exactly match what's
// expected by the Rust code on the other side of the interface. In practice right
// now that means coming from the exact some version of `uniffi` that was used to
// compile the Rust component. The easiest way to ensure this is to bundle the Kotlin
// helpers directly inline like we're doing here.

import com.sun.jna.Library
import com.sun.jna.IntegerType
import com.sun.jna.Native
import com.sun.jna.Pointer
import com.sun.jna.Structure
import com.sun.jna.Callback
import com.sun.jna.ptr.*
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.CharBuffer
import java.nio.charset.CodingErrorAction
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean

// This is a helper for safely working with byte buffers returned from the Rust code.
// A rust-owned buffer is represented by its capacity, its current length, and a
// pointer to the underlying data.

/**
 * @suppress
 */
@Structure.FieldOrder("capacity", "len", "data")
internal open class RustBuffer : Structure() {
    // Note: `capacity` and `len` are actually `ULong` values, but JVM only supports signed values.
    // When dealing with these fields, make sure to call `toULong()`.
    @JvmField var capacity: Long = 0
    @JvmField var len: Long = 0
    @JvmField var data: Pointer? = null

    class ByValue: RustBuffer(), Structure.ByValue
    class ByReference: RustBuffer(), Structure.ByReference

   internal fun setValue(other: RustBuffer) {
        capacity = other.capacity
        len = other.len
        data = other.data
    }

    companion object {
        internal fun alloc(size: ULong = 0UL) = uniffiRustCall() { status ->
            // Note: need to convert the size to a `Long` value to make this work with JVM.
            UniffiLib.ffi_cxauth_bridge_rustbuffer_alloc(size.toLong(), status)
        }.also {
            if(it.data == null) {
               throw RuntimeException("RustBuffer.alloc() returned null data pointer (size=${size})")
           }
        }

        internal fun create(capacity: ULong, len: ULong, data: Pointer?): RustBuffer.ByValue {
            var buf = RustBuffer.ByValue()
            buf.capacity = capacity.toLong()
            buf.len = len.toLong()
            buf.data = data
            return buf
        }

        internal fun free(buf: RustBuffer.ByValue) = uniffiRustCall() { status ->
            UniffiLib.ffi_cxauth_bridge_rustbuffer_free(buf, status)
        }
    }

    @Suppress("TooGenericExceptionThrown")
    fun asByteBuffer() =
        this.data?.getByteBuffer(0, this.len)?.also {
            it.order(ByteOrder.BIG_ENDIAN)
        }
}

// This is a helper for safely passing byte references into the rust code.
// It's not actually used at the moment, because there aren't many things that you
// can take a direct pointer to in the JVM, and if we're going to copy something
// then we might as well copy it into a `RustBuffer`. But it's here for API
// completeness.

@Structure.FieldOrder("len", "data")
internal open class ForeignBytes : Structure() {
    @JvmField var len: Int = 0
    @JvmField var data: Pointer? = null

    class ByValue : ForeignBytes(), Structure.ByValue
}

// Converter for `&[u8]` / `[ByRef] bytes` arguments.
//
// Only `lower` is valid — zero-copy byte buffers only flow foreign -> Rust,
// and only in argument position. `lift`, `read`, `write`, and
// `allocationSize` have no sound implementation here and all panic at
// runtime. The `FfiConverter` interface is implemented so that the
// compiler enforces the full method set (rather than relying on eyeball).
//
// The provided `ByteBuffer` MUST be direct — only direct buffers have a
// stable native address that JNA can expose via `getDirectBufferPointer`.
// The returned `ForeignBytes.ByValue` is only valid for the duration of
// the FFI call; the Rust side treats it as a borrow.
internal object FfiConverterByRefBytes : FfiConverter<java.nio.ByteBuffer, ForeignBytes.ByValue> {
    override fun lower(value: java.nio.ByteBuffer): ForeignBytes.ByValue {
        require(value.isDirect) { "UniFFI zero-copy &[u8] requires a direct ByteBuffer. Use ByteBuffer.allocateDirect()." }
        val remaining = value.remaining()
        val fb = ForeignBytes.ByValue()
        fb.len = remaining
        // Zero-length direct buffers: skip getDirectBufferPointer (platform-variable behavior)
        // and pass null. The Rust side treats (null, 0) as &[].
        fb.data = if (remaining == 0) null else com.sun.jna.Native.getDirectBufferPointer(value)
        return fb
    }

    override fun lift(value: ForeignBytes.ByValue): java.nio.ByteBuffer =
        error("ByRef bytes cannot be lifted: zero-copy &[u8] only flows foreign->Rust")

    override fun read(buf: java.nio.ByteBuffer): java.nio.ByteBuffer =
        error("ByRef bytes cannot be read from a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")

    override fun write(value: java.nio.ByteBuffer, buf: java.nio.ByteBuffer): Unit =
        error("ByRef bytes cannot be written to a buffer: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")

    override fun allocationSize(value: java.nio.ByteBuffer): ULong =
        error("ByRef bytes have no RustBuffer allocation size: zero-copy &[u8] is only supported in argument position, not nested in records/options/etc.")
}
/**
 * The FfiConverter interface handles converter types to and from the FFI
 *
 * All implementing objects should be public to support external types.  When a
 * type is external we need to import it's FfiConverter.
 *
 * @suppress
 */
internal interface FfiConverter<KotlinType, FfiType> {
    // Convert an FFI type to a Kotlin type
    fun lift(value: FfiType): KotlinType

    // Convert an Kotlin type to an FFI type
    fun lower(value: KotlinType): FfiType

    // Read a Kotlin type from a `ByteBuffer`
    fun read(buf: ByteBuffer): KotlinType

    // Calculate bytes to allocate when creating a `RustBuffer`
    //
    // This must return at least as many bytes as the write() function will
    // write. It can return more bytes than needed, for example when writing
    // Strings we can't know the exact bytes needed until we the UTF-8
    // encoding, so we pessimistically allocate the largest size possible (3
    // bytes per codepoint).  Allocating extra bytes is not really a big deal
    // because the `RustBuffer` is short-lived.
    fun allocationSize(value: KotlinType): ULong

    // Write a Kotlin type to a `ByteBuffer`
    fun write(value: KotlinType, buf: ByteBuffer)

    // Lower a value into a `RustBuffer`
    //
    // This method lowers a value into a `RustBuffer` rather than the normal
    // FfiType.  It's used by the callback interface code.  Callback interface
    // returns are always serialized into a `RustBuffer` regardless of their
    // normal FFI type.
    fun lowerIntoRustBuffer(value: KotlinType): RustBuffer.ByValue {
        val rbuf = RustBuffer.alloc(allocationSize(value))
        try {
            val bbuf = rbuf.data!!.getByteBuffer(0, rbuf.capacity).also {
                it.order(ByteOrder.BIG_ENDIAN)
            }
            write(value, bbuf)
            rbuf.writeField("len", bbuf.position().toLong())
            return rbuf
        } catch (e: Throwable) {
            RustBuffer.free(rbuf)
            throw e
        }
    }

    // Lift a value from a `RustBuffer`.
    //
    // This here mostly because of the symmetry with `lowerIntoRustBuffer()`.
    // It's currently only used by the `FfiConverterRustBuffer` class below.
    fun liftFromRustBuffer(rbuf: RustBuffer.ByValue): KotlinType {
        val byteBuf = rbuf.asByteBuffer()!!
        try {
           val item = read(byteBuf)
           if (byteBuf.hasRemaining()) {
               throw RuntimeException("junk remaining in buffer after lifting, something is very wrong!!")
           }
           return item
        } finally {
            RustBuffer.free(rbuf)
        }
    }
}

/**
 * FfiConverter that uses `RustBuffer` as the FfiType
 *
 * @suppress
 */
internal interface FfiConverterRustBuffer<KotlinType>: FfiConverter<KotlinType, RustBuffer.ByValue> {
    override fun lift(value: RustBuffer.ByValue) = liftFromRustBuffer(value)
    override fun lower(value: KotlinType) = lowerIntoRustBuffer(value)
}
// A handful of classes and functions to support the generated data structures.
// This would be a good candidate for isolating in its own ffi-support lib.

internal const val UNIFFI_CALL_SUCCESS = 0.toByte()
internal const val UNIFFI_CALL_ERROR = 1.toByte()
internal const val UNIFFI_CALL_UNEXPECTED_ERROR = 2.toByte()

@Structure.FieldOrder("code", "error_buf")
internal open class UniffiRustCallStatus : Structure() {
    @JvmField var code: Byte = 0
    @JvmField var error_buf: RustBuffer.ByValue = RustBuffer.ByValue()

    class ByValue: UniffiRustCallStatus(), Structure.ByValue

    fun isSuccess(): Boolean {
        return code == UNIFFI_CALL_SUCCESS
    }

    fun isError(): Boolean {
        return code == UNIFFI_CALL_ERROR
    }

    fun isPanic(): Boolean {
        return code == UNIFFI_CALL_UNEXPECTED_ERROR
    }

    companion object {
        fun create(code: Byte, errorBuf: RustBuffer.ByValue): UniffiRustCallStatus.ByValue {
            val callStatus = UniffiRustCallStatus.ByValue()
            callStatus.code = code
            callStatus.error_buf = errorBuf
            return callStatus
        }
    }
}

internal class InternalException(message: String) : kotlin.Exception(message)

/**
 * Each top-level error class has a companion object that can lift the error from the call status's rust buffer
 *
 * @suppress
 */
internal interface UniffiRustCallStatusErrorHandler<E> {
    fun lift(error_buf: RustBuffer.ByValue): E;
}

// Helpers for calling Rust
// In practice we usually need to be synchronized to call this safely, so it doesn't
// synchronize itself

// Call a rust function that returns a Result<>.  Pass in the Error class companion that corresponds to the Err
private inline fun <U, E: kotlin.Exception> uniffiRustCallWithError(errorHandler: UniffiRustCallStatusErrorHandler<E>, callback: (UniffiRustCallStatus) -> U): U {
    var status = UniffiRustCallStatus()
    val return_value = callback(status)
    uniffiCheckCallStatus(errorHandler, status)
    return return_value
}

// Check UniffiRustCallStatus and throw an error if the call wasn't successful
private fun<E: kotlin.Exception> uniffiCheckCallStatus(errorHandler: UniffiRustCallStatusErrorHandler<E>, status: UniffiRustCallStatus) {
    if (status.isSuccess()) {
        return
    } else if (status.isError()) {
        throw errorHandler.lift(status.error_buf)
    } else if (status.isPanic()) {
        // when the rust code sees a panic, it tries to construct a rustbuffer
        // with the message.  but if that code panics, then it just sends back
        // an empty buffer.
        if (status.error_buf.len > 0) {
            throw InternalException(FfiConverterString.lift(status.error_buf))
        } else {
            throw InternalException("Rust panic")
        }
    } else {
        throw InternalException("Unknown rust call status: $status.code")
    }
}

/**
 * UniffiRustCallStatusErrorHandler implementation for times when we don't expect a CALL_ERROR
 *
 * @suppress
 */
internal object UniffiNullRustCallStatusErrorHandler: UniffiRustCallStatusErrorHandler<InternalException> {
    override fun lift(error_buf: RustBuffer.ByValue): InternalException {
        RustBuffer.free(error_buf)
        return InternalException("Unexpected CALL_ERROR")
    }
}

// Call a rust function that returns a plain value
private inline fun <U> uniffiRustCall(callback: (UniffiRustCallStatus) -> U): U {
    return uniffiRustCallWithError(UniffiNullRustCallStatusErrorHandler, callback)
}

internal inline fun<T> uniffiTraitInterfaceCall(
    callStatus: UniffiRustCallStatus,
    makeCall: () -> T,
    writeReturn: (T) -> Unit,
) {
    try {
        writeReturn(makeCall())
    } catch(e: kotlin.Exception) {
        val err = try { e.stackTraceToString() } catch(_: Throwable) { "" }
        callStatus.code = UNIFFI_CALL_UNEXPECTED_ERROR
        callStatus.error_buf = FfiConverterString.lower(err)
    }
}

internal inline fun<T, reified E: Throwable> uniffiTraitInterfaceCallWithError(
    callStatus: UniffiRustCallStatus,
    makeCall: () -> T,
    writeReturn: (T) -> Unit,
    lowerError: (E) -> RustBuffer.ByValue
) {
    try {
        writeReturn(makeCall())
    } catch(e: kotlin.Exception) {
        if (e is E) {
            callStatus.code = UNIFFI_CALL_ERROR
            callStatus.error_buf = lowerError(e)
        } else {
            val err = try { e.stackTraceToString() } catch(_: Throwable) { "" }
            callStatus.code = UNIFFI_CALL_UNEXPECTED_ERROR
            callStatus.error_buf = FfiConverterString.lower(err)
        }
    }
}
// Initial value and increment amount for handles.
// These ensure that Kotlin-generated handles always have the lowest bit set
private const val UNIFFI_HANDLEMAP_INITIAL = 1.toLong()
private const val UNIFFI_HANDLEMAP_DELTA = 2.toLong()

// Map handles to objects
//
// This is used pass an opaque 64-bit handle representing a foreign object to the Rust code.
internal class UniffiHandleMap<T: Any> {
    private val map = ConcurrentHashMap<Long, T>()
    // Start
    private val counter = java.util.concurrent.atomic.AtomicLong(UNIFFI_HANDLEMAP_INITIAL)

    val size: Int
        get() = map.size

    // Insert a new object into the handle map and get a handle for it
    fun insert(obj: T): Long {
        val handle = counter.getAndAdd(UNIFFI_HANDLEMAP_DELTA)
        map.put(handle, obj)
        return handle
    }

    // Clone a handle, creating a new one
    fun clone(handle: Long): Long {
        val obj = map.get(handle) ?: throw InternalException("UniffiHandleMap.clone: Invalid handle")
        return insert(obj)
    }

    // Get an object from the handle map
    fun get(handle: Long): T {
        return map.get(handle) ?: throw InternalException("UniffiHandleMap.get: Invalid handle")
    }

    // Remove an entry from the handlemap and get the Kotlin object back
    fun remove(handle: Long): T {
        return map.remove(handle) ?: throw InternalException("UniffiHandleMap: Invalid handle")
    }
}

// Contains loading, initialization code,
// and the FFI Function declarations in a com.sun.jna.Library.
@Synchronized
private fun findLibraryName(componentName: String): String {
    val libOverride = System.getProperty("uniffi.component.$componentName.libraryOverride")
    if (libOverride != null) {
        return libOverride
    }
    return "cxauth_ffi"
}

// Define FFI callback types
internal interface UniffiRustFutureContinuationCallback : com.sun.jna.Callback {
    fun callback(`data`: Long,`pollResult`: Byte,)
}
internal interface UniffiForeignFutureDroppedCallback : com.sun.jna.Callback {
    fun callback(`handle`: Long,)
}
internal interface UniffiCallbackInterfaceFree : com.sun.jna.Callback {
    fun callback(`handle`: Long,)
}
internal interface UniffiCallbackInterfaceClone : com.sun.jna.Callback {
    fun callback(`handle`: Long,)
    : Long
}
@Structure.FieldOrder("handle", "free")
internal open class UniffiForeignFutureDroppedCallbackStruct(
    @JvmField internal var `handle`: Long = 0.toLong(),
    @JvmField internal var `free`: UniffiForeignFutureDroppedCallback? = null,
) : Structure() {
    class UniffiByValue(
        `handle`: Long = 0.toLong(),
        `free`: UniffiForeignFutureDroppedCallback? = null,
    ): UniffiForeignFutureDroppedCallbackStruct(`handle`,`free`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureDroppedCallbackStruct) {
        `handle` = other.`handle`
        `free` = other.`free`
    }

}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultU8(
    @JvmField internal var `returnValue`: Byte = 0.toByte(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Byte = 0.toByte(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultU8(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultU8) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteU8 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultU8.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultI8(
    @JvmField internal var `returnValue`: Byte = 0.toByte(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Byte = 0.toByte(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultI8(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultI8) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteI8 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultI8.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultU16(
    @JvmField internal var `returnValue`: Short = 0.toShort(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Short = 0.toShort(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultU16(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultU16) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteU16 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultU16.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultI16(
    @JvmField internal var `returnValue`: Short = 0.toShort(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Short = 0.toShort(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultI16(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultI16) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteI16 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultI16.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultU32(
    @JvmField internal var `returnValue`: Int = 0,
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Int = 0,
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultU32(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultU32) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteU32 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultU32.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultI32(
    @JvmField internal var `returnValue`: Int = 0,
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Int = 0,
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultI32(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultI32) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteI32 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultI32.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultU64(
    @JvmField internal var `returnValue`: Long = 0.toLong(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Long = 0.toLong(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultU64(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultU64) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteU64 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultU64.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultI64(
    @JvmField internal var `returnValue`: Long = 0.toLong(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Long = 0.toLong(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultI64(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultI64) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteI64 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultI64.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultF32(
    @JvmField internal var `returnValue`: Float = 0.0f,
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Float = 0.0f,
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultF32(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultF32) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteF32 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultF32.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultF64(
    @JvmField internal var `returnValue`: Double = 0.0,
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: Double = 0.0,
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultF64(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultF64) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteF64 : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultF64.UniffiByValue,)
}
@Structure.FieldOrder("returnValue", "callStatus")
internal open class UniffiForeignFutureResultRustBuffer(
    @JvmField internal var `returnValue`: RustBuffer.ByValue = RustBuffer.ByValue(),
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `returnValue`: RustBuffer.ByValue = RustBuffer.ByValue(),
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultRustBuffer(`returnValue`,`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultRustBuffer) {
        `returnValue` = other.`returnValue`
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteRustBuffer : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultRustBuffer.UniffiByValue,)
}
@Structure.FieldOrder("callStatus")
internal open class UniffiForeignFutureResultVoid(
    @JvmField internal var `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
) : Structure() {
    class UniffiByValue(
        `callStatus`: UniffiRustCallStatus.ByValue = UniffiRustCallStatus.ByValue(),
    ): UniffiForeignFutureResultVoid(`callStatus`,), Structure.ByValue

   internal fun uniffiSetValue(other: UniffiForeignFutureResultVoid) {
        `callStatus` = other.`callStatus`
    }

}
internal interface UniffiForeignFutureCompleteVoid : com.sun.jna.Callback {
    fun callback(`callbackData`: Long,`result`: UniffiForeignFutureResultVoid.UniffiByValue,)
}

// A JNA Library to expose the extern-C FFI definitions.
// This is an implementation detail which will be called internally by the public API.

// For large crates we prevent `MethodTooLargeException` (see #2340)
// N.B. the name of the extension is very misleading, since it is
// rather `InterfaceTooLargeException`, caused by too many methods
// in the interface for large crates.
//
// By splitting the otherwise huge interface into two parts
// * UniffiLib (this)
// * IntegrityCheckingUniffiLib
// And all checksum methods are put into `IntegrityCheckingUniffiLib`
// we allow for ~2x as many methods in the UniffiLib interface.
//
// Note: above all written when we used JNA's `loadIndirect` etc.
// We now use JNA's "direct mapping" - unclear if same considerations apply exactly.
internal object IntegrityCheckingUniffiLib {
    init {
        Native.register(IntegrityCheckingUniffiLib::class.java, findLibraryName(componentName = "cxauth_bridge"))
        uniffiCheckContractApiVersion(this)
        uniffiCheckApiChecksums(this)
    }

    internal fun ensureInitialized() = Unit
    external fun uniffi_cxauth_bridge_checksum_func_parse_challenges(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_max_answer_bytes(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_max_metadata_bytes(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_metadata_addresses(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_open_connection(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_platforms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_read_metadata(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_error_codes(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_open_session(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_restore_session(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_sign_in_is_answered_by(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_func_snapshot_generation(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_acquired_deadline_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_acquired_error(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_acquired_flight(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_acquired_has_token(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_acquired_kind(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_acquired_token(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_acquired_until_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_challenge_parameter_names(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_challenge_parameter_values(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_challenge_scheme(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_challenge_token68(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_challenges_at(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_challenges_count(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_connection_allows(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_connection_api_base(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_connection_api_url(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_connection_is_external(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_connection_platform(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_connection_scopes(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_connection_title(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_connection_token_endpoint(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_connection_with_settings(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_errordetails_action(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_errordetails_code(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_errordetails_explanation(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_errordetails_retry_at_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_errordetails_server_description(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_errordetails_server_error(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_errordetails_status(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_sessionevent_at_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_sessionevent_error(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_sessionevent_generation(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_sessionevent_has_error(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_sessionevent_kind(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_sessionevent_until_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_introspection_client_id(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_introspection_expires_at_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_introspection_is_active(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_introspection_json(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_introspection_scopes(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_introspection_subject(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_introspection_username(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_proof_algorithm(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_proof_header_value(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_proof_is_needed(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_proof_key_source_kind(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_proof_key_source_values(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_proof_signing_input(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_abandon(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_acquire(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_adopt(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_allows(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_bearer(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_change(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_connection(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_done(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_done_answer(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_done_failed(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_done_failed_because(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_done_loaded(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_done_secret(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_done_signature(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_lead_authorization(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_lead_code(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_lead_device_sign_in(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_lead_introspection(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_lead_sign_out(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_look(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_next(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_next_wakeup_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_note_nonce(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_poll_event(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_prove(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_refused(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_sign_out(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_snapshot(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_state(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_take_introspection(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_usable(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_session_wake(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_algorithm(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_authorization_url(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_error(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_has_error(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_kind(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_request(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_secret_name(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_secret_source_kind(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_secret_source_values(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_sign_in(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_signing_input(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_snapshot(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_until_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_user_code(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_verification_uri(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_step_verification_uri_complete(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_tokenrequest_body(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_tokenrequest_header_names(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_tokenrequest_header_values(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_tokenrequest_method(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_tokenrequest_url(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_api_header_names(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_api_header_values(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_expires_at_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_fresh_until_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_generation(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_header_name(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_header_value(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_is_bound(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_scopes(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_usable_until_ms(
    ): Int
    external fun uniffi_cxauth_bridge_checksum_method_token_value(
    ): Int
    external fun ffi_cxauth_bridge_uniffi_contract_version(
    ): Int


}

internal object UniffiLib {

    // The Cleaner for the whole library
    internal val CLEANER: UniffiCleaner by lazy {
        UniffiCleaner.create()
    }


    init {
        Native.register(UniffiLib::class.java, findLibraryName(componentName = "cxauth_bridge"))

    }

    internal fun ensureInitialized() = Unit
    external fun uniffi_cxauth_bridge_fn_clone_acquired(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_acquired(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_acquired_deadline_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_acquired_error(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_acquired_flight(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun uniffi_cxauth_bridge_fn_method_acquired_has_token(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_method_acquired_kind(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_acquired_token(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_acquired_until_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_clone_challenge(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_challenge(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_challenge_parameter_names(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_challenge_parameter_values(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_challenge_scheme(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_challenge_token68(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_clone_challenges(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_challenges(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_challenges_at(`ptr`: Long,`index`: Int,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_challenges_count(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun uniffi_cxauth_bridge_fn_clone_connection(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_connection(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_connection_allows(`ptr`: Long,`url`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_method_connection_api_base(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_connection_api_url(`ptr`: Long,`path`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_connection_is_external(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_method_connection_platform(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_connection_scopes(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_connection_title(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_connection_token_endpoint(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_connection_with_settings(`ptr`: Long,`json`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_clone_errordetails(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_errordetails(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_errordetails_action(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_errordetails_code(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_errordetails_explanation(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_errordetails_retry_at_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_errordetails_server_description(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_errordetails_server_error(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_errordetails_status(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_clone_sessionevent(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_sessionevent(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_sessionevent_at_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_sessionevent_error(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_sessionevent_generation(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Double
    external fun uniffi_cxauth_bridge_fn_method_sessionevent_has_error(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_method_sessionevent_kind(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_sessionevent_until_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_clone_introspection(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_introspection(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_introspection_client_id(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_introspection_expires_at_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_introspection_is_active(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_method_introspection_json(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_introspection_scopes(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_introspection_subject(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_introspection_username(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_clone_proof(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_proof(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_proof_algorithm(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_proof_header_value(`ptr`: Long,`signature`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_proof_is_needed(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_method_proof_key_source_kind(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_proof_key_source_values(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_proof_signing_input(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_clone_session(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_session(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_abandon(`ptr`: Long,`nowMs`: Double,`flight`: Int,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_acquire(`ptr`: Long,`nowMs`: Double,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_session_adopt(`ptr`: Long,`nowMs`: Double,`snapshot`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_method_session_allows(`ptr`: Long,`url`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_method_session_bearer(`ptr`: Long,`nowMs`: Double,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_session_change(`ptr`: Long,`nowMs`: Double,`json`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_connection(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_session_done(`ptr`: Long,`nowMs`: Double,`flight`: Int,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_done_answer(`ptr`: Long,`nowMs`: Double,`flight`: Int,`status`: Int,`headerNames`: RustBuffer.ByValue,`headerValues`: RustBuffer.ByValue,`body`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_done_failed(`ptr`: Long,`nowMs`: Double,`flight`: Int,`failure`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_done_failed_because(`ptr`: Long,`nowMs`: Double,`flight`: Int,`failure`: RustBuffer.ByValue,`why`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_done_loaded(`ptr`: Long,`nowMs`: Double,`flight`: Int,`snapshot`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_done_secret(`ptr`: Long,`nowMs`: Double,`flight`: Int,`secret`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_done_signature(`ptr`: Long,`nowMs`: Double,`flight`: Int,`signature`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_lead_authorization(`ptr`: Long,`nowMs`: Double,`entropy`: RustBuffer.ByValue,`redirectUri`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun uniffi_cxauth_bridge_fn_method_session_lead_code(`ptr`: Long,`nowMs`: Double,`signIn`: RustBuffer.ByValue,`redirect`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun uniffi_cxauth_bridge_fn_method_session_lead_device_sign_in(`ptr`: Long,`nowMs`: Double,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun uniffi_cxauth_bridge_fn_method_session_lead_introspection(`ptr`: Long,`nowMs`: Double,`token`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun uniffi_cxauth_bridge_fn_method_session_lead_sign_out(`ptr`: Long,`nowMs`: Double,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun uniffi_cxauth_bridge_fn_method_session_look(`ptr`: Long,`nowMs`: Double,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_session_next(`ptr`: Long,`nowMs`: Double,`flight`: Int,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_session_next_wakeup_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_session_note_nonce(`ptr`: Long,`url`: RustBuffer.ByValue,`nonce`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_poll_event(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_session_prove(`ptr`: Long,`nowMs`: Double,`token`: Long,`method`: RustBuffer.ByValue,`url`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_session_refused(`ptr`: Long,`nowMs`: Double,`generation`: Double,`status`: Int,`wwwAuthenticate`: RustBuffer.ByValue,`bodyStart`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_session_sign_out(`ptr`: Long,`nowMs`: Double,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_session_snapshot(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_session_state(`ptr`: Long,`nowMs`: Double,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_session_take_introspection(`ptr`: Long,`flight`: Int,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_session_usable(`ptr`: Long,`nowMs`: Double,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_session_wake(`ptr`: Long,`nowMs`: Double,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_clone_step(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_step(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_step_algorithm(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_authorization_url(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_error(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_step_has_error(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_method_step_kind(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_request(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_method_step_secret_name(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_secret_source_kind(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_secret_source_values(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_sign_in(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_signing_input(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_snapshot(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_until_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_user_code(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_verification_uri(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_step_verification_uri_complete(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_clone_tokenrequest(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_tokenrequest(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_tokenrequest_body(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_tokenrequest_header_names(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_tokenrequest_header_values(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_tokenrequest_method(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_tokenrequest_url(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_clone_token(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_free_token(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun uniffi_cxauth_bridge_fn_method_token_api_header_names(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_token_api_header_values(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_token_expires_at_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_token_fresh_until_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_token_generation(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Double
    external fun uniffi_cxauth_bridge_fn_method_token_header_name(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_token_header_value(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_token_is_bound(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_method_token_scopes(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_token_usable_until_ms(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_method_token_value(`ptr`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_func_parse_challenges(`field`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_func_max_answer_bytes(uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun uniffi_cxauth_bridge_fn_func_max_metadata_bytes(uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun uniffi_cxauth_bridge_fn_func_metadata_addresses(`issuer`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_func_open_connection(`json`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_func_platforms(uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_func_read_metadata(`issuer`: RustBuffer.ByValue,`status`: Int,`body`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_func_error_codes(uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun uniffi_cxauth_bridge_fn_func_open_session(`connection`: Long,`nowMs`: Double,`entropy`: RustBuffer.ByValue,`store`: Byte,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_func_restore_session(`connection`: Long,`nowMs`: Double,`entropy`: RustBuffer.ByValue,`store`: Byte,`snapshot`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun uniffi_cxauth_bridge_fn_func_sign_in_is_answered_by(`signIn`: RustBuffer.ByValue,`redirect`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun uniffi_cxauth_bridge_fn_func_snapshot_generation(`snapshot`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Double
    external fun ffi_cxauth_bridge_rustbuffer_alloc(`size`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun ffi_cxauth_bridge_rustbuffer_from_bytes(`bytes`: ForeignBytes.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun ffi_cxauth_bridge_rustbuffer_free(`buf`: RustBuffer.ByValue,uniffi_out_err: UniffiRustCallStatus,
    ): Unit
    external fun ffi_cxauth_bridge_rustbuffer_reserve(`buf`: RustBuffer.ByValue,`additional`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun ffi_cxauth_bridge_rust_future_poll_u8(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_u8(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_u8(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_u8(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun ffi_cxauth_bridge_rust_future_poll_i8(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_i8(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_i8(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_i8(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Byte
    external fun ffi_cxauth_bridge_rust_future_poll_u16(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_u16(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_u16(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_u16(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun ffi_cxauth_bridge_rust_future_poll_i16(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_i16(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_i16(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_i16(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Short
    external fun ffi_cxauth_bridge_rust_future_poll_u32(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_u32(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_u32(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_u32(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun ffi_cxauth_bridge_rust_future_poll_i32(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_i32(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_i32(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_i32(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Int
    external fun ffi_cxauth_bridge_rust_future_poll_u64(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_u64(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_u64(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_u64(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun ffi_cxauth_bridge_rust_future_poll_i64(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_i64(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_i64(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_i64(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Long
    external fun ffi_cxauth_bridge_rust_future_poll_f32(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_f32(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_f32(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_f32(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Float
    external fun ffi_cxauth_bridge_rust_future_poll_f64(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_f64(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_f64(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_f64(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Double
    external fun ffi_cxauth_bridge_rust_future_poll_rust_buffer(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_rust_buffer(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_rust_buffer(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_rust_buffer(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): RustBuffer.ByValue
    external fun ffi_cxauth_bridge_rust_future_poll_void(`handle`: Long,`callback`: UniffiRustFutureContinuationCallback,`callbackData`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_cancel_void(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_free_void(`handle`: Long,
    ): Unit
    external fun ffi_cxauth_bridge_rust_future_complete_void(`handle`: Long,uniffi_out_err: UniffiRustCallStatus,
    ): Unit


}

private fun uniffiCheckContractApiVersion(lib: IntegrityCheckingUniffiLib) {
    // Get the bindings contract version from our ComponentInterface
    val bindings_contract_version = 30
    // Get the scaffolding contract version by calling the into the dylib
    val scaffolding_contract_version = lib.ffi_cxauth_bridge_uniffi_contract_version()
    if (bindings_contract_version != scaffolding_contract_version) {
        throw RuntimeException("UniFFI contract version mismatch: try cleaning and rebuilding your project")
    }
}
@Suppress("UNUSED_PARAMETER")
private fun uniffiCheckApiChecksums(lib: IntegrityCheckingUniffiLib) {
    if ((lib.uniffi_cxauth_bridge_checksum_func_parse_challenges() and 0xFFFF) != 1027) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_max_answer_bytes() and 0xFFFF) != 18180) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_max_metadata_bytes() and 0xFFFF) != 7087) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_metadata_addresses() and 0xFFFF) != 65485) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_open_connection() and 0xFFFF) != 61631) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_platforms() and 0xFFFF) != 36220) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_read_metadata() and 0xFFFF) != 47241) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_error_codes() and 0xFFFF) != 36884) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_open_session() and 0xFFFF) != 58251) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_restore_session() and 0xFFFF) != 23696) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_sign_in_is_answered_by() and 0xFFFF) != 52024) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_func_snapshot_generation() and 0xFFFF) != 45522) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_acquired_deadline_ms() and 0xFFFF) != 61857) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_acquired_error() and 0xFFFF) != 27170) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_acquired_flight() and 0xFFFF) != 63850) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_acquired_has_token() and 0xFFFF) != 51210) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_acquired_kind() and 0xFFFF) != 23249) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_acquired_token() and 0xFFFF) != 33003) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_acquired_until_ms() and 0xFFFF) != 26311) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_challenge_parameter_names() and 0xFFFF) != 65354) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_challenge_parameter_values() and 0xFFFF) != 35693) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_challenge_scheme() and 0xFFFF) != 13333) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_challenge_token68() and 0xFFFF) != 39774) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_challenges_at() and 0xFFFF) != 52949) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_challenges_count() and 0xFFFF) != 6178) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_connection_allows() and 0xFFFF) != 39009) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_connection_api_base() and 0xFFFF) != 20111) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_connection_api_url() and 0xFFFF) != 27358) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_connection_is_external() and 0xFFFF) != 29900) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_connection_platform() and 0xFFFF) != 39354) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_connection_scopes() and 0xFFFF) != 8463) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_connection_title() and 0xFFFF) != 53848) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_connection_token_endpoint() and 0xFFFF) != 38608) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_connection_with_settings() and 0xFFFF) != 35870) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_errordetails_action() and 0xFFFF) != 55189) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_errordetails_code() and 0xFFFF) != 35126) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_errordetails_explanation() and 0xFFFF) != 12526) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_errordetails_retry_at_ms() and 0xFFFF) != 56936) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_errordetails_server_description() and 0xFFFF) != 46662) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_errordetails_server_error() and 0xFFFF) != 62027) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_errordetails_status() and 0xFFFF) != 62746) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_sessionevent_at_ms() and 0xFFFF) != 13253) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_sessionevent_error() and 0xFFFF) != 13439) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_sessionevent_generation() and 0xFFFF) != 45100) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_sessionevent_has_error() and 0xFFFF) != 3288) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_sessionevent_kind() and 0xFFFF) != 50367) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_sessionevent_until_ms() and 0xFFFF) != 51998) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_introspection_client_id() and 0xFFFF) != 43684) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_introspection_expires_at_ms() and 0xFFFF) != 956) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_introspection_is_active() and 0xFFFF) != 13112) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_introspection_json() and 0xFFFF) != 15120) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_introspection_scopes() and 0xFFFF) != 7506) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_introspection_subject() and 0xFFFF) != 12342) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_introspection_username() and 0xFFFF) != 56513) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_proof_algorithm() and 0xFFFF) != 64732) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_proof_header_value() and 0xFFFF) != 62140) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_proof_is_needed() and 0xFFFF) != 58048) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_proof_key_source_kind() and 0xFFFF) != 2731) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_proof_key_source_values() and 0xFFFF) != 60384) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_proof_signing_input() and 0xFFFF) != 62663) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_abandon() and 0xFFFF) != 43339) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_acquire() and 0xFFFF) != 20160) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_adopt() and 0xFFFF) != 19683) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_allows() and 0xFFFF) != 63806) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_bearer() and 0xFFFF) != 57288) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_change() and 0xFFFF) != 26388) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_connection() and 0xFFFF) != 41605) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_done() and 0xFFFF) != 60206) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_done_answer() and 0xFFFF) != 16659) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_done_failed() and 0xFFFF) != 13730) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_done_failed_because() and 0xFFFF) != 47658) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_done_loaded() and 0xFFFF) != 36658) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_done_secret() and 0xFFFF) != 48071) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_done_signature() and 0xFFFF) != 56504) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_lead_authorization() and 0xFFFF) != 8228) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_lead_code() and 0xFFFF) != 51183) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_lead_device_sign_in() and 0xFFFF) != 32824) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_lead_introspection() and 0xFFFF) != 2760) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_lead_sign_out() and 0xFFFF) != 3637) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_look() and 0xFFFF) != 34738) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_next() and 0xFFFF) != 61851) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_next_wakeup_ms() and 0xFFFF) != 7360) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_note_nonce() and 0xFFFF) != 31032) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_poll_event() and 0xFFFF) != 44137) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_prove() and 0xFFFF) != 27123) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_refused() and 0xFFFF) != 22554) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_sign_out() and 0xFFFF) != 59135) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_snapshot() and 0xFFFF) != 8470) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_state() and 0xFFFF) != 39262) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_take_introspection() and 0xFFFF) != 43021) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_usable() and 0xFFFF) != 6508) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_session_wake() and 0xFFFF) != 37161) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_algorithm() and 0xFFFF) != 32336) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_authorization_url() and 0xFFFF) != 57955) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_error() and 0xFFFF) != 33654) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_has_error() and 0xFFFF) != 55031) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_kind() and 0xFFFF) != 63194) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_request() and 0xFFFF) != 64441) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_secret_name() and 0xFFFF) != 7435) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_secret_source_kind() and 0xFFFF) != 43751) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_secret_source_values() and 0xFFFF) != 41685) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_sign_in() and 0xFFFF) != 11491) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_signing_input() and 0xFFFF) != 34710) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_snapshot() and 0xFFFF) != 33047) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_until_ms() and 0xFFFF) != 28198) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_user_code() and 0xFFFF) != 34929) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_verification_uri() and 0xFFFF) != 40116) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_step_verification_uri_complete() and 0xFFFF) != 42729) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_tokenrequest_body() and 0xFFFF) != 7872) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_tokenrequest_header_names() and 0xFFFF) != 15192) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_tokenrequest_header_values() and 0xFFFF) != 14461) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_tokenrequest_method() and 0xFFFF) != 840) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_tokenrequest_url() and 0xFFFF) != 39471) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_api_header_names() and 0xFFFF) != 2638) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_api_header_values() and 0xFFFF) != 42546) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_expires_at_ms() and 0xFFFF) != 3863) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_fresh_until_ms() and 0xFFFF) != 55257) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_generation() and 0xFFFF) != 9563) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_header_name() and 0xFFFF) != 34898) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_header_value() and 0xFFFF) != 29440) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_is_bound() and 0xFFFF) != 2097) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_scopes() and 0xFFFF) != 10872) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_usable_until_ms() and 0xFFFF) != 29893) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
    if ((lib.uniffi_cxauth_bridge_checksum_method_token_value() and 0xFFFF) != 44343) {
        throw RuntimeException("UniFFI API checksum mismatch: try cleaning and rebuilding your project")
    }
}

/**
 * @suppress
 */
internal fun uniffiEnsureInitialized() {
    // Call arbitrary methods on IntegrityCheckingUniffiLib and UniffiLib to ensure that
    // their init blocks run. This ensures initialization across crates works as expected.
    IntegrityCheckingUniffiLib.ensureInitialized()
    UniffiLib.ensureInitialized()
}

// Async support

// Public interface members begin here.


// Interface implemented by anything that can contain an object reference.
//
// Such types expose a `destroy()` method that must be called to cleanly
// dispose of the contained objects. Failure to call this method may result
// in memory leaks.
//
// The easiest way to ensure this method is called is to use the `.use`
// helper method to execute a block and destroy the object at the end.
internal interface Disposable {
    fun destroy()
    companion object {
        fun destroy(vararg args: Any?) {
            for (arg in args) {
                when (arg) {
                    is Disposable -> arg.destroy()
                    is ArrayList<*> -> {
                        for (idx in arg.indices) {
                            val element = arg[idx]
                            if (element is Disposable) {
                                element.destroy()
                            }
                        }
                    }
                    is Map<*, *> -> {
                        for (element in arg.values) {
                            if (element is Disposable) {
                                element.destroy()
                            }
                        }
                    }
                    is Iterable<*> -> {
                        for (element in arg) {
                            if (element is Disposable) {
                                element.destroy()
                            }
                        }
                    }
                }
            }
        }
    }
}

/**
 * @suppress
 */
internal inline fun <T : Disposable?, R> T.use(block: (T) -> R) =
    try {
        block(this)
    } finally {
        try {
            // N.B. our implementation is on the nullable type `Disposable?`.
            this?.destroy()
        } catch (e: Throwable) {
            // swallow
        }
    }

/**
 * Placeholder object used to signal that we're constructing an interface with a FFI handle.
 *
 * This is the first argument for interface constructors that input a raw handle. It exists is that
 * so we can avoid signature conflicts when an interface has a regular constructor than inputs a
 * Long.
 *
 * @suppress
 * */
internal object UniffiWithHandle

/**
 * Used to instantiate an interface without an actual pointer, for fakes in tests, mostly.
 *
 * @suppress
 * */
internal object NoHandle
/**
 * The cleaner interface for Object finalization code to run.
 * This is the entry point to any implementation that we're using.
 *
 * The cleaner registers objects and returns cleanables, so now we are
 * defining a `UniffiCleaner` with a `UniffiClenaer.Cleanable` to abstract the
 * different implmentations available at compile time.
 *
 * @suppress
 */
internal interface UniffiCleaner {
    interface Cleanable {
        fun clean()
    }

    fun register(value: Any, cleanUpTask: Runnable): UniffiCleaner.Cleanable

    companion object
}

// The fallback Jna cleaner, which is available for both Android, and the JVM.
private class UniffiJnaCleaner : UniffiCleaner {
    private val cleaner = com.sun.jna.internal.Cleaner.getCleaner()

    override fun register(value: Any, cleanUpTask: Runnable): UniffiCleaner.Cleanable =
        UniffiJnaCleanable(cleaner.register(value, cleanUpTask))
}

private class UniffiJnaCleanable(
    private val cleanable: com.sun.jna.internal.Cleaner.Cleanable,
) : UniffiCleaner.Cleanable {
    override fun clean() = cleanable.clean()
}


// We decide at uniffi binding generation time whether we were
// using Android or not.
// There are further runtime checks to chose the correct implementation
// of the cleaner.
private fun UniffiCleaner.Companion.create(): UniffiCleaner =
    try {
        // For safety's sake: if the library hasn't been run in android_cleaner = true
        // mode, but is being run on Android, then we still need to think about
        // Android API versions.
        // So we check if java.lang.ref.Cleaner is there, and use that…
        java.lang.Class.forName("java.lang.ref.Cleaner")
        JavaLangRefCleaner()
    } catch (e: ClassNotFoundException) {
        // … otherwise, fallback to the JNA cleaner.
        UniffiJnaCleaner()
    }

private class JavaLangRefCleaner : UniffiCleaner {
    val cleaner = java.lang.ref.Cleaner.create()

    override fun register(value: Any, cleanUpTask: Runnable): UniffiCleaner.Cleanable =
        JavaLangRefCleanable(cleaner.register(value, cleanUpTask))
}

private class JavaLangRefCleanable(
    val cleanable: java.lang.ref.Cleaner.Cleanable
) : UniffiCleaner.Cleanable {
    override fun clean() = cleanable.clean()
}

/**
 * @suppress
 */
internal object FfiConverterUInt: FfiConverter<UInt, Int> {
    override fun lift(value: Int): UInt {
        return value.toUInt()
    }

    override fun read(buf: ByteBuffer): UInt {
        return lift(buf.getInt())
    }

    override fun lower(value: UInt): Int {
        return value.toInt()
    }

    override fun allocationSize(value: UInt) = 4UL

    override fun write(value: UInt, buf: ByteBuffer) {
        buf.putInt(value.toInt())
    }
}

/**
 * @suppress
 */
internal object FfiConverterDouble: FfiConverter<Double, Double> {
    override fun lift(value: Double): Double {
        return value
    }

    override fun read(buf: ByteBuffer): Double {
        return buf.getDouble()
    }

    override fun lower(value: Double): Double {
        return value
    }

    override fun allocationSize(value: Double) = 8UL

    override fun write(value: Double, buf: ByteBuffer) {
        buf.putDouble(value)
    }
}

/**
 * @suppress
 */
internal object FfiConverterBoolean: FfiConverter<Boolean, Byte> {
    override fun lift(value: Byte): Boolean {
        return value.toInt() != 0
    }

    override fun read(buf: ByteBuffer): Boolean {
        return lift(buf.get())
    }

    override fun lower(value: Boolean): Byte {
        return if (value) 1.toByte() else 0.toByte()
    }

    override fun allocationSize(value: Boolean) = 1UL

    override fun write(value: Boolean, buf: ByteBuffer) {
        buf.put(lower(value))
    }
}

/**
 * @suppress
 */
internal object FfiConverterString: FfiConverter<String, RustBuffer.ByValue> {
    // Note: we don't inherit from FfiConverterRustBuffer, because we use a
    // special encoding when lowering/lifting.  We can use `RustBuffer.len` to
    // store our length and avoid writing it out to the buffer.
    override fun lift(value: RustBuffer.ByValue): String {
        try {
            val byteArr = ByteArray(value.len.toInt())
            value.asByteBuffer()!!.get(byteArr)
            return byteArr.toString(Charsets.UTF_8)
        } finally {
            RustBuffer.free(value)
        }
    }

    override fun read(buf: ByteBuffer): String {
        val len = buf.getInt()
        val byteArr = ByteArray(len)
        buf.get(byteArr)
        return byteArr.toString(Charsets.UTF_8)
    }

    fun toUtf8(value: String): ByteBuffer {
        // Make sure we don't have invalid UTF-16, check for lone surrogates.
        return Charsets.UTF_8.newEncoder().run {
            onMalformedInput(CodingErrorAction.REPORT)
            encode(CharBuffer.wrap(value))
        }
    }

    override fun lower(value: String): RustBuffer.ByValue {
        val byteBuf = toUtf8(value)
        // Ideally we'd pass these bytes to `ffi_bytebuffer_from_bytes`, but doing so would require us
        // to copy them into a JNA `Memory`. So we might as well directly copy them into a `RustBuffer`.
        val rbuf = RustBuffer.alloc(byteBuf.limit().toULong())
        rbuf.asByteBuffer()!!.put(byteBuf)
        return rbuf
    }

    // We aren't sure exactly how many bytes our string will be once it's UTF-8
    // encoded.  Allocate 3 bytes per UTF-16 code unit which will always be
    // enough.
    override fun allocationSize(value: String): ULong {
        val sizeForLength = 4UL
        val sizeForString = value.length.toULong() * 3UL
        return sizeForLength + sizeForString
    }

    override fun write(value: String, buf: ByteBuffer) {
        val byteBuf = toUtf8(value)
        buf.putInt(byteBuf.limit())
        buf.put(byteBuf)
    }
}

/**
 * @suppress
 */
internal object FfiConverterByteArray: FfiConverterRustBuffer<ByteArray> {
    override fun read(buf: ByteBuffer): ByteArray {
        val len = buf.getInt()
        val byteArr = ByteArray(len)
        buf.get(byteArr)
        return byteArr
    }
    override fun allocationSize(value: ByteArray): ULong {
        return 4UL + value.size.toULong()
    }
    override fun write(value: ByteArray, buf: ByteBuffer) {
        buf.putInt(value.size)
        buf.put(value)
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * What a caller does, and with what.
 */
internal interface AcquiredInterface {

    /**
     * From when on somebody else may lead another flight; for `Lead` and `Follow`.
     */
    fun `deadlineMs`(): kotlin.Double?

    /**
     * Why; for `Wait` and `Denied`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    fun `error`(): ErrorDetails

    /**
     * The flight to lead or to follow; 0 for none.
     */
    fun `flight`(): kotlin.UInt

    /**
     * Whether a token is there: always when `Ready`, maybe when `Lead` or `Follow`.
     */
    fun `hasToken`(): kotlin.Boolean

    /**
     * What the caller does.
     */
    fun `kind`(): AcquiredKind

    /**
     * The token.
     *
     * # Errors
     * With the reason when the kind is `Wait` or `Denied`, else `absent`.
     */
    fun `token`(): Token

    /**
     * When to acquire again; for `Wait`.
     */
    fun `untilMs`(): kotlin.Double?

    companion object
}

/**
 * What a caller does, and with what.
 */
internal open class Acquired: Disposable, AutoCloseable, AcquiredInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_acquired(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_acquired(handle, status)
        }
    }


    /**
     * From when on somebody else may lead another flight; for `Lead` and `Follow`.
     */override fun `deadlineMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_acquired_deadline_ms(
        it,
        _status)
}
    }
    )
    }



    /**
     * Why; for `Wait` and `Denied`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    @Throws(AuthException::class)override fun `error`(): ErrorDetails {
            return FfiConverterTypeErrorDetails.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_acquired_error(
        it,
        _status)
}
    }
    )
    }



    /**
     * The flight to lead or to follow; 0 for none.
     */override fun `flight`(): kotlin.UInt {
            return FfiConverterUInt.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_acquired_flight(
        it,
        _status)
}
    }
    )
    }



    /**
     * Whether a token is there: always when `Ready`, maybe when `Lead` or `Follow`.
     */override fun `hasToken`(): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_acquired_has_token(
        it,
        _status)
}
    }
    )
    }



    /**
     * What the caller does.
     */override fun `kind`(): AcquiredKind {
            return FfiConverterTypeAcquiredKind.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_acquired_kind(
        it,
        _status)
}
    }
    )
    }



    /**
     * The token.
     *
     * # Errors
     * With the reason when the kind is `Wait` or `Denied`, else `absent`.
     */
    @Throws(AuthException::class)override fun `token`(): Token {
            return FfiConverterTypeToken.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_acquired_token(
        it,
        _status)
}
    }
    )
    }



    /**
     * When to acquire again; for `Wait`.
     */override fun `untilMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_acquired_until_ms(
        it,
        _status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeAcquired: FfiConverter<Acquired, Long> {
    override fun lower(value: Acquired): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Acquired {
        return Acquired(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Acquired {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Acquired) = 8UL

    override fun write(value: Acquired, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * One challenge.
 */
internal interface ChallengeInterface {

    /**
     * The names of the parameters, in lower case, each once.
     */
    fun `parameterNames`(): List<kotlin.String>

    /**
     * Their values, in the same order.
     */
    fun `parameterValues`(): List<kotlin.String>

    /**
     * The scheme in lower case, such as `bearer`.
     */
    fun `scheme`(): kotlin.String

    /**
     * The one value of schemes like `Negotiate`.
     */
    fun `token68`(): kotlin.String?

    companion object
}

/**
 * One challenge.
 */
internal open class Challenge: Disposable, AutoCloseable, ChallengeInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_challenge(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_challenge(handle, status)
        }
    }


    /**
     * The names of the parameters, in lower case, each once.
     */override fun `parameterNames`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_challenge_parameter_names(
        it,
        _status)
}
    }
    )
    }



    /**
     * Their values, in the same order.
     */override fun `parameterValues`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_challenge_parameter_values(
        it,
        _status)
}
    }
    )
    }



    /**
     * The scheme in lower case, such as `bearer`.
     */override fun `scheme`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_challenge_scheme(
        it,
        _status)
}
    }
    )
    }



    /**
     * The one value of schemes like `Negotiate`.
     */override fun `token68`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_challenge_token68(
        it,
        _status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeChallenge: FfiConverter<Challenge, Long> {
    override fun lower(value: Challenge): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Challenge {
        return Challenge(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Challenge {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Challenge) = 8UL

    override fun write(value: Challenge, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * The challenges of one field value.
 */
internal interface ChallengesInterface {

    /**
     * One of them, from 0.
     *
     * # Errors
     * `absent` when there are not so many.
     */
    fun `at`(`index`: kotlin.UInt): Challenge

    /**
     * How many there are; 0 when the field is malformed.
     */
    fun `count`(): kotlin.UInt

    companion object
}

/**
 * The challenges of one field value.
 */
internal open class Challenges: Disposable, AutoCloseable, ChallengesInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_challenges(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_challenges(handle, status)
        }
    }


    /**
     * One of them, from 0.
     *
     * # Errors
     * `absent` when there are not so many.
     */
    @Throws(AuthException::class)override fun `at`(`index`: kotlin.UInt): Challenge {
            return FfiConverterTypeChallenge.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_challenges_at(
        it,

        FfiConverterUInt.lower(`index`),_status)
}
    }
    )
    }



    /**
     * How many there are; 0 when the field is malformed.
     */override fun `count`(): kotlin.UInt {
            return FfiConverterUInt.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_challenges_count(
        it,
        _status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeChallenges: FfiConverter<Challenges, Long> {
    override fun lower(value: Challenges): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Challenges {
        return Challenges(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Challenges {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Challenges) = 8UL

    override fun write(value: Challenges, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * One client at one server, checked.
 */
internal interface ConnectionInterface {

    /**
     * Whether the token may be sent to this address.
     */
    fun `allows`(`url`: kotlin.String): kotlin.Boolean

    /**
     * Where the API lives, if it is known.
     */
    fun `apiBase`(): kotlin.String?

    /**
     * The absolute address of an API path, which starts at `Connection::api_base` unless it is absolute itself.
     *
     * # Errors
     * `missing_setting` without an `api_base`, `destination_refused` when the result may not see the token.
     */
    fun `apiUrl`(`path`: kotlin.String): kotlin.String

    /**
     * Whether it asks the user's own function for tokens, instead of a server (the step `Provide`).
     */
    fun `isExternal`(): kotlin.Boolean

    /**
     * The platform's id.
     */
    fun `platform`(): kotlin.String

    /**
     * The scopes that are asked for.
     */
    fun `scopes`(): List<kotlin.String>

    /**
     * The platform's name as its maker writes it.
     */
    fun `title`(): kotlin.String

    /**
     * The token endpoint, if there is one.
     */
    fun `tokenEndpoint`(): kotlin.String?

    /**
     * This connection with other values for the settings that the JSON object names, such as `scopes`.
     *
     * # Errors
     * As `open_connection`.
     */
    fun `withSettings`(`json`: kotlin.String): Connection

    companion object
}

/**
 * One client at one server, checked.
 */
internal open class Connection: Disposable, AutoCloseable, ConnectionInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_connection(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_connection(handle, status)
        }
    }


    /**
     * Whether the token may be sent to this address.
     */override fun `allows`(`url`: kotlin.String): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_connection_allows(
        it,

        FfiConverterString.lower(`url`),_status)
}
    }
    )
    }



    /**
     * Where the API lives, if it is known.
     */override fun `apiBase`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_connection_api_base(
        it,
        _status)
}
    }
    )
    }



    /**
     * The absolute address of an API path, which starts at `Connection::api_base` unless it is absolute itself.
     *
     * # Errors
     * `missing_setting` without an `api_base`, `destination_refused` when the result may not see the token.
     */
    @Throws(AuthException::class)override fun `apiUrl`(`path`: kotlin.String): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_connection_api_url(
        it,

        FfiConverterString.lower(`path`),_status)
}
    }
    )
    }



    /**
     * Whether it asks the user's own function for tokens, instead of a server (the step `Provide`).
     */override fun `isExternal`(): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_connection_is_external(
        it,
        _status)
}
    }
    )
    }



    /**
     * The platform's id.
     */override fun `platform`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_connection_platform(
        it,
        _status)
}
    }
    )
    }



    /**
     * The scopes that are asked for.
     */override fun `scopes`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_connection_scopes(
        it,
        _status)
}
    }
    )
    }



    /**
     * The platform's name as its maker writes it.
     */override fun `title`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_connection_title(
        it,
        _status)
}
    }
    )
    }



    /**
     * The token endpoint, if there is one.
     */override fun `tokenEndpoint`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_connection_token_endpoint(
        it,
        _status)
}
    }
    )
    }



    /**
     * This connection with other values for the settings that the JSON object names, such as `scopes`.
     *
     * # Errors
     * As `open_connection`.
     */
    @Throws(AuthException::class)override fun `withSettings`(`json`: kotlin.String): Connection {
            return FfiConverterTypeConnection.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_connection_with_settings(
        it,

        FfiConverterString.lower(`json`),_status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeConnection: FfiConverter<Connection, Long> {
    override fun lower(value: Connection): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Connection {
        return Connection(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Connection {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Connection) = 8UL

    override fun write(value: Connection, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * The same as a value: why somebody waits, is denied, or a flight brought nothing.
 */
internal interface ErrorDetailsInterface {

    /**
     * What to do next: `retry`, `sign_in`, `fix_configuration` or `report`.
     */
    fun `action`(): kotlin.String

    /**
     * The stable code, such as `invalid_client`; see `error_codes`.
     */
    fun `code`(): kotlin.String

    /**
     * What happened and what to do about it, in sentences.
     */
    fun `explanation`(): kotlin.String

    /**
     * When the session asks the server again, if it does so by itself.
     */
    fun `retryAtMs`(): kotlin.Double?

    /**
     * The server's `error_description`, escaped and cut.
     */
    fun `serverDescription`(): kotlin.String?

    /**
     * The server's `error` (RFC 6749 §5.2), escaped and cut.
     */
    fun `serverError`(): kotlin.String?

    /**
     * The status of the answer that brought the error.
     */
    fun `status`(): kotlin.UInt?

    companion object
}

/**
 * The same as a value: why somebody waits, is denied, or a flight brought nothing.
 */
internal open class ErrorDetails: Disposable, AutoCloseable, ErrorDetailsInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_errordetails(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_errordetails(handle, status)
        }
    }


    /**
     * What to do next: `retry`, `sign_in`, `fix_configuration` or `report`.
     */override fun `action`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_errordetails_action(
        it,
        _status)
}
    }
    )
    }



    /**
     * The stable code, such as `invalid_client`; see `error_codes`.
     */override fun `code`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_errordetails_code(
        it,
        _status)
}
    }
    )
    }



    /**
     * What happened and what to do about it, in sentences.
     */override fun `explanation`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_errordetails_explanation(
        it,
        _status)
}
    }
    )
    }



    /**
     * When the session asks the server again, if it does so by itself.
     */override fun `retryAtMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_errordetails_retry_at_ms(
        it,
        _status)
}
    }
    )
    }



    /**
     * The server's `error_description`, escaped and cut.
     */override fun `serverDescription`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_errordetails_server_description(
        it,
        _status)
}
    }
    )
    }



    /**
     * The server's `error` (RFC 6749 §5.2), escaped and cut.
     */override fun `serverError`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_errordetails_server_error(
        it,
        _status)
}
    }
    )
    }



    /**
     * The status of the answer that brought the error.
     */override fun `status`(): kotlin.UInt? {
            return FfiConverterOptionalUInt.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_errordetails_status(
        it,
        _status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeErrorDetails: FfiConverter<ErrorDetails, Long> {
    override fun lower(value: ErrorDetails): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): ErrorDetails {
        return ErrorDetails(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): ErrorDetails {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: ErrorDetails) = 8UL

    override fun write(value: ErrorDetails, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * What a server says about a token. Of one that is not active nothing else is known.
 */
internal interface IntrospectionInterface {

    /**
     * Whose client got it.
     */
    fun `clientId`(): kotlin.String?

    /**
     * When it ends.
     */
    fun `expiresAtMs`(): kotlin.Double?

    /**
     * Whether the token is good at this server.
     */
    fun `isActive`(): kotlin.Boolean

    /**
     * The whole answer, a JSON object. Where a server repeats a secret in it there is only `active`.
     */
    fun `json`(): kotlin.String

    /**
     * What it is good for.
     */
    fun `scopes`(): List<kotlin.String>?

    /**
     * Who it stands for, as the server knows them.
     */
    fun `subject`(): kotlin.String?

    /**
     * Who it stands for, as a person reads it.
     */
    fun `username`(): kotlin.String?

    companion object
}

/**
 * What a server says about a token. Of one that is not active nothing else is known.
 */
internal open class Introspection: Disposable, AutoCloseable, IntrospectionInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_introspection(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_introspection(handle, status)
        }
    }


    /**
     * Whose client got it.
     */override fun `clientId`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_introspection_client_id(
        it,
        _status)
}
    }
    )
    }



    /**
     * When it ends.
     */override fun `expiresAtMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_introspection_expires_at_ms(
        it,
        _status)
}
    }
    )
    }



    /**
     * Whether the token is good at this server.
     */override fun `isActive`(): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_introspection_is_active(
        it,
        _status)
}
    }
    )
    }



    /**
     * The whole answer, a JSON object. Where a server repeats a secret in it there is only `active`.
     */override fun `json`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_introspection_json(
        it,
        _status)
}
    }
    )
    }



    /**
     * What it is good for.
     */override fun `scopes`(): List<kotlin.String>? {
            return FfiConverterOptionalSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_introspection_scopes(
        it,
        _status)
}
    }
    )
    }



    /**
     * Who it stands for, as the server knows them.
     */override fun `subject`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_introspection_subject(
        it,
        _status)
}
    }
    )
    }



    /**
     * Who it stands for, as a person reads it.
     */override fun `username`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_introspection_username(
        it,
        _status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeIntrospection: FfiConverter<Introspection, Long> {
    override fun lower(value: Introspection): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Introspection {
        return Introspection(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Introspection {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Introspection) = 8UL

    override fun write(value: Introspection, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * What the client's key has to sign before a token may go to an API: one proof for each request, also when it is sent again.
 */
internal interface ProofInterface {

    /**
     * How the key signs, as of a step `Sign`.
     */
    fun `algorithm`(): kotlin.String?

    /**
     * The value of the field `dpop` of that one request; empty when none is needed.
     */
    fun `headerValue`(`signature`: kotlin.ByteArray): kotlin.String

    /**
     * Whether there is anything to sign: a token that is not bound goes without.
     */
    fun `isNeeded`(): kotlin.Boolean

    /**
     * Where the key is: its PEM (PKCS #8), or the function that signs.
     */
    fun `keySourceKind`(): SecretSourceKind

    /**
     * The source's name, path, command with its arguments, entry, or function.
     */
    fun `keySourceValues`(): List<kotlin.String>

    /**
     * What to sign; empty when nothing is.
     */
    fun `signingInput`(): kotlin.ByteArray

    companion object
}

/**
 * What the client's key has to sign before a token may go to an API: one proof for each request, also when it is sent again.
 */
internal open class Proof: Disposable, AutoCloseable, ProofInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_proof(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_proof(handle, status)
        }
    }


    /**
     * How the key signs, as of a step `Sign`.
     */override fun `algorithm`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_proof_algorithm(
        it,
        _status)
}
    }
    )
    }



    /**
     * The value of the field `dpop` of that one request; empty when none is needed.
     */override fun `headerValue`(`signature`: kotlin.ByteArray): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_proof_header_value(
        it,

        FfiConverterByteArray.lower(`signature`),_status)
}
    }
    )
    }



    /**
     * Whether there is anything to sign: a token that is not bound goes without.
     */override fun `isNeeded`(): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_proof_is_needed(
        it,
        _status)
}
    }
    )
    }



    /**
     * Where the key is: its PEM (PKCS #8), or the function that signs.
     */override fun `keySourceKind`(): SecretSourceKind {
            return FfiConverterTypeSecretSourceKind.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_proof_key_source_kind(
        it,
        _status)
}
    }
    )
    }



    /**
     * The source's name, path, command with its arguments, entry, or function.
     */override fun `keySourceValues`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_proof_key_source_values(
        it,
        _status)
}
    }
    )
    }



    /**
     * What to sign; empty when nothing is.
     */override fun `signingInput`(): kotlin.ByteArray {
            return FfiConverterByteArray.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_proof_signing_input(
        it,
        _status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeProof: FfiConverter<Proof, Long> {
    override fun lower(value: Proof): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Proof {
        return Proof(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Proof {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Proof) = 8UL

    override fun write(value: Proof, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * The token lifecycle of one connection and one set of scopes: a machine without a clock, I/O or waiting. Any thread may
 * call it.
 *
 * A flight's leader calls `Session::next`, performs the step, says how it went with one of the `done` methods, and
 * goes on until the step is `Done`.
 */
internal interface SessionInterface {

    /**
     * The flight's leader is gone. The next acquire leads another one; an answer that comes all the same is taken.
     */
    fun `abandon`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt)

    /**
     * A caller wants a token. A usable token always wins: while there is one, nobody waits or is denied.
     */
    fun `acquire`(`nowMs`: kotlin.Double): Acquired

    /**
     * Takes the tokens of a snapshot over when it is newer, and says whether it was.
     *
     * # Errors
     * `snapshot_damaged` and `snapshot_from_newer_version`.
     */
    fun `adopt`(`nowMs`: kotlin.Double, `snapshot`: kotlin.String): kotlin.Boolean

    /**
     * Whether the token may be sent to this address.
     */
    fun `allows`(`url`: kotlin.String): kotlin.Boolean

    /**
     * The token, if one is usable: `Ready` or `Nothing`. It starts nothing: the hot path.
     */
    fun `bearer`(`nowMs`: kotlin.Double): Acquired

    /**
     * Gives the settings that the JSON object names new values. A secret that is set anew, even to the same value, lifts
     * a verdict; another identity forgets the tokens.
     *
     * # Errors
     * As `open_connection`; nothing is changed then.
     */
    fun `change`(`nowMs`: kotlin.Double, `json`: kotlin.String)

    /**
     * The connection as it stands, changes included.
     */
    fun `connection`(): Connection

    /**
     * The step is done: `Lock`, `Save`, `Unlock`.
     */
    fun `done`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt)

    /**
     * The token endpoint's answer, its body decoded and at most one byte longer than `max_answer_bytes`: `Send`
     * and `Provide`.
     */
    fun `doneAnswer`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `status`: kotlin.UInt, `headerNames`: List<kotlin.String>, `headerValues`: List<kotlin.String>, `body`: kotlin.ByteArray)

    /**
     * The step could not be done: any of them.
     */
    fun `doneFailed`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `failure`: FailureKind)

    /**
     * The same with the reason in words, for the error that comes of it. There must be no secret in them.
     */
    fun `doneFailedBecause`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `failure`: FailureKind, `why`: kotlin.String)

    /**
     * What the store holds, absent when it is empty: `Load`.
     *
     * # Errors
     * `snapshot_damaged` and `snapshot_from_newer_version`. The step is still to be done then: put what is damaged aside,
     * never delete it, and say `Session::done_failed`.
     */
    fun `doneLoaded`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `snapshot`: kotlin.String?)

    /**
     * The secret: `ReadSecret`.
     */
    fun `doneSecret`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `secret`: kotlin.String)

    /**
     * The signature, as the algorithm's RFC has it: `Sign`.
     */
    fun `doneSignature`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `signature`: kotlin.ByteArray)

    /**
     * The number of a flight that prepares a sign-in in a browser: its step `Authorize` says where the person goes and what to
     * keep meanwhile (RFC 6749 §4.1, RFC 7636, RFC 9126). `entropy` is 64 bytes of the operating system's, new each time.
     * `redirect_uri` takes the place of the connection's, for a listener on loopback whose port nobody knows before.
     *
     * # Errors
     * `missing_setting` and `invalid_setting`.
     */
    fun `leadAuthorization`(`nowMs`: kotlin.Double, `entropy`: kotlin.ByteArray, `redirectUri`: kotlin.String?): kotlin.UInt

    /**
     * The number of the flight that ends a sign-in: `sign_in` is what the step `Authorize` said to keep, `redirect` the whole
     * address that the browser came back to. A sign-in is used once, whatever comes of it: forget it.
     *
     * # Errors
     * `redirect_refused` when it is not the answer to this sign-in, `authorization_refused` and others when it says that the
     * person or the server refused, `sign_in_expired` after an hour.
     */
    fun `leadCode`(`nowMs`: kotlin.Double, `signIn`: kotlin.String, `redirect`: kotlin.String): kotlin.UInt

    /**
     * The number of a flight that signs in on another device (RFC 8628): its steps `Prompt` and `Pause` say what to show and
     * how long to wait.
     *
     * # Errors
     * `missing_setting`.
     */
    fun `leadDeviceSignIn`(`nowMs`: kotlin.Double): kotlin.UInt

    /**
     * The number of a flight that asks the server what a token is worth (RFC 7662). Nobody follows it.
     *
     * # Errors
     * `missing_setting` without an `introspection_endpoint`, `invalid_setting` when the text can be no token.
     */
    fun `leadIntrospection`(`nowMs`: kotlin.Double, `token`: kotlin.String): kotlin.UInt

    /**
     * The same, and the number of a flight that tells who must know: it locks the store, revokes the tokens at the server
     * where the connection has a `revocation_endpoint` (RFC 7009), and saves an empty set, so that every process that shares
     * the store drops its own. Nobody follows it; its `Done` says what did not work, and the tokens are forgotten in any case.
     */
    fun `leadSignOut`(`nowMs`: kotlin.Double): kotlin.UInt

    /**
     * What `Session::acquire` would say, without asking for anything; `Nothing` where it would lead.
     */
    fun `look`(`nowMs`: kotlin.Double): Acquired

    /**
     * What the flight's leader does next. It says the same until it is told how that went.
     */
    fun `next`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt): Step

    /**
     * When background work is next due; absent for never, or not before somebody asks.
     */
    fun `nextWakeupMs`(): kotlin.Double?

    /**
     * An API's answer carried this in the field `dpop-nonce`: say so for each one that does, before anything else
     * (RFC 9449 §9).
     */
    fun `noteNonce`(`url`: kotlin.String, `nonce`: kotlin.String)

    /**
     * The oldest event that was not polled yet; of the kind `Nothing` when there is none.
     */
    fun `pollEvent`(): SessionEvent

    /**
     * What the client's key has to sign before the token may go to this address with this method (RFC 9449 §7.1).
     *
     * # Errors
     * `destination_refused` when the address may not see the token.
     */
    fun `prove`(`nowMs`: kotlin.Double, `token`: Token, `method`: kotlin.String, `url`: kotlin.String): Proof

    /**
     * An API refused the token of this generation. `www_authenticate` are the values of that field, `body_start` is as
     * much of the body as the driver has at hand. Nothing is started here: the next acquire renews.
     */
    fun `refused`(`nowMs`: kotlin.Double, `generation`: kotlin.Double, `status`: kotlin.UInt, `wwwAuthenticate`: List<kotlin.String>, `bodyStart`: kotlin.ByteArray): Refusal

    /**
     * Forgets the tokens and ends every flight; a late answer is dropped.
     */
    fun `signOut`(`nowMs`: kotlin.Double)

    /**
     * The tokens and the back-off as text that is all secret, for a store, another process or another tab.
     */
    fun `snapshot`(): kotlin.String

    /**
     * How the session stands.
     */
    fun `state`(`nowMs`: kotlin.Double): SessionState

    /**
     * What the server said to that flight, once; for one whose `Done` came without an error.
     *
     * # Errors
     * `absent` otherwise.
     */
    fun `takeIntrospection`(`flight`: kotlin.UInt): Introspection

    /**
     * The same without asking for it: whoever only looks keeps no background renewal alive.
     */
    fun `usable`(`nowMs`: kotlin.Double): Acquired

    /**
     * The background's turn, at `Session::next_wakeup_ms` or earlier: `Lead`, `Follow` or `Nothing`. It does not count
     * as asking, and after one lifetime in which nobody asked it stops.
     */
    fun `wake`(`nowMs`: kotlin.Double): Acquired

    companion object
}

/**
 * The token lifecycle of one connection and one set of scopes: a machine without a clock, I/O or waiting. Any thread may
 * call it.
 *
 * A flight's leader calls `Session::next`, performs the step, says how it went with one of the `done` methods, and
 * goes on until the step is `Done`.
 */
internal open class Session: Disposable, AutoCloseable, SessionInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_session(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_session(handle, status)
        }
    }


    /**
     * The flight's leader is gone. The next acquire leads another one; an answer that comes all the same is taken.
     */override fun `abandon`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_abandon(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterUInt.lower(`flight`),_status)
}
    }




    /**
     * A caller wants a token. A usable token always wins: while there is one, nobody waits or is denied.
     */override fun `acquire`(`nowMs`: kotlin.Double): Acquired {
            return FfiConverterTypeAcquired.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_acquire(
        it,

        FfiConverterDouble.lower(`nowMs`),_status)
}
    }
    )
    }



    /**
     * Takes the tokens of a snapshot over when it is newer, and says whether it was.
     *
     * # Errors
     * `snapshot_damaged` and `snapshot_from_newer_version`.
     */
    @Throws(AuthException::class)override fun `adopt`(`nowMs`: kotlin.Double, `snapshot`: kotlin.String): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_adopt(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterString.lower(`snapshot`),_status)
}
    }
    )
    }



    /**
     * Whether the token may be sent to this address.
     */override fun `allows`(`url`: kotlin.String): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_allows(
        it,

        FfiConverterString.lower(`url`),_status)
}
    }
    )
    }



    /**
     * The token, if one is usable: `Ready` or `Nothing`. It starts nothing: the hot path.
     */override fun `bearer`(`nowMs`: kotlin.Double): Acquired {
            return FfiConverterTypeAcquired.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_bearer(
        it,

        FfiConverterDouble.lower(`nowMs`),_status)
}
    }
    )
    }



    /**
     * Gives the settings that the JSON object names new values. A secret that is set anew, even to the same value, lifts
     * a verdict; another identity forgets the tokens.
     *
     * # Errors
     * As `open_connection`; nothing is changed then.
     */
    @Throws(AuthException::class)override fun `change`(`nowMs`: kotlin.Double, `json`: kotlin.String)
        =
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_change(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterString.lower(`json`),_status)
}
    }




    /**
     * The connection as it stands, changes included.
     */override fun `connection`(): Connection {
            return FfiConverterTypeConnection.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_connection(
        it,
        _status)
}
    }
    )
    }



    /**
     * The step is done: `Lock`, `Save`, `Unlock`.
     */override fun `done`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_done(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterUInt.lower(`flight`),_status)
}
    }




    /**
     * The token endpoint's answer, its body decoded and at most one byte longer than `max_answer_bytes`: `Send`
     * and `Provide`.
     */override fun `doneAnswer`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `status`: kotlin.UInt, `headerNames`: List<kotlin.String>, `headerValues`: List<kotlin.String>, `body`: kotlin.ByteArray)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_done_answer(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterUInt.lower(`flight`),
        FfiConverterUInt.lower(`status`),
        FfiConverterSequenceString.lower(`headerNames`),
        FfiConverterSequenceString.lower(`headerValues`),
        FfiConverterByteArray.lower(`body`),_status)
}
    }




    /**
     * The step could not be done: any of them.
     */override fun `doneFailed`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `failure`: FailureKind)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_done_failed(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterUInt.lower(`flight`),
        FfiConverterTypeFailureKind.lower(`failure`),_status)
}
    }




    /**
     * The same with the reason in words, for the error that comes of it. There must be no secret in them.
     */override fun `doneFailedBecause`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `failure`: FailureKind, `why`: kotlin.String)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_done_failed_because(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterUInt.lower(`flight`),
        FfiConverterTypeFailureKind.lower(`failure`),
        FfiConverterString.lower(`why`),_status)
}
    }




    /**
     * What the store holds, absent when it is empty: `Load`.
     *
     * # Errors
     * `snapshot_damaged` and `snapshot_from_newer_version`. The step is still to be done then: put what is damaged aside,
     * never delete it, and say `Session::done_failed`.
     */
    @Throws(AuthException::class)override fun `doneLoaded`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `snapshot`: kotlin.String?)
        =
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_done_loaded(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterUInt.lower(`flight`),
        FfiConverterOptionalString.lower(`snapshot`),_status)
}
    }




    /**
     * The secret: `ReadSecret`.
     */override fun `doneSecret`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `secret`: kotlin.String)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_done_secret(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterUInt.lower(`flight`),
        FfiConverterString.lower(`secret`),_status)
}
    }




    /**
     * The signature, as the algorithm's RFC has it: `Sign`.
     */override fun `doneSignature`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt, `signature`: kotlin.ByteArray)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_done_signature(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterUInt.lower(`flight`),
        FfiConverterByteArray.lower(`signature`),_status)
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
    @Throws(AuthException::class)override fun `leadAuthorization`(`nowMs`: kotlin.Double, `entropy`: kotlin.ByteArray, `redirectUri`: kotlin.String?): kotlin.UInt {
            return FfiConverterUInt.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_lead_authorization(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterByteArray.lower(`entropy`),
        FfiConverterOptionalString.lower(`redirectUri`),_status)
}
    }
    )
    }



    /**
     * The number of the flight that ends a sign-in: `sign_in` is what the step `Authorize` said to keep, `redirect` the whole
     * address that the browser came back to. A sign-in is used once, whatever comes of it: forget it.
     *
     * # Errors
     * `redirect_refused` when it is not the answer to this sign-in, `authorization_refused` and others when it says that the
     * person or the server refused, `sign_in_expired` after an hour.
     */
    @Throws(AuthException::class)override fun `leadCode`(`nowMs`: kotlin.Double, `signIn`: kotlin.String, `redirect`: kotlin.String): kotlin.UInt {
            return FfiConverterUInt.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_lead_code(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterString.lower(`signIn`),
        FfiConverterString.lower(`redirect`),_status)
}
    }
    )
    }



    /**
     * The number of a flight that signs in on another device (RFC 8628): its steps `Prompt` and `Pause` say what to show and
     * how long to wait.
     *
     * # Errors
     * `missing_setting`.
     */
    @Throws(AuthException::class)override fun `leadDeviceSignIn`(`nowMs`: kotlin.Double): kotlin.UInt {
            return FfiConverterUInt.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_lead_device_sign_in(
        it,

        FfiConverterDouble.lower(`nowMs`),_status)
}
    }
    )
    }



    /**
     * The number of a flight that asks the server what a token is worth (RFC 7662). Nobody follows it.
     *
     * # Errors
     * `missing_setting` without an `introspection_endpoint`, `invalid_setting` when the text can be no token.
     */
    @Throws(AuthException::class)override fun `leadIntrospection`(`nowMs`: kotlin.Double, `token`: kotlin.String): kotlin.UInt {
            return FfiConverterUInt.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_lead_introspection(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterString.lower(`token`),_status)
}
    }
    )
    }



    /**
     * The same, and the number of a flight that tells who must know: it locks the store, revokes the tokens at the server
     * where the connection has a `revocation_endpoint` (RFC 7009), and saves an empty set, so that every process that shares
     * the store drops its own. Nobody follows it; its `Done` says what did not work, and the tokens are forgotten in any case.
     */override fun `leadSignOut`(`nowMs`: kotlin.Double): kotlin.UInt {
            return FfiConverterUInt.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_lead_sign_out(
        it,

        FfiConverterDouble.lower(`nowMs`),_status)
}
    }
    )
    }



    /**
     * What `Session::acquire` would say, without asking for anything; `Nothing` where it would lead.
     */override fun `look`(`nowMs`: kotlin.Double): Acquired {
            return FfiConverterTypeAcquired.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_look(
        it,

        FfiConverterDouble.lower(`nowMs`),_status)
}
    }
    )
    }



    /**
     * What the flight's leader does next. It says the same until it is told how that went.
     */override fun `next`(`nowMs`: kotlin.Double, `flight`: kotlin.UInt): Step {
            return FfiConverterTypeStep.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_next(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterUInt.lower(`flight`),_status)
}
    }
    )
    }



    /**
     * When background work is next due; absent for never, or not before somebody asks.
     */override fun `nextWakeupMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_next_wakeup_ms(
        it,
        _status)
}
    }
    )
    }



    /**
     * An API's answer carried this in the field `dpop-nonce`: say so for each one that does, before anything else
     * (RFC 9449 §9).
     */override fun `noteNonce`(`url`: kotlin.String, `nonce`: kotlin.String)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_note_nonce(
        it,

        FfiConverterString.lower(`url`),
        FfiConverterString.lower(`nonce`),_status)
}
    }




    /**
     * The oldest event that was not polled yet; of the kind `Nothing` when there is none.
     */override fun `pollEvent`(): SessionEvent {
            return FfiConverterTypeSessionEvent.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_poll_event(
        it,
        _status)
}
    }
    )
    }



    /**
     * What the client's key has to sign before the token may go to this address with this method (RFC 9449 §7.1).
     *
     * # Errors
     * `destination_refused` when the address may not see the token.
     */
    @Throws(AuthException::class)override fun `prove`(`nowMs`: kotlin.Double, `token`: Token, `method`: kotlin.String, `url`: kotlin.String): Proof {
            return FfiConverterTypeProof.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_prove(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterTypeToken.lower(`token`),
        FfiConverterString.lower(`method`),
        FfiConverterString.lower(`url`),_status)
}
    }
    )
    }



    /**
     * An API refused the token of this generation. `www_authenticate` are the values of that field, `body_start` is as
     * much of the body as the driver has at hand. Nothing is started here: the next acquire renews.
     */override fun `refused`(`nowMs`: kotlin.Double, `generation`: kotlin.Double, `status`: kotlin.UInt, `wwwAuthenticate`: List<kotlin.String>, `bodyStart`: kotlin.ByteArray): Refusal {
            return FfiConverterTypeRefusal.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_refused(
        it,

        FfiConverterDouble.lower(`nowMs`),
        FfiConverterDouble.lower(`generation`),
        FfiConverterUInt.lower(`status`),
        FfiConverterSequenceString.lower(`wwwAuthenticate`),
        FfiConverterByteArray.lower(`bodyStart`),_status)
}
    }
    )
    }



    /**
     * Forgets the tokens and ends every flight; a late answer is dropped.
     */override fun `signOut`(`nowMs`: kotlin.Double)
        =
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_sign_out(
        it,

        FfiConverterDouble.lower(`nowMs`),_status)
}
    }




    /**
     * The tokens and the back-off as text that is all secret, for a store, another process or another tab.
     */override fun `snapshot`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_snapshot(
        it,
        _status)
}
    }
    )
    }



    /**
     * How the session stands.
     */override fun `state`(`nowMs`: kotlin.Double): SessionState {
            return FfiConverterTypeSessionState.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_state(
        it,

        FfiConverterDouble.lower(`nowMs`),_status)
}
    }
    )
    }



    /**
     * What the server said to that flight, once; for one whose `Done` came without an error.
     *
     * # Errors
     * `absent` otherwise.
     */
    @Throws(AuthException::class)override fun `takeIntrospection`(`flight`: kotlin.UInt): Introspection {
            return FfiConverterTypeIntrospection.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_take_introspection(
        it,

        FfiConverterUInt.lower(`flight`),_status)
}
    }
    )
    }



    /**
     * The same without asking for it: whoever only looks keeps no background renewal alive.
     */override fun `usable`(`nowMs`: kotlin.Double): Acquired {
            return FfiConverterTypeAcquired.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_usable(
        it,

        FfiConverterDouble.lower(`nowMs`),_status)
}
    }
    )
    }



    /**
     * The background's turn, at `Session::next_wakeup_ms` or earlier: `Lead`, `Follow` or `Nothing`. It does not count
     * as asking, and after one lifetime in which nobody asked it stops.
     */override fun `wake`(`nowMs`: kotlin.Double): Acquired {
            return FfiConverterTypeAcquired.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_session_wake(
        it,

        FfiConverterDouble.lower(`nowMs`),_status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeSession: FfiConverter<Session, Long> {
    override fun lower(value: Session): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Session {
        return Session(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Session {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Session) = 8UL

    override fun write(value: Session, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * One thing that happened, for logs, metrics and pages. It carries no secret.
 */
internal interface SessionEventInterface {

    /**
     * When.
     */
    fun `atMs`(): kotlin.Double?

    /**
     * Why.
     *
     * # Errors
     * `absent` where `SessionEvent::has_error` says so.
     */
    fun `error`(): ErrorDetails

    /**
     * The generation of the token that it is about; 0 when there is none.
     */
    fun `generation`(): kotlin.Double

    /**
     * Whether it says why.
     */
    fun `hasError`(): kotlin.Boolean

    /**
     * What happened.
     */
    fun `kind`(): SessionEventKind

    /**
     * When what it is about ends; absent when that is unknown or never.
     */
    fun `untilMs`(): kotlin.Double?

    companion object
}

/**
 * One thing that happened, for logs, metrics and pages. It carries no secret.
 */
internal open class SessionEvent: Disposable, AutoCloseable, SessionEventInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_sessionevent(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_sessionevent(handle, status)
        }
    }


    /**
     * When.
     */override fun `atMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_sessionevent_at_ms(
        it,
        _status)
}
    }
    )
    }



    /**
     * Why.
     *
     * # Errors
     * `absent` where `SessionEvent::has_error` says so.
     */
    @Throws(AuthException::class)override fun `error`(): ErrorDetails {
            return FfiConverterTypeErrorDetails.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_sessionevent_error(
        it,
        _status)
}
    }
    )
    }



    /**
     * The generation of the token that it is about; 0 when there is none.
     */override fun `generation`(): kotlin.Double {
            return FfiConverterDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_sessionevent_generation(
        it,
        _status)
}
    }
    )
    }



    /**
     * Whether it says why.
     */override fun `hasError`(): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_sessionevent_has_error(
        it,
        _status)
}
    }
    )
    }



    /**
     * What happened.
     */override fun `kind`(): SessionEventKind {
            return FfiConverterTypeSessionEventKind.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_sessionevent_kind(
        it,
        _status)
}
    }
    )
    }



    /**
     * When what it is about ends; absent when that is unknown or never.
     */override fun `untilMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_sessionevent_until_ms(
        it,
        _status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeSessionEvent: FfiConverter<SessionEvent, Long> {
    override fun lower(value: SessionEvent): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): SessionEvent {
        return SessionEvent(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): SessionEvent {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: SessionEvent) = 8UL

    override fun write(value: SessionEvent, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * What a flight's leader does next, and with what.
 */
internal interface StepInterface {

    /**
     * How the key signs: `ES256` (64 bytes, `r` and `s`; RFC 7518 §3.4), `RS256`, `PS256` or `EdDSA`; for `Sign`.
     */
    fun `algorithm`(): kotlin.String?

    /**
     * Where the person signs in; for `Authorize`.
     */
    fun `authorizationUrl`(): kotlin.String?

    /**
     * Why it brought nothing; for `Done`, where `Step::has_error` says so.
     *
     * # Errors
     * `absent` otherwise.
     */
    fun `error`(): ErrorDetails

    /**
     * Whether the flight is over and brought nothing.
     */
    fun `hasError`(): kotlin.Boolean

    /**
     * What the leader does.
     */
    fun `kind`(): StepKind

    /**
     * What to send; for `Send`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    fun `request`(): TokenRequest

    /**
     * Which secret to read, such as `client_secret`; for `ReadSecret`.
     */
    fun `secretName`(): kotlin.String?

    /**
     * Where to read it; for `Sign`, where the key is: its PEM (PKCS #8), or the function that signs.
     */
    fun `secretSourceKind`(): SecretSourceKind

    /**
     * The source's name, path, command with its arguments, entry, or function.
     */
    fun `secretSourceValues`(): List<kotlin.String>

    /**
     * What to keep until the browser is back, and to give to `Session::lead_code` then: text that is all secret; for
     * `Authorize`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    fun `signIn`(): kotlin.String

    /**
     * What to sign; for `Sign`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    fun `signingInput`(): kotlin.ByteArray

    /**
     * What to save: text that is all secret; for `Save`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    fun `snapshot`(): kotlin.String

    /**
     * Until when the code of `Prompt` works, and until when `Pause` does nothing.
     */
    fun `untilMs`(): kotlin.Double?

    /**
     * What the person enters on another device; for `Prompt`.
     */
    fun `userCode`(): kotlin.String?

    /**
     * Where the person enters it; for `Prompt`.
     */
    fun `verificationUri`(): kotlin.String?

    /**
     * The same with the code in it, for a QR code; for `Prompt`, where the server has it.
     */
    fun `verificationUriComplete`(): kotlin.String?

    companion object
}

/**
 * What a flight's leader does next, and with what.
 */
internal open class Step: Disposable, AutoCloseable, StepInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_step(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_step(handle, status)
        }
    }


    /**
     * How the key signs: `ES256` (64 bytes, `r` and `s`; RFC 7518 §3.4), `RS256`, `PS256` or `EdDSA`; for `Sign`.
     */override fun `algorithm`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_algorithm(
        it,
        _status)
}
    }
    )
    }



    /**
     * Where the person signs in; for `Authorize`.
     */override fun `authorizationUrl`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_authorization_url(
        it,
        _status)
}
    }
    )
    }



    /**
     * Why it brought nothing; for `Done`, where `Step::has_error` says so.
     *
     * # Errors
     * `absent` otherwise.
     */
    @Throws(AuthException::class)override fun `error`(): ErrorDetails {
            return FfiConverterTypeErrorDetails.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_error(
        it,
        _status)
}
    }
    )
    }



    /**
     * Whether the flight is over and brought nothing.
     */override fun `hasError`(): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_has_error(
        it,
        _status)
}
    }
    )
    }



    /**
     * What the leader does.
     */override fun `kind`(): StepKind {
            return FfiConverterTypeStepKind.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_kind(
        it,
        _status)
}
    }
    )
    }



    /**
     * What to send; for `Send`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    @Throws(AuthException::class)override fun `request`(): TokenRequest {
            return FfiConverterTypeTokenRequest.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_request(
        it,
        _status)
}
    }
    )
    }



    /**
     * Which secret to read, such as `client_secret`; for `ReadSecret`.
     */override fun `secretName`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_secret_name(
        it,
        _status)
}
    }
    )
    }



    /**
     * Where to read it; for `Sign`, where the key is: its PEM (PKCS #8), or the function that signs.
     */override fun `secretSourceKind`(): SecretSourceKind {
            return FfiConverterTypeSecretSourceKind.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_secret_source_kind(
        it,
        _status)
}
    }
    )
    }



    /**
     * The source's name, path, command with its arguments, entry, or function.
     */override fun `secretSourceValues`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_secret_source_values(
        it,
        _status)
}
    }
    )
    }



    /**
     * What to keep until the browser is back, and to give to `Session::lead_code` then: text that is all secret; for
     * `Authorize`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    @Throws(AuthException::class)override fun `signIn`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_sign_in(
        it,
        _status)
}
    }
    )
    }



    /**
     * What to sign; for `Sign`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    @Throws(AuthException::class)override fun `signingInput`(): kotlin.ByteArray {
            return FfiConverterByteArray.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_signing_input(
        it,
        _status)
}
    }
    )
    }



    /**
     * What to save: text that is all secret; for `Save`.
     *
     * # Errors
     * `absent` for the other kinds.
     */
    @Throws(AuthException::class)override fun `snapshot`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_snapshot(
        it,
        _status)
}
    }
    )
    }



    /**
     * Until when the code of `Prompt` works, and until when `Pause` does nothing.
     */override fun `untilMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_until_ms(
        it,
        _status)
}
    }
    )
    }



    /**
     * What the person enters on another device; for `Prompt`.
     */override fun `userCode`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_user_code(
        it,
        _status)
}
    }
    )
    }



    /**
     * Where the person enters it; for `Prompt`.
     */override fun `verificationUri`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_verification_uri(
        it,
        _status)
}
    }
    )
    }



    /**
     * The same with the code in it, for a QR code; for `Prompt`, where the server has it.
     */override fun `verificationUriComplete`(): kotlin.String? {
            return FfiConverterOptionalString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_step_verification_uri_complete(
        it,
        _status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeStep: FfiConverter<Step, Long> {
    override fun lower(value: Step): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Step {
        return Step(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Step {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Step) = 8UL

    override fun write(value: Step, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * An access token with what a request needs to carry it. It prints nothing secret.
 */
internal interface TokenInterface {

    /**
     * The names of the other fields that every API request carries, in lower case.
     */
    fun `apiHeaderNames`(): List<kotlin.String>

    /**
     * Their values, in the same order. None of them is secret.
     */
    fun `apiHeaderValues`(): List<kotlin.String>

    /**
     * When the server ends it; absent when that is unknown.
     */
    fun `expiresAtMs`(): kotlin.Double?

    /**
     * Until when it can be used without asking the session: from then on a renewal is due.
     */
    fun `freshUntilMs`(): kotlin.Double?

    /**
     * Which token of its session it is, for `Session::refused`. Later ones have higher numbers.
     */
    fun `generation`(): kotlin.Double

    /**
     * The name of the header field that carries it, in lower case.
     */
    fun `headerName`(): kotlin.String

    /**
     * That field's value, such as `Bearer …`: a secret.
     */
    fun `headerValue`(): kotlin.String

    /**
     * Whether it is bound to the client's key: each request needs a proof beside it, see `Session::prove`.
     */
    fun `isBound`(): kotlin.Boolean

    /**
     * What was granted; absent when neither the answer nor the connection names any scope (RFC 6749 §3.3).
     */
    fun `scopes`(): List<kotlin.String>?

    /**
     * Until when a session hands it out: a little before its end.
     */
    fun `usableUntilMs`(): kotlin.Double?

    /**
     * The token's text: a secret.
     */
    fun `value`(): kotlin.String

    companion object
}

/**
 * An access token with what a request needs to carry it. It prints nothing secret.
 */
internal open class Token: Disposable, AutoCloseable, TokenInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_token(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_token(handle, status)
        }
    }


    /**
     * The names of the other fields that every API request carries, in lower case.
     */override fun `apiHeaderNames`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_api_header_names(
        it,
        _status)
}
    }
    )
    }



    /**
     * Their values, in the same order. None of them is secret.
     */override fun `apiHeaderValues`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_api_header_values(
        it,
        _status)
}
    }
    )
    }



    /**
     * When the server ends it; absent when that is unknown.
     */override fun `expiresAtMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_expires_at_ms(
        it,
        _status)
}
    }
    )
    }



    /**
     * Until when it can be used without asking the session: from then on a renewal is due.
     */override fun `freshUntilMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_fresh_until_ms(
        it,
        _status)
}
    }
    )
    }



    /**
     * Which token of its session it is, for `Session::refused`. Later ones have higher numbers.
     */override fun `generation`(): kotlin.Double {
            return FfiConverterDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_generation(
        it,
        _status)
}
    }
    )
    }



    /**
     * The name of the header field that carries it, in lower case.
     */override fun `headerName`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_header_name(
        it,
        _status)
}
    }
    )
    }



    /**
     * That field's value, such as `Bearer …`: a secret.
     */override fun `headerValue`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_header_value(
        it,
        _status)
}
    }
    )
    }



    /**
     * Whether it is bound to the client's key: each request needs a proof beside it, see `Session::prove`.
     */override fun `isBound`(): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_is_bound(
        it,
        _status)
}
    }
    )
    }



    /**
     * What was granted; absent when neither the answer nor the connection names any scope (RFC 6749 §3.3).
     */override fun `scopes`(): List<kotlin.String>? {
            return FfiConverterOptionalSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_scopes(
        it,
        _status)
}
    }
    )
    }



    /**
     * Until when a session hands it out: a little before its end.
     */override fun `usableUntilMs`(): kotlin.Double? {
            return FfiConverterOptionalDouble.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_usable_until_ms(
        it,
        _status)
}
    }
    )
    }



    /**
     * The token's text: a secret.
     */override fun `value`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_token_value(
        it,
        _status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeToken: FfiConverter<Token, Long> {
    override fun lower(value: Token): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): Token {
        return Token(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): Token {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: Token) = 8UL

    override fun write(value: Token, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}


// This template implements a class for working with a Rust struct via a handle
// to the live Rust struct on the other side of the FFI.
//
// There's some subtlety here, because we have to be careful not to operate on a Rust
// struct after it has been dropped, and because we must expose a public API for freeing
// theq Kotlin wrapper object in lieu of reliable finalizers. The core requirements are:
//
//   * Each instance holds an opaque handle to the underlying Rust struct.
//     Method calls need to read this handle from the object's state and pass it in to
//     the Rust FFI.
//
//   * When an instance is no longer needed, its handle should be passed to a
//     special destructor function provided by the Rust FFI, which will drop the
//     underlying Rust struct.
//
//   * Given an instance, calling code is expected to call the special
//     `destroy` method in order to free it after use, either by calling it explicitly
//     or by using a higher-level helper like the `use` method. Failing to do so risks
//     leaking the underlying Rust struct.
//
//   * We can't assume that calling code will do the right thing, and must be prepared
//     to handle Kotlin method calls executing concurrently with or even after a call to
//     `destroy`, and to handle multiple (possibly concurrent!) calls to `destroy`.
//
//   * We must never allow Rust code to operate on the underlying Rust struct after
//     the destructor has been called, and must never call the destructor more than once.
//     Doing so may trigger memory unsafety.
//
//   * To mitigate many of the risks of leaking memory and use-after-free unsafety, a `Cleaner`
//     is implemented to call the destructor when the Kotlin object becomes unreachable.
//     This is done in a background thread. This is not a panacea, and client code should be aware that
//      1. the thread may starve if some there are objects that have poorly performing
//     `drop` methods or do significant work in their `drop` methods.
//      2. the thread is shared across the whole library. This can be tuned by using `android_cleaner = true`,
//         or `android = true` in the [`kotlin` section of the `uniffi.toml` file](https://mozilla.github.io/uniffi-rs/kotlin/configuration.html).
//
// If we try to implement this with mutual exclusion on access to the handle, there is the
// possibility of a race between a method call and a concurrent call to `destroy`:
//
//    * Thread A starts a method call, reads the value of the handle, but is interrupted
//      before it can pass the handle over the FFI to Rust.
//    * Thread B calls `destroy` and frees the underlying Rust struct.
//    * Thread A resumes, passing the already-read handle value to Rust and triggering
//      a use-after-free.
//
// One possible solution would be to use a `ReadWriteLock`, with each method call taking
// a read lock (and thus allowed to run concurrently) and the special `destroy` method
// taking a write lock (and thus blocking on live method calls). However, we aim not to
// generate methods with any hidden blocking semantics, and a `destroy` method that might
// block if called incorrectly seems to meet that bar.
//
// So, we achieve our goals by giving each instance an associated `AtomicLong` counter to track
// the number of in-flight method calls, and an `AtomicBoolean` flag to indicate whether `destroy`
// has been called. These are updated according to the following rules:
//
//    * The initial value of the counter is 1, indicating a live object with no in-flight calls.
//      The initial value for the flag is false.
//
//    * At the start of each method call, we atomically check the counter.
//      If it is 0 then the underlying Rust struct has already been destroyed and the call is aborted.
//      If it is nonzero them we atomically increment it by 1 and proceed with the method call.
//
//    * At the end of each method call, we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
//    * When `destroy` is called, we atomically flip the flag from false to true.
//      If the flag was already true we silently fail.
//      Otherwise we atomically decrement and check the counter.
//      If it has reached zero then we destroy the underlying Rust struct.
//
// Astute readers may observe that this all sounds very similar to the way that Rust's `Arc<T>` works,
// and indeed it is, with the addition of a flag to guard against multiple calls to `destroy`.
//
// The overall effect is that the underlying Rust struct is destroyed only when `destroy` has been
// called *and* all in-flight method calls have completed, avoiding violating any of the expectations
// of the underlying Rust code.
//
// This makes a cleaner a better alternative to _not_ calling `destroy()` as
// and when the object is finished with, but the abstraction is not perfect: if the Rust object's `drop`
// method is slow, and/or there are many objects to cleanup, and it's on a low end Android device, then the cleaner
// thread may be starved, and the app will leak memory.
//
// In this case, `destroy`ing manually may be a better solution.
//
// The cleaner can live side by side with the manual calling of `destroy`. In the order of responsiveness, uniffi objects
// with Rust peers are reclaimed:
//
// 1. By calling the `destroy` method of the object, which calls `rustObject.free()`. If that doesn't happen:
// 2. When the object becomes unreachable, AND the Cleaner thread gets to call `rustObject.free()`. If the thread is starved then:
// 3. The memory is reclaimed when the process terminates.
//
// [1] https://stackoverflow.com/questions/24376768/can-java-finalize-an-object-when-it-is-still-in-scope/24380219
//


/**
 * A request to a token endpoint. It carries secrets and prints none.
 */
internal interface TokenRequestInterface {

    /**
     * The body: a secret.
     */
    fun `body`(): kotlin.ByteArray

    /**
     * The names of the header fields, in lower case.
     */
    fun `headerNames`(): List<kotlin.String>

    /**
     * Their values, in the same order. That of `authorization` is a secret.
     */
    fun `headerValues`(): List<kotlin.String>

    /**
     * `POST`, always (RFC 6749 §3.2).
     */
    fun `method`(): kotlin.String

    /**
     * The token endpoint. No secret is in it (RFC 6749 §2.3.1).
     */
    fun `url`(): kotlin.String

    companion object
}

/**
 * A request to a token endpoint. It carries secrets and prints none.
 */
internal open class TokenRequest: Disposable, AutoCloseable, TokenRequestInterface
{

    @Suppress("UNUSED_PARAMETER")
    /**
     * @suppress
     */
    constructor(withHandle: UniffiWithHandle, handle: Long) {
        this.handle = handle
        this.cleanable = UniffiLib.CLEANER.register(this, UniffiCleanAction(handle))
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests. Any
     * attempt to actually use an object constructed this way will fail as there is no
     * connected Rust object.
     */
    @Suppress("UNUSED_PARAMETER")
    constructor(noHandle: NoHandle) {
        this.handle = 0
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed and its reference is gone in the Rust side.
     */
    val uniffiIsDestroyed: Boolean get() = wasDestroyed.get()

    override fun destroy() {
        // Only allow a single call to this method.
        // TODO: maybe we should log a warning if called more than once?
        if (this.wasDestroyed.compareAndSet(false, true)) {
            // This decrement always matches the initial count of 1 given at creation time.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        // Check and increment the call counter, to keep the object alive.
        // This needs a compare-and-set retry loop in case of concurrent updates.
        do {
            val c = this.callCounter.get()
            if (c == 0L) {
                throw IllegalStateException("${this.javaClass.simpleName} object has already been destroyed")
            }
            if (c == Long.MAX_VALUE) {
                throw IllegalStateException("${this.javaClass.simpleName} call counter would overflow")
            }
        } while (! this.callCounter.compareAndSet(c, c + 1L))
        // Now we can safely do the method call without the handle being freed concurrently.
        try {
            return block(this.uniffiCloneHandle())
        } finally {
            // This decrement always matches the increment we performed above.
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    // Use a static inner class instead of a closure so as not to accidentally
    // capture `this` as part of the cleanable's action.
    private class UniffiCleanAction(private val handle: Long) : Runnable {
        override fun run() {
            if (handle == 0.toLong()) {
                // Fake object created with `NoHandle`, don't try to free.
                return;
            }
            uniffiRustCall { status ->
                UniffiLib.uniffi_cxauth_bridge_fn_free_tokenrequest(handle, status)
            }
        }
    }

    /**
     * @suppress
     */
    fun uniffiCloneHandle(): Long {
        if (handle == 0.toLong()) {
            throw InternalException("uniffiCloneHandle() called on NoHandle object");
        }
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_cxauth_bridge_fn_clone_tokenrequest(handle, status)
        }
    }


    /**
     * The body: a secret.
     */override fun `body`(): kotlin.ByteArray {
            return FfiConverterByteArray.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_tokenrequest_body(
        it,
        _status)
}
    }
    )
    }



    /**
     * The names of the header fields, in lower case.
     */override fun `headerNames`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_tokenrequest_header_names(
        it,
        _status)
}
    }
    )
    }



    /**
     * Their values, in the same order. That of `authorization` is a secret.
     */override fun `headerValues`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_tokenrequest_header_values(
        it,
        _status)
}
    }
    )
    }



    /**
     * `POST`, always (RFC 6749 §3.2).
     */override fun `method`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_tokenrequest_method(
        it,
        _status)
}
    }
    )
    }



    /**
     * The token endpoint. No secret is in it (RFC 6749 §2.3.1).
     */override fun `url`(): kotlin.String {
            return FfiConverterString.lift(
    callWithHandle {
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_method_tokenrequest_url(
        it,
        _status)
}
    }
    )
    }









    /**
     * @suppress
     */
    companion object

}


/**
 * @suppress
 */
internal object FfiConverterTypeTokenRequest: FfiConverter<TokenRequest, Long> {
    override fun lower(value: TokenRequest): Long {
        return value.uniffiCloneHandle()
    }

    override fun lift(value: Long): TokenRequest {
        return TokenRequest(UniffiWithHandle, value)
    }

    override fun read(buf: ByteBuffer): TokenRequest {
        return lift(buf.getLong())
    }

    override fun allocationSize(value: TokenRequest) = 8UL

    override fun write(value: TokenRequest, buf: ByteBuffer) {
        buf.putLong(lower(value))
    }
}



/**
 * What a caller does.
 */

internal enum class AcquiredKind {

    /**
     * Use the token.
     */
    READY,
    /**
     * Lead the flight: perform its steps. With a token the caller itself can go on meanwhile.
     */
    LEAD,
    /**
     * Somebody else is on it: go on with the token, or wait for the flight's end (at most until its deadline) and
     * acquire again.
     */
    FOLLOW,
    /**
     * Nothing is sent before `until_ms`.
     */
    WAIT,
    /**
     * Nothing will come before something is changed.
     */
    DENIED,
    /**
     * Nothing is to be done; only where nobody asked to do something.
     */
    NOTHING;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeAcquiredKind: FfiConverterRustBuffer<AcquiredKind> {
    override fun read(buf: ByteBuffer) = try {

        AcquiredKind.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: AcquiredKind) = 4UL

    override fun write(value: AcquiredKind, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}







/**
 * What a call fails with.
 */
internal sealed class AuthException: kotlin.Exception() {

    /**
     * It failed.
     */
    class Failed(

        /**
         * The stable code, such as `invalid_setting`; see `error_codes`.
         */
        val `code`: kotlin.String,

        /**
         * What to do next: `retry`, `sign_in`, `fix_configuration` or `report`.
         */
        val `action`: kotlin.String,

        /**
         * What happened and what to do about it, in sentences.
         */
        val `explanation`: kotlin.String,

        /**
         * When the session asks the server again, if it does so by itself.
         */
        val `retryAtMs`: kotlin.Double?,

        /**
         * The status of the answer that brought the error.
         */
        val `status`: kotlin.UInt?,

        /**
         * The server's `error` (RFC 6749 §5.2), escaped and cut.
         */
        val `serverError`: kotlin.String?,

        /**
         * The server's `error_description`, escaped and cut.
         */
        val `serverDescription`: kotlin.String?
        ) : AuthException() {
        override val message
            get() = "code=${ `code` }, action=${ `action` }, explanation=${ `explanation` }, retryAtMs=${ `retryAtMs` }, status=${ `status` }, serverError=${ `serverError` }, serverDescription=${ `serverDescription` }"
    }





    companion object ErrorHandler : UniffiRustCallStatusErrorHandler<AuthException> {
        override fun lift(error_buf: RustBuffer.ByValue): AuthException = FfiConverterTypeAuthError.lift(error_buf)
    }


}

/**
 * @suppress
 */
internal object FfiConverterTypeAuthError : FfiConverterRustBuffer<AuthException> {
    override fun read(buf: ByteBuffer): AuthException {


        return when(buf.getInt()) {
            1 -> AuthException.Failed(
                FfiConverterString.read(buf),
                FfiConverterString.read(buf),
                FfiConverterString.read(buf),
                FfiConverterOptionalDouble.read(buf),
                FfiConverterOptionalUInt.read(buf),
                FfiConverterOptionalString.read(buf),
                FfiConverterOptionalString.read(buf),
                )
            else -> throw RuntimeException("invalid error enum value, something is very wrong!!")
        }
    }

    override fun allocationSize(value: AuthException): ULong {
        return when(value) {
            is AuthException.Failed -> (
                // Add the size for the Int that specifies the variant plus the size needed for all fields
                4UL
                + FfiConverterString.allocationSize(value.`code`)
                + FfiConverterString.allocationSize(value.`action`)
                + FfiConverterString.allocationSize(value.`explanation`)
                + FfiConverterOptionalDouble.allocationSize(value.`retryAtMs`)
                + FfiConverterOptionalUInt.allocationSize(value.`status`)
                + FfiConverterOptionalString.allocationSize(value.`serverError`)
                + FfiConverterOptionalString.allocationSize(value.`serverDescription`)
            )
        }
    }

    override fun write(value: AuthException, buf: ByteBuffer) {
        when(value) {
            is AuthException.Failed -> {
                buf.putInt(1)
                FfiConverterString.write(value.`code`, buf)
                FfiConverterString.write(value.`action`, buf)
                FfiConverterString.write(value.`explanation`, buf)
                FfiConverterOptionalDouble.write(value.`retryAtMs`, buf)
                FfiConverterOptionalUInt.write(value.`status`, buf)
                FfiConverterOptionalString.write(value.`serverError`, buf)
                FfiConverterOptionalString.write(value.`serverDescription`, buf)
                Unit
            }
        }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }
    }

}



/**
 * How a step failed. For a request the difference matters: what may have been processed may have spent a refresh token.
 */

internal enum class FailureKind {

    /**
     * Nothing was sent; also for every step that is not a request.
     */
    CONNECT,
    /**
     * No answer in time.
     */
    TIMEOUT,
    /**
     * Broken off.
     */
    INTERRUPTED;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeFailureKind: FfiConverterRustBuffer<FailureKind> {
    override fun read(buf: ByteBuffer) = try {

        FailureKind.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: FailureKind) = 4UL

    override fun write(value: FailureKind, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * What to do with an API's answer.
 */

internal enum class Refusal {

    /**
     * Acquire a token again and send the request once more, once.
     */
    RETRY,
    /**
     * The answer is the caller's: another token would not change it.
     */
    LEAVE;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeRefusal: FfiConverterRustBuffer<Refusal> {
    override fun read(buf: ByteBuffer) = try {

        Refusal.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: Refusal) = 4UL

    override fun write(value: Refusal, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * Where a secret is read.
 */

internal enum class SecretSourceKind {

    /**
     * An environment variable: its name.
     */
    ENVIRONMENT,
    /**
     * A file: its path. One trailing line break is not part of the secret.
     */
    FILE,
    /**
     * A program and its arguments. Its standard output, less one trailing line break, is the secret.
     */
    COMMAND,
    /**
     * An entry of the system's keychain, `service/account`.
     */
    KEYCHAIN,
    /**
     * A function of the program's own: the name under which the driver knows it.
     */
    FUNCTION,
    /**
     * Nowhere: the step is not `ReadSecret`.
     */
    NOTHING;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeSecretSourceKind: FfiConverterRustBuffer<SecretSourceKind> {
    override fun read(buf: ByteBuffer) = try {

        SecretSourceKind.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: SecretSourceKind) = 4UL

    override fun write(value: SecretSourceKind, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * What happened.
 */

internal enum class SessionEventKind {

    /**
     * A new set of tokens is in service.
     */
    RENEWED,
    /**
     * A renewal failed, and there is nothing usable.
     */
    WAITING,
    /**
     * A renewal or a save failed, and a token still serves.
     */
    DEGRADED,
    /**
     * An API refused the token.
     */
    REFUSED,
    /**
     * There is no way to a token any more before somebody signs in.
     */
    SIGNED_OUT,
    /**
     * What cannot be renewed before it ends will end in 30, 14, 7 or 1 days.
     */
    EXPIRING,
    /**
     * Something that this version of the interface has no word for.
     */
    OTHER,
    /**
     * Nothing more happened.
     */
    NOTHING;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeSessionEventKind: FfiConverterRustBuffer<SessionEventKind> {
    override fun read(buf: ByteBuffer) = try {

        SessionEventKind.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: SessionEventKind) = 4UL

    override fun write(value: SessionEventKind, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * How a session stands.
 */

internal enum class SessionState {

    /**
     * No usable token; the next caller leads a flight.
     */
    EMPTY,
    /**
     * No usable token; a flight is under way.
     */
    RENEWING,
    /**
     * A token serves, and nothing is due.
     */
    FRESH,
    /**
     * A token serves; the next caller leads a flight.
     */
    DUE,
    /**
     * A token serves; a flight is under way.
     */
    RENEWING_EARLY,
    /**
     * A token serves; its renewal failed and is held back.
     */
    DEGRADED,
    /**
     * No usable token; the renewal is held back.
     */
    WAITING,
    /**
     * No usable token; nothing will come before something is changed.
     */
    DENIED;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeSessionState: FfiConverterRustBuffer<SessionState> {
    override fun read(buf: ByteBuffer) = try {

        SessionState.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: SessionState) = 4UL

    override fun write(value: SessionState, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}





/**
 * What a flight's leader does next.
 */

internal enum class StepKind {

    /**
     * Lock the store, then `done`.
     */
    LOCK,
    /**
     * Read the store under the lock, then `done_loaded`.
     */
    LOAD,
    /**
     * Read a secret from its source, then `done_secret`.
     */
    READ_SECRET,
    /**
     * Ask the user's own function for a token, then `done_answer` with a body as of a token endpoint.
     */
    PROVIDE,
    /**
     * Sign the `signing_input` with the key that the secret's source names, by the `algorithm`, then `done_signature`.
     */
    SIGN,
    /**
     * Send the request as it is and follow no redirect, then `done_answer`.
     */
    SEND,
    /**
     * Send the person to `authorization_url` in the system's browser, keep `sign_in` until the browser is back, then `done`.
     */
    AUTHORIZE,
    /**
     * Show the person `user_code` and where to enter it, then `done` at once.
     */
    PROMPT,
    /**
     * Do nothing until `until_ms`, then `done`.
     */
    PAUSE,
    /**
     * Make the snapshot durable, then `done`.
     */
    SAVE,
    /**
     * Unlock the store, then `done`.
     */
    UNLOCK,
    /**
     * The flight is over: every caller that waited for it acquires again.
     */
    DONE;




    companion object
}


/**
 * @suppress
 */
internal object FfiConverterTypeStepKind: FfiConverterRustBuffer<StepKind> {
    override fun read(buf: ByteBuffer) = try {

        StepKind.entries[buf.getInt() - 1]

    } catch (e: IndexOutOfBoundsException) {
        throw RuntimeException("invalid enum value, something is very wrong!!", e)
    }

    override fun allocationSize(value: StepKind) = 4UL

    override fun write(value: StepKind, buf: ByteBuffer) {
        buf.putInt(value.ordinal + 1)
    }
}






/**
 * @suppress
 */
internal object FfiConverterOptionalUInt: FfiConverterRustBuffer<kotlin.UInt?> {
    override fun read(buf: ByteBuffer): kotlin.UInt? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterUInt.read(buf)
    }

    override fun allocationSize(value: kotlin.UInt?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterUInt.allocationSize(value)
        }
    }

    override fun write(value: kotlin.UInt?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterUInt.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalDouble: FfiConverterRustBuffer<kotlin.Double?> {
    override fun read(buf: ByteBuffer): kotlin.Double? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterDouble.read(buf)
    }

    override fun allocationSize(value: kotlin.Double?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterDouble.allocationSize(value)
        }
    }

    override fun write(value: kotlin.Double?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterDouble.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalString: FfiConverterRustBuffer<kotlin.String?> {
    override fun read(buf: ByteBuffer): kotlin.String? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterString.read(buf)
    }

    override fun allocationSize(value: kotlin.String?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterString.allocationSize(value)
        }
    }

    override fun write(value: kotlin.String?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterString.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterOptionalSequenceString: FfiConverterRustBuffer<List<kotlin.String>?> {
    override fun read(buf: ByteBuffer): List<kotlin.String>? {
        if (buf.get().toInt() == 0) {
            return null
        }
        return FfiConverterSequenceString.read(buf)
    }

    override fun allocationSize(value: List<kotlin.String>?): ULong {
        if (value == null) {
            return 1UL
        } else {
            return 1UL + FfiConverterSequenceString.allocationSize(value)
        }
    }

    override fun write(value: List<kotlin.String>?, buf: ByteBuffer) {
        if (value == null) {
            buf.put(0)
        } else {
            buf.put(1)
            FfiConverterSequenceString.write(value, buf)
        }
    }
}




/**
 * @suppress
 */
internal object FfiConverterSequenceString: FfiConverterRustBuffer<List<kotlin.String>> {
    override fun read(buf: ByteBuffer): List<kotlin.String> {
        val len = buf.getInt()
        return List<kotlin.String>(len) {
            FfiConverterString.read(buf)
        }
    }

    override fun allocationSize(value: List<kotlin.String>): ULong {
        val sizeForLength = 4UL
        val sizeForItems = value.map { FfiConverterString.allocationSize(it) }.sum()
        return sizeForLength + sizeForItems
    }

    override fun write(value: List<kotlin.String>, buf: ByteBuffer) {
        buf.putInt(value.size)
        value.iterator().forEach {
            FfiConverterString.write(it, buf)
        }
    }
}
        /**
         * Reads one value of the field, strictly: what is malformed holds no challenge.
         */ internal fun `parseChallenges`(`field`: kotlin.String): Challenges {
            return FfiConverterTypeChallenges.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_parse_challenges(


        FfiConverterString.lower(`field`),_status)
}
    )
    }


        /**
         * The longest body of a token endpoint's answer that is read. A driver stops reading after one byte more and hands over
         * what it has.
         */ internal fun `maxAnswerBytes`(): kotlin.UInt {
            return FfiConverterUInt.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_max_answer_bytes(

        _status)
}
    )
    }


        /**
         * The longest metadata document that is read. A driver stops reading after one byte more and hands over what it has.
         */ internal fun `maxMetadataBytes`(): kotlin.UInt {
            return FfiConverterUInt.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_max_metadata_bytes(

        _status)
}
    )
    }


        /**
         * Where an issuer keeps its metadata (RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4). Try one after the other with `GET` and
         * `accept: application/json`, follow no redirect, and take the first answer that `read_metadata` takes.
         *
         * # Errors
         * `invalid_setting` and `insecure_url`.
         */
    @Throws(AuthException::class) internal fun `metadataAddresses`(`issuer`: kotlin.String): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_metadata_addresses(


        FfiConverterString.lower(`issuer`),_status)
}
    )
    }


        /**
         * Reads a connection from a JSON object: a platform (or `generic`), the credentials, and any setting of the platform's
         * profile.
         *
         * # Errors
         * Codes with the action `fix_configuration`; the explanation names the setting.
         */
    @Throws(AuthException::class) internal fun `openConnection`(`json`: kotlin.String): Connection {
            return FfiConverterTypeConnection.lift(
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_open_connection(


        FfiConverterString.lower(`json`),_status)
}
    )
    }


        /**
         * The platforms that cxauth knows.
         */ internal fun `platforms`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_platforms(

        _status)
}
    )
    }


        /**
         * The settings that a metadata document stands for, as the text of a JSON object.
         *
         * # Errors
         * `metadata_refused`: keep nothing of it then.
         */
    @Throws(AuthException::class) internal fun `readMetadata`(`issuer`: kotlin.String, `status`: kotlin.UInt, `body`: kotlin.ByteArray): kotlin.String {
            return FfiConverterString.lift(
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_read_metadata(


        FfiConverterString.lower(`issuer`),
        FfiConverterUInt.lower(`status`),
        FfiConverterByteArray.lower(`body`),_status)
}
    )
    }


        /**
         * Every code that an error may carry, in the order of the glossary.
         */ internal fun `errorCodes`(): List<kotlin.String> {
            return FfiConverterSequenceString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_error_codes(

        _status)
}
    )
    }


        /**
         * A session without tokens. `entropy` (16 bytes or more of the operating system's) spreads renewals and retries over
         * time. With `store` each flight locks the store, reads it before it sends, and saves what it brought.
         */ internal fun `openSession`(`connection`: Connection, `nowMs`: kotlin.Double, `entropy`: kotlin.ByteArray, `store`: kotlin.Boolean): Session {
            return FfiConverterTypeSession.lift(
    uniffiRustCall() { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_open_session(


        FfiConverterTypeConnection.lower(`connection`),
        FfiConverterDouble.lower(`nowMs`),
        FfiConverterByteArray.lower(`entropy`),
        FfiConverterBoolean.lower(`store`),_status)
}
    )
    }


        /**
         * A session that goes on from a snapshot. A snapshot of another client, user or server gives no tokens.
         *
         * # Errors
         * `snapshot_damaged` and `snapshot_from_newer_version`.
         */
    @Throws(AuthException::class) internal fun `restoreSession`(`connection`: Connection, `nowMs`: kotlin.Double, `entropy`: kotlin.ByteArray, `store`: kotlin.Boolean, `snapshot`: kotlin.String): Session {
            return FfiConverterTypeSession.lift(
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_restore_session(


        FfiConverterTypeConnection.lower(`connection`),
        FfiConverterDouble.lower(`nowMs`),
        FfiConverterByteArray.lower(`entropy`),
        FfiConverterBoolean.lower(`store`),
        FfiConverterString.lower(`snapshot`),_status)
}
    )
    }


        /**
         * Whether the redirect carries the state of this sign-in, so that a program with several under way finds the right one.
         *
         * # Errors
         * `redirect_refused` when what was kept cannot be read.
         */
    @Throws(AuthException::class) internal fun `signInIsAnsweredBy`(`signIn`: kotlin.String, `redirect`: kotlin.String): kotlin.Boolean {
            return FfiConverterBoolean.lift(
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_sign_in_is_answered_by(


        FfiConverterString.lower(`signIn`),
        FfiConverterString.lower(`redirect`),_status)
}
    )
    }


        /**
         * The generation of a snapshot: a store never replaces one by an older one.
         *
         * # Errors
         * `snapshot_damaged` and `snapshot_from_newer_version`.
         */
    @Throws(AuthException::class) internal fun `snapshotGeneration`(`snapshot`: kotlin.String): kotlin.Double {
            return FfiConverterDouble.lift(
    uniffiRustCallWithError(AuthException) { _status ->
    UniffiLib.uniffi_cxauth_bridge_fn_func_snapshot_generation(


        FfiConverterString.lower(`snapshot`),_status)
}
    )
    }
