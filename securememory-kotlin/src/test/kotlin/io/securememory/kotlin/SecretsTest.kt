package io.securememory.kotlin

import firstByte
import io.securememory.HmacSha256
import io.securememory.Secret
import io.securememory.SecretClosedException
import io.securememory.SecureMemory
import io.securememory.testing.ModuleDirectory
import java.io.IOException
import java.nio.file.Files
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatExceptionOfType
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import sign

/** Each extension does what its method does, with the types that Kotlin infers. */
class SecretsTest {
    private val session: SecureMemory = SecureMemory.create()
    private val secret: Secret = session.secrets().create("abc".toByteArray())

    @AfterEach
    fun close() = session.close()

    @Test
    fun aSecretIsReadInEveryWay() {
        val sum: Int = secret.read { view -> view.get(0) + view.get(1) + view.get(2) }
        val nothing: String? = secret.read { null }
        val chars: String = secret.heapChars { String(it) }
        val bytes: Int = secret.heapBytes { it.size }
        val algorithm: String = secret.key("AES") { it.algorithm }

        assertThat(sum).isEqualTo('a'.code + 'b'.code + 'c'.code)
        assertThat(nothing).isNull()
        assertThat(chars).isEqualTo("abc")
        assertThat(bytes).isEqualTo(3)
        assertThat(algorithm).isEqualTo("AES")
    }

    @Test
    fun whatAnActionThrowsComesOutAsItIs() {
        val thrown = IOException("made up")
        assertThatExceptionOfType(IOException::class.java)
            .isThrownBy { secret.read { throw thrown } }
            .isSameAs(thrown)
        secret.close()
        assertThatExceptionOfType(SecretClosedException::class.java).isThrownBy { secret.read { it.get(0) } }
    }

    @Test
    fun buffersAndEnclavesAreFilledAndRead() {
        session.memGuard().buffer(2) { it.put(1, 7) }.use { buffer ->
            assertThat(buffer.read { it.get(1) }).isEqualTo(7)
            buffer.melt()
            buffer.write { it.put(0, 5) }
            assertThat(buffer.read { it.get(0) + it.get(1) }).isEqualTo(12)
        }
        session.memGuard().enclave(1) { it.put(0, 9) }.use { enclave -> assertThat(enclave.read { it.get(0) }).isEqualTo(9) }
    }

    @Test
    fun whatReadmeShowsIsWhatIsCompiledAndWorks() {
        val module = ModuleDirectory.of(SecretsTest::class.java)
        val shown = Files.readString(module.resolve("src/test/kotlin/io/securememory/kotlin/Signing.kt"))

        assertThat(Files.readString(module.resolveSibling("README.md"))).contains("```kotlin\n$shown```")
        assertThat(sign(secret, byteArrayOf(1))).isEqualTo(HmacSha256(secret).sign(byteArrayOf(1)))
        assertThat(firstByte()).isBetween(-128, 127)
    }
}
