package io.securememory.residue;

import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.SpringApplication;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

/** What applications do with secrets on purpose, and what leaves copies that nobody has asked for. Each is a row of the table. */
enum Leak {
    DATA_SOURCE(
            "`spring.datasource.password` in `application.properties`, after the first connection",
            DatabaseLeaks::prepare,
            DatabaseLeaks::connect,
            SpringApplication.class,
            HikariDataSource.class,
            org.h2.Driver.class),

    DATA_SOURCE_ROTATED(
            "the same, and the pool got another password (`HikariDataSource.setCredentials`)",
            DatabaseLeaks::prepareTwo,
            DatabaseLeaks::rotate,
            SpringApplication.class,
            HikariDataSource.class,
            org.h2.Driver.class),

    PROPERTY(
            "a property in `application.yml`, injected with `@Value`",
            TextLeaks::prepareProperty,
            TextLeaks::property,
            SpringApplication.class),

    ENVIRONMENT_VARIABLE(
            "an environment variable, read with `System.getenv`",
            directory -> Material.text(directory, "token"),
            TextLeaks::variable),

    JACKSON("a token in a JSON answer, read into a record", TextLeaks::prepareJson, TextLeaks::json, JsonMapper.class),

    BEARER(
            "`RestClient` with a default header `Authorization: Bearer`, after a call",
            directory -> Material.text(directory, "token"),
            HttpLeaks::bearer,
            RestClient.class),

    BEARER_OF_A_CALL(
            "`RestClient` with `headers.setBearerAuth` in the call",
            directory -> Material.text(directory, "token"),
            HttpLeaks::bearerOfCall,
            RestClient.class),

    BASIC(
            "`RestClient` with a `BasicAuthenticationInterceptor`, after a call",
            directory -> Material.text(directory, "password"),
            HttpLeaks::basic,
            RestClient.class),

    SECRET_KEY_SPEC(
            "`SecretKeySpec` and `Mac` (HmacSHA256), after a signature",
            directory -> Material.key(directory, "key"),
            KeyLeaks::secretKeySpec),

    OCTET_SEQUENCE_KEY(
            "`OctetSequenceKey` and `MACSigner`, after a token",
            directory -> Material.key(directory, "key"),
            KeyLeaks::octetSequenceKey,
            OctetSequenceKey.class),

    HS256(
            "`NimbusJwtEncoder` and `NimbusJwtDecoder` with a `SecretKeySpec` (HS256), after a token",
            directory -> Material.key(directory, "key"),
            KeyLeaks::hs256,
            NimbusJwtEncoder.class,
            OctetSequenceKey.class),

    SIGNATURE(
            "a private key of `KeyFactory` and `Signature` (SHA256withRSA), after a signature",
            directory -> Material.pair(directory, "key"),
            KeyLeaks::signature),

    RS256(
            "`NimbusJwtEncoder` with a pair of keys (RS256), after a token",
            directory -> Material.pair(directory, "key"),
            KeyLeaks::rs256,
            NimbusJwtEncoder.class,
            OctetSequenceKey.class),

    KEY_MANAGER(
            "`SSLContext` with a key store of PKCS#12, after a handshake",
            directory -> Material.pair(directory, "key"),
            KeyLeaks::keyManager);

    /** The name of the environment variable that the program gets. */
    static final String VARIABLE = "SHOP_TOKEN";

    private final String what;
    private final Preparation preparation;
    private final Action action;
    private final List<Class<?>> libraries;

    Leak(String what, Preparation preparation, Action action, Class<?>... libraries) {
        this.what = what;
        this.preparation = preparation;
        this.action = action;
        this.libraries = List.of(libraries);
    }

    String what() {
        return what;
    }

    /** The Java that runs, and the libraries, with their versions. */
    String with() {
        return libraries.isEmpty()
                ? "JDK " + Runtime.version().feature()
                : libraries.stream().map(Library::nameOf).collect(Collectors.joining(", "));
    }

    void prepare(Path parent) throws IOException {
        preparation.in(Files.createDirectory(parent.resolve(name())));
    }

    Kept begin(Given given) throws Exception {
        return action.with(given);
    }
    /** The environment variable of a program whose files are in a directory. */
    static String variable(Path parent) throws IOException {
        return Files.readString(parent.resolve(ENVIRONMENT_VARIABLE.name()).resolve("token" + Material.SECRET));
    }
}
