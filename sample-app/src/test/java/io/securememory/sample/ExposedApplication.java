package io.securememory.sample;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.SecretFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;

/** The sample with more keys, for {@link ExposureIT}. Not found by the sample's own search for beans. */
final class ExposedApplication {

    private static final Logger LOG = LoggerFactory.getLogger(ExposedApplication.class);

    private ExposedApplication() {}

    public static void main(String[] args) {
        SpringApplication.run(new Class<?>[] {SampleApplication.class, Beans.class}, args);
    }

    /** Beans that make secrets and use them. */
    static class Beans {

        /** A secret whose characters come from the application, as a password of a form does. */
        @Bean
        Secret charactersKey(SecretFactory secrets, @Value("${exposure.characters}") Path file) throws IOException {
            return secrets.create(read(file));
        }

        @Bean
        HmacSha256 charactersSigner(@Qualifier("charactersKey") Secret key) {
            return used(new HmacSha256(key));
        }

        @Bean
        HmacSha256 bytesSigner(@Qualifier("bytes-key") Secret key, @Value("${exposure.control}") String control) {
            LOG.trace("Ordinary property: {}", control);
            return used(new HmacSha256(key));
        }

        @Bean
        HmacSha256 hexSigner(@Qualifier("hex-key") Secret key) {
            return used(new HmacSha256(key));
        }

        @Bean
        HmacSha256 base64Signer(@Qualifier("base64-key") Secret key) {
            return used(new HmacSha256(key));
        }

        private static HmacSha256 used(HmacSha256 signer) {
            signer.sign("payload".getBytes(StandardCharsets.UTF_8));
            return signer;
        }

        private static char[] read(Path file) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            char[] characters = new char[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                characters[i] = (char) bytes[i];
            }
            Arrays.fill(bytes, (byte) 0);
            return characters;
        }
    }
}
