package io.securememory.residue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.spring.boot.NamedSecret;
import java.util.HexFormat;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Signs what it gets. */
@RestController
class Signer {

    static final String MESSAGE = "a message that is signed";

    private final HmacSha256 hmac;

    Signer(@NamedSecret("key") Secret key) {
        hmac = new HmacSha256(key);
    }

    @PostMapping("/sign")
    String sign(@RequestBody String message) {
        return HexFormat.of().formatHex(hmac.sign(message.getBytes(UTF_8)));
    }

    /** Fails if an answer is not the right one. */
    void check(String signature) {
        if (!hmac.verify(MESSAGE.getBytes(UTF_8), HexFormat.of().parseHex(signature))) {
            throw new IllegalStateException("the signature is wrong");
        }
    }
}
