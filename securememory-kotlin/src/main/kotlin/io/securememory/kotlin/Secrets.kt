/**
 * Scoped access without type arguments. Kotlin has no checked exceptions, and cannot infer the exception type that the
 * Java methods take as a type argument. An exception that an action throws reaches the caller unchanged. The guarantees
 * and limits are those of the Java method that each function names.
 */
package io.securememory.kotlin

import io.securememory.Secret
import io.securememory.SecretView
import io.securememory.memguard.Enclave
import io.securememory.memguard.LockedBuffer
import io.securememory.memguard.MemGuard
import io.securememory.memguard.MutableView
import javax.crypto.SecretKey

/** Reads the bytes, as [Secret.withBytes] does. The view ends with the action. */
public fun <T> Secret.read(action: (SecretView) -> T): T = withBytes<T, Exception> { view -> action(view) }

/** Uses a copy of the bytes on the heap, wiped after the action, as [Secret.withHeapBytes] does. */
public fun <T> Secret.heapBytes(action: (ByteArray) -> T): T = withHeapBytes<T, Exception> { bytes -> action(bytes) }

/** Uses a copy of the characters on the heap, wiped after the action, as [Secret.withHeapChars] does. */
public fun <T> Secret.heapChars(action: (CharArray) -> T): T = withHeapChars<T, Exception> { chars -> action(chars) }

/** Uses the secret as the key of an [algorithm], as [Secret.withKey] does. The key ends with the action. */
public fun <T> Secret.key(algorithm: String, action: (SecretKey) -> T): T =
    withKey<T, Exception>(algorithm) { key -> action(key) }

/** Reads the bytes, as [LockedBuffer.withBytes] does. The view ends with the action. */
public fun <T> LockedBuffer.read(action: (SecretView) -> T): T = withBytes<T, Exception> { view -> action(view) }

/** Writes to the bytes, as [LockedBuffer.mutate] does. The view ends with the action. */
public fun LockedBuffer.write(action: (MutableView) -> Unit): Unit = mutate<Exception> { view -> action(view) }

/** Reads the plaintext, as [Enclave.withBytes] does. The view ends with the action. */
public fun <T> Enclave.read(action: (SecretView) -> T): T = withBytes<T, Exception> { view -> action(view) }

/** Makes a frozen buffer of what the action writes, as [MemGuard.allocate] does. The caller closes it. */
public fun MemGuard.buffer(size: Int, filler: (MutableView) -> Unit): LockedBuffer =
    allocate<Exception>(size) { view -> filler(view) }

/** Seals what the action writes, as [MemGuard.seal] does. The caller closes the enclave. */
public fun MemGuard.enclave(size: Int, filler: (MutableView) -> Unit): Enclave =
    seal<Exception>(size) { view -> filler(view) }
