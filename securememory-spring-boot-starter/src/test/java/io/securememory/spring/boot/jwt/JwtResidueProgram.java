package io.securememory.spring.boot.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.spring.boot.JwtAlgorithm;
import io.securememory.testing.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/**
 * Signs and verifies many tokens on several threads, and then keeps all of them at rest, so that its memory can be searched.
 *
 * <p>Arguments: {@code PROTECTED} or {@code SEALED} with a file that holds the key, or {@code nimbus} with a file that holds
 * it as a JWK; the algorithm; how many tokens; the file.
 */
final class JwtResidueProgram {

    private static final int THREADS = 3;

    private JwtResidueProgram() {}

    public static void main(String[] args) throws Exception {
        JwtAlgorithm algorithm = JwtAlgorithm.valueOf(args[1]);
        int count = Integer.parseInt(args[2]) / THREADS + 1;
        Path file = Path.of(args[3]);
        if (args[0].equals("nimbus")) {
            JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(JWK.parse(Files.readString(file)));
            run(() -> sign(signer, algorithm, count), () -> {});
            return;
        }
        try (SecureMemory session = SecureMemory.create();
                Secret secret = session.secrets(Storage.valueOf(args[0])).read(file);
                ProtectedJwt jwt = ProtectedJwt.of(session, secret, algorithm).build()) {
            run(() -> sign(jwt, count), () -> {
                jwt.close();
                secret.close();
            });
        }
    }

    private static void run(Callable<Void> work, Runnable end) throws Exception {
        CountDownLatch done = new CountDownLatch(THREADS);
        CountDownLatch over = new CountDownLatch(1);
        try (Workers workers = new Workers()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(workers.submit(() -> {
                    try {
                        work.call();
                    } finally {
                        done.countDown();
                    }
                    over.await();
                    return null;
                }));
            }
            done.await();
            System.out.println("STATE OPEN");
            System.in.read();
            end.run();
            System.out.println("STATE CLOSED");
            System.in.read();
            over.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static Void sign(ProtectedJwt jwt, int count) {
        JwtDecoder decoder = jwt.decoder();
        for (int i = 0; i < count; i++) {
            if (!decoder.decode(Tokens.by(jwt)).getSubject().equals("someone")) {
                throw new IllegalStateException("another token was read than was written");
            }
        }
        return null;
    }

    private static Void sign(JWSSigner signer, JwtAlgorithm algorithm, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            SignedJWT token = new SignedJWT(
                    new JWSHeader(JWSAlgorithm.parse(algorithm.header())),
                    new JWTClaimsSet.Builder().subject("someone").build());
            token.sign(signer);
        }
        return null;
    }
}
