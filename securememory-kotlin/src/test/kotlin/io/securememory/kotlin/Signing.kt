import io.securememory.Secret
import io.securememory.SecureMemory
import io.securememory.kotlin.key
import io.securememory.kotlin.read
import javax.crypto.Mac

fun sign(key: Secret, message: ByteArray): ByteArray =
    key.key("HmacSHA256") { Mac.getInstance("HmacSHA256").apply { init(it) }.doFinal(message) }

fun firstByte(): Int =
    SecureMemory.create().use { session ->
        session.secrets().createRandom(32).use { secret -> secret.read { view -> view.get(0).toInt() } }
    }
