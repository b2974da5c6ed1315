package io.securememory.credentials;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.spring.boot.NamedSecret;
import io.securememory.spring.boot.SecretStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** A web service over TLS whose requests need a signature, a token, a database and a cache. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class RotationLoadApplication {

    /** One path for each use of a secret. */
    @RestController
    static class Service {

        private final HmacSha256 hmac;
        private final SecretStore secrets;
        private final JwtEncoder encoder;
        private final JwtDecoder decoder;
        private final JdbcTemplate database;
        private final StringRedisTemplate redis;

        Service(
                @NamedSecret("hmac") Secret hmac,
                SecretStore secrets,
                JwtEncoder encoder,
                JwtDecoder decoder,
                JdbcTemplate database,
                StringRedisTemplate redis) {
            this.hmac = new HmacSha256(hmac);
            this.secrets = secrets;
            this.encoder = encoder;
            this.decoder = decoder;
            this.database = database;
            this.redis = redis;
        }

        private static byte[] bytes(String message) {
            return message.getBytes(StandardCharsets.UTF_8);
        }

        @GetMapping("/sign")
        String sign(@RequestParam String message) {
            return HexFormat.of().formatHex(hmac.sign(bytes(message)));
        }

        @GetMapping("/verify")
        String verify(@RequestParam String message, @RequestParam String signature) {
            byte[] given = HexFormat.of().parseHex(signature);
            if (!secrets.verify("hmac", version -> new HmacSha256(version).verify(bytes(message), given))) {
                throw new ResponseStatusException(HttpStatus.FORBIDDEN);
            }
            return "genuine";
        }

        @GetMapping("/issue")
        String issue(@RequestParam String subject) {
            Instant now = Instant.now();
            JwtClaimsSet claims = JwtClaimsSet.builder()
                    .subject(subject)
                    .issuedAt(now)
                    .expiresAt(now.plusSeconds(60))
                    .build();
            return encoder.encode(JwtEncoderParameters.from(claims)).getTokenValue();
        }

        @GetMapping("/subject")
        String subject(@RequestParam String token) {
            return decoder.decode(token).getSubject();
        }

        @GetMapping("/database")
        String database(@RequestParam int number) {
            return String.valueOf(database.queryForObject("SELECT ?", Integer.class, number));
        }

        @GetMapping("/cache")
        String cache(@RequestParam String key) {
            redis.opsForValue().set(key, key);
            return String.valueOf(redis.opsForValue().get(key));
        }
    }
}
