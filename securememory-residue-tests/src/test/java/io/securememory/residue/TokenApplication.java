package io.securememory.residue;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.JwtAlgorithm;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.jwt.ProtectedJwt;
import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;

/** Issues tokens and checks them, with a key of HMAC and with one of RSA. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
class TokenApplication {

    private static final int TOKENS = 50;
    private static final Duration VALID = Duration.ofMinutes(5);
    private static final String SUBJECT = "someone";

    @Bean
    ProtectedJwt tokensOfPair(SecureMemory session, SecretStore secrets) {
        return ProtectedJwt.of(session, secrets.get("pair"), JwtAlgorithm.RS256).build();
    }

    static Kept begin(Given given) {
        ConfigurableApplicationContext context = Contexts.start(
                given,
                WebApplicationType.NONE,
                TokenApplication.class,
                Contexts.secret(given, "key", "key" + Material.SECRET),
                Contexts.secret(given, "pair", "pair.pem"),
                "securememory.jwt.secret=key",
                "securememory.jwt.algorithm=HS256");
        ProtectedJwt pair = context.getBean(ProtectedJwt.class);
        JwtDecoder ofPair = pair.decoder();
        for (int i = 0; i < TOKENS; i++) {
            exchange(context.getBean(JwtEncoder.class), context.getBean(JwtDecoder.class));
            exchange(pair.encoder(), ofPair);
        }
        return Kept.of(context, ofPair);
    }

    private static void exchange(JwtEncoder encoder, JwtDecoder decoder) {
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .subject(SUBJECT)
                .expiresAt(Instant.now().plus(VALID))
                .build();
        String token = encoder.encode(JwtEncoderParameters.from(claims)).getTokenValue();
        if (!SUBJECT.equals(decoder.decode(token).getSubject())) {
            throw new IllegalStateException("another token was read than was written");
        }
    }
}
